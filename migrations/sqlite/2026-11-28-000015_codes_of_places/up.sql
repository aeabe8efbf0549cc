-- Codes of places are handed on: those of a partner that is dissolved guard nothing any more.
UPDATE identifiers SET active = FALSE
WHERE active
    AND scheme IN ('insee', 'teryt', 'lau', 'nuts', 'fips', 'unlocode', 'iso3166-2', 'local')
    AND record IN (SELECT p.public_id FROM partners p WHERE p.existence = 'dissolved');
