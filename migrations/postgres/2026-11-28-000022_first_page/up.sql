-- The first page: anniversaries of the month, and what changed last of what everybody may read.
CREATE INDEX agreements_anniversary ON agreements (record_state, status, SUBSTR(signed_on, 6, 2), signed_asc);
CREATE INDEX changes_news ON changes (seq) WHERE audience IS NULL AND op IN ('created', 'updated', 'event', 'published', 'restored') AND entity IN ('partner', 'agreement', 'network', 'membership', 'activity');
-- The page of a source: what it states, however much that is.
DROP INDEX citations_source;
CREATE INDEX citations_source ON citations (source_id, created_at, id);
