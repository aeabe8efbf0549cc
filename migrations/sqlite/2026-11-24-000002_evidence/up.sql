-- Names, identifiers and citations belong to records of several kinds and name them by public id.

CREATE TABLE names (
    id INTEGER PRIMARY KEY,
    record TEXT NOT NULL,
    position INTEGER NOT NULL,
    value TEXT NOT NULL,
    lang TEXT,
    types TEXT NOT NULL,
    valid_from TEXT,
    valid_to TEXT
);
CREATE UNIQUE INDEX names_record ON names (record, position);

-- `active` is false for the identifiers of withdrawn records: they no longer guard against duplicates.
CREATE TABLE identifiers (
    id INTEGER PRIMARY KEY,
    record TEXT NOT NULL,
    position INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    value TEXT NOT NULL,
    active BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX identifiers_record ON identifiers (record, position);
CREATE UNIQUE INDEX identifiers_taken ON identifiers (scheme, value) WHERE active;

CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL,
    record_state TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    created_by TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    withdrawn_reason TEXT,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    url TEXT,
    archived_url TEXT,
    publisher TEXT,
    author_body TEXT,
    published_on TEXT,
    modified_on TEXT,
    retrieved_on TEXT,
    language TEXT,
    licence TEXT,
    reliability TEXT
);
CREATE UNIQUE INDEX sources_public_id ON sources (public_id);
CREATE INDEX sources_sort ON sources (record_state, sort_key, id);
CREATE INDEX sources_title ON sources (title, url);

CREATE TABLE citations (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL,
    record TEXT NOT NULL,
    source_id BIGINT NOT NULL REFERENCES sources (id),
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    created_by TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    pointer TEXT NOT NULL,
    stance TEXT NOT NULL,
    rank TEXT NOT NULL,
    observed_on TEXT,
    stated_value TEXT,
    quote TEXT
);
CREATE UNIQUE INDEX citations_public_id ON citations (public_id);
CREATE INDEX citations_record ON citations (record, id);
CREATE INDEX citations_source ON citations (source_id);
