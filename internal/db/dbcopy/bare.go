package dbcopy

import (
	"context"

	"github.com/parley-chat/parley/internal/db"
)

// A change is a statement and the one that takes it back.
type change struct{ do, undo string }

// What a full table gets faster than one that is being filled: indexes, and the
// constraints made of one that nothing else rests on. pg_depend says what does.
const (
	postgresIndexes = `SELECT format('DROP INDEX %s', CAST(i.indexrelid AS regclass)), pg_get_indexdef(i.indexrelid)
		FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
		WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind = 'r' AND CAST(c.relname AS text) = ANY($1)
			AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
			AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.refobjid = i.indexrelid AND d.deptype <> 'a')
		ORDER BY c.relname, i.indexrelid`
	postgresConstraints = `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', CAST(k.conrelid AS regclass), k.conname),
			format('ALTER TABLE %s ADD CONSTRAINT %I %s', CAST(k.conrelid AS regclass), k.conname, pg_get_constraintdef(k.oid))
		FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
		WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind = 'r' AND CAST(c.relname AS text) = ANY($1) AND k.contype IN ('p', 'u')
			AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.refobjid IN (k.oid, k.conindid) AND d.objid NOT IN (k.oid, k.conindid))
		ORDER BY c.relname, k.conname`
	// The search's triggers only note which posts to read; it reads all of them anyway, see readAgain.
	postgresTriggers = `SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', CAST(t.tgrelid AS regclass), t.tgname),
			format('ALTER TABLE %s ENABLE TRIGGER %I', CAST(t.tgrelid AS regclass), t.tgname)
		FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
		WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND CAST(c.relname AS text) = ANY($1) AND NOT t.tgisinternal
			AND t.tgenabled = 'O' AND t.tgname LIKE 'parley\_posts\_%'
		ORDER BY t.tgname`
	sqliteIndexes = `SELECT 'DROP INDEX "' || name || '"', sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ANY($1) ORDER BY name`
)

// readAgain tells the search on PostgreSQL to read the posts anew, in the background.
var readAgain = []string{
	`TRUNCATE parley_posts_words, parley_posts_stale`,
	`UPDATE parley_posts_indexed SET createat = 9223372036854775807, postid = '', done = NOT EXISTS (SELECT 1 FROM posts)`,
}

// bare takes from empty tables what slows down filling them, and returns the
// statements that give it back.
func bare(ctx context.Context, tx *db.Tx, tables []table) (dress []string, err error) {
	queries := []string{postgresTriggers, postgresConstraints, postgresIndexes}
	if tx.SQLite() {
		queries = []string{sqliteIndexes}
	} else {
		dress = append(dress, readAgain...)
	}
	var names []string
	for _, t := range tables {
		names = append(names, t.name)
	}
	for _, query := range queries {
		changes, err := db.List(ctx, tx, func(r db.Row) (c change, err error) { return c, r.Scan(&c.do, &c.undo) }, query, names)
		if err != nil {
			return nil, err
		}
		for _, c := range changes {
			if _, err := tx.Exec(ctx, c.do); err != nil {
				return nil, err
			}
			dress = append(dress, c.undo)
		}
	}
	return dress, nil
}

// giveBack runs what bare returned.
func giveBack(ctx context.Context, tx *db.Tx, dress []string) error {
	for _, statement := range dress {
		if _, err := tx.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
