-- What may follow a slash command, as JSON (AutocompleteData), and the picture
-- shown beside it. Mattermost's table has no place for them.
CREATE TABLE parley_command_autocomplete (
    commandid VARCHAR(26) NOT NULL,
    data TEXT NOT NULL,
    icon TEXT NOT NULL,
    CONSTRAINT parley_command_autocomplete_pkey PRIMARY KEY (commandid)
);
-- Messages of /echo that wait for their time, Unix ms.
CREATE TABLE parley_command_echoes (
    id VARCHAR(26) NOT NULL,
    userid VARCHAR(26) NOT NULL,
    channelid VARCHAR(26) NOT NULL,
    rootid VARCHAR(26) NOT NULL,
    message TEXT NOT NULL,
    dueat BIGINT NOT NULL,
    CONSTRAINT parley_command_echoes_pkey PRIMARY KEY (id)
);
CREATE INDEX idx_parley_command_echoes_due ON parley_command_echoes (dueat);
CREATE INDEX idx_parley_command_echoes_user ON parley_command_echoes (userid);
