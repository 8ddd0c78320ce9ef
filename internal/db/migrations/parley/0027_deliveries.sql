-- What Parley sent to integrations, and what is still to be sent: the queue and
-- its log are one table. A waiting row whose time has come is claimed by moving
-- its time on, so another node takes it over when the first one dies.
CREATE TABLE parley_deliveries (
    id VARCHAR(26) NOT NULL,
    createat BIGINT NOT NULL,
    kind VARCHAR(32) NOT NULL,
    ofid VARCHAR(26) NOT NULL,
    name VARCHAR(128) NOT NULL,
    ownerid VARCHAR(26) NOT NULL,
    teamid VARCHAR(26) NOT NULL,
    method VARCHAR(8) NOT NULL,
    url TEXT NOT NULL,
    header TEXT NOT NULL,
    body TEXT NOT NULL,
    about TEXT NOT NULL,
    secret VARCHAR(128) NOT NULL,
    state VARCHAR(16) NOT NULL,
    attempts INTEGER NOT NULL,
    nextat BIGINT NOT NULL,
    status INTEGER NOT NULL,
    answerheader TEXT NOT NULL,
    answer TEXT NOT NULL,
    problem TEXT NOT NULL,
    took BIGINT NOT NULL,
    endat BIGINT NOT NULL,
    CONSTRAINT parley_deliveries_pkey PRIMARY KEY (id)
);
CREATE INDEX parley_deliveries_state ON parley_deliveries (state, nextat);
CREATE INDEX parley_deliveries_of ON parley_deliveries (kind, ofid, createat);
CREATE INDEX parley_deliveries_owner ON parley_deliveries (ownerid, createat);
CREATE INDEX parley_deliveries_team ON parley_deliveries (teamid, createat);
CREATE INDEX parley_deliveries_createat ON parley_deliveries (createat);
