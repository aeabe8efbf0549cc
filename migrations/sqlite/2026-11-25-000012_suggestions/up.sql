-- What waits for a decision: corrections by the public, and edits that need a second pair of eyes.
-- `payload` is the merge patch or the event; `email` is the submitter's and shown to nobody but staff.
-- `part` is what of the target it is about, such as a citation. `proof` is the solved puzzle, taken once.
-- Nothing here names a record by key: a suggestion outlives what it is about.
CREATE TABLE suggestions (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    operation TEXT NOT NULL,
    target TEXT NOT NULL,
    part TEXT,
    base_version INTEGER,
    payload TEXT,
    message TEXT,
    evidence_url TEXT,
    email TEXT,
    lang TEXT NOT NULL,
    proposed_by TEXT,
    proposer TEXT,
    decided_by TEXT,
    decider TEXT,
    decided_at TIMESTAMP,
    note TEXT,
    proof TEXT
);
CREATE UNIQUE INDEX suggestions_public_id ON suggestions (public_id);
CREATE UNIQUE INDEX suggestions_proof ON suggestions (proof);
CREATE INDEX suggestions_target ON suggestions (target, state);
CREATE INDEX suggestions_state ON suggestions (state, id);
