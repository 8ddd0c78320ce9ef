-- The full text index of posts on SQLite (PostgreSQL has indexes of its own).
-- internal/search writes it, some time after the posts and before it answers
-- a search: docs gives each post in the index a number that grows with its
-- time, so that reading hits backwards is newest first.
CREATE VIRTUAL TABLE parley_posts_fts USING fts5(
    words, whole, place, author,
    content='', contentless_delete=1, tokenize="ascii tokenchars '#@._-'"
);
CREATE TABLE parley_posts_docs (
    docid INTEGER PRIMARY KEY,
    postid TEXT NOT NULL
);
-- The last row of posts that is in the index, and its post: another post at
-- that place means that the rows were numbered anew.
CREATE TABLE parley_posts_indexed (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    lastrow INTEGER NOT NULL,
    lastid TEXT NOT NULL
);
INSERT INTO parley_posts_indexed VALUES (1, 0, '');
-- Posts that changed since they were read into the index.
CREATE TABLE parley_posts_stale (
    postid TEXT NOT NULL,
    createat INTEGER NOT NULL,
    PRIMARY KEY (postid, createat)
) WITHOUT ROWID;
CREATE TRIGGER parley_posts_changed AFTER UPDATE OF
    id, createat, deleteat, userid, channelid, message, type, hashtags ON posts
BEGIN
    INSERT OR IGNORE INTO parley_posts_stale VALUES (OLD.id, coalesce(OLD.createat, 0));
END;
-- The number of a row that was the last is given again to the next post.
CREATE TRIGGER parley_posts_gone AFTER DELETE ON posts
BEGIN
    INSERT OR IGNORE INTO parley_posts_stale VALUES (OLD.id, coalesce(OLD.createat, 0));
    UPDATE parley_posts_indexed SET
        lastrow = coalesce((SELECT max(rowid) FROM posts), 0),
        lastid = coalesce((SELECT id FROM posts ORDER BY rowid DESC LIMIT 1), '')
    WHERE lastrow = OLD.rowid;
END;
