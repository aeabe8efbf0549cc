-- Whom to write to at a partner. What belongs to a person (name, note of consent, and the addresses of a
-- personal contact) is emptied when the consent ends; the row stays.
CREATE TABLE contacts (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL,
    record_state TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    created_by TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    withdrawn_reason TEXT,
    partner_id BIGINT NOT NULL REFERENCES partners (id),
    unit TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    url TEXT,
    languages TEXT NOT NULL,
    is_personal BOOLEAN NOT NULL,
    visibility TEXT NOT NULL,
    verified_on DATE,
    person_name TEXT,
    consent_given_on DATE,
    consent_note TEXT,
    expires_on DATE,
    CONSTRAINT contacts_personal_not_public CHECK (NOT is_personal OR visibility <> 'public'),
    CONSTRAINT contacts_personal_consent CHECK (
        NOT is_personal OR (consent_given_on IS NOT NULL AND expires_on IS NOT NULL)
    )
);
CREATE UNIQUE INDEX contacts_public_id ON contacts (public_id);
CREATE INDEX contacts_partner ON contacts (partner_id, record_state, sort_key, id);
CREATE INDEX contacts_expiry ON contacts (record_state, expires_on);
