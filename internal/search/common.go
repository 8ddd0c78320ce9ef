package search

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/parley-chat/parley/internal/db"
)

// commonness is what PostgreSQL's statistics tell of how many posts hold a
// word. Its planner uses them in a way that suits other tables; here they decide
// between two ways of searching (findPostgres). They change slowly.
type commonness struct {
	mu    sync.Mutex
	asked time.Time
	known map[string]float64 // shares of the commonest lexemes
	least float64            // that of the rarest of them: others are no commoner
	posts float64
}

// How long the statistics hold; while there are none they are asked for again sooner.
const commonFresh, commonNone = 10 * time.Minute, 2 * time.Second

// load asks for the statistics when the last answer is old.
func (c *commonness) load(ctx context.Context, d *db.DB, log *slog.Logger) {
	c.mu.Lock()
	defer c.mu.Unlock()
	fresh := commonFresh
	if c.known == nil {
		fresh = commonNone
	}
	if !c.asked.IsZero() && time.Since(c.asked) < fresh {
		return
	}
	c.asked = time.Now()
	type figures struct {
		words  []string
		shares []float64
		posts  float64
	}
	f, err := db.Get(ctx, d, func(r db.Row) (f figures, err error) { return f, r.Scan(&f.words, &f.shares, &f.posts) },
		`SELECT CAST(CAST(s.most_common_elems AS text) AS text[]), CAST(s.most_common_elem_freqs AS float8[]), CAST(greatest(t.reltuples, 0) AS float8)
		FROM pg_stats s JOIN pg_class t ON t.oid = to_regclass('parley_posts_words')
		WHERE s.schemaname = current_schema() AND s.tablename = 'parley_posts_words' AND s.attname = 'words' AND s.most_common_elems IS NOT NULL`)
	c.known, c.least, c.posts = nil, 1, 0
	if err != nil {
		log.Debug("searches don't know yet how common words are", "error", err)
		return
	}
	// Behind the shares stand the smallest and the largest of them.
	if len(f.shares) <= len(f.words) {
		return
	}
	c.known, c.least, c.posts = make(map[string]float64, len(f.words)), f.shares[len(f.words)], f.posts
	for i, w := range f.words {
		c.known[w] = f.shares[i]
	}
}

// share is how large a part of all posts meets a condition, at most, and whether
// that is a few only. Without statistics nothing is known to be rare.
func (c *commonness) share(e expr) (part float64, few bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil {
		return 0, false
	}
	part = c.part(e)
	return part, part*c.posts <= fewHits
}

func (c *commonness) part(e expr) float64 {
	if e.empty() {
		return 0
	}
	if len(e.words) > 0 {
		least := 1.0
		for i, word := range e.words {
			if e.prefix && i == len(e.words)-1 {
				continue // many words begin so
			}
			least = min(least, c.of(signs[e.column]+word))
		}
		return least
	}
	sum, least := 0.0, 1.0
	for _, kid := range e.kids {
		s := c.part(kid)
		sum, least = sum+s, min(least, s)
	}
	if e.any {
		return min(sum, 1)
	}
	return least
}

func (c *commonness) of(lexeme string) float64 {
	if s, ok := c.known[lexeme]; ok {
		return s
	}
	return c.least
}
