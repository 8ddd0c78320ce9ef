-- Threads that carry a title, by their root. channelid follows a thread that is
-- moved. resolvedat is 0 while the topic is open.
CREATE TABLE parley_topics (
    rootid VARCHAR(26) NOT NULL,
    channelid VARCHAR(26) NOT NULL,
    title VARCHAR(128) NOT NULL,
    creatorid VARCHAR(26) NOT NULL,
    createat BIGINT NOT NULL,
    updateat BIGINT NOT NULL,
    resolvedat BIGINT NOT NULL,
    resolvedby VARCHAR(26) NOT NULL,
    CONSTRAINT parley_topics_pkey PRIMARY KEY (rootid)
);
CREATE INDEX idx_parley_topics_channel ON parley_topics (channelid, resolvedat);
-- Who follows each new topic of a channel.
CREATE TABLE parley_topic_followers (
    channelid VARCHAR(26) NOT NULL,
    userid VARCHAR(26) NOT NULL,
    CONSTRAINT parley_topic_followers_pkey PRIMARY KEY (channelid, userid)
);
CREATE INDEX idx_parley_topic_followers_user ON parley_topic_followers (userid);
