-- The calendar asks for agreements that end by notice on these days.
CREATE INDEX agreements_terminating ON agreements (record_state, pending_effective_on)
    WHERE pending_effective_on IS NOT NULL;
