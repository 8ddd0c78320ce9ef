-- When the owner of an access token is told that it ends soon: 0 once they are, and
-- for one that nobody is told of.
ALTER TABLE parley_token_limits ADD COLUMN tellat BIGINT NOT NULL DEFAULT 0;
UPDATE parley_token_limits SET tellat = expiresat - 604800000 WHERE expiresat > 0;
CREATE INDEX idx_parley_token_limits_tellat ON parley_token_limits (tellat);
-- The slash commands that are offered in the menu of messages, too.
CREATE TABLE parley_message_commands (
    commandid VARCHAR(26) NOT NULL,
    CONSTRAINT parley_message_commands_pkey PRIMARY KEY (commandid)
);
