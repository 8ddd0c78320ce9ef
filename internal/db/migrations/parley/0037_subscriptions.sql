-- Who is told of events as they happen, and where.
CREATE TABLE parley_subscriptions (
    id VARCHAR(26) NOT NULL,
    creatorid VARCHAR(26) NOT NULL,
    teamid VARCHAR(26) NOT NULL,
    channelid VARCHAR(26) NOT NULL,
    name VARCHAR(64) NOT NULL,
    description VARCHAR(500) NOT NULL,
    url VARCHAR(1024) NOT NULL,
    events VARCHAR(1024) NOT NULL,
    enabled BOOLEAN NOT NULL,
    secret VARCHAR(64) NOT NULL,
    createat BIGINT NOT NULL,
    updateat BIGINT NOT NULL,
    CONSTRAINT parley_subscriptions_pkey PRIMARY KEY (id)
);
CREATE INDEX parley_subscriptions_teamid ON parley_subscriptions (teamid, createat);
CREATE INDEX parley_subscriptions_creatorid ON parley_subscriptions (creatorid);
