-- Every change of a setting in the console or by a command: what it was (none:
-- the value of the files), what it became, who and when. Values of secrets are not kept.
CREATE TABLE parley_settings_history (
    id VARCHAR(26) NOT NULL,
    key VARCHAR(255) NOT NULL,
    oldvalue TEXT,
    newvalue TEXT,
    secret BOOLEAN NOT NULL,
    changedat BIGINT NOT NULL,
    changedby VARCHAR(26) NOT NULL,
    CONSTRAINT parley_settings_history_pkey PRIMARY KEY (id)
);
CREATE INDEX parley_settings_history_changedat ON parley_settings_history (changedat, id);
