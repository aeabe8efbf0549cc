-- They guard again, unless another record carries the code by now.
UPDATE identifiers SET active = TRUE
WHERE NOT active
    AND scheme IN ('insee', 'teryt', 'lau', 'nuts', 'fips', 'unlocode', 'iso3166-2', 'local')
    AND record IN (
        SELECT p.public_id FROM partners p
        WHERE p.existence = 'dissolved' AND p.record_state = 'published'
    )
    AND NOT EXISTS (
        SELECT 1 FROM identifiers o
        WHERE o.scheme = identifiers.scheme AND o.value = identifiers.value
            AND o.record <> identifiers.record AND (o.active OR o.record < identifiers.record)
    );
