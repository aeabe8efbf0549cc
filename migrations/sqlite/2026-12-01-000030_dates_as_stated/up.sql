-- A date that the record says of a party counts from the day on which it was said, not from that of the record's
-- last change, which is the best that is known of those that are there.
UPDATE agreement_parties
    SET said = json_set(said, '$.acceded_stated_on',
        (SELECT date(updated_at) FROM agreements WHERE agreements.id = agreement_parties.agreement_id))
    WHERE json_extract(said, '$.acceded_on') IS NOT NULL AND json_extract(said, '$.acceded_stated_on') IS NULL;
UPDATE agreement_parties
    SET said = json_set(said, '$.withdrew_stated_on',
        (SELECT date(updated_at) FROM agreements WHERE agreements.id = agreement_parties.agreement_id))
    WHERE json_extract(said, '$.withdrew_on') IS NOT NULL AND json_extract(said, '$.withdrew_stated_on') IS NULL;
