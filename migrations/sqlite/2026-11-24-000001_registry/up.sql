-- The registry's own bookkeeping: its revision, the change log, keys, and answers kept for replay.

-- One row. `seq` is the number of the last change: taken by UPDATE inside the writing transaction,
-- so that numbers follow the order of commits and have no gaps.
CREATE TABLE registry_meta (
    id INTEGER PRIMARY KEY,
    seq BIGINT NOT NULL,
    CONSTRAINT registry_meta_single_row CHECK (id = 1)
);
INSERT INTO registry_meta (id, seq) VALUES (1, 0);

-- Audit trail, history and public feed at once. `version` is the record's version after the change.
CREATE TABLE changes (
    seq BIGINT NOT NULL PRIMARY KEY,
    entity TEXT NOT NULL,
    record TEXT NOT NULL,
    op TEXT NOT NULL,
    version INTEGER NOT NULL,
    actor TEXT NOT NULL,
    actor_key TEXT,
    at TIMESTAMP NOT NULL,
    patch TEXT NOT NULL,
    reason TEXT,
    request_id TEXT
);
CREATE INDEX changes_record ON changes (record, seq);

CREATE TABLE api_keys (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL,
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    role TEXT NOT NULL,
    organisation TEXT,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP,
    revoked_at TIMESTAMP,
    last_used_at TIMESTAMP
);
CREATE UNIQUE INDEX api_keys_public_id ON api_keys (public_id);
CREATE UNIQUE INDEX api_keys_hash ON api_keys (hash);

CREATE TABLE idempotency_keys (
    id INTEGER PRIMARY KEY,
    actor TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    etag TEXT,
    location TEXT,
    body TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX idempotency_keys_request ON idempotency_keys (actor, method, path, key);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
