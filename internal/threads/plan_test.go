package threads

import (
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
)

// The lists find their rows by an index: on SQLite, whose plans don't depend on
// how few rows a test has.
func TestListsUseIndexes(t *testing.T) {
	d, err := db.Open(t.Context(), dbtest.Options(t, dbtest.SQLite))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, a := range []*ask{{open: true}, {deleted: true, noDirect: true}} {
		from, args := a.followed()
		for _, sql := range []string{
			`SELECT ` + columns + ` FROM (SELECT ` + rowColumns + from + ` ORDER BY t.lastreplyat DESC LIMIT 60) x JOIN posts p ON p.id = x.postid`,
			`SELECT count(*), sum(x.unreadmentions) FROM (SELECT ` + rowColumns + from + `) x`,
		} {
			plan, err := db.List(t.Context(), d, func(r db.Row) (string, error) {
				var a, b, c int
				var detail string
				err := r.Scan(&a, &b, &c, &detail)
				return detail, err
			}, "EXPLAIN QUERY PLAN "+sql, args...)
			if err != nil {
				t.Fatal(err)
			}
			for _, step := range plan {
				if strings.HasPrefix(step, "SCAN") && step != "SCAN x" { // x is the page itself
					t.Errorf("%s\n%s", sql, strings.Join(plan, "\n"))
				}
			}
		}
	}
}
