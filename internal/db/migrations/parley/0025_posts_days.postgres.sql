-- The full text index of posts knows the day and the month of each, too, so that
-- words are looked for from the newest day back, and only what is found there is
-- read. What there is is indexed again; until that is done searches use the
-- indexes that the schema has.
TRUNCATE parley_posts_words, parley_posts_stale;
UPDATE parley_posts_indexed SET createat = 9223372036854775807, postid = '', done = NOT EXISTS (SELECT 1 FROM posts);
