-- A column more for the stems of French words. The index is filled again.
DROP TABLE parley_posts_fts;
CREATE VIRTUAL TABLE parley_posts_fts USING fts5(
    words, french, whole, place, author,
    content='', contentless_delete=1, tokenize="ascii tokenchars '#@._-'"
);
DELETE FROM parley_posts_docs;
DELETE FROM parley_posts_stale;
UPDATE parley_posts_indexed SET lastrow = 0, lastid = '';
