package search

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
)

// TestWordsAreFound holds the index to what people mean by a word.
func TestWordsAreFound(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			w := newWorldOn(t, engine)
			for i, text := range []string{"Été à la plage", "les chevaux mangeaient", "nous mangeons", "une réunion reportée", "the meetings were postponed",
				"running late", "発表は明日です", "今天发布了新版本", "회의는 내일", "naïve café", "L’élève s’est trompé", "user@example.org wrote v1.2.3-rc", "ΑΘΗΝΑ και Αθήνα"} {
				w.post(text, int64(1000+i), 1)
			}
			for terms, want := range map[string][]string{
				"ete": {"Été à la plage n0"}, "ÉTÉ": {"Été à la plage n0"}, "plages": {"Été à la plage n0"}, "cheval": {"les chevaux mangeaient n0"}, "chevaux": {"les chevaux mangeaient n0"},
				"manger": {"les chevaux mangeaient n0"}, "mangé": {"les chevaux mangeaient n0"}, "mange": {"les chevaux mangeaient n0"}, "reunions": {"une réunion reportée n0"}, "réunion": {"une réunion reportée n0"},
				"reporter": {"une réunion reportée n0"}, "meeting": {"the meetings were postponed n0"}, "postpone": {"the meetings were postponed n0"},
				"run": {"running late n0"}, "明日": {"発表は明日です n0"}, "发布": {"今天发布了新版本 n0"}, "布发": nil, "회의": {"회의는 내일 n0"}, "cafe naive": {"naïve café n0"},
				"élèves": {"L’élève s’est trompé n0"}, "eleve": {"L’élève s’est trompé n0"}, "example.org": nil, "user@example.org": {"user@example.org wrote v1.2.3-rc n0"}, "v1.2.3-rc": nil, `"v1.2.3-rc"`: {"user@example.org wrote v1.2.3-rc n0"},
				"αθηνα": {"ΑΘΗΝΑ και Αθήνα n0"}, "plag*": {"Été à la plage n0"}, `"la plage"`: {"Été à la plage n0"}, `"plage la"`: nil, "réu*": {"une réunion reportée n0"}, "reu*": {"une réunion reportée n0"},
			} {
				w.want(terms, want...)
			}
		})
	}
}

var vocabulary = strings.Fields(`été ete plage plages cheval chevaux manger mangeons mangé the of and running run runs meeting meetings réunion réunions
	national nation café naïve user@example.org v1.2.3 v1.2.3-rc PLT-3699 well-known l’été don't 发布 今天 版本 발표 회의 สวัสดี #fruit #big-tag Ελλάδα привет
	résumé resume ΑΘΗΝΑ file.txt's a.b c++ x_y _z 12 1.5 -3 É ß ﬀ İstanbul cœur œuvre`)

// TestEnginesAgree has both engines search the same posts, while these change,
// and compares what they find.
func TestEnginesAgree(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	rng := rand.New(rand.NewPCG(seed, 7))
	some := func(n int, between string) string {
		list := make([]string, 1+rng.IntN(n))
		for i := range list {
			list[i] = vocabulary[rng.IntN(len(vocabulary))]
		}
		return strings.Join(list, between)
	}
	lite, pg := newWorldOn(t, dbtest.SQLite), newWorldOn(t, dbtest.Postgres)
	both := func(fn func(*world)) { fn(lite); fn(pg) }
	at := func(n int) int64 { return int64(n)*19*3600*1000 + 1000 } // so that spans of days matter
	for n := range 250 {
		text := some(8, []string{" ", ", ", "\n", "/", "  (", "."}[rng.IntN(6)])
		both(func(w *world) { w.post(fmt.Sprint(n, " ", text), at(n), 1) })
	}
	for round := range 250 {
		if round == 125 { // from here on with statistics, of more posts than there are, so that not all are few
			pg.exec(`ANALYZE parley_posts_words`)
			pg.s.common.load(t.Context(), pg.d, pg.s.log)
			pg.s.common.posts = 1e6
		}
		if n := rng.IntN(250); round%3 == 0 {
			text := some(4, " ")
			sql := []string{`UPDATE posts SET message = $1 WHERE createat = $2`, `UPDATE posts SET deleteat = length($1) % 2 WHERE createat = $2`,
				`DELETE FROM posts WHERE length($1) > 0 AND createat = $2`, `UPDATE posts SET type = 'system_x' WHERE length($1) > 0 AND createat = $2`}[rng.IntN(4)]
			both(func(w *world) { w.exec(sql, fmt.Sprint(n, " ", text), at(n)) })
		}
		var query []string
		for range 1 + rng.IntN(3) {
			term := some(1, "")
			switch rng.IntN(7) {
			case 6:
				term = []string{"on:", "before:", "after:", "-on:"}[rng.IntN(4)] + time.UnixMilli(at(rng.IntN(250))).UTC().Format("2006-01-02")
			case 0:
				term = `"` + some(3, " ") + `"`
			case 1:
				term = "-" + term
			case 2:
				if letters := []rune(term); len(letters) > 2 {
					term = string(letters[:1+rng.IntN(len(letters)-1)]) + "*"
				}
			}
			query = append(query, term)
		}
		both(func(w *world) { w.in = []string{w.channel}[:min(round%4, 1)] })
		terms, anyTerm := strings.Join(query, " "), rng.IntN(3) == 0
		want, got := lite.findAny(terms, anyTerm, 300), pg.findAny(terms, anyTerm, 300)
		if len(want) > 5 { // that many are found in the newest spans already
			got = append(pg.findAny(terms, anyTerm, 5), got[5:]...)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d, %q, any %v (-SQLite +PostgreSQL):\n%s", seed, terms, anyTerm, diff)
		}
	}
}

