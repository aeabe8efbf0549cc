-- A restored agreement was not listed by its countries again.
UPDATE agreement_listing
    SET record_state = (SELECT record_state FROM agreements WHERE agreements.id = agreement_listing.agreement_id)
    WHERE record_state <> (SELECT record_state FROM agreements WHERE agreements.id = agreement_listing.agreement_id);
