package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbcopy"
)

// copyCommand's addresses may come from the environment, where a password in them is seen by nobody else.
type copyCommand struct {
	From    string `help:"${copy_from}" env:"PARLEY_COPY_FROM" required:"" placeholder:"DATABASE"`
	To      string `help:"${copy_to}" env:"PARLEY_COPY_TO" required:"" placeholder:"DATABASE"`
	Replace bool   `help:"${copy_replace}"`
}

// Run copies a database into another one and compares them row for row.
func (c *copyCommand) Run(s *session) error {
	from, err := openPlace(s, c.From, true)
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	to, err := openPlace(s, c.To, false)
	if err != nil {
		return err
	}
	defer func() { _ = to.Close() }()
	bar := newBar(s)
	o := dbcopy.Options{From: from, To: to, Replace: c.Replace, Progress: bar.show}
	done, err := dbcopy.Run(s.ctx, o)
	bar.end()
	for problem, key := range map[error]string{dbcopy.ErrNotEmpty: "copy_not_empty", dbcopy.ErrOtherSource: "copy_other_source", dbcopy.ErrOldSource: "copy_old_source"} {
		if errors.Is(err, problem) {
			return s.problem(key)
		}
	}
	if err != nil {
		return fmt.Errorf("%w\n%s", err, s.text("copy_again"))
	}
	differences, err := dbcopy.Compare(s.ctx, o)
	bar.end()
	if err != nil {
		return err
	}
	for _, d := range differences {
		if err := s.say("copy_differs", "Table", d.Table, "From", d.From, "To", d.To); err != nil {
			return err
		}
	}
	if len(done.LeftOut) > 0 {
		if err := s.say("copy_left_out", "Tables", strings.Join(done.LeftOut, ", ")); err != nil {
			return err
		}
	}
	if len(differences) > 0 {
		return s.problem("copy_changed")
	}
	return s.say("copy_done", "Rows", done.Rows, "Tables", done.Tables)
}

// openPlace opens postgres://…, a file of SQLite or a data folder. One that is read must be there.
func openPlace(s *session, place string, mustExist bool) (*db.DB, error) {
	o := db.Options{URL: place}
	if !strings.HasPrefix(place, "postgres://") && !strings.HasPrefix(place, "postgresql://") {
		path := strings.TrimPrefix(place, "sqlite:")
		info, err := os.Stat(path)
		switch {
		case err == nil && info.IsDir():
			o = db.Options{Dir: path}
			if _, err := os.Stat(path + "/parley.db"); err != nil && mustExist {
				return nil, s.problem("no_database", "Data", path)
			}
		case err != nil && mustExist:
			return nil, s.problem("no_database", "Data", path)
		default:
			o.URL = "sqlite:" + path
		}
	}
	o.Filling = !mustExist
	return db.Open(s.ctx, o)
}

// bar shows how far something long is: on a terminal one line that changes, elsewhere a line every ten seconds.
type bar struct {
	s        *session
	out      io.Writer
	terminal bool
	began    time.Time
	shown    time.Time
	phase    bool
	drawn    bool
}

func newBar(s *session) *bar {
	file, ok := s.console.(*os.File)
	return &bar{s: s, out: s.console, terminal: ok && isTerminal(file), began: time.Now(), shown: time.Now()}
}

func (b *bar) show(p dbcopy.Progress) {
	if p.Comparing != b.phase {
		b.phase, b.began = p.Comparing, time.Now()
	}
	if p.Of == 0 {
		return
	}
	b.tell(func() string {
		key := "copy_progress"
		if p.Comparing {
			key = "copy_comparing"
		}
		rate := float64(p.Total) / max(b.took().Seconds(), 0.001)
		left := time.Duration(float64(p.Of-p.Total) / max(rate, 1) * float64(time.Second)).Round(time.Second)
		return b.s.text(key, "Percent", p.Total*100/p.Of, "Table", p.Table, "Rows", p.Total, "Of", p.Of, "Rate", int64(rate), "Left", max(left, 0).String())
	})
}

// took is how long the part that is shown has taken.
func (b *bar) took() time.Duration { return time.Since(b.began) }

// tell shows a line, unless one was shown a moment ago.
func (b *bar) tell(text func() string) {
	now := time.Now()
	every := 10 * time.Second
	if b.terminal {
		every = 200 * time.Millisecond
	}
	if now.Sub(b.shown) < every || b.out == nil {
		return
	}
	b.shown, b.drawn = now, true
	line := text()
	if b.terminal {
		_, _ = fmt.Fprintf(b.out, "\r\x1b[K%s", line)
		return
	}
	_, _ = fmt.Fprintln(b.out, line)
}

// end leaves the line that was drawn.
func (b *bar) end() {
	if b.terminal && b.drawn {
		_, _ = fmt.Fprintln(b.out)
	}
	b.drawn = false
}
