DROP INDEX sources_url;
CREATE INDEX sources_url ON sources (url);
DROP INDEX changes_news;
CREATE INDEX changes_news ON changes (seq) WHERE audience IS NULL AND op IN ('created', 'updated', 'event', 'published', 'restored') AND entity IN ('partner', 'agreement', 'network', 'membership', 'activity');
