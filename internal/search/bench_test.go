package search_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/testkit"
)

// crowd is a made-up company: posts of a year, whose words are as frequent as
// those of a language.
type crowd struct {
	s      *testkit.Server
	rng    *rand.Rand
	words  []string
	zipf   []float64 // sums of the frequencies
	people []string
	rooms  []string
	asker  *testkit.Actor
	room   string   // the name of one that the asker is in
	said   []string // some messages
}

const (
	benchWords, benchRooms, benchPeople = 60_000, 400, 300
	benchClients                        = 8
)

// syllable makes words that look like words.
func (c *crowd) word() string {
	var b strings.Builder
	for range 2 + c.rng.IntN(3) {
		b.WriteByte("bcdfghjklmnprstvwz"[c.rng.IntN(18)])
		b.WriteByte("aeiou"[c.rng.IntN(5)])
	}
	return b.String() + string("lnrstk"[c.rng.IntN(6)])
}

func (c *crowd) pick() string {
	i, _ := slices.BinarySearch(c.zipf, c.rng.Float64()*c.zipf[len(c.zipf)-1])
	return c.words[min(i, len(c.words)-1)]
}

func (c *crowd) message() string {
	list := make([]string, 3+int(math.Abs(c.rng.NormFloat64())*12))
	for i := range list {
		list[i] = c.pick()
	}
	return strings.Join(list, " ")
}

func newCrowd(b *testing.B, engine dbtest.Engine, posts int) *crowd {
	c := &crowd{s: testkit.Start(b, engine), rng: rand.New(rand.NewPCG(11, 12))}
	seen := map[string]bool{}
	sum := 0.0
	for n := 1; len(c.words) < benchWords; {
		if w := c.word(); !seen[w] {
			seen[w] = true
			c.words = append(c.words, w)
			sum += 1 / float64(n+5)
			c.zipf = append(c.zipf, sum)
			n++
		}
	}
	c.asker = c.s.User("asker")
	team := c.s.Team(c.asker)
	for range benchPeople {
		c.people = append(c.people, id.New())
	}
	for i := range benchRooms {
		owner := c.s.Admin
		if i%2 == 0 {
			owner = c.asker // who is in half of the rooms
		} else if i == 1 {
			c.s.Admin.POST("/teams/"+team.ID+"/members", map[string]string{"team_id": team.ID, "user_id": c.s.Admin.ID})
		}
		room := c.s.Channel(owner, team)
		c.rooms = append(c.rooms, room.ID)
		if i == 0 {
			c.room = room.Name
		}
	}
	c.people[0] = c.asker.ID
	c.fill(b, posts)
	return c
}

