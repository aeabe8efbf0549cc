UPDATE agreement_parties
    SET said = json_remove(said, '$.acceded_stated_on', '$.withdrew_stated_on')
    WHERE said IS NOT NULL;
