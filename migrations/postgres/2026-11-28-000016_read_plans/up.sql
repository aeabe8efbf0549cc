-- Every list is read in its order from an index that begins with the state of the record, and every
-- filter that picks few records has an index of its own: plans must not depend on statistics, which
-- SQLite does not make by itself.
DROP INDEX memberships_created;
CREATE INDEX memberships_created ON memberships (record_state, created_at, id);
DROP INDEX networks_created;
CREATE INDEX networks_created ON networks (record_state, created_at, id);
DROP INDEX activities_created;
CREATE INDEX activities_created ON activities (record_state, created_at, id);
DROP INDEX documents_created;
CREATE INDEX documents_created ON documents (record_state, created_at, id);

CREATE INDEX partners_created ON partners (record_state, created_at, id);
CREATE INDEX partners_changed ON partners (record_state, updated_at, id);
CREATE INDEX partners_by_country ON partners (record_state, country, id);
CREATE INDEX partners_smallest ON partners (record_state, COALESCE(population, 9223372036854775807), id);
CREATE INDEX partners_largest ON partners (record_state, COALESCE(population, -1), id);
CREATE INDEX partners_counted ON partners (record_state, country, kind);
CREATE INDEX agreements_changed ON agreements (record_state, updated_at, id);
CREATE INDEX agreements_status ON agreements (record_state, status, id);
CREATE INDEX agreements_counted ON agreements (record_state, status, relationship, instrument, signed_earliest);
CREATE INDEX memberships_changed ON memberships (record_state, updated_at, id);
CREATE INDEX memberships_admitted_asc ON memberships (record_state, admitted_asc, id);
CREATE INDEX memberships_admitted_desc ON memberships (record_state, admitted_desc, id);
CREATE INDEX networks_changed ON networks (record_state, updated_at, id);
CREATE INDEX activities_changed ON activities (record_state, updated_at, id);
CREATE INDEX documents_changed ON documents (record_state, updated_at, id);
CREATE INDEX sources_created ON sources (record_state, created_at, id);
CREATE INDEX sources_changed ON sources (record_state, updated_at, id);
CREATE INDEX sources_url ON sources (url);
CREATE INDEX identifiers_value ON identifiers (scheme, value);
CREATE INDEX changes_entity ON changes (entity, seq);
