package dbtest_test

import (
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
)

// recorder notes a failure instead of failing the test.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Errorf(string, ...any) { r.failed = true }

func TestUsesIndexTellsScansApart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for query, indexed := range map[string]bool{
			"SELECT id FROM channels WHERE teamid = $1 ORDER BY displayname LIMIT 10":                              true,
			"SELECT c.id FROM channelmembers m JOIN channels c ON c.id = m.channelid WHERE m.userid = $1 LIMIT 10": true,
			"SELECT id FROM users WHERE lower(username) = lower($1) LIMIT 1":                                       true,
			"SELECT id FROM channels WHERE header = $1 LIMIT 10":                                                   false,
		} {
			r := &recorder{TB: t}
			dbtest.UsesIndex(r, d, query, "x")
			if r.failed == indexed {
				t.Errorf("%s: %s\n%s", d.Options().URL, query, dbtest.Plan(t, d, query, "x"))
			}
		}
	})
}

func TestDatabasesAreSeparate(t *testing.T) {
	for _, e := range dbtest.Engines {
		a, b := dbtest.Open(t, e), dbtest.Open(t, e)
		if _, err := a.Exec(t.Context(), "DELETE FROM roles"); err != nil {
			t.Fatal(err)
		}
		if n, err := db.Value[int64](t.Context(), b, "SELECT count(*) FROM roles"); err != nil || n != 25 {
			t.Error(n, err)
		}
	}
}
