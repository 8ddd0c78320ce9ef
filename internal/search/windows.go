package search

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/db"
)

// date is a day in UTC, counted from 1970.
type date int

const dayLong = 24 * 60 * 60 * 1000 // in ms

func dayOf(at int64) date { return date(math.Floor(float64(at) / dayLong)) }

func (d date) time() time.Time { return time.Unix(int64(d)*dayLong/1000, 0).UTC() }

// lexeme is what posts of the day hold.
func (d date) lexeme() string { return onDay + strconv.Itoa(int(d)) }

// month is what posts of the day's month hold.
func (d date) month() string {
	t := d.time()
	return inMonth + strconv.Itoa(t.Year()*12+int(t.Month()))
}

// monthAfter is the first day of the next month.
func (d date) monthAfter() date {
	t := d.time()
	return dayOf(time.Date(t.Year(), t.Month()+1, 1, 0, 0, 0, 0, time.UTC).UnixMilli())
}

// cover continues a query with the days from one to before another, whole months
// by one lexeme each. It returns "" if those are too many for a question.
func cover(from, to date) string {
	var parts []string
	for d := from; d < to; {
		if len(parts) == maxPlaces {
			return ""
		}
		if next := d.monthAfter(); d.time().Day() == 1 && next <= to {
			parts = append(parts, asLexeme(d.month()))
			d = next
		} else {
			parts = append(parts, asLexeme(d.lexeme()))
			d++
		}
	}
	return " & (" + strings.Join(parts, " | ") + ")"
}

const (
	// wider is how many times longer each span of days is than the one before.
	wider = 8
	// spans are looked through before all that is older is.
	spans = 4
)

// backwards looks for a page in one span of days after the other, from the
// newest back, so that only what is found in those is read. The first is as long
// as is expected to hold a page: of all posts, about that share fits, and not
// above most.
func (s *Search) backwards(ctx context.Context, a *ask, query string, excluded expr, most, share float64) ([]string, error) {
	first, last, err := s.extent(ctx)
	if err != nil || last < first {
		return nil, err
	}
	length := 31.0 // while nothing is known
	if rate := s.common.perDay(int(last - first + 1)); rate > 0 && share > 0 {
		length = min(float64(pages*(a.offset+a.limit))/share, manyHits/most) / rate
	}
	whole := a.Since <= 0 && a.Until == never
	first, last = max(first, dayOf(a.Since)), min(last, dayOf(a.Until-1))
	var found []string
	missing := a.offset + a.limit
	for end, n := last+1, 0; missing > 0 && end > first; n++ {
		begin := first
		if length < float64(end-first) && n < spans {
			begin = end - date(max(1, length))
		}
		days, part := "", *a
		if !whole || n > 0 || begin > first {
			days = cover(begin, end)
			part.Until = min(a.Until, int64(end)*dayLong) // if there are too many to name them
		}
		ids, err := s.hits(ctx, &part, query+days, excluded, missing, 0)
		if err != nil {
			return nil, err
		}
		found, missing = append(found, ids...), missing-len(ids)
		end, length = begin, length*wider
	}
	return found[min(a.offset, len(found)):], nil
}

// extent is the first and the last day on which anything was posted.
func (s *Search) extent(ctx context.Context) (first, last date, err error) {
	type span struct{ first, last *int64 }
	all, err := db.Get(ctx, s.db, func(r db.Row) (x span, err error) { return x, r.Scan(&x.first, &x.last) },
		`SELECT (SELECT min(createat) FROM parley_posts_words), (SELECT max(createat) FROM parley_posts_words)`)
	if err != nil || all.first == nil || all.last == nil {
		return 0, -1, err
	}
	return dayOf(*all.first), dayOf(*all.last), nil
}
