-- Lists and statistics of another day ask for the parties that joined later or left.
CREATE INDEX agreement_parties_moved ON agreement_parties (agreement_id, partner_id)
    WHERE (acceded_on IS NOT NULL OR withdrew_on IS NOT NULL
           OR participation IN ('acceded', 'withdrawn', 'excluded', 'succeeded'));
