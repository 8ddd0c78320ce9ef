package search

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
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
	f, err := db.Get(ctx, d, scanFigures, `SELECT array_to_json(CAST(CAST(s.most_common_elems AS text) AS text[])), array_to_json(s.most_common_elem_freqs),
			CAST(greatest(t.reltuples, 0) AS float8)
		FROM pg_stats s JOIN pg_class t ON t.oid = to_regclass('parley_posts_words')
		WHERE s.schemaname = current_schema() AND s.tablename = 'parley_posts_words' AND s.attname = 'words' AND s.most_common_elems IS NOT NULL`)
	if err != nil {
		if !errors.Is(err, db.ErrNotFound) {
			log.Warn("searches can't learn how common words are", "error", err)
		}
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

// figures are what the statistics say: lexemes, their shares, how many posts.
type figures struct {
	words  []string
	shares []float64
	posts  float64
}

func scanFigures(r db.Row) (f figures, err error) {
	var words, shares []byte
	if err := r.Scan(&words, &shares, &f.posts); err != nil {
		return f, err
	}
	return f, errors.Join(json.Unmarshal(words, &f.words), json.Unmarshal(shares, &f.shares))
}

// share is how large a part of all posts meets a condition: at most, and about.
// Without statistics nothing is known to be rare.
func (c *commonness) share(e expr) (most, about float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil {
		return 1, 0
	}
	return c.part(e)
}

// few tells whether such a part of the posts is read at once.
func (c *commonness) few(part float64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known != nil && part*c.posts <= 2*manyHits
}

// places is about which part of all posts is in the channels and by the authors
// that are asked for.
func (c *commonness) places(a *ask) float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ofAny(inPlace, a.in) * c.ofAny(byAuthor, a.from)
}

func (c *commonness) ofAny(sign string, ids []string) float64 {
	if len(ids) == 0 || c.known == nil {
		return 1
	}
	sum := 0.0
	for _, one := range ids {
		sum += c.of(shortened(sign, one))
	}
	return min(sum, 1)
}

// perDay is about how many posts there are each day of so many.
func (c *commonness) perDay(days int) float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.posts / float64(days)
}

// part is how large a part of the posts meets a condition, at most, and as far as
// words come independently of each other.
func (c *commonness) part(e expr) (most, about float64) {
	if e.empty() {
		return 0, 0
	}
	most, about = 1, 1
	if len(e.words) > 0 {
		for i, word := range e.words {
			of := c.of(signs[e.column] + word)
			if e.prefix && i == len(e.words)-1 {
				of = c.begun(signs[e.column] + word)
			}
			most, about = min(most, of), about*of
		}
		for _, pair := range e.pairs() {
			most = min(most, c.of(pair))
		}
		if len(e.words) > 1 {
			about = most // words of a phrase don't come independently
		}
		return most, about
	}
	anyMost, anyAbout := 0.0, 0.0
	for _, kid := range e.kids {
		m, a := c.part(kid)
		most, about = min(most, m), about*a
		anyMost, anyAbout = anyMost+m, max(anyAbout, a) // most are forms of one word, in the same posts
	}
	if e.any {
		return min(anyMost, 1), anyAbout
	}
	return most, about
}

// begun is how many posts hold a word with that beginning, as far as words are known.
func (c *commonness) begun(lexeme string) float64 {
	sum := c.least
	for known, share := range c.known {
		if strings.HasPrefix(known, lexeme) {
			sum += share
		}
	}
	return min(sum, 1)
}

func (c *commonness) of(lexeme string) float64 {
	if s, ok := c.known[lexeme]; ok {
		return s
	}
	return c.least
}
