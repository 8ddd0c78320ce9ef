package cli

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/bus/nats"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/mail"
	"github.com/parley-chat/parley/internal/server"
)

type doctorCommand struct{ where }

// finding is how one thing is.
type finding uint8

const (
	fine finding = iota
	doubtful
	wrong
)

var signs = [...]string{fine: "✓", doubtful: "!", wrong: "✗"}

// doctor looks at one thing of an installation after the other and says each in
// a line.
type doctor struct {
	s     *session
	where where
	cfg   *config.Store
	about string // which sentences: a beginning of their keys
	worst finding
	err   error
}

// tell prints how something is; key names the sentence, which says what to do
// about what isn't fine.
func (d *doctor) tell(f finding, key string, params ...any) {
	d.worst = max(d.worst, f)
	if d.err == nil {
		_, d.err = fmt.Fprintf(d.s.out, "%s %s\n", signs[f], d.s.text(d.about+key, params...))
	}
}

// doctorTime bounds each look.
const doctorTime = 10 * time.Second

// Run looks at the settings, the database, NATS, the disk, the files, the site as it
// is reached from outside, the IRC gateway, the mail server, and the collector of traces. It changes nothing. The exit
// code is not 0 when something is wrong.
func (c *doctorCommand) Run(s *session) error {
	d := &doctor{s: s, where: c.where, about: "doctor."}
	cfg, err := server.OpenConfig(s.ctx, c.options(s))
	if err != nil {
		d.tell(wrong, "settings", "Error", err)
		return errors.Join(d.err, errUnwell)
	}
	d.cfg = cfg
	d.tell(fine, "settings_fine")
	for _, look := range []func(context.Context){d.database, d.cluster, d.disk, d.files, d.openFiles, d.site, d.irc, d.mailGateway, d.mails, d.traces} {
		ctx, cancel := context.WithTimeout(s.ctx, doctorTime)
		look(ctx)
		cancel()
	}
	if d.err != nil {
		return d.err
	}
	if d.worst == wrong {
		return errUnwell
	}
	return nil
}

// Bounds of what is fine.
const (
	oldestPostgres = 14
	slowDatabase   = 5 * time.Millisecond
	clocksApart    = 2 * time.Second
	littleRoom     = 2 << 30 // bytes
	fewFiles       = 8192
)

func (d *doctor) database(ctx context.Context) {
	_, base, err := d.where.database(d.s)
	switch {
	case err != nil:
		d.tell(wrong, "database", "Error", err)
		return
	case base == nil:
		d.tell(doubtful, "database_none", "Data", d.where.Data)
		return
	}
	defer func() { _ = base.Close() }()
	if err := base.Ping(ctx); err != nil {
		d.tell(wrong, "database", "Error", err)
		return
	}
	d.schema(ctx, base)
	if base.SQLite() {
		d.tell(fine, "database_sqlite", "Path", base.Path())
		return
	}
	d.postgres(ctx, base)
}

func (d *doctor) schema(ctx context.Context, base *db.DB) {
	r, err := base.Check(ctx)
	switch {
	case err != nil:
		d.tell(wrong, "database", "Error", err)
	case r.Refused != nil:
		d.tell(wrong, "schema_refused", "Error", r.Refused)
	case r.Complete():
		d.tell(fine, "schema_fine")
	default:
		d.tell(doubtful, "schema_behind", "Steps", len(r.Missing)+len(r.Parley))
	}
}

