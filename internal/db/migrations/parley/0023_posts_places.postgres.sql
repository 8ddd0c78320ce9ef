-- The full text index of posts knows the channel and the author of each, too, so
-- that words in: a channel or from: somebody are found without reading all posts
-- that hold them. What there is is indexed again; until that is done searches use
-- the indexes that the schema has.
TRUNCATE parley_posts_words, parley_posts_stale;
UPDATE parley_posts_indexed SET createat = 9223372036854775807, postid = '', done = NOT EXISTS (SELECT 1 FROM posts);
DROP TRIGGER parley_posts_changed ON posts;
CREATE TRIGGER parley_posts_changed AFTER UPDATE OF createat, deleteat, channelid, message, type, hashtags ON posts
    FOR EACH ROW WHEN ((OLD.createat, OLD.deleteat, OLD.channelid, OLD.message, OLD.type, OLD.hashtags)
        IS DISTINCT FROM (NEW.createat, NEW.deleteat, NEW.channelid, NEW.message, NEW.type, NEW.hashtags))
    EXECUTE FUNCTION parley_posts_changed();