// TestOlderPostsAreReadIntoTheIndex begins with a database whose posts were
// there before the index: the schema's indexes answer until it is whole.
func TestOlderPostsAreReadIntoTheIndex(t *testing.T) {
	w := newWorldOn(t, dbtest.Postgres)
	w.post("kilo", 1000, 2*postgresBatch+10)
	w.post("kilo same time", 5000, postgresBatch+1)
	w.exec(`DELETE FROM parley_posts_stale`)
	w.exec(`UPDATE parley_posts_indexed SET done = false`)
	if got := w.find("kilo n3", 10); len(got) != 2 {
		t.Errorf("before: %q", got)
	}
	if n, _ := db.Value[int64](t.Context(), w.d, `SELECT count(*) FROM parley_posts_words`); n != 0 {
		t.Errorf("%d posts were indexed by a search", n)
	}
	w.post("kilo new n3", 3000, 1) // comes and changes meanwhile
	w.exec(`UPDATE posts SET message = 'lima n4' WHERE message = 'kilo n4'`)
	if err := w.s.index.catchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if whole, err := w.s.index.current(t.Context()); !whole || err != nil {
		t.Fatal(whole, err)
	}
	w.want("kilo n4", "kilo same time n4")
	w.want("lima n4", "lima n4")
	if got := w.find("kilo n3", 10); len(got) != 3 {
		t.Errorf("after: %q", got)
	}
	words, _ := db.Value[int64](t.Context(), w.d, `SELECT count(*) FROM parley_posts_words`)
	posts, err := db.Value[int64](t.Context(), w.d, `SELECT count(*) FROM posts`)
	if err != nil || words != posts {
		t.Errorf("%d of %d posts are indexed (%v)", words, posts, err)
	}
}

// TestStatisticsTellWhatIsCommon holds the reading of PostgreSQL's statistics to
// what is in the table.
func TestStatisticsTellWhatIsCommon(t *testing.T) {
	w := newWorldOn(t, dbtest.Postgres)
	c := &w.s.common
	c.load(t.Context(), w.d, w.s.log)
	if most, about := c.share(phraseOf(inWords, false, "kilo")); most != 1 || about != 0 || c.few(0) {
		t.Errorf("without statistics: %v, %v", most, about)
	}
	w.post("kilo lima", 1000, 300)
	w.post("kilo it's", 2000, 100)
	w.want("mike")
	w.exec(`ANALYZE parley_posts_words`)
	c.asked = time.Time{}
	c.load(t.Context(), w.d, w.s.log)
	for word, want := range map[string]float64{"kilo": 1, "lima": 0.75, "it'": 0} {
		if most, _ := c.share(phraseOf(inWords, false, word)); most < want-0.01 || most > want+0.3 {
			t.Errorf("%s: %v of the posts, want %v", word, most, want)
		}
	}
	if _, about := c.share(phraseOf(inWords, false, "kilo", "lima")); about < 0.7 || about > 0.8 {
		t.Errorf("both: %v", about)
	}
	if c.posts != 400 || !c.few(1) {
		t.Errorf("%v posts, few %v", c.posts, c.few(1))
	}
	if c.posts = manyHits * 4; c.few(0.51) || !c.few(0.5) {
		t.Error("few: ", c.few(0.51), c.few(0.5))
	}
}
