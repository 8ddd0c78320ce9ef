package db

import (
	"strings"
	"testing"
)

func TestRewrite(t *testing.T) {
	for in, want := range map[string]string{
		"SELECT a FROM b WHERE c = $1 AND d = $12":       "SELECT a FROM b WHERE c = ?1 AND d = ?12",
		"WHERE id = ANY($1)":                             "WHERE id IN (SELECT value FROM json_each(?1))",
		"WHERE id=any ( $3 ) AND x":                      "WHERE id IN (SELECT value FROM json_each(?3)) AND x",
		"WHERE id <> ALL($2)":                            "WHERE id NOT IN (SELECT value FROM json_each(?2))",
		"WHERE id != ALL ($2) AND a <= $1 AND b <> $3":   "WHERE id NOT IN (SELECT value FROM json_each(?2)) AND a <= ?1 AND b <> ?3",
		"SELECT '$1', 'it''s = ANY($1)', \"a$2\", $1":    "SELECT '$1', 'it''s = ANY($1)', \"a$2\", ?1",
		"SELECT 1 -- costs $1\n, $1 /* = ANY($1) */, $2": "SELECT 1 -- costs $1\n, ?1 /* = ANY($1) */, ?2",
		"x LIKE $1 ESCAPE '\\' AND y = $2":               "x LIKE ?1 ESCAPE '\\' AND y = ?2",
		"a = ANY(SELECT 1)":                              "a = ANY(SELECT 1)",
		"unfinished '$1":                                 "unfinished '$1",
		"/* open $1":                                     "/* open $1",
		"=":                                              "=",
		"a = ANY($":                                      "a = ANY(?",
	} {
		if got := rewrite(in).text; got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

// Many parameters in order have no numbers, since looking them up costs the
// square of them; any other order keeps them.
func TestRewriteOfManyParameters(t *testing.T) {
	many := "INSERT INTO t VALUES " + Tuples(20, 2, 0)
	if got, want := rewrite(many).text, "INSERT INTO t VALUES (?,?)"+strings.Repeat(",(?,?)", 19); got != want {
		t.Errorf("got %s", got)
	}
	for _, in := range []string{many + ", ($3, '$41')", "SELECT $2, " + Tuples(20, 2, 0), many + " WHERE a = ANY($41)"} {
		if got := rewrite(in).text; !strings.Contains(got, "(?39,?40)") {
			t.Errorf("%s\n got %s", in, got)
		}
	}
}

func TestRewriteFindsWrites(t *testing.T) {
	for in, want := range map[string]bool{
		"SELECT 1": false, " select deleteat, 'DELETE' FROM updates": false,
		"SELECT replace(a, 'x', 'y') FROM t": false, "VALUES (1)": false, "EXPLAIN QUERY PLAN DELETE FROM t": false,
		"WITH a AS (SELECT 1) SELECT * FROM a":               false,
		"WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a": true,
		"INSERT INTO t VALUES ($1) RETURNING id":             true,
		"-- a comment\n/* another */ UPDATE t SET a = 1":     true,
		"CREATE TABLE t (a TEXT)":                            true, "delete from t": true, "PRAGMA user_version = 3": true, "PRAGMA user_version": false,
	} {
		if got := rewrite(in).write; got != want {
			t.Errorf("%s: write is %v", in, got)
		}
	}
}

func FuzzRewrite(f *testing.F) {
	f.Add("SELECT a FROM b WHERE c = ANY($1) AND d <> ALL ( $2 ) -- x")
	f.Add("'\"/*--$=")
	f.Fuzz(func(t *testing.T, s string) { rewrite(s) })
}