func (d *doctor) postgres(ctx context.Context, base *db.DB) {
	ask := func(sql string) string {
		v, err := db.Value[string](ctx, base, sql)
		if err != nil {
			d.tell(wrong, "database", "Error", err)
		}
		return v
	}
	version := ask(`SELECT CAST(CAST(current_setting('server_version_num') AS integer) / 10000 AS text)`)
	if n, _ := strconv.Atoi(version); n < oldestPostgres {
		d.tell(wrong, "postgres_old", "Version", version, "Oldest", oldestPostgres)
	} else {
		d.tell(fine, "postgres_fine", "Version", version)
	}
	if encoding := ask(`SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()`); encoding != "UTF8" {
		d.tell(wrong, "postgres_encoding", "Encoding", encoding)
	}
	most, _ := strconv.Atoi(ask(`SELECT CAST(CAST(current_setting('max_connections') AS integer) - CAST(current_setting('superuser_reserved_connections') AS integer) AS text)`))
	if own := d.cfg.Get().SqlSettings.MaxOpenConns; own > most {
		d.tell(doubtful, "postgres_connections", "Own", own, "Most", most)
	}
	now, _ := strconv.ParseInt(ask(`SELECT CAST(CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint) AS text)`), 10, 64)
	if apart := time.Duration(id.Now()-now) * time.Millisecond; apart.Abs() > clocksApart {
		d.tell(wrong, "clock", "Seconds", int(apart.Abs().Seconds()))
	}
	var took []time.Duration
	for range 15 {
		began := time.Now()
		_ = ask(`SELECT ''`)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	if middle := took[len(took)/2]; middle > slowDatabase {
		d.tell(doubtful, "postgres_slow", "Millis", middle.Milliseconds())
	}
}

// cluster looks whether the server is reached that carries messages between nodes.
func (d *doctor) cluster(context.Context) {
	set := d.cfg.Get().ClusterSettings
	if set.NatsURL == "" {
		if set.Enable {
			d.tell(doubtful, "nats_none")
		}
		return
	}
	version, err := nats.Check(server.NatsServer(d.cfg.Get()))
	if err != nil {
		d.tell(wrong, "nats", "Error", err)
		return
	}
	d.tell(fine, "nats_fine", "Version", version)
}

// files writes a blob, reads it and removes it.
func (d *doctor) files(ctx context.Context) {
	store, err := server.OpenBlobs(d.where.options(d.s), d.cfg)
	if err != nil {
		d.tell(wrong, "files", "Error", err)
		return
	}
	defer func() { _ = store.Close() }()
	name := "parley-doctor-" + id.New() // in no folder, which would stay
	tried, left := tryBlob(ctx, store, name)
	if tried != nil {
		d.tell(wrong, "files", "Error", tried)
	}
	if left != nil {
		d.tell(wrong, "files_left", "Name", name, "Error", left)
	}
	if tried == nil && left == nil {
		d.tell(fine, "files_fine")
	}
}

// tryBlob fails with what didn't go well (tried), and with why the blob is still
// there (left). It is removed in any case: also when it was written by half, and
// when the time for the look is over.
func tryBlob(ctx context.Context, store blob.Store, name string) (tried, left error) {
	content := make([]byte, 1000)
	_, _ = rand.Read(content)
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), doctorTime)
		defer cancel()
		left = store.Delete(ctx, name)
	}()
	if _, err := store.Write(ctx, name, bytes.NewReader(content)); err != nil {
		return err, nil
	}
	got, err := store.Read(ctx, name)
	if err == nil && !bytes.Equal(got, content) {
		err = errors.New("what was written is read differently")
	}
	return err, nil
}

// mails says hello to the mail server.
func (d *doctor) mails(ctx context.Context) {
	sender := mail.New(d.cfg)
	e := d.cfg.Get().EmailSettings
	// The protocol's default is a server on this host, which hardly anybody has.
	if !sender.Configured() || d.cfg.Origin("EmailSettings.SMTPServer").Layer == config.LayerDefault {
		d.tell(doubtful, "mail_none")
		return
	}
	if err := sender.Check(ctx, e); err != nil {
		d.tell(wrong, "mail", "Server", e.SMTPServer, "Error", strings.TrimSpace(err.Error()))
		return
	}
	d.tell(fine, "mail_fine", "Server", e.SMTPServer)
}
