package admin

import (
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// What the journal holds at most.
const (
	journalBytes = 1 << 20
	journalLines = 10_000
)

// Journal keeps the last lines of the log in memory, for administrators who
// look at them from the console: one JSON object a line. It never reads a log
// file, whose place is a setting. It is a slog.Handler through Handler.
type Journal struct {
	mu    sync.Mutex
	lines [][]byte // oldest first
	bytes int
}

// Handler returns a handler that writes into the journal what is at least level.
func (j *Journal) Handler(level slog.Leveler) slog.Handler {
	return slog.NewJSONHandler(j, &slog.HandlerOptions{Level: level, ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		switch {
		case len(groups) > 0:
		case a.Key == slog.TimeKey:
			return slog.String("timestamp", a.Value.Time().UTC().Format(journalTime))
		case a.Key == slog.LevelKey:
			return slog.String("level", strings.ToLower(a.Value.String()))
		}
		return a
	}})
}

// journalTime is the form of times that the console's log page reads.
const journalTime = "2006-01-02 15:04:05.000 Z"

// Write takes one line, as slog hands it over.
func (j *Journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	kept := append([]byte(nil), line...)
	if len(kept) > journalBytes/16 {
		kept = []byte(`{"level":"warn","msg":"a line of the log was too long to keep"}` + "\n")
	}
	j.lines = append(j.lines, kept)
	j.bytes += len(kept)
	drop := 0
	for j.bytes > journalBytes || len(j.lines)-drop > journalLines {
		j.bytes -= len(j.lines[drop])
		j.lines[drop] = nil
		drop++
	}
	j.lines = j.lines[drop:]
	return len(line), nil
}

// Lines returns a page of lines in the order of their writing; page 0 holds the
// newest.
func (j *Journal) Lines(page, perPage int) []string {
	all := j.pick(func([]byte) bool { return true })
	return latest(all, page, perPage)
}

// latest is a page of a list, counted from its end.
func latest[T any](all []T, page, perPage int) []T {
	to := max(0, len(all)-page*perPage)
	return all[max(0, to-perPage):to]
}

func (j *Journal) pick(keep func(line []byte) bool) []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := make([]string, 0, len(j.lines))
	for _, l := range j.lines {
		if keep(l) {
			out = append(out, string(l))
		}
	}
	return out
}

// lineFilter picks lines; the zero value picks all.
type lineFilter struct {
	levels   map[string]bool // lower case
	from, to time.Time
}

func (f lineFilter) keeps(line []byte) bool {
	if len(f.levels) == 0 && f.from.IsZero() && f.to.IsZero() {
		return true
	}
	var head struct {
		Timestamp string `json:"timestamp"`
		Level     string `json:"level"`
	}
	if json.Unmarshal(line, &head) != nil || len(f.levels) > 0 && !f.levels[head.Level] {
		return false
	}
	at, err := time.Parse(journalTime, head.Timestamp)
	return (f.from.IsZero() || err == nil && !at.Before(f.from)) && (f.to.IsZero() || err == nil && !at.After(f.to))
}
