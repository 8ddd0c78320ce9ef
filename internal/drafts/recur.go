package drafts

import (
	"time"
	_ "time/tzdata" // servers without the files of time zones

	"github.com/parley-chat/parley/internal/model"
)

// knownRecurrence reports whether s says how often a message is sent.
func knownRecurrence(s string) bool {
	switch s {
	case "", model.RecurDaily, model.RecurWeekdays, model.RecurWeekly, model.RecurMonthly:
		return true
	}
	return false
}

// zone returns the time zone of an IANA name. Local is the server's, which is
// nobody's.
func zone(name string) (*time.Location, bool) {
	if name == "" || name == "Local" || len(name) > 64 {
		return nil, false
	}
	loc, err := time.LoadLocation(name)
	return loc, err == nil
}

// next returns the first time after a moment at which a message that began at
// anchor is sent again; all in Unix ms. It keeps to the wall clock of the zone:
// nine stays nine when the clocks change, and a time that a change leaves out is
// an hour later that day alone. It returns 0 for what is sent once.
func next(recurrence, timezone string, anchor, after int64) int64 {
	loc, ok := zone(timezone)
	if !ok {
		loc = time.UTC
	}
	from := time.UnixMilli(anchor).In(loc)
	switch recurrence {
	case model.RecurDaily:
		return daysOn(from, after, 1, nil)
	case model.RecurWeekdays:
		return daysOn(from, after, 1, func(d time.Weekday) bool { return d != time.Saturday && d != time.Sunday })
	case model.RecurWeekly:
		return daysOn(from, after, 7, nil)
	case model.RecurMonthly:
		return monthsOn(from, after)
	}
	return 0
}

// daysOn steps from a moment in days of its zone until it is past after and on
// a day that fits.
func daysOn(from time.Time, after int64, step int, fits func(time.Weekday) bool) int64 {
	// Begin shortly before: the days between are at most two fewer than the hours say.
	n := max(1, int((after-from.UnixMilli())/(24*time.Hour).Milliseconds())-2)
	for n = (n + step - 1) / step * step; ; n += step {
		at := onDay(from, from.Year(), from.Month(), from.Day()+n)
		if at.UnixMilli() > after && (fits == nil || fits(at.Weekday())) {
			return at.UnixMilli()
		}
	}
}

// monthsOn steps in months, on the same day or the last of shorter ones.
func monthsOn(from time.Time, after int64) int64 {
	past := time.UnixMilli(after).In(from.Location())
	n := max(1, (past.Year()-from.Year())*12+int(past.Month())-int(from.Month())-1)
	for ; ; n++ {
		first := time.Date(from.Year(), from.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
		day := min(from.Day(), first.AddDate(0, 1, -1).Day())
		if at := onDay(from, first.Year(), first.Month(), day); at.UnixMilli() > after {
			return at.UnixMilli()
		}
	}
}

// onDay is the moment of another day at which the wall clock shows the time of t.
func onDay(t time.Time, year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
}
