-- What the System Console changed, one row for each key of the configuration
-- (its value as JSON), with who and when. It overrides the files.
CREATE TABLE parley_settings (
    key VARCHAR(255) NOT NULL,
    value TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by VARCHAR(26) NOT NULL,
    CONSTRAINT parley_settings_pkey PRIMARY KEY (key)
);
