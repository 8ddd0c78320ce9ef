-- Messages that were reported to moderators, one row a message; team is empty
-- for conversations. The same is kept as properties, for clients of the
-- protocol; this is what the queue is listed from. decidedat is 0 while open.
CREATE TABLE parley_reports (
    postid VARCHAR(26) NOT NULL,
    teamid VARCHAR(26) NOT NULL,
    channelid VARCHAR(26) NOT NULL,
    authorid VARCHAR(26) NOT NULL,
    reporterid VARCHAR(26) NOT NULL,
    reason VARCHAR(255) NOT NULL,
    comment TEXT NOT NULL,
    reportedat BIGINT NOT NULL,
    hidden BOOLEAN NOT NULL,
    status VARCHAR(16) NOT NULL,
    reviewerid VARCHAR(26) NOT NULL,
    actorid VARCHAR(26) NOT NULL,
    actorcomment TEXT NOT NULL,
    decidedat BIGINT NOT NULL,
    CONSTRAINT parley_reports_pkey PRIMARY KEY (postid)
);
CREATE INDEX idx_parley_reports_open ON parley_reports (decidedat, reportedat);
