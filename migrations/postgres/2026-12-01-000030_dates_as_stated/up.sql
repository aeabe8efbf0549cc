-- A date that the record says of a party counts from the day on which it was said, not from that of the record's
-- last change, which is the best that is known of those that are there.
UPDATE agreement_parties
    SET said = (said::jsonb || jsonb_build_object('acceded_stated_on', to_char(agreements.updated_at, 'YYYY-MM-DD')))::text
    FROM agreements
    WHERE agreements.id = agreement_parties.agreement_id
        AND said::jsonb ->> 'acceded_on' IS NOT NULL AND said::jsonb ->> 'acceded_stated_on' IS NULL;
UPDATE agreement_parties
    SET said = (said::jsonb || jsonb_build_object('withdrew_stated_on', to_char(agreements.updated_at, 'YYYY-MM-DD')))::text
    FROM agreements
    WHERE agreements.id = agreement_parties.agreement_id
        AND said::jsonb ->> 'withdrew_on' IS NOT NULL AND said::jsonb ->> 'withdrew_stated_on' IS NULL;