// fill writes the posts straight into the table.
func (c *crowd) fill(b *testing.B, posts int) {
	const rows, year = 100, 365 * 24 * 3600 * 1000
	begin := id.Now() - year
	roots := make([]string, benchRooms)
	for done := 0; done < posts; {
		err := c.s.DB.Tx(b.Context(), func(tx *db.Tx) error {
			for range 100 {
				var sql strings.Builder
				var args []any
				sql.WriteString(`INSERT INTO posts (id, createat, updateat, editat, deleteat, ispinned, userid, channelid, rootid, originalid,
					message, type, props, hashtags, filenames, fileids, hasreactions) VALUES `)
				for range rows {
					at, text := begin+int64(float64(done)/float64(posts)*year), c.message()
					if done++; done%1000 == 0 {
						c.said = append(c.said, text)
					}
					if n := len(args); n > 0 {
						sql.WriteString(", ")
					}
					k := len(args)
					fmt.Fprintf(&sql, `($%d, CAST($%d AS bigint), CAST($%d AS bigint), 0, 0, false, $%d, $%d, $%d, '', $%d, '', '{}', '', '[]', '[]', false)`, k+1, k+2, k+2, k+3, k+4, k+5, k+6)
					post, room, root := id.New(), c.rng.IntN(benchRooms), ""
					if roots[room] != "" && c.rng.IntN(3) == 0 { // a reply
						root = roots[room]
					} else {
						roots[room] = post
					}
					args = append(args, post, at, c.people[c.rng.IntN(benchPeople)], c.rooms[room], root, text)
				}
				if _, err := tx.Exec(tx.Context(), sql.String(), args...); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// indexed waits until all posts are in the index.
func (c *crowd) indexed(b *testing.B) {
	sql := `SELECT (SELECT max(rowid) FROM posts) = lastrow FROM parley_posts_indexed`
	if !c.s.DB.SQLite() {
		sql = `SELECT NOT EXISTS (SELECT 1 FROM parley_posts_stale)`
	}
	for whole := false; !whole; {
		c.asker.POST("/posts/search", map[string]any{"terms": "zzz"}).Want(b, 200)
		var err error
		if whole, err = db.Value[bool](b.Context(), c.s.DB, sql); err != nil {
			b.Fatal(err)
		}
	}
	if !c.s.DB.SQLite() {
		// As a database is that has been running for a while.
		for _, table := range []string{"posts", "parley_posts_words", "parley_posts_stale"} {
			if _, err := c.s.DB.Exec(b.Context(), `VACUUM ANALYZE `+table); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// bytes is how large something of the database is.
func (c *crowd) bytes(b *testing.B, lite, pg string) int64 {
	sql := `SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name LIKE '` + lite + `'`
	if !c.s.DB.SQLite() {
		sql = `SELECT CAST(sum(pg_total_relation_size(CAST(relname AS regclass))) AS bigint) FROM pg_class WHERE relkind = 'r' AND relname LIKE '` + pg + `'`
	}
	n, err := db.Value[int64](b.Context(), c.s.DB, sql)
	if err != nil {
		b.Logf("size: %v", err)
	}
	return n
}

// ask searches with eight clients for a while and prints how long it took.
func (c *crowd) ask(b *testing.B, name string, terms func(*rand.Rand) string) {
	var mu sync.Mutex
	var took []time.Duration
	found := 0
	var clients sync.WaitGroup
	end := time.Now().Add(4 * time.Second)
	for k := range benchClients {
		clients.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(k), 5))
			for time.Now().Before(end) {
				body := map[string]any{"terms": terms(rng), "per_page": 20}
				started := time.Now()
				r := c.asker.POST("/posts/search", body)
				d := time.Since(started)
				var list struct{ Order []string }
				r.Want(b, 200).Into(b, &list)
				mu.Lock()
				took, found = append(took, d), found+len(list.Order)
				mu.Unlock()
			}
		})
	}
	clients.Wait()
	slices.Sort(took)
	at := func(q float64) float64 { return float64(took[int(q*float64(len(took)-1))].Microseconds()) / 1000 }
	fmt.Printf("%-34s p50 %8.1f ms   p99 %8.1f ms   %6.0f/s   %4.1f found\n", name, at(0.5), at(0.99), float64(len(took))/4, float64(found)/float64(len(took)))
}

// BenchmarkSearch measures searching through HTTP with eight clients among
// PARLEY_SEARCH_POSTS posts (scripts/bench-search.sh sets it), once.
func BenchmarkSearch(b *testing.B) {
	posts, err := strconv.Atoi(os.Getenv("PARLEY_SEARCH_POSTS"))
	if err != nil {
		posts = 10_000
	}
	for _, engine := range dbtest.Engines {
		b.Run(string(engine), func(b *testing.B) {
			started := time.Now()
			c := newCrowd(b, engine, posts)
			filled := time.Now()
			c.indexed(b)
			size, index := c.bytes(b, "%posts%", "posts"), c.bytes(b, "parley_posts%", "parley_posts%")
			if c.s.DB.SQLite() {
				size -= index // which is called so, too
			}
			fmt.Printf("\n%s: %d posts, written in %.0f s, indexed in %.0f s (%.0f µs a post); posts %d bytes each, their index %d\n", engine, posts,
				filled.Sub(started).Seconds(), time.Since(filled).Seconds(), float64(time.Since(filled).Microseconds())/float64(posts), size/int64(posts), index/int64(posts))
			c.questions(b)
		})
	}
}

func (c *crowd) questions(b *testing.B) {
	word := func(from, to int) func(*rand.Rand) string {
		return func(r *rand.Rand) string { return c.words[from+r.IntN(to-from)] }
	}
	common, middle, rare := word(0, 20), word(200, 2000), word(20_000, benchWords)
	c.ask(b, "a rare word", rare)
	c.ask(b, "a word of medium frequency", middle)
	c.ask(b, "one of the 20 most common words", common)
	c.ask(b, "two words of medium frequency", func(r *rand.Rand) string { return middle(r) + " " + middle(r) })
	c.ask(b, "a phrase of three words", func(r *rand.Rand) string {
		said := strings.Fields(c.said[r.IntN(len(c.said))])
		at := r.IntN(len(said) - 2)
		return `"` + strings.Join(said[at:at+3], " ") + `"`
	})
	c.ask(b, "a word, but not another", func(r *rand.Rand) string { return middle(r) + " -" + common(r) })
	c.ask(b, "a common word in: a channel", func(r *rand.Rand) string { return common(r) + " in:" + c.room })
	c.ask(b, "a common word from: somebody", func(r *rand.Rand) string { return common(r) + " from:" + c.asker.Username })
	c.ask(b, "a word on: a day", func(r *rand.Rand) string {
		return common(r) + " on:" + time.Now().AddDate(0, 0, -r.IntN(360)).Format("2006-01-02")
	})
	c.ask(b, "beginnings*", func(r *rand.Rand) string { return middle(r)[:4] + "*" })
}
