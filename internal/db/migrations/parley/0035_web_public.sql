-- Channels that anybody can read on the web. since is the time of the first post
-- that is shown, in Unix milliseconds: 0 with all that was written before.
CREATE TABLE parley_web_public (
    channelid VARCHAR(26) NOT NULL,
    since BIGINT NOT NULL,
    enabledby VARCHAR(26) NOT NULL,
    createat BIGINT NOT NULL,
    CONSTRAINT parley_web_public_pkey PRIMARY KEY (channelid)
);
