-- Channels that show who has read up to where.
CREATE TABLE parley_receipts (
    channelid VARCHAR(26) NOT NULL,
    enabledby VARCHAR(26) NOT NULL,
    createat BIGINT NOT NULL,
    CONSTRAINT parley_receipts_pkey PRIMARY KEY (channelid)
);
