DROP INDEX citations_source;
CREATE INDEX citations_source ON citations (source_id);
DROP INDEX changes_news;
DROP INDEX agreements_anniversary;
