package search

import "time"

// day returns the span of a day such as 2024-01-31, as it passes in a zone
// that is so many seconds east of UTC.
func day(text string, zone int) (Span, bool) {
	d, err := time.ParseInLocation("2006-1-2", text, time.FixedZone("", zone))
	if err != nil || d.Year() < 1 {
		return Span{}, false
	}
	return Span{d.UnixMilli(), d.AddDate(0, 0, 1).UnixMilli()}, true
}

// date adds a condition on the time. A date that is none is met by no post,
// and with a - before it by all of them.
func (q *Query) date(name, text string, not bool, zone int) {
	d, ok := day(text, zone)
	if !ok {
		q.Never = q.Never || !not
		return
	}
	switch {
	case name == "on" && !not:
		q.between(d.Since, d.Until)
	case name == "on":
		if len(q.Except) < maxNames {
			q.Except = append(q.Except, d)
		}
	case name == "before" && !not:
		q.between(q.Since, d.Since)
	case name == "before":
		q.between(d.Since, q.Until)
	case name == "after" && !not:
		q.between(d.Until, q.Until)
	case name == "after":
		q.between(q.Since, d.Until)
	}
}

// between narrows the time.
func (q *Query) between(since, until int64) {
	q.Since, q.Until = max(q.Since, since), min(q.Until, until)
}
