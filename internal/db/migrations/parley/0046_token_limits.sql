-- What an access token is good for, and until when, of those that are limited.
-- scopes is a list with blanks between, '' without limits; expiresat 0 is never.
CREATE TABLE parley_token_limits (
    tokenid VARCHAR(26) NOT NULL,
    expiresat BIGINT NOT NULL,
    scopes VARCHAR(128) NOT NULL,
    CONSTRAINT parley_token_limits_pkey PRIMARY KEY (tokenid)
);
