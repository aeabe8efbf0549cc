-- Work that a write leaves for later: stored in the writing transaction, done by a worker after it.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    run_at TIMESTAMP NOT NULL,
    attempts INTEGER NOT NULL,
    locked_until TIMESTAMP,
    locked_by TEXT,
    done_at TIMESTAMP,
    failed_at TIMESTAMP,
    last_error TEXT,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX jobs_waiting ON jobs (run_at, id) WHERE done_at IS NULL AND failed_at IS NULL;

-- What only one instance at a time may do: who has it, and until when.
CREATE TABLE leases (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    holder TEXT NOT NULL,
    until TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX leases_name ON leases (name);

-- How often the passing of time alone has changed what records show: such a change has no number of
-- its own in `changes`, but validators must tell it apart.
ALTER TABLE registry_meta ADD COLUMN renewals BIGINT NOT NULL DEFAULT 0;
