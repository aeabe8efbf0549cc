-- People, offices and how they prove who they are; who stands behind a change and who may see it.

-- The office of a partner: its members edit what the partner takes part in.
CREATE TABLE organisations (
    id INTEGER PRIMARY KEY,
    partner_id BIGINT NOT NULL REFERENCES partners (id),
    four_eyes BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX organisations_partner ON organisations (partner_id);

-- `email` is kept in lower case. Those who come from an identity provider have no password and are
-- known by the provider's issuer and subject.
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL,
    email TEXT,
    name TEXT NOT NULL,
    lang TEXT NOT NULL,
    password TEXT,
    registry_role TEXT,
    active BOOLEAN NOT NULL,
    oidc_issuer TEXT,
    oidc_subject TEXT,
    version INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX users_public_id ON users (public_id);
CREATE UNIQUE INDEX users_email ON users (email);
CREATE UNIQUE INDEX users_oidc ON users (oidc_issuer, oidc_subject);

CREATE TABLE user_roles (
    id INTEGER PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    role TEXT NOT NULL
);
CREATE UNIQUE INDEX user_roles_once ON user_roles (user_id, organisation_id);
CREATE INDEX user_roles_organisation ON user_roles (organisation_id);

-- Tokens are kept as SHA-256: 256 random bits can't be guessed.
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id),
    hash TEXT NOT NULL,
    agent TEXT,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,
    last_used_at TIMESTAMP
);
CREATE UNIQUE INDEX sessions_public_id ON sessions (public_id);
CREATE UNIQUE INDEX sessions_hash ON sessions (hash);
CREATE INDEX sessions_user ON sessions (user_id);

-- Links that set a password: each works once and not for long.
CREATE TABLE password_tokens (
    id INTEGER PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    purpose TEXT NOT NULL,
    hash TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE UNIQUE INDEX password_tokens_hash ON password_tokens (hash);
CREATE INDEX password_tokens_user ON password_tokens (user_id);

-- `person` is who the key acts as: a user, or, for keys made on the command line, the first key.
ALTER TABLE api_keys ADD COLUMN person TEXT;
ALTER TABLE api_keys ADD COLUMN scopes TEXT;
CREATE INDEX api_keys_person ON api_keys (person);

-- `person` made the change and `approver` let it pass: users or keys, shown to staff only. `audience`
-- is empty for what everyone may read, else the office, or 'registry', that may.
ALTER TABLE changes ADD COLUMN person TEXT;
ALTER TABLE changes ADD COLUMN approved_by TEXT;
ALTER TABLE changes ADD COLUMN approver TEXT;
ALTER TABLE changes ADD COLUMN suggestion TEXT;
ALTER TABLE changes ADD COLUMN audience TEXT;
