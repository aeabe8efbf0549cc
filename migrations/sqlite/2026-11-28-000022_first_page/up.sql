-- The first page: anniversaries of the month, and what changed last of what everybody may read.
CREATE INDEX agreements_anniversary ON agreements (record_state, status, SUBSTR(signed_on, 6, 2), signed_asc);
CREATE INDEX changes_public ON changes (seq) WHERE audience IS NULL;
