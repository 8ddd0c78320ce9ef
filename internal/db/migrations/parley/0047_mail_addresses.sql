-- The mail addresses of channels. token is the secret part of one; outsiders is
-- whether mail of people without an account is posted, too.
CREATE TABLE parley_mail_addresses (
    channelid VARCHAR(26) NOT NULL,
    token VARCHAR(26) NOT NULL,
    outsiders BOOLEAN NOT NULL,
    createdby VARCHAR(26) NOT NULL,
    createat BIGINT NOT NULL,
    CONSTRAINT parley_mail_addresses_pkey PRIMARY KEY (channelid)
);

CREATE UNIQUE INDEX idx_parley_mail_addresses_token ON parley_mail_addresses (token);
