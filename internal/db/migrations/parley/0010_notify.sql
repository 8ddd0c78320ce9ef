-- Notifications that are to be sent, and for a day those that were: dedupe
-- keeps one from being made twice. kind is email, push or web, target the
-- session or subscription. leaseuntil is not 0 while one is being sent.
CREATE TABLE parley_notify_queue (
    id VARCHAR(26) NOT NULL,
    dedupe VARCHAR(190) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    type VARCHAR(16) NOT NULL,
    userid VARCHAR(26) NOT NULL,
    target VARCHAR(26) NOT NULL,
    postid VARCHAR(26) NOT NULL,
    channelid VARCHAR(26) NOT NULL,
    rootid VARCHAR(26) NOT NULL,
    createat BIGINT NOT NULL,
    dueat BIGINT NOT NULL,
    leaseuntil BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    doneat BIGINT NOT NULL,
    result VARCHAR(32) NOT NULL,
    CONSTRAINT parley_notify_queue_pkey PRIMARY KEY (id),
    CONSTRAINT parley_notify_queue_dedupe_key UNIQUE (dedupe)
);
CREATE INDEX idx_parley_notify_queue_due ON parley_notify_queue (kind, dueat) WHERE doneat = 0;
CREATE INDEX idx_parley_notify_queue_lease ON parley_notify_queue (leaseuntil) WHERE leaseuntil > 0;
CREATE INDEX idx_parley_notify_queue_user ON parley_notify_queue (userid, kind) WHERE doneat = 0;
CREATE INDEX idx_parley_notify_queue_done ON parley_notify_queue (doneat) WHERE doneat > 0;
-- What the server keeps for notifications: how far posts are decided upon, the
-- secret of links in mails, the key pair of web push.
CREATE TABLE parley_notify_state (
    name VARCHAR(32) NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT parley_notify_state_pkey PRIMARY KEY (name)
);
-- Browsers and UnifiedPush apps that want to be told while Parley is closed,
-- each as long as its session lasts.
CREATE TABLE parley_push_subscriptions (
    id VARCHAR(26) NOT NULL,
    userid VARCHAR(26) NOT NULL,
    sessionid VARCHAR(26) NOT NULL,
    endpoint TEXT NOT NULL,
    endpointhash VARCHAR(64) NOT NULL,
    p256dh VARCHAR(128) NOT NULL,
    auth VARCHAR(64) NOT NULL,
    name VARCHAR(64) NOT NULL,
    createat BIGINT NOT NULL,
    sentat BIGINT NOT NULL,
    CONSTRAINT parley_push_subscriptions_pkey PRIMARY KEY (id),
    CONSTRAINT parley_push_subscriptions_endpointhash_key UNIQUE (endpointhash)
);
CREATE INDEX idx_parley_push_subscriptions_userid ON parley_push_subscriptions (userid);
