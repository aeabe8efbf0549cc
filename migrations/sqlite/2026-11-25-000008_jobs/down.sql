ALTER TABLE registry_meta DROP COLUMN renewals;
DROP TABLE leases;
DROP TABLE jobs;
