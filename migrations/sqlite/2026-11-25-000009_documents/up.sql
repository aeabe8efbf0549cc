-- Papers: what is known of them. Their bytes are outside of the database, under a name made from the public id.

CREATE TABLE documents (
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
    title TEXT,
    sort_key TEXT NOT NULL,
    language TEXT,
    authentic BOOLEAN NOT NULL,
    access TEXT NOT NULL,
    -- The office that filed it; none when a registrar did.
    office TEXT,
    media_type TEXT,
    size BIGINT,
    sha256 TEXT,
    file_name TEXT,
    external_url TEXT,
    -- A paper of an event carries the event's record too.
    agreement_id BIGINT REFERENCES agreements (id),
    membership_id BIGINT REFERENCES memberships (id),
    activity_id BIGINT REFERENCES activities (id),
    event_id BIGINT REFERENCES lifecycle_events (id),
    -- The public id of the first version: the same for all versions of one paper.
    series TEXT NOT NULL,
    replaces_id BIGINT REFERENCES documents (id)
);
CREATE UNIQUE INDEX documents_public_id ON documents (public_id);
CREATE INDEX documents_sort ON documents (record_state, sort_key, id);
CREATE INDEX documents_created ON documents (record_state, id);
CREATE INDEX documents_agreement ON documents (agreement_id);
CREATE INDEX documents_membership ON documents (membership_id);
CREATE INDEX documents_activity ON documents (activity_id);
CREATE INDEX documents_event ON documents (event_id);
CREATE INDEX documents_replaces ON documents (replaces_id);
CREATE INDEX documents_series ON documents (series, id);
CREATE INDEX documents_sha256 ON documents (sha256);
