-- Where the id of a merged partner leads: always to a partner that is not merged itself.
ALTER TABLE partners ADD COLUMN merged_into BIGINT REFERENCES partners (id);
CREATE INDEX partners_merged_into ON partners (merged_into);
