-- `last_at`: the time of the last change, which no later one is before. `public_seq`: the number of the
-- last change that everyone may read. `reconciled`: whether the log was compared with what records show.
-- `renewals` is read by nobody any more; the next release drops it.
ALTER TABLE registry_meta ADD COLUMN last_at TIMESTAMP;
ALTER TABLE registry_meta ADD COLUMN public_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE registry_meta ADD COLUMN reconciled BOOLEAN NOT NULL DEFAULT FALSE;
-- `rev`: the registry's revision at which what the record shows last changed.
ALTER TABLE partners ADD COLUMN rev BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN rev BIGINT NOT NULL DEFAULT 0;
-- `whole`: now and then, the record as it is after the change, so that nobody reads all patches before.
ALTER TABLE changes ADD COLUMN whole TEXT COLLATE "C";
UPDATE partners SET rev = (SELECT seq FROM registry_meta);
UPDATE sources SET rev = (SELECT seq FROM registry_meta);
-- Numbers below zero stood for flags that changed with the day.
UPDATE agreements SET rev = (SELECT seq FROM registry_meta) WHERE rev < 0;
UPDATE memberships SET rev = (SELECT seq FROM registry_meta) WHERE rev < 0;
UPDATE networks SET rev = (SELECT seq FROM registry_meta) WHERE rev < 0;
UPDATE activities SET rev = (SELECT seq FROM registry_meta) WHERE rev < 0;
UPDATE documents SET rev = (SELECT seq FROM registry_meta) WHERE rev < 0;
-- Milliseconds everywhere, as in answers.
UPDATE partners SET created_at = date_trunc('milliseconds', created_at) WHERE created_at <> date_trunc('milliseconds', created_at);
UPDATE partners SET updated_at = date_trunc('milliseconds', updated_at) WHERE updated_at <> date_trunc('milliseconds', updated_at);
UPDATE partner_relations SET created_at = date_trunc('milliseconds', created_at) WHERE created_at <> date_trunc('milliseconds', created_at);
UPDATE agreements SET created_at = date_trunc('milliseconds', created_at) WHERE created_at <> date_trunc('milliseconds', created_at);
UPDATE agreements SET updated_at = date_trunc('milliseconds', updated_at) WHERE updated_at <> date_trunc('milliseconds', updated_at);
UPDATE networks SET created_at = date_trunc('milliseconds', created_at) WHERE created_at <> date_trunc('milliseconds', created_at);
UPDATE networks SET updated_at = date_trunc('milliseconds', updated_at) WHERE updated_at <> date_trunc('milliseconds', updated_at);
UPDATE memberships SET created_at = date_trunc('milliseconds', created_at) WHERE created_at <> date_trunc('milliseconds', created_at);
UPDATE memberships SET updated_at = date_trunc('milliseconds', updated_at) WHERE updated_at <> date_trunc('milliseconds', updated_at);
UPDATE activities SET created_at = date_trunc('milliseconds', created_at) WHERE created_at <> date_trunc('milliseconds', created_at);
UPDATE activities SET updated_at = date_trunc('milliseconds', updated_at) WHERE updated_at <> date_trunc('milliseconds', updated_at);
UPDATE sources SET created_at = date_trunc('milliseconds', created_at) WHERE created_at <> date_trunc('milliseconds', created_at);
UPDATE sources SET updated_at = date_trunc('milliseconds', updated_at) WHERE updated_at <> date_trunc('milliseconds', updated_at);
UPDATE citations SET created_at = date_trunc('milliseconds', created_at) WHERE created_at <> date_trunc('milliseconds', created_at);
UPDATE citations SET updated_at = date_trunc('milliseconds', updated_at) WHERE updated_at <> date_trunc('milliseconds', updated_at);
UPDATE documents SET created_at = date_trunc('milliseconds', created_at) WHERE created_at <> date_trunc('milliseconds', created_at);
UPDATE documents SET updated_at = date_trunc('milliseconds', updated_at) WHERE updated_at <> date_trunc('milliseconds', updated_at);
UPDATE contacts SET created_at = date_trunc('milliseconds', created_at) WHERE created_at <> date_trunc('milliseconds', created_at);
UPDATE contacts SET updated_at = date_trunc('milliseconds', updated_at) WHERE updated_at <> date_trunc('milliseconds', updated_at);
UPDATE lifecycle_events SET recorded_at = date_trunc('milliseconds', recorded_at) WHERE recorded_at <> date_trunc('milliseconds', recorded_at);
UPDATE suggestions SET created_at = date_trunc('milliseconds', created_at) WHERE created_at <> date_trunc('milliseconds', created_at);
UPDATE suggestions SET updated_at = date_trunc('milliseconds', updated_at) WHERE updated_at <> date_trunc('milliseconds', updated_at);
UPDATE suggestions SET decided_at = date_trunc('milliseconds', decided_at) WHERE decided_at <> date_trunc('milliseconds', decided_at);
UPDATE organisations SET created_at = date_trunc('milliseconds', created_at) WHERE created_at <> date_trunc('milliseconds', created_at);
UPDATE organisations SET updated_at = date_trunc('milliseconds', updated_at) WHERE updated_at <> date_trunc('milliseconds', updated_at);
UPDATE users SET created_at = date_trunc('milliseconds', created_at) WHERE created_at <> date_trunc('milliseconds', created_at);
UPDATE users SET updated_at = date_trunc('milliseconds', updated_at) WHERE updated_at <> date_trunc('milliseconds', updated_at);
UPDATE changes SET at = date_trunc('milliseconds', at) WHERE at <> date_trunc('milliseconds', at);
UPDATE registry_meta SET last_at = (SELECT MAX(at) FROM changes),
    public_seq = COALESCE((SELECT MAX(seq) FROM changes WHERE audience IS NULL), 0);
