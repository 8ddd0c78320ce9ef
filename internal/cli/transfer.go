package cli

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/server"
	"github.com/parley-chat/parley/internal/transfer"
)

// how are the flags of every import.
type how struct {
	DryRun bool `help:"${import_dry_run}" name:"dry-run"`
	Strict bool `help:"${import_strict}"`
}

type importBulkCommand struct {
	where
	how
	File string `arg:"" help:"${import_bulk_file}" placeholder:"FILE"`
}

// Run imports a file of Mattermost's bulk format.
func (c *importBulkCommand) Run(s *session) error {
	from, err := transfer.OpenFile(c.File)
	if err != nil {
		return s.explained(c.File, err)
	}
	defer func() { _ = from.Close() }()
	return s.importing(c.where, c.how, c.File, func(t *transfer.Transfer, o transfer.Options) (transfer.Report, error) {
		return t.ImportBulk(s.ctx, from, o)
	})
}

type importSlackCommand struct {
	where
	how
	File string `arg:"" help:"${import_slack_file}" placeholder:"FILE"`
	Team string `required:"" help:"${import_team}" placeholder:"NAME"`
}

// Run imports the archive of a Slack export into a team.
func (c *importSlackCommand) Run(s *session) error {
	from, err := transfer.OpenFile(c.File)
	if err != nil {
		return s.explained(c.File, err)
	}
	defer func() { _ = from.Close() }()
	return s.importing(c.where, c.how, c.File, func(t *transfer.Transfer, o transfer.Options) (transfer.Report, error) {
		return t.ImportSlack(s.ctx, from, strings.ToLower(c.Team), o)
	})
}

// importing runs an import: what is passed over goes to the output, line by
// line, and how far it is to the console.
func (s *session) importing(w where, h how, file string, run func(*transfer.Transfer, transfer.Options) (transfer.Report, error)) error {
	srv, err := server.New(s.ctx, w.options(s))
	if err != nil {
		return err
	}
	defer endPeople(srv.Users(), srv)
	b := newBar(s)
	var told error
	o := transfer.Options{DryRun: h.DryRun, Strict: h.Strict,
		Skipped: func(p transfer.Problem) {
			b.end()
			told = errors.Join(told, s.line(p.Text(s.locale)))
		},
		Progress: func(p transfer.Progress) { b.tell(func() string { return s.text("import_progress", b.pace(p)...) }) },
	}
	report, err := run(srv.Transfer(), o)
	b.end()
	if err != nil {
		return errors.Join(s.explained(file, err), told)
	}
	key := "import_done"
	if h.DryRun {
		key = "import_would"
	}
	return errors.Join(told, s.say(key, "Lines", report.Lines, "Teams", report.Made["team"], "Channels", report.Made["channel"]+report.Made["direct_channel"],
		"Users", report.Made["user"]+report.Made["bot"], "Posts", report.Made["post"], "Known", report.Known["post"], "Files", report.Files, "Skipped", report.Skipped))
}

// line prints a line as it is.
func (s *session) line(text string) error {
	_, err := s.out.Write([]byte(text + "\n"))
	return err
}

// pace are the parameters of a text that tells how far something is.
func (b *bar) pace(p transfer.Progress) []any {
	took := max(b.took().Seconds(), 0.001)
	percent, left := int64(0), time.Duration(0)
	if p.Of > 0 && p.Done > 0 {
		percent = min(100, p.Done*100/p.Of)
		left = time.Duration(took * float64(max(p.Of-p.Done, 0)) / float64(p.Done) * float64(time.Second)).Round(time.Second)
	}
	return []any{"Percent", percent, "Posts", p.Posts, "Rate", int64(float64(p.Posts) / took), "Left", left.String()}
}

// explained says what is wrong with a file so that one can act on it.
func (s *session) explained(file string, err error) error {
	var p transfer.Problem
	switch {
	case errors.As(err, &p):
		return s.problem("import_strict_end", "Problem", p.Text(s.locale))
	case errors.Is(err, transfer.ErrArchive):
		return s.problem("import_archive", "File", file, "Why", strings.TrimPrefix(err.Error(), transfer.ErrArchive.Error()+": "))
	case errors.Is(err, context.Canceled): // by whoever gave the command
		return s.problem("copy_again")
	}
	return err
}

type exportBulkCommand struct {
	where
	File        string `arg:"" help:"${export_file}" placeholder:"FILE"`
	Attachments bool   `help:"${export_attachments}"`
	Team        string `help:"${export_team}" placeholder:"NAME"`
	Archived    bool   `help:"${export_archived}"`
}

// Run writes an archive of the bulk format beside the running server.
func (c *exportBulkCommand) Run(s *session) error {
	srv, err := server.New(s.ctx, c.options(s))
	if err != nil {
		return err
	}
	defer endPeople(srv.Users(), srv)
	b := newBar(s)
	o := transfer.ExportOptions{Files: c.Attachments, Archived: c.Archived, Team: strings.ToLower(c.Team),
		Progress: func(p transfer.Progress) { b.tell(func() string { return s.text("export_progress", b.pace(p)...) }) }}
	var out transfer.Summary
	err = writeWhole(c.File, func(to io.Writer) (err error) { out, err = srv.Transfer().Export(s.ctx, to, o); return err })
	b.end()
	if err != nil {
		return err
	}
	if out.LeftOut > 0 {
		if err := s.say("export_left_out", "Posts", out.LeftOut); err != nil {
			return err
		}
	}
	return s.say("export_done", "File", c.File, "Lines", out.Lines, "Posts", out.Posts, "Files", out.Files)
}
