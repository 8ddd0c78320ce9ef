package transfer

import (
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/jobs"
	"github.com/parley-chat/parley/internal/model"
)

// What clients ask for by jobs. A job that was taken over from a node that died
// begins anew, and finds what is there already.

const (
	// problemsKept is how many problems an import's job tells; the log has all.
	problemsKept = 20
	saveEvery    = 2 * time.Second
	sweepEvery   = 24 * time.Hour
)

func (t *Transfer) registerJobs() {
	t.jobs.Register(model.JobTypeImportProcess, t.importJob)
	t.jobs.Register(model.JobTypeExportProcess, t.exportJob)
	t.jobs.Register(model.JobTypeImportDelete, t.sweepImports)
	t.jobs.Register(model.JobTypeExportDelete, t.sweepExports)
	t.jobs.Every("parley_transfer_sweep", sweepEvery, func(ctx context.Context, j *jobs.Job) error {
		return errors.Join(t.sweepImports(ctx, j), t.sweepExports(ctx, j))
	})
}

func daysAgo(days int) int64 { return id.Now() - int64(days)*24*time.Hour.Milliseconds() }

// sweepImports removes the uploaded archives that have lain long enough.
func (t *Transfer) sweepImports(ctx context.Context, _ *jobs.Job) error {
	return t.files.DeleteArchives(ctx, daysAgo(t.cfg.Get().ImportSettings.RetentionDays))
}

// sweepExports removes the exports that have lain long enough.
func (t *Transfer) sweepExports(ctx context.Context, _ *jobs.Job) error {
	list, err := t.exported(ctx)
	if err != nil {
		return err
	}
	before := daysAgo(t.cfg.Get().ExportSettings.RetentionDays)
	for _, j := range list {
		if j.LastActivityAt < before {
			if err := t.blobs.Delete(ctx, exportFolder+exportName(j.ID)); err != nil {
				return err
			}
		}
	}
	return nil
}

// importJob imports the archive that the job's import_file names.
func (t *Transfer) importJob(ctx context.Context, j *jobs.Job) error {
	from, err := t.uploaded(ctx, j.Data["import_file"])
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	locale := t.cfg.Get().LocalizationSettings.DefaultServerLocale
	var told []string
	report, err := t.ImportBulk(ctx, from, Options{
		Skipped: func(p Problem) {
			text := p.Text(locale)
			t.log.Warn("an imported line was passed over", "job", j.ID, "problem", text)
			if len(told) < problemsKept {
				told = append(told, text)
			}
		},
		Progress: saving(ctx, j),
	})
	data := map[string]string{"lines": strconv.FormatInt(report.Lines, 10), "skipped": strconv.FormatInt(report.Skipped, 10)}
	if len(told) > 0 {
		data["problems"] = strings.Join(told, "\n")
	}
	return errors.Join(err, j.Save(context.WithoutCancel(ctx), j.Progress, data))
}

// saving notes how far a job is, now and then.
func saving(ctx context.Context, j *jobs.Job) func(Progress) {
	last := time.Now()
	return func(p Progress) {
		if p.Of <= 0 || time.Since(last) < saveEvery {
			return
		}
		last = time.Now()
		_ = j.Save(ctx, min(99, p.Done*100/p.Of), nil) // a lost lease ends ctx
	}
}

// uploaded opens an uploaded archive. A zip is read here and there, which a
// bucket is slow at: from one it is fetched first.
func (t *Transfer) uploaded(ctx context.Context, name string) (*Source, error) {
	file, err := t.files.OpenArchive(ctx, name)
	if err != nil {
		return nil, err
	}
	local, ok := file.(*os.File)
	if !ok {
		local, err = fetched(file)
		if err = errors.Join(err, file.Close()); err != nil {
			return nil, err
		}
	}
	size, err := local.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, errors.Join(err, local.Close())
	}
	s, err := OpenZip(local, size)
	if err != nil {
		return nil, errors.Join(err, local.Close())
	}
	s.closers = append(s.closers, local)
	return s, nil
}

// fetched copies to a file that has no name, and is gone when it is closed.
func fetched(from io.Reader) (*os.File, error) {
	f, err := os.CreateTemp("", "parley-import-")
	if err != nil {
		return nil, err
	}
	if err = os.Remove(f.Name()); err == nil {
		_, err = io.Copy(f, from)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// exportJob writes an export among the files.
func (t *Transfer) exportJob(ctx context.Context, j *jobs.Job) error {
	r, w := io.Pipe()
	done := make(chan error, 1)
	var out Summary
	go func() {
		var err error
		out, err = t.Export(ctx, w, ExportOptions{Files: j.Data["include_attachments"] == "true", Archived: j.Data["include_archived_channels"] == "true",
			Progress: saving(ctx, j)})
		w.CloseWithError(err)
		done <- err
	}()
	_, err := t.blobs.Write(ctx, exportFolder+exportName(j.ID), r)
	r.CloseWithError(err)
	if err = errors.Join(err, <-done); err != nil {
		return err
	}
	return j.Save(ctx, 100, map[string]string{"export_file": exportName(j.ID), "lines": strconv.FormatInt(out.Lines, 10), "posts": strconv.FormatInt(out.Posts, 10),
		"files": strconv.FormatInt(out.Files, 10), "left_out": strconv.FormatInt(out.LeftOut, 10)})
}
