package search

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/id"
)

// world is a database of posts without a server.
type world struct {
	t       testing.TB
	d       *db.DB
	s       *Search
	user    string
	channel string
	in      []string // channels that are searched, all when there is none
}

func newWorld(t testing.TB) *world { return newWorldOn(t, dbtest.SQLite) }

func newWorldOn(t testing.TB, engine dbtest.Engine) *world {
	d := dbtest.Open(t, engine)
	w := &world{t: t, d: d, user: id.New(), channel: id.New(),
		s: &Search{db: d, index: newIndex(d, slog.New(slog.DiscardHandler)), log: slog.New(slog.DiscardHandler)}}
	w.exec(`INSERT INTO channels (id, createat, updateat, deleteat, teamid, type, displayname, name, header, purpose, lastpostat, totalmsgcount, creatorid)
		VALUES ($1, 1, 1, 0, '', 'D', '', $1, '', '', 0, 0, '')`, w.channel)
	w.exec(`INSERT INTO channelmembers (channelid, userid, roles) VALUES ($1, $2, '')`, w.channel, w.user)
	return w
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.d.Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatal(err)
	}
}

// post writes n posts at once, the text of each with its number.
func (w *world) post(text string, createAt int64, n int) {
	w.t.Helper()
	err := w.d.Tx(w.t.Context(), func(tx *db.Tx) error {
		for i := range n {
			if _, err := tx.Exec(tx.Context(), `INSERT INTO posts (id, createat, updateat, editat, deleteat, ispinned, userid, channelid, rootid, originalid,
				message, type, props, hashtags, filenames, fileids, hasreactions)
				VALUES ($1, $2, $2, 0, 0, false, $3, $4, '', '', $5, '', '{}', '', '[]', '[]', false)`,
				id.New(), createAt, w.user, w.channel, text+" n"+strconv.Itoa(i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// find returns the messages that fit.
func (w *world) find(terms string, limit int) []string {
	w.t.Helper()
	return w.findAny(terms, false, limit)
}

// findAny is find for one or all of the terms.
func (w *world) findAny(terms string, anyTerm bool, limit int) []string {
	w.t.Helper()
	a := &ask{Query: Parse(terms, anyTerm, 0), userID: w.user, limit: limit, in: w.in}
	ctx := w.t.Context()
	ids, err := w.s.find(ctx, access.Viewer{UserID: w.user}, a)
	if err != nil {
		w.t.Fatal(err)
	}
	list := []string{}
	for _, postID := range ids {
		m, err := db.Value[string](ctx, w.d, `SELECT message FROM posts WHERE id = $1`, postID)
		if err != nil {
			w.t.Fatal(err)
		}
		list = append(list, m)
	}
	return list
}

func (w *world) want(terms string, want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), w.find(terms, 200)); diff != "" {
		w.t.Errorf("%s (-want +got):\n%s", terms, diff)
	}
}

func TestIndexFollowsThePosts(t *testing.T) {
	w := newWorld(t)
	w.post("kilo", 1000, 1)
	w.post("lima", 2000, 1)
	w.post("kilo late", 500, 1) // as an import brings it
	w.want("kilo", "kilo n0", "kilo late n0")
	w.exec(`UPDATE posts SET message = 'mango' WHERE message = 'kilo n0'`)
	w.want("kilo", "kilo late n0")
	w.want("mango", "mango")
	w.exec(`UPDATE posts SET createat = 3000 WHERE message = 'kilo late n0'`)
	w.post("kilo", 2500, 1)
	w.want("kilo", "kilo late n0", "kilo n0")
	w.exec(`UPDATE posts SET deleteat = 1 WHERE message = 'kilo n0'`)
	w.want("kilo", "kilo late n0")
	w.exec(`UPDATE posts SET deleteat = 0 WHERE message = 'kilo n0'`)
	w.want("kilo", "kilo late n0", "kilo n0")
	w.exec(`UPDATE posts SET type = 'system_join_channel' WHERE message = 'kilo n0'`)
	w.want("kilo", "kilo late n0")
	n, err := db.Value[int64](t.Context(), w.d, `SELECT count(*) FROM parley_posts_docs`)
	if err != nil || n != 3 {
		t.Errorf("%d documents (%v), want 3", n, err)
	}
}

// TestRowNumbersComeAgain deletes the last posts: SQLite gives their row
// numbers to the next ones.
func TestRowNumbersComeAgain(t *testing.T) {
	w := newWorld(t)
	for round := range 3 {
		w.post("kilo", 1000, 3)
		w.want("kilo n2", "kilo n2")
		w.exec(`DELETE FROM posts WHERE message = 'kilo n1'`)
		w.exec(`DELETE FROM posts WHERE message = 'kilo n2'`)
		if round == 1 {
			w.want("kilo", "kilo n0")
		}
		w.post("lima", 2000, 2)
		w.want("kilo", "kilo n0")
		w.want("lima", "lima n1", "lima n0")
		w.exec(`DELETE FROM posts`)
	}
	w.want("kilo")
}

// TestRowsNumberedAnew is what restoring a dump does.
func TestRowsNumberedAnew(t *testing.T) {
	w := newWorld(t)
	w.post("kilo", 1000, 5)
	w.exec(`DELETE FROM posts WHERE message = 'kilo n1'`)
	w.want("kilo", "kilo n4", "kilo n3", "kilo n2", "kilo n0")
	w.exec(`UPDATE posts SET rowid = rowid + 100`)
	w.exec(`UPDATE posts SET rowid = (SELECT count(*) FROM posts p WHERE p.createat < posts.createat OR p.message < posts.message) + 1`)
	w.exec(`DELETE FROM parley_posts_stale`)
	w.post("kilo late", 2000, 1)
	w.want("kilo", "kilo late n0", "kilo n4", "kilo n3", "kilo n2", "kilo n0")
}

func TestMoreThanFitIntoAMs(t *testing.T) {
	w := newWorld(t)
	w.post("kilo", 1000, docsOfMs+50)
	w.post("kilo late", 1001, 1)
	last := fmt.Sprint("kilo n", docsOfMs+49)
	if got := w.find("kilo", 10_000); len(got) != docsOfMs+51 || !slices.Contains(got, last) {
		t.Fatalf("%d found", len(got))
	}
	w.want("n"+strconv.Itoa(docsOfMs+49), last)
	w.exec(`UPDATE posts SET message = 'lima' WHERE message = $1`, last)
	w.want("n" + strconv.Itoa(docsOfMs+49))
	w.want("lima", "lima")
	for _, odd := range []int64{-5, 0, 1 << 60} {
		w.post("odd", odd, 1)
	}
	if got := w.find("odd", 10); len(got) == 0 {
		t.Error("odd times are not indexed")
	}
}

// TestBackground waits until posts are indexed though nobody searches.
func TestBackground(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); w.s.index.run(ctx) }()
	const posts = 2*indexBatch + 10
	w.post("kilo", 1000, posts)
	for range backlog {
		w.s.index.touch()
	}
	for n := int64(0); n < posts; runtime.Gosched() {
		var err error
		if n, err = db.Value[int64](ctx, w.d, `SELECT count(*) FROM parley_posts_docs`); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	<-done
}

// BenchmarkIndex is what a post costs the index, in CPU time of the writer.
func BenchmarkIndex(b *testing.B) {
	w := newWorld(b)
	w.post("the quick brown foxes were jumping over lazy dogs while everybody was releasing version v1.2.3 of their schedules", 1000, 2000)
	w.exec(`UPDATE posts SET createat = 1700000000000 + rowid * 700`)
	w.exec(`DELETE FROM parley_posts_stale`)
	for b.Loop() {
		w.exec(`UPDATE parley_posts_indexed SET lastrow = 0, lastid = ''`)
		w.exec(`INSERT INTO parley_posts_fts (parley_posts_fts) VALUES ('delete-all')`)
		w.exec(`DELETE FROM parley_posts_docs`)
		if err := w.s.index.catchUp(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/2000, "µs/post")
}
