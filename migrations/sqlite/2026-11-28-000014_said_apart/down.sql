DROP TABLE recomputations;
ALTER TABLE memberships DROP COLUMN quality_flags;
ALTER TABLE memberships DROP COLUMN said;
ALTER TABLE agreement_parties DROP COLUMN said;
ALTER TABLE agreements DROP COLUMN said_term;
