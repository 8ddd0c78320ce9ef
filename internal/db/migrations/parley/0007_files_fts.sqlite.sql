-- The full text index of files on SQLite (PostgreSQL has indexes of its own):
-- their names, and what text files say. docs gives each file a number that stays
-- when the rows of fileinfo are numbered anew.
CREATE VIRTUAL TABLE parley_files_fts USING fts5(
    name, content,
    content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2", prefix='2 3'
);
CREATE TABLE parley_files_docs (
    docid INTEGER PRIMARY KEY,
    fileid TEXT NOT NULL UNIQUE
);
INSERT INTO parley_files_docs (fileid) SELECT id FROM fileinfo;
INSERT INTO parley_files_fts (rowid, name, content)
    SELECT d.docid, f.name, f.content FROM parley_files_docs d JOIN fileinfo f ON f.id = d.fileid;
CREATE TRIGGER parley_files_new AFTER INSERT ON fileinfo
BEGIN
    INSERT INTO parley_files_docs (fileid) VALUES (NEW.id);
    INSERT INTO parley_files_fts (rowid, name, content)
        SELECT docid, NEW.name, NEW.content FROM parley_files_docs WHERE fileid = NEW.id;
END;
CREATE TRIGGER parley_files_changed AFTER UPDATE OF name, content ON fileinfo
BEGIN
    DELETE FROM parley_files_fts WHERE rowid = (SELECT docid FROM parley_files_docs WHERE fileid = OLD.id);
    INSERT INTO parley_files_fts (rowid, name, content)
        SELECT docid, NEW.name, NEW.content FROM parley_files_docs WHERE fileid = NEW.id;
END;
CREATE TRIGGER parley_files_gone AFTER DELETE ON fileinfo
BEGIN
    DELETE FROM parley_files_fts WHERE rowid = (SELECT docid FROM parley_files_docs WHERE fileid = OLD.id);
    DELETE FROM parley_files_docs WHERE fileid = OLD.id;
END;
