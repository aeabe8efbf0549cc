UPDATE agreement_parties
    SET said = (said::jsonb - 'acceded_stated_on' - 'withdrew_stated_on')::text
    WHERE said IS NOT NULL;
