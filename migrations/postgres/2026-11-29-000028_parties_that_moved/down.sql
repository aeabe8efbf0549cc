DROP INDEX agreement_parties_moved;
