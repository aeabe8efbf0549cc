-- The newest of a country and status first, without looking at them all: agreements are numbered as they
-- are recorded.
CREATE INDEX agreement_listing_recorded ON agreement_listing (country, record_state, status, agreement_id);
