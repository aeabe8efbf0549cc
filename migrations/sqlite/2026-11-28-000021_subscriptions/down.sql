ALTER TABLE registry_meta DROP COLUMN followed_seq;
ALTER TABLE suggestions DROP COLUMN field;
DROP TABLE held_suggestions;
DROP TABLE subscription_news;
DROP TABLE subscription_tokens;
DROP TABLE subscription_requests;
DROP TABLE subscription_topics;
DROP TABLE subscribers;
