CREATE TABLE activities (
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
    title TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    starts_on TEXT,
    starts_earliest DATE,
    starts_latest DATE,
    starts_asc TEXT NOT NULL,
    starts_desc TEXT NOT NULL,
    ends_on TEXT,
    mode TEXT NOT NULL,
    place_text TEXT,
    place_partner_id BIGINT REFERENCES partners (id),
    participant_count BIGINT,
    fields TEXT NOT NULL,
    network_id BIGINT REFERENCES networks (id),
    programme TEXT,
    grant_ref TEXT,
    outcome TEXT,
    status TEXT NOT NULL
);
CREATE UNIQUE INDEX activities_public_id ON activities (public_id);
CREATE INDEX activities_created ON activities (record_state, id);
CREATE INDEX activities_starts_desc ON activities (record_state, starts_desc, id);
CREATE INDEX activities_starts_asc ON activities (record_state, starts_asc, id);
CREATE INDEX activities_place ON activities (place_partner_id);
CREATE INDEX activities_network ON activities (network_id);

CREATE TABLE activity_participants (
    id INTEGER PRIMARY KEY,
    activity_id BIGINT NOT NULL REFERENCES activities (id),
    position INTEGER NOT NULL,
    partner_id BIGINT NOT NULL REFERENCES partners (id),
    role TEXT NOT NULL,
    office TEXT,
    name TEXT
);
CREATE UNIQUE INDEX activity_participants_position ON activity_participants (activity_id, position);
CREATE INDEX activity_participants_partner ON activity_participants (partner_id, activity_id);

CREATE TABLE activity_agreements (
    id INTEGER PRIMARY KEY,
    activity_id BIGINT NOT NULL REFERENCES activities (id),
    agreement_id BIGINT NOT NULL REFERENCES agreements (id)
);
CREATE UNIQUE INDEX activity_agreements_once ON activity_agreements (activity_id, agreement_id);
CREATE INDEX activity_agreements_agreement ON activity_agreements (agreement_id);
