-- `status` and `status_since` cache the fold of lifecycle_events. The *_earliest/*_latest columns hold
-- the bounds of the EDTF text beside them; signed_asc and signed_desc order it, missing dates last.
CREATE TABLE agreements (
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
    title TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    relationship TEXT NOT NULL,
    instrument TEXT NOT NULL,
    scope TEXT NOT NULL,
    fields TEXT NOT NULL,
    status TEXT NOT NULL,
    status_since TEXT NOT NULL,
    status_basis TEXT NOT NULL,
    activity_level TEXT NOT NULL,
    proposed_on TEXT,
    approved_on TEXT,
    signed_on TEXT,
    signed_earliest DATE,
    signed_latest DATE,
    signed_asc TEXT NOT NULL,
    signed_desc TEXT NOT NULL,
    in_force_on TEXT,
    signed_at TEXT,
    entry_into_force TEXT NOT NULL,
    duration TEXT NOT NULL,
    valid_until TEXT,
    valid_until_earliest DATE,
    valid_until_latest DATE,
    term TEXT,
    renewal TEXT,
    renewal_period TEXT,
    notice_period TEXT,
    languages TEXT NOT NULL,
    purpose TEXT NOT NULL,
    arose_from_id BIGINT REFERENCES agreements (id),
    parent_id BIGINT REFERENCES agreements (id),
    registrations TEXT NOT NULL,
    last_confirmed_on DATE,
    domestic BOOLEAN NOT NULL,
    institutional BOOLEAN NOT NULL,
    pending_notice_given_on TEXT,
    pending_effective_on TEXT,
    party_key TEXT NOT NULL,
    quality_flags TEXT NOT NULL
);
CREATE UNIQUE INDEX agreements_public_id ON agreements (public_id);
CREATE INDEX agreements_created ON agreements (record_state, created_at, id);
CREATE INDEX agreements_status_signed_desc ON agreements (record_state, status, signed_desc, id);
CREATE INDEX agreements_signed_desc ON agreements (record_state, signed_desc, id);
CREATE INDEX agreements_signed_asc ON agreements (record_state, signed_asc, id);
CREATE INDEX agreements_sort ON agreements (record_state, sort_key, id);
CREATE INDEX agreements_instrument ON agreements (instrument, record_state, id);
CREATE INDEX agreements_party_key ON agreements (party_key, instrument);
CREATE INDEX agreements_updated ON agreements (updated_at, id);
CREATE INDEX agreements_arose_from ON agreements (arose_from_id);
CREATE INDEX agreements_parent ON agreements (parent_id);

CREATE TABLE agreement_parties (
    id INTEGER PRIMARY KEY,
    agreement_id BIGINT NOT NULL REFERENCES agreements (id),
    position INTEGER NOT NULL,
    partner_id BIGINT NOT NULL REFERENCES partners (id),
    role TEXT NOT NULL,
    participation TEXT NOT NULL,
    signed_on TEXT,
    acceded_on TEXT,
    withdrew_on TEXT,
    name_at_signing TEXT,
    acknowledgement TEXT NOT NULL,
    signatories TEXT NOT NULL
);
CREATE UNIQUE INDEX agreement_parties_position ON agreement_parties (agreement_id, position);
CREATE UNIQUE INDEX agreement_parties_once ON agreement_parties (agreement_id, partner_id);
CREATE INDEX agreement_parties_partner ON agreement_parties (partner_id, agreement_id);

-- One row for each agreement and distinct country of its parties: filters by country and status with
-- the newest signature first read this index and nothing else.
CREATE TABLE agreement_listing (
    agreement_id BIGINT NOT NULL REFERENCES agreements (id),
    country TEXT NOT NULL,
    record_state TEXT NOT NULL,
    status TEXT NOT NULL,
    signed_desc TEXT NOT NULL,
    PRIMARY KEY (agreement_id, country)
);
CREATE INDEX agreement_listing_order ON agreement_listing (country, record_state, status, signed_desc, agreement_id);

-- "from supersedes to": the newer agreement points at the older one.
CREATE TABLE agreement_links (
    id INTEGER PRIMARY KEY,
    from_id BIGINT NOT NULL REFERENCES agreements (id),
    to_id BIGINT NOT NULL REFERENCES agreements (id),
    CONSTRAINT agreement_links_two_agreements CHECK (from_id <> to_id)
);
CREATE UNIQUE INDEX agreement_links_once ON agreement_links (from_id, to_id);
CREATE INDEX agreement_links_to ON agreement_links (to_id);
