-- What a person has let an application do, from its authorization code on: the session that its access token
-- proves, and the refresh token that gets the next one. The tables of the protocol hold one pair of tokens for an
-- application and a person; here each grant has its own. Secrets are hashes (SHA-256, hexadecimal).
CREATE TABLE parley_oauth_grants (
    id VARCHAR(26) NOT NULL,
    clientid VARCHAR(26) NOT NULL,
    userid VARCHAR(26) NOT NULL,
    sessionid VARCHAR(26) NOT NULL,
    refresh VARCHAR(64) NOT NULL,
    redirecturi VARCHAR(256) NOT NULL,
    audience VARCHAR(512) NOT NULL,
    createat BIGINT NOT NULL,
    expiresat BIGINT NOT NULL,
    CONSTRAINT parley_oauth_grants_pkey PRIMARY KEY (id)
);
CREATE INDEX parley_oauth_grants_clientid ON parley_oauth_grants (clientid, userid);
CREATE INDEX parley_oauth_grants_userid ON parley_oauth_grants (userid);
CREATE INDEX parley_oauth_grants_sessionid ON parley_oauth_grants (sessionid);
CREATE INDEX parley_oauth_grants_refresh ON parley_oauth_grants (refresh);
CREATE INDEX parley_oauth_grants_expiresat ON parley_oauth_grants (expiresat);

-- Codes and refresh tokens that were used: who shows one again has stolen it, or was stolen from.
CREATE TABLE parley_oauth_spent (
    secret VARCHAR(64) NOT NULL,
    grantid VARCHAR(26) NOT NULL,
    spentat BIGINT NOT NULL,
    CONSTRAINT parley_oauth_spent_pkey PRIMARY KEY (secret)
);
CREATE INDEX parley_oauth_spent_grantid ON parley_oauth_spent (grantid);
