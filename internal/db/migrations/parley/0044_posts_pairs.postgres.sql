-- The full text index of posts knows which words stand side by side, so that a
-- phrase is found without reading all posts that hold its words; and statistics
-- know more words, so that fewer are taken for commoner than they are. What there
-- is is indexed again; until that is done searches use the indexes that the
-- schema has.
TRUNCATE parley_posts_words, parley_posts_stale;
ALTER TABLE parley_posts_words ALTER words SET STATISTICS 400;
UPDATE parley_posts_indexed SET createat = 9223372036854775807, postid = '', done = NOT EXISTS (SELECT 1 FROM posts);
