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
ALTER TABLE changes ADD COLUMN whole TEXT;
UPDATE partners SET rev = (SELECT seq FROM registry_meta);
UPDATE sources SET rev = (SELECT seq FROM registry_meta);
-- Numbers below zero stood for flags that changed with the day.
UPDATE agreements SET rev = (SELECT seq FROM registry_meta) WHERE rev < 0;
UPDATE memberships SET rev = (SELECT seq FROM registry_meta) WHERE rev < 0;
UPDATE networks SET rev = (SELECT seq FROM registry_meta) WHERE rev < 0;
UPDATE activities SET rev = (SELECT seq FROM registry_meta) WHERE rev < 0;
UPDATE documents SET rev = (SELECT seq FROM registry_meta) WHERE rev < 0;
-- Milliseconds everywhere, as in answers.
UPDATE partners SET created_at = CASE substr(created_at, 20, 4) WHEN '.000' THEN substr(created_at, 1, 19) ELSE substr(created_at, 1, 23) END WHERE length(created_at) > 23;
UPDATE partners SET updated_at = CASE substr(updated_at, 20, 4) WHEN '.000' THEN substr(updated_at, 1, 19) ELSE substr(updated_at, 1, 23) END WHERE length(updated_at) > 23;
UPDATE partner_relations SET created_at = CASE substr(created_at, 20, 4) WHEN '.000' THEN substr(created_at, 1, 19) ELSE substr(created_at, 1, 23) END WHERE length(created_at) > 23;
UPDATE agreements SET created_at = CASE substr(created_at, 20, 4) WHEN '.000' THEN substr(created_at, 1, 19) ELSE substr(created_at, 1, 23) END WHERE length(created_at) > 23;
UPDATE agreements SET updated_at = CASE substr(updated_at, 20, 4) WHEN '.000' THEN substr(updated_at, 1, 19) ELSE substr(updated_at, 1, 23) END WHERE length(updated_at) > 23;
UPDATE networks SET created_at = CASE substr(created_at, 20, 4) WHEN '.000' THEN substr(created_at, 1, 19) ELSE substr(created_at, 1, 23) END WHERE length(created_at) > 23;
UPDATE networks SET updated_at = CASE substr(updated_at, 20, 4) WHEN '.000' THEN substr(updated_at, 1, 19) ELSE substr(updated_at, 1, 23) END WHERE length(updated_at) > 23;
UPDATE memberships SET created_at = CASE substr(created_at, 20, 4) WHEN '.000' THEN substr(created_at, 1, 19) ELSE substr(created_at, 1, 23) END WHERE length(created_at) > 23;
UPDATE memberships SET updated_at = CASE substr(updated_at, 20, 4) WHEN '.000' THEN substr(updated_at, 1, 19) ELSE substr(updated_at, 1, 23) END WHERE length(updated_at) > 23;
UPDATE activities SET created_at = CASE substr(created_at, 20, 4) WHEN '.000' THEN substr(created_at, 1, 19) ELSE substr(created_at, 1, 23) END WHERE length(created_at) > 23;
UPDATE activities SET updated_at = CASE substr(updated_at, 20, 4) WHEN '.000' THEN substr(updated_at, 1, 19) ELSE substr(updated_at, 1, 23) END WHERE length(updated_at) > 23;
UPDATE sources SET created_at = CASE substr(created_at, 20, 4) WHEN '.000' THEN substr(created_at, 1, 19) ELSE substr(created_at, 1, 23) END WHERE length(created_at) > 23;
UPDATE sources SET updated_at = CASE substr(updated_at, 20, 4) WHEN '.000' THEN substr(updated_at, 1, 19) ELSE substr(updated_at, 1, 23) END WHERE length(updated_at) > 23;
UPDATE citations SET created_at = CASE substr(created_at, 20, 4) WHEN '.000' THEN substr(created_at, 1, 19) ELSE substr(created_at, 1, 23) END WHERE length(created_at) > 23;
UPDATE citations SET updated_at = CASE substr(updated_at, 20, 4) WHEN '.000' THEN substr(updated_at, 1, 19) ELSE substr(updated_at, 1, 23) END WHERE length(updated_at) > 23;
UPDATE documents SET created_at = CASE substr(created_at, 20, 4) WHEN '.000' THEN substr(created_at, 1, 19) ELSE substr(created_at, 1, 23) END WHERE length(created_at) > 23;
UPDATE documents SET updated_at = CASE substr(updated_at, 20, 4) WHEN '.000' THEN substr(updated_at, 1, 19) ELSE substr(updated_at, 1, 23) END WHERE length(updated_at) > 23;
UPDATE contacts SET created_at = CASE substr(created_at, 20, 4) WHEN '.000' THEN substr(created_at, 1, 19) ELSE substr(created_at, 1, 23) END WHERE length(created_at) > 23;
UPDATE contacts SET updated_at = CASE substr(updated_at, 20, 4) WHEN '.000' THEN substr(updated_at, 1, 19) ELSE substr(updated_at, 1, 23) END WHERE length(updated_at) > 23;
UPDATE lifecycle_events SET recorded_at = CASE substr(recorded_at, 20, 4) WHEN '.000' THEN substr(recorded_at, 1, 19) ELSE substr(recorded_at, 1, 23) END WHERE length(recorded_at) > 23;
UPDATE suggestions SET created_at = CASE substr(created_at, 20, 4) WHEN '.000' THEN substr(created_at, 1, 19) ELSE substr(created_at, 1, 23) END WHERE length(created_at) > 23;
UPDATE suggestions SET updated_at = CASE substr(updated_at, 20, 4) WHEN '.000' THEN substr(updated_at, 1, 19) ELSE substr(updated_at, 1, 23) END WHERE length(updated_at) > 23;
UPDATE suggestions SET decided_at = CASE substr(decided_at, 20, 4) WHEN '.000' THEN substr(decided_at, 1, 19) ELSE substr(decided_at, 1, 23) END WHERE length(decided_at) > 23;
UPDATE organisations SET created_at = CASE substr(created_at, 20, 4) WHEN '.000' THEN substr(created_at, 1, 19) ELSE substr(created_at, 1, 23) END WHERE length(created_at) > 23;
UPDATE organisations SET updated_at = CASE substr(updated_at, 20, 4) WHEN '.000' THEN substr(updated_at, 1, 19) ELSE substr(updated_at, 1, 23) END WHERE length(updated_at) > 23;
UPDATE users SET created_at = CASE substr(created_at, 20, 4) WHEN '.000' THEN substr(created_at, 1, 19) ELSE substr(created_at, 1, 23) END WHERE length(created_at) > 23;
UPDATE users SET updated_at = CASE substr(updated_at, 20, 4) WHEN '.000' THEN substr(updated_at, 1, 19) ELSE substr(updated_at, 1, 23) END WHERE length(updated_at) > 23;
UPDATE changes SET at = CASE substr(at, 20, 4) WHEN '.000' THEN substr(at, 1, 19) ELSE substr(at, 1, 23) END WHERE length(at) > 23;
UPDATE registry_meta SET last_at = (SELECT MAX(at) FROM changes),
    public_seq = COALESCE((SELECT MAX(seq) FROM changes WHERE audience IS NULL), 0);
