DROP INDEX agreements_arose_from;
CREATE INDEX agreements_arose_from ON agreements (arose_from_id);
DROP INDEX agreements_parent;
CREATE INDEX agreements_parent ON agreements (parent_id);
DROP INDEX lifecycle_events_membership;
CREATE INDEX lifecycle_events_membership ON lifecycle_events (membership_id, id);
DROP INDEX lifecycle_events_corrects;
CREATE INDEX lifecycle_events_corrects ON lifecycle_events (corrects_id);
DROP INDEX lifecycle_events_source;
CREATE INDEX lifecycle_events_source ON lifecycle_events (source_id);
DROP INDEX status_periods_membership;
CREATE INDEX status_periods_membership ON status_periods (membership_id, from_on);
CREATE INDEX agreements_updated ON agreements (updated_at, id);
CREATE INDEX partners_updated ON partners (updated_at, id);

CREATE TABLE agreement_listing_new (
    agreement_id BIGINT NOT NULL REFERENCES agreements (id),
    country TEXT NOT NULL,
    record_state TEXT NOT NULL,
    status TEXT NOT NULL,
    signed_desc TEXT NOT NULL,
    PRIMARY KEY (agreement_id, country)
);
INSERT INTO agreement_listing_new SELECT agreement_id, country, record_state, status, signed_desc FROM agreement_listing;
DROP TABLE agreement_listing;
ALTER TABLE agreement_listing_new RENAME TO agreement_listing;
CREATE INDEX agreement_listing_order ON agreement_listing (country, record_state, status, signed_desc, agreement_id);
CREATE INDEX agreement_listing_recorded ON agreement_listing (country, record_state, status, agreement_id);
