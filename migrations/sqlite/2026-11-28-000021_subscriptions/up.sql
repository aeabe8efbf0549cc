-- Who is told of changes by mail. The address is here and nowhere else, and gone when its owner leaves.
CREATE TABLE subscribers (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL,
    lang TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    due_at TIMESTAMP,
    not_before TIMESTAMP,
    weekly_at TIMESTAMP
);
CREATE UNIQUE INDEX subscribers_email ON subscribers (email);
CREATE INDEX subscribers_due ON subscribers (due_at);
CREATE INDEX subscribers_weekly ON subscribers (weekly_at);

-- What they are told of, how often, and up to which change they were.
CREATE TABLE subscription_topics (
    id INTEGER PRIMARY KEY,
    subscriber_id BIGINT NOT NULL REFERENCES subscribers (id),
    topic TEXT NOT NULL,
    frequency TEXT NOT NULL,
    told_seq BIGINT NOT NULL
);
CREATE UNIQUE INDEX subscription_topics_once ON subscription_topics (subscriber_id, topic);
CREATE INDEX subscription_topics_topic ON subscription_topics (topic, frequency, subscriber_id);

-- What somebody asked for and has not confirmed; `hash` is that of the token in the mail.
CREATE TABLE subscription_requests (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL,
    lang TEXT NOT NULL,
    topics TEXT NOT NULL,
    frequency TEXT NOT NULL,
    hash TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX subscription_requests_hash ON subscription_requests (hash);
CREATE INDEX subscription_requests_email ON subscription_requests (email);
CREATE INDEX subscription_requests_created ON subscription_requests (created_at);

-- Hashes of the tokens by which mails let their readers leave; of no subscriber once that one has left.
CREATE TABLE subscription_tokens (
    id INTEGER PRIMARY KEY,
    subscriber_id BIGINT REFERENCES subscribers (id),
    hash TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX subscription_tokens_hash ON subscription_tokens (hash);
CREATE INDEX subscription_tokens_subscriber ON subscription_tokens (subscriber_id);
CREATE INDEX subscription_tokens_created ON subscription_tokens (created_at);

-- Public changes by the topics that somebody follows, for as long as a digest may ask for them.
CREATE TABLE subscription_news (
    id INTEGER PRIMARY KEY,
    topic TEXT NOT NULL,
    seq BIGINT NOT NULL,
    record TEXT NOT NULL,
    what TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX subscription_news_topic ON subscription_news (topic, seq);

-- Suggestions whose sender has to show with a link that the address is theirs; `body` is as it was sent.
CREATE TABLE held_suggestions (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX held_suggestions_hash ON held_suggestions (hash);
CREATE INDEX held_suggestions_created ON held_suggestions (created_at);

-- What of the record a suggestion is about, as a JSON pointer.
ALTER TABLE suggestions ADD COLUMN field TEXT;

-- The last change that was looked at for subscribers.
ALTER TABLE registry_meta ADD COLUMN followed_seq BIGINT NOT NULL DEFAULT 0;
