-- The full text index of posts on PostgreSQL. internal/search works out the
-- words, as it does on SQLite, so that both find the same: without accents,
-- English and French words by their stems, scripts without blanks by letters.
CREATE TABLE parley_posts_words (
    postid VARCHAR(26) NOT NULL,
    createat BIGINT NOT NULL,
    words TSVECTOR NOT NULL,
    CONSTRAINT parley_posts_words_pkey PRIMARY KEY (postid)
);
CREATE INDEX parley_posts_words_words ON parley_posts_words USING gin (words) WITH (gin_pending_list_limit = 256);
CREATE INDEX parley_posts_words_createat ON parley_posts_words (createat, postid);
-- How far the posts have been read that were there before the index: from the
-- newest back to this one. Until that is done searches use the indexes that the
-- schema has.
CREATE TABLE parley_posts_indexed (
    single INTEGER NOT NULL CHECK (single = 1),
    createat BIGINT NOT NULL,
    postid VARCHAR(26) NOT NULL,
    done BOOLEAN NOT NULL,
    CONSTRAINT parley_posts_indexed_pkey PRIMARY KEY (single)
);
INSERT INTO parley_posts_indexed SELECT 1, 9223372036854775807, '', NOT EXISTS (SELECT 1 FROM posts);
-- Posts that are new or changed since they were read into the index. A row is
-- added and never changed, so that nobody who writes waits for the index.
CREATE TABLE parley_posts_stale (
    n BIGINT GENERATED ALWAYS AS IDENTITY,
    postid VARCHAR(26) NOT NULL,
    CONSTRAINT parley_posts_stale_pkey PRIMARY KEY (n)
) WITH (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000);
CREATE FUNCTION parley_posts_created() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$ -- restoring a dump empties it
BEGIN
    INSERT INTO parley_posts_stale (postid) SELECT id FROM fresh;
    RETURN NULL;
END $$;
CREATE FUNCTION parley_posts_changed() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$ -- restoring a dump empties it
BEGIN
    INSERT INTO parley_posts_stale (postid) VALUES (OLD.id);
    RETURN NULL;
END $$;
CREATE TRIGGER parley_posts_created AFTER INSERT ON posts
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION parley_posts_created();
CREATE TRIGGER parley_posts_changed AFTER UPDATE OF createat, deleteat, message, type, hashtags ON posts
    FOR EACH ROW WHEN ((OLD.createat, OLD.deleteat, OLD.message, OLD.type, OLD.hashtags)
        IS DISTINCT FROM (NEW.createat, NEW.deleteat, NEW.message, NEW.type, NEW.hashtags))
    EXECUTE FUNCTION parley_posts_changed();
CREATE TRIGGER parley_posts_gone AFTER DELETE ON posts
    FOR EACH ROW EXECUTE FUNCTION parley_posts_changed();
