-- People who have asked that their account be deleted, until an administrator
-- has decided or they have changed their mind.
CREATE TABLE parley_deletion_requests (
    userid VARCHAR(26) NOT NULL,
    askedat BIGINT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT parley_deletion_requests_pkey PRIMARY KEY (userid)
);
CREATE INDEX idx_parley_deletion_requests_askedat ON parley_deletion_requests (askedat);
