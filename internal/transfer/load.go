package transfer

import (
	"context"
	"errors"
	"io"
)

// Options say how an import goes on.
type Options struct {
	// DryRun goes through everything and writes nothing.
	DryRun bool
	// Strict ends the import at the first problem.
	Strict bool
	// Skipped hears of each problem as it comes, in the order of the lines but
	// for messages, which are written some at a time. May be nil.
	Skipped func(Problem)
	// Progress hears how far it is. May be nil.
	Progress func(Progress)
}

// Progress is how far an import or an export is, in bytes of lines for an import
// and in messages for an export.
type Progress struct {
	Lines, Posts int64
	Done, Of     int64
}

// Report is what became of an import.
type Report struct {
	Lines   int64
	Made    map[string]int64 // new things by kind of line; replies count as posts
	Known   map[string]int64 // what was there already
	Files   int64
	Skipped int64 // problems
}

// loader is an import under way.
type loader struct {
	*Transfer
	o       Options
	from    *Source
	names   *names
	report  Report
	batch   batch
	touched map[string]bool // channels whose counters have to be worked out anew
	lines   *lineReader
	of      int64
	owner   string // whose custom emojis become
}

func (t *Transfer) newLoader(from *Source, o Options) *loader {
	if o.Skipped == nil {
		o.Skipped = func(Problem) {}
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	l := &loader{Transfer: t, o: o, from: from, touched: map[string]bool{},
		report: Report{Made: map[string]int64{}, Known: map[string]int64{}}}
	l.names = newNames(t.db)
	return l
}

// ImportBulk takes in lines of the bulk format. It fails with ErrArchive for a
// file that can't be one, and when the database or the disk fails; given again,
// it goes on where it broke off. A bad line is told of and passed over.
func (t *Transfer) ImportBulk(ctx context.Context, from *Source, o Options) (Report, error) {
	l := t.newLoader(from, o)
	r, of, err := from.jsonl()
	if err != nil {
		return l.report, err
	}
	defer func() { _ = r.Close() }()
	l.lines, l.of = newLineReader(r), of
	err = l.finish(ctx, l.readAll(ctx))
	return l.report, err
}

func (l *loader) readAll(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		raw, err := l.lines.next()
		switch {
		case errors.Is(err, io.EOF) && l.report.Lines == 0:
			return refused("the file of lines is empty")
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errLongLine):
			err = l.skip(Problem{At: lineNumber(l.lines.n), Why: errLongLine})
		case err == nil && len(raw) > 0:
			err = l.raw(ctx, raw)
		}
		if err != nil {
			return err
		}
	}
}

// raw takes in one line as it stands. The first must tell the version, or the
// file is something else.
func (l *loader) raw(ctx context.Context, raw []byte) error {
	l.report.Lines++
	first := l.report.Lines == 1
	at := lineNumber(l.lines.n)
	line, why := parseLine(raw)
	if first && (why != nil || line.Type != kindVersion || *line.Version != formatVersion) {
		return refused("its first line doesn't tell version %d of the bulk format", formatVersion)
	}
	if why != nil {
		p := Problem{At: at, Why: why}
		if line != nil {
			p.Kind = cut(line.Type, 30)
		}
		return l.skip(p)
	}
	return l.take(ctx, at, line, len(raw))
}

// take takes in a line of either source.
func (l *loader) take(ctx context.Context, at string, line *Line, size int) error {
	if why := checkLine(line); why != nil {
		return l.skip(Problem{At: at, Kind: line.Type, Why: why})
	}
	if line.Type == kindPost || line.Type == kindDirectPost {
		p := line.Post
		if line.Type == kindDirectPost {
			p = line.DirectPost
		}
		return l.addPost(ctx, &pendingPost{at: at, kind: line.Type, line: p}, size)
	}
	if err := l.flush(ctx); err != nil {
		return err
	}
	if err := l.place(ctx, at, line); err != nil {
		why := publicFault(err)
		if why == nil {
			return err
		}
		if err := l.skip(Problem{At: at, Kind: line.Type, Why: why}); err != nil {
			return err
		}
	}
	l.tell()
	return nil
}

// place takes in a line that is no message.
func (l *loader) place(ctx context.Context, at string, line *Line) error {
	switch line.Type {
	case kindRole:
		return l.role(ctx, line.Role)
	case kindScheme:
		return l.scheme(ctx, line.Scheme)
	case kindEmoji:
		return l.putEmoji(ctx, line.Emoji)
	case kindTeam:
		return l.team(ctx, line.Team)
	case kindChannel:
		return l.channel(ctx, line.Channel)
	case kindUser:
		return l.user(ctx, at, line.User)
	case kindBot:
		return l.bot(ctx, at, line.Bot)
	case kindDirectChannel:
		return l.conversation(ctx, line.DirectChannel)
	}
	return nil
}

// skip tells of a problem; a strict import ends with it.
func (l *loader) skip(p Problem) error {
	l.report.Skipped++
	l.o.Skipped(p)
	if l.o.Strict {
		return p
	}
	return nil
}

// note tells of a part of a line that was passed over.
func (l *loader) note(at, kind string, err error) error {
	why := publicFault(err)
	if why == nil {
		return err
	}
	return l.skip(Problem{At: at, Kind: kind, Why: why})
}

func (l *loader) tell() {
	p := Progress{Lines: l.report.Lines, Posts: l.report.Made[kindPost] + l.report.Known[kindPost], Of: l.of}
	if l.lines != nil {
		p.Done = l.lines.read
	}
	l.o.Progress(p)
}

// counted notes that a thing of a kind was new, or was there.
func (l *loader) counted(kind string, made bool) {
	if made {
		l.report.Made[kind]++
		return
	}
	l.report.Known[kind]++
}

// finish writes what waits and has the counters and the caches right, also when
// the import broke off: what came before its end stays.
func (l *loader) finish(ctx context.Context, err error) error {
	var strict Problem
	if err == nil || errors.As(err, &strict) {
		err = errors.Join(err, l.flush(ctx))
	}
	err = errors.Join(err, l.count(context.WithoutCancel(ctx)))
	l.tell()
	return err
}
