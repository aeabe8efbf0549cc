ALTER TABLE users DROP COLUMN seen_on;
ALTER TABLE users DROP COLUMN seen_grants;
ALTER TABLE users DROP COLUMN seen_email;
ALTER TABLE suggestions DROP COLUMN preview;
ALTER TABLE suggestions DROP COLUMN office;
ALTER TABLE suggestions DROP COLUMN along;
