-- What an outgoing webhook's calls are signed with, for those that are.
CREATE TABLE parley_outgoing_secrets (
    hookid VARCHAR(26) NOT NULL,
    secret VARCHAR(64) NOT NULL,
    createat BIGINT NOT NULL,
    CONSTRAINT parley_outgoing_secrets_pkey PRIMARY KEY (hookid)
);
