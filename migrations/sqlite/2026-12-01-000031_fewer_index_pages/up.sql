-- Statistics of all agreements are counted in memory, the decades of signatures too: without these, what is recorded
-- is put where the last of its group was.
DROP INDEX agreements_counted;
CREATE INDEX agreements_counted ON agreements (record_state, status, relationship, instrument);
-- One index finds the agreements of a partner and keeps it from being a party of one twice.
DROP INDEX agreement_parties_once;
DROP INDEX agreement_parties_partner;
CREATE UNIQUE INDEX agreement_parties_partner ON agreement_parties (partner_id, agreement_id);
