DROP INDEX partners_merged_into;
ALTER TABLE partners DROP COLUMN merged_into;
