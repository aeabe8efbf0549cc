ALTER TABLE changes DROP COLUMN whole;
ALTER TABLE sources DROP COLUMN rev;
ALTER TABLE partners DROP COLUMN rev;
ALTER TABLE registry_meta DROP COLUMN reconciled;
ALTER TABLE registry_meta DROP COLUMN public_seq;
ALTER TABLE registry_meta DROP COLUMN last_at;
