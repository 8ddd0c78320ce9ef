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

// monthBegin is the first day of the month, some months later.
func (d date) monthBegin(later int) date {
	t := d.time()
	return dayOf(time.Date(t.Year(), t.Month()+time.Month(later), 1, 0, 0, 0, 0, time.UTC).UnixMilli())
}

// Up to how many days are asked for one by one: in a span that can be chosen, and
// in one that is given. More are asked for by their months: each lexeme in a
// question is looked up for each post that has the words.
const daysOfSpan, daysOfDates = 3, 7

// cover continues a query with the days from one to before another, or their
// months. It returns "" if those are too many for a question.
func cover(from, to date) string {
	var parts []string
	for d := from; d < to; {
		if len(parts) == maxPlaces {
			return ""
		}
		if to-from <= daysOfDates {
			parts = append(parts, asLexeme(d.lexeme()))
			d++
		} else {
			parts = append(parts, asLexeme(d.month()))
			d = d.monthBegin(1)
		}
	}
	return " & (" + strings.Join(parts, " | ") + ")"
}

// span is the day to begin with for the newest posts, up to a last day of which
// only a part may have passed, of that many days at least.
func span(last date, days float64) date {
	begin := last - date(min(max(1, math.Ceil(days)), float64(max(last, 1))))
	if days > daysOfSpan {
		return begin.monthBegin(0)
	}
	return begin
}

// wider is how many times longer each span of days is than the one before.
const wider = 8

// backwards looks for a page in the newest posts, in more of them if there is less
// than that, and at last in all. The newest are as many as are expected to hold a
// page: of all posts, about that share fits, and not above most.
func (s *Search) backwards(ctx context.Context, a *ask, query string, excluded expr, most, share float64) ([]string, error) {
	first, last, err := s.extent(ctx)
	if err != nil || last < first {
		return nil, err
	}
	length := 31.0 // while nothing is known
	if rate := s.common.perDay(int(last - first + 1)); rate > 0 && share > 0 {
		length = min(float64(pages*(a.offset+a.limit))/share, manyHits/most) / rate
	}
	all := ""
	if a.Since > 0 || a.Until < never {
		first, last = max(first, dayOf(a.Since)), min(last, dayOf(a.Until-1))
		if last < first {
			return nil, nil
		}
		all = cover(first, last+1)
	}
	for begin := span(last, length); begin > first && length < float64(last-first)/2; begin = span(last, length) {
		ids, err := s.hits(ctx, a, query+cover(begin, last+1), excluded)
		if err != nil || len(ids) == a.limit {
			return ids, err
		}
		length *= wider
	}
	return s.hits(ctx, a, query+all, excluded)
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
