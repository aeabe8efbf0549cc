DROP INDEX agreement_parties_partner;
CREATE INDEX agreement_parties_partner ON agreement_parties (partner_id, agreement_id);
CREATE UNIQUE INDEX agreement_parties_once ON agreement_parties (agreement_id, partner_id);
DROP INDEX agreements_counted;
CREATE INDEX agreements_counted ON agreements (record_state, status, relationship, instrument, signed_earliest);
