-- A new agreement is written into fewer trees: what refers to nothing needs no entry, and what was changed
-- since some day is found by the state of the record and that day.
DROP INDEX agreements_arose_from;
CREATE INDEX agreements_arose_from ON agreements (arose_from_id) WHERE arose_from_id IS NOT NULL;
DROP INDEX agreements_parent;
CREATE INDEX agreements_parent ON agreements (parent_id) WHERE parent_id IS NOT NULL;
DROP INDEX lifecycle_events_membership;
CREATE INDEX lifecycle_events_membership ON lifecycle_events (membership_id, id) WHERE membership_id IS NOT NULL;
DROP INDEX lifecycle_events_corrects;
CREATE INDEX lifecycle_events_corrects ON lifecycle_events (corrects_id) WHERE corrects_id IS NOT NULL;
DROP INDEX lifecycle_events_source;
CREATE INDEX lifecycle_events_source ON lifecycle_events (source_id) WHERE source_id IS NOT NULL;
DROP INDEX status_periods_membership;
CREATE INDEX status_periods_membership ON status_periods (membership_id, from_on) WHERE membership_id IS NOT NULL;
DROP INDEX agreements_updated;
DROP INDEX partners_updated;
