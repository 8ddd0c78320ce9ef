package drafts

import (
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/model"
)

const clockForm = "Mon 2006-01-02 15:04"

func at(t *testing.T, zoneName, text string) int64 {
	t.Helper()
	loc, ok := zone(zoneName)
	if !ok {
		t.Fatalf("no zone %q", zoneName)
	}
	when, err := time.ParseInLocation("2006-01-02 15:04", text, loc)
	if err != nil {
		t.Fatal(err)
	}
	return when.UnixMilli()
}

// A recurring message keeps to the wall clock of its author, over changes of
// the clocks, weekends and short months.
func TestNext(t *testing.T) {
	const paris, newYork = "Europe/Paris", "America/New_York"
	for name, c := range map[string]struct {
		recurrence, zone, anchor, after string
		want                            string
	}{
		"once":                         {"", paris, "2026-03-02 09:00", "2026-03-02 09:00", ""},
		"daily":                        {model.RecurDaily, paris, "2026-03-02 09:00", "2026-03-02 09:00", "Tue 2026-03-03 09:00"},
		"daily, clocks go forward":     {model.RecurDaily, paris, "2026-03-20 09:00", "2026-03-28 09:00", "Sun 2026-03-29 09:00"},
		"daily, clocks go back":        {model.RecurDaily, newYork, "2026-10-20 09:00", "2026-10-31 09:00", "Sun 2026-11-01 09:00"},
		"daily, an hour that isn't":    {model.RecurDaily, paris, "2026-03-27 02:30", "2026-03-28 02:30", "Sun 2026-03-29 03:30"},
		"daily, the day after that":    {model.RecurDaily, paris, "2026-03-27 02:30", "2026-03-29 03:30", "Mon 2026-03-30 02:30"},
		"daily, after a long sleep":    {model.RecurDaily, paris, "2024-01-01 09:00", "2026-03-02 10:00", "Tue 2026-03-03 09:00"},
		"weekdays, on Friday":          {model.RecurWeekdays, paris, "2026-03-02 09:00", "2026-03-06 09:00", "Mon 2026-03-09 09:00"},
		"weekdays, begun on a weekend": {model.RecurWeekdays, paris, "2026-03-07 09:00", "2026-03-07 09:00", "Mon 2026-03-09 09:00"},
		"weekly":                       {model.RecurWeekly, newYork, "2026-02-23 09:00", "2026-03-02 09:00", "Mon 2026-03-09 09:00"},
		"weekly, asked between":        {model.RecurWeekly, newYork, "2026-02-23 09:00", "2026-03-05 09:00", "Mon 2026-03-09 09:00"},
		"monthly":                      {model.RecurMonthly, paris, "2026-03-15 09:00", "2026-03-15 09:00", "Wed 2026-04-15 09:00"},
		"monthly, a short month":       {model.RecurMonthly, paris, "2026-01-31 09:00", "2026-01-31 09:00", "Sat 2026-02-28 09:00"},
		"monthly, after a short month": {model.RecurMonthly, paris, "2026-01-31 09:00", "2026-02-28 09:00", "Tue 2026-03-31 09:00"},
		"monthly, over the year":       {model.RecurMonthly, paris, "2026-12-15 09:00", "2026-12-20 09:00", "Fri 2027-01-15 09:00"},
	} {
		got := next(c.recurrence, c.zone, at(t, c.zone, c.anchor), at(t, c.zone, c.after))
		loc, _ := zone(c.zone)
		text := ""
		if got != 0 {
			text = time.UnixMilli(got).In(loc).Format(clockForm)
		}
		if text != c.want {
			t.Errorf("%s: %s, want %s", name, text, c.want)
		}
	}
}

// Whatever a client sends as times, there is a next one, and it is later.
func FuzzNext(f *testing.F) {
	f.Add("daily", "Europe/Paris", int64(0), int64(1))
	f.Add("monthly", "../../etc/passwd", int64(latest), int64(0))
	f.Add("weekdays", "Local", int64(1_800_000_000_000), int64(-5))
	f.Fuzz(func(t *testing.T, recurrence, name string, anchor, after int64) {
		anchor, after = min(max(anchor, 0), latest), min(max(after, 0), latest)
		got := next(recurrence, name, anchor, after)
		if known := knownRecurrence(recurrence) && recurrence != ""; known != (got > after) {
			t.Errorf("%q %q from %d: %d after %d", recurrence, name, anchor, got, after)
		}
	})
}
