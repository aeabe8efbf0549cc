-- What a record says by itself, apart from what its events make of it: the fold of the events begins
-- there. Empty in rows of a release that did not keep it apart.
ALTER TABLE agreements ADD COLUMN said_term TEXT COLLATE "C";
ALTER TABLE agreement_parties ADD COLUMN said TEXT COLLATE "C";
ALTER TABLE memberships ADD COLUMN said TEXT COLLATE "C";

-- What could be better about a membership's record, as of agreements.
ALTER TABLE memberships ADD COLUMN quality_flags TEXT COLLATE "C" NOT NULL DEFAULT '[]';

-- What a release computes anew from what is stored: which key is next. A line goes when its work is
-- done; the program does it at the first start, or in migrate up.
CREATE TABLE recomputations (
    name TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    next_key BIGINT NOT NULL
);
INSERT INTO recomputations (name, next_key) VALUES ('agreements', 0), ('memberships', 0);
