-- The same condition by comparisons: SQLite makes two tables of the lists of IN at each row that is recorded.
DROP INDEX changes_news;
CREATE INDEX changes_news ON changes (seq) WHERE audience IS NULL AND (op = 'created' OR op = 'updated' OR op = 'event' OR op = 'published' OR op = 'restored') AND (entity = 'partner' OR entity = 'agreement' OR entity = 'network' OR entity = 'membership' OR entity = 'activity');
-- Many sources have no address.
DROP INDEX sources_url;
CREATE INDEX sources_url ON sources (url) WHERE url IS NOT NULL;
