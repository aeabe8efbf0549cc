CREATE TABLE networks (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL,
    record_state TEXT NOT NULL,
    version INTEGER NOT NULL,
    rev BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    created_by TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    withdrawn_reason TEXT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    founded_on TEXT,
    dissolved_on TEXT,
    legal_form TEXT,
    seat_partner_id BIGINT REFERENCES partners (id),
    website TEXT,
    successor_id BIGINT REFERENCES networks (id),
    membership_classes TEXT NOT NULL,
    description TEXT NOT NULL
);
CREATE UNIQUE INDEX networks_public_id ON networks (public_id);
CREATE INDEX networks_created ON networks (record_state, id);
CREATE INDEX networks_sort ON networks (record_state, sort_key, id);
CREATE INDEX networks_seat ON networks (seat_partner_id);
CREATE INDEX networks_successor ON networks (successor_id);

-- `live` is true while the membership can still change; one live membership a partner, network and section.
CREATE TABLE memberships (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL,
    record_state TEXT NOT NULL,
    version INTEGER NOT NULL,
    rev BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    created_by TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    withdrawn_reason TEXT,
    partner_id BIGINT NOT NULL REFERENCES partners (id),
    network_id BIGINT NOT NULL REFERENCES networks (id),
    class TEXT,
    section TEXT NOT NULL,
    via_partner_id BIGINT REFERENCES partners (id),
    status TEXT NOT NULL,
    status_since TEXT NOT NULL,
    live BOOLEAN NOT NULL,
    applied_on TEXT,
    admitted_on TEXT,
    admitted_asc TEXT NOT NULL,
    admitted_desc TEXT NOT NULL,
    ended_on TEXT,
    offices TEXT NOT NULL
);
CREATE UNIQUE INDEX memberships_public_id ON memberships (public_id);
CREATE UNIQUE INDEX memberships_one_live ON memberships (partner_id, network_id, section) WHERE live;
CREATE INDEX memberships_created ON memberships (record_state, id);
CREATE INDEX memberships_partner ON memberships (partner_id);
CREATE INDEX memberships_network ON memberships (network_id, record_state, id);
CREATE INDEX memberships_via ON memberships (via_partner_id);

-- The append-only log of agreements and memberships: every row belongs to exactly one of them.
-- from_status and to_status are what the fold said when the row was written; stated_status is what the
-- event itself says, which the table of its lifecycle may need.
CREATE TABLE lifecycle_events (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL,
    agreement_id BIGINT REFERENCES agreements (id),
    membership_id BIGINT REFERENCES memberships (id),
    action TEXT NOT NULL,
    from_status TEXT,
    to_status TEXT NOT NULL,
    stated_status TEXT,
    effective_on TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by TEXT NOT NULL,
    corrects_id BIGINT REFERENCES lifecycle_events (id),
    source_id BIGINT REFERENCES sources (id),
    details TEXT NOT NULL,
    CONSTRAINT lifecycle_events_one_subject CHECK ((agreement_id IS NULL) <> (membership_id IS NULL))
);
CREATE UNIQUE INDEX lifecycle_events_public_id ON lifecycle_events (public_id);
CREATE INDEX lifecycle_events_agreement ON lifecycle_events (agreement_id, id);
CREATE INDEX lifecycle_events_membership ON lifecycle_events (membership_id, id);
CREATE INDEX lifecycle_events_corrects ON lifecycle_events (corrects_id);
CREATE INDEX lifecycle_events_source ON lifecycle_events (source_id);

-- What the fold of the events says about each stretch of time, for as_of. The days 0001-01-01 and
-- 9999-12-31 stand for "always"; to_on is the first day on which the status no longer
-- holds, certain_to the first on which it may no longer hold.
CREATE TABLE status_periods (
    id INTEGER PRIMARY KEY,
    agreement_id BIGINT REFERENCES agreements (id),
    membership_id BIGINT REFERENCES memberships (id),
    status TEXT NOT NULL,
    since TEXT NOT NULL,
    from_on DATE NOT NULL,
    certain_from DATE NOT NULL,
    to_on DATE NOT NULL,
    certain_to DATE NOT NULL,
    CONSTRAINT status_periods_one_subject CHECK ((agreement_id IS NULL) <> (membership_id IS NULL))
);
CREATE INDEX status_periods_agreement ON status_periods (agreement_id, from_on);
CREATE INDEX status_periods_membership ON status_periods (membership_id, from_on);
