-- The calendar: terms that end in a span of days, whatever else is known of the agreement.
CREATE INDEX agreements_ending ON agreements (record_state, valid_until_earliest) WHERE valid_until_earliest IS NOT NULL;
