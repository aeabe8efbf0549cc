-- `along`: the versions of all that is published along with a draft, when that was proposed.
-- `office`: the office that has to agree, where a record would come to stand in its holdings.
ALTER TABLE suggestions ADD COLUMN along TEXT COLLATE "C";
ALTER TABLE suggestions ADD COLUMN office TEXT COLLATE "C";
-- `preview`: the record as it would be, for that office, which may not see a draft of another one.
ALTER TABLE suggestions ADD COLUMN preview TEXT COLLATE "C";
-- Where to write to people of the identity provider, what their last token let them do, and when that
-- was seen. None of it identifies them or lets them in.
ALTER TABLE users ADD COLUMN seen_email TEXT COLLATE "C";
ALTER TABLE users ADD COLUMN seen_grants TEXT COLLATE "C";
ALTER TABLE users ADD COLUMN seen_on DATE;
