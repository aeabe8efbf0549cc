CREATE TABLE partners (
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
    name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    country TEXT NOT NULL,
    subdivision TEXT,
    host_id BIGINT REFERENCES partners (id),
    latitude DOUBLE,
    longitude DOUBLE,
    population BIGINT,
    population_year INTEGER,
    website TEXT,
    existence TEXT NOT NULL,
    founded_on TEXT,
    dissolved_on TEXT,
    description TEXT NOT NULL,
    seeking TEXT,
    CONSTRAINT partners_coordinates CHECK ((latitude IS NULL) = (longitude IS NULL)),
    CONSTRAINT partners_population_year CHECK (population_year IS NULL OR population IS NOT NULL)
);
CREATE UNIQUE INDEX partners_public_id ON partners (public_id);
CREATE INDEX partners_sort ON partners (record_state, sort_key, id);
CREATE INDEX partners_country ON partners (country, record_state, sort_key, id);
CREATE INDEX partners_place ON partners (latitude, longitude);
CREATE INDEX partners_kind ON partners (kind, id);
CREATE INDEX partners_host ON partners (host_id);
CREATE INDEX partners_updated ON partners (updated_at, id);

CREATE TABLE partner_relations (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL,
    from_id BIGINT NOT NULL REFERENCES partners (id),
    to_id BIGINT NOT NULL REFERENCES partners (id),
    type TEXT NOT NULL,
    since TEXT,
    until TEXT,
    source_id BIGINT REFERENCES sources (id),
    note TEXT,
    created_at TIMESTAMP NOT NULL,
    created_by TEXT NOT NULL,
    CONSTRAINT partner_relations_two_partners CHECK (from_id <> to_id)
);
CREATE UNIQUE INDEX partner_relations_public_id ON partner_relations (public_id);
CREATE UNIQUE INDEX partner_relations_once ON partner_relations (from_id, to_id, type);
CREATE INDEX partner_relations_to ON partner_relations (to_id);
CREATE INDEX partner_relations_source ON partner_relations (source_id);
