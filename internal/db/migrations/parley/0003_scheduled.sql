-- When each message of scheduledposts is due, and how often. A message that
-- failed has no row: nobody sends it before its author says so again.
CREATE TABLE parley_scheduled (
    id VARCHAR(26) NOT NULL,
    dueat BIGINT NOT NULL,
    -- Until when the server that is sending it has it for itself.
    leaseuntil BIGINT NOT NULL,
    tries INTEGER NOT NULL,
    -- '' for once, or daily, weekdays, weekly, monthly by the clock of
    -- timezone, counted from anchorat.
    recurrence VARCHAR(16) NOT NULL,
    timezone VARCHAR(64) NOT NULL,
    anchorat BIGINT NOT NULL,
    CONSTRAINT parley_scheduled_pkey PRIMARY KEY (id)
);
CREATE INDEX parley_scheduled_dueat ON parley_scheduled (dueat);
