// Package server builds the whole of Parley and runs it: the only package
// that knows every slice.
//
// New opens the settings and the database, brings the schema up to date and
// wires the slices together (slices.go); Run listens until its context ends
// and then drains: no new requests, websockets closed with a reason, jobs
// released, all within ten seconds. Tests call the same New and Run as the
// command line does.
package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/crypto/acme"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/bus"
	"github.com/parley-chat/parley/internal/bus/nats"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/config/stored"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbcopy"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/traces"
)

// Options say how to build a server. The zero value is a server on SQLite in
// ./data at :8065.
type Options struct {
	Listen  string   // address; "" takes the settings'
	Data    string   // data folder; "" means ./data
	DB      string   // postgres://…; "" takes the settings', else SQLite in the data folder
	Configs []string // versioned settings files
	Environ []string // as os.Environ; nil means none
	// Console is where the log is written for people, as LogSettings say; nil
	// means nowhere. Log is a log of the caller's own, used as it is; for tests.
	Console io.Writer
	Log     *slog.Logger
	// Drain is how long a stopping server waits for what is under way; 0 is ten
	// seconds.
	Drain time.Duration
	// Filling opens the database to be filled, by nobody else meanwhile; see db.Options.
	Filling bool
	// Database overrides how the database is opened; for tests.
	Database *db.Options
	// Plain is where requests without TLS are led to it, when the settings ask for
	// that; "" is port 80. ACME is who is asked for certificates; nil: Let's
	// Encrypt. Both for tests.
	Plain string
	ACME  *acme.Client
}

// drainTime is how long a stopping server waits for what is under way.
const drainTime = 10 * time.Second

// ErrRestart is what Run returns when an administrator has asked for a restart:
// build a new server and run that.
var ErrRestart = errors.New("an administrator has asked for a restart")

// Server is a built server.
type Server struct {
	opts    Options
	log     *slog.Logger
	logging *logging
	version func() string
	restart chan struct{}
	Config  *config.Store
	DB      *db.DB
	Access  *access.Access
	Hub     *realtime.Hub
	bus     bus.Bus
	tracer  *traces.Tracer
	cluster *nats.Bus // the bus, when there are other nodes
	router  *access.Router
	scrapes http.Handler // answers /metrics, or nil
	slices  *slices
	http    *http.Server
	secure  *encryption
	unused  unused
	ln      net.Listener
	local   local
}

// New builds a server; the database's schema is current when it returns. The
// caller must Close it, or Run it.
func New(ctx context.Context, o Options) (s *Server, err error) {
	if o.Data == "" {
		o.Data = "data"
	}
	if o.Drain <= 0 {
		o.Drain = drainTime
	}
	s = &Server{opts: o, bus: bus.Alone{}, restart: make(chan struct{}, 1)}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if s.Config, s.DB, err = OpenDatabase(ctx, o); err != nil {
		return s, err
	}
	s.logging, s.log = newLogging(o.Data, o.Console, o.Log, s.Config)
	if s.tracer, err = traces.Open(o.Environ, config.Version, s.log); err != nil {
		// Who watches the server must not keep people from it.
		s.log.Error("no traces are told", "error", err)
	}
	if err := prepare(ctx, s.DB); err != nil {
		return s, fmt.Errorf("the database's schema: %w", err)
	}
	if err := s.Config.Attach(ctx, stored.Console(s.DB)); err != nil {
		return s, fmt.Errorf("the settings kept in the database: %w", err)
	}
	s.version = versionHeader(s.Config)
	if err := s.joinCluster(ctx); err != nil {
		return s, fmt.Errorf("the other nodes: %w", err)
	}
	s.Access = access.New(s.DB, s.Config, s.bus, s.log)
	s.Hub = s.newHub()
	s.Access.OnRevoked(func(sessionID string) { s.Hub.DropSession(sessionID, "session ended") })
	s.router = s.newRouter()
	if s.slices, err = s.buildSlices(ctx); err != nil {
		return s, err
	}
	s.bus.OnGap(s.missed)
	s.mountWebsocket()
	if s.scrapes, err = s.scrapeHandler(); err != nil {
		return s, err
	}
	s.mountWeb()
	return s, nil
}

// OpenConfig reads the settings of files and environment. MM_CONFIG names a
// file, as it does for Mattermost, or the database that Mattermost kept its
// settings in.
func OpenConfig(ctx context.Context, o Options) (*config.Store, error) {
	from := config.Options{Files: o.Configs, Environ: o.Environ}
	for _, line := range o.Environ {
		place, ok := strings.CutPrefix(line, "MM_CONFIG=")
		switch {
		case !ok || place == "" || len(o.Configs) > 0:
		case stored.IsDatabase(place):
			raw, err := stored.ReadMattermost(ctx, place)
			if err != nil {
				return nil, err
			}
			from.DatabaseConfig, from.ConfigDSN = raw, place
		default:
			from.Files = []string{place}
		}
	}
	return config.Open(from)
}

// OpenDatabase reads the settings and opens the database that they, or o,
// name. It does not touch the schema.
func OpenDatabase(ctx context.Context, o Options) (*config.Store, *db.DB, error) {
	if o.Data == "" {
		o.Data = "data"
	}
	cfg, err := OpenConfig(ctx, o)
	if err != nil {
		return nil, nil, fmt.Errorf("the settings: %w", err)
	}
	if err := os.MkdirAll(o.Data, 0o750); err != nil {
		return cfg, nil, fmt.Errorf("the data folder: %w", err)
	}
	dbo := db.Options{URL: o.DB, Dir: o.Data, Filling: o.Filling}
	if dbo.URL == "" {
		dbo.URL = cfg.DatabaseURL()
	}
	sql := cfg.Get().SqlSettings
	dbo.MaxOpen, dbo.MaxIdle = sql.MaxOpenConns, sql.MaxIdleConns
	dbo.ConnMaxLifetime = time.Duration(sql.ConnMaxLifetimeMilliseconds) * time.Millisecond
	dbo.ConnMaxIdleTime = time.Duration(sql.ConnMaxIdleTimeMilliseconds) * time.Millisecond
	dbo.QueryTimeout = time.Duration(sql.QueryTimeout) * time.Second
	dbo.Replicas = sql.DataSourceReplicas
	if o.Database != nil {
		dbo = *o.Database
	}
	d, err := db.Open(ctx, dbo)
	if err != nil {
		return cfg, nil, fmt.Errorf("the database: %w", err)
	}
	return cfg, d, nil
}

// errHalfCopied refuses a database that lacks rows and indexes.
var errHalfCopied = errors.New("it holds a part of a copy of another database. Finish that with parley db copy, or begin it anew with --replace")

// prepare brings the schema up to date.
func prepare(ctx context.Context, d *db.DB) error {
	half, err := dbcopy.Unfinished(ctx, d)
	if err != nil {
		return err
	}
	if half {
		return errHalfCopied
	}
	return d.Migrate(ctx)
}

// Listen takes the address; Addr tells which one it became.
func (s *Server) Listen() error {
	addr := s.opts.Listen
	if addr == "" {
		addr = s.Config.Get().ServiceSettings.ListenAddress
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("can't listen on %s: %w", addr, err)
	}
	if s.secure, err = s.newEncryption(); err != nil {
		return errors.Join(err, ln.Close())
	}
	s.ln = ln
	if err := s.listenLocally(); err != nil {
		_ = ln.Close()
		return err
	}
	set := s.Config.Get().ServiceSettings
	s.http = &http.Server{Handler: s.strict(s.router), ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		ReadHeaderTimeout: 20 * time.Second, MaxHeaderBytes: 64 << 10,
		ReadTimeout:  time.Duration(set.ReadTimeout) * time.Second,
		WriteTimeout: time.Duration(set.WriteTimeout) * time.Second,
		IdleTimeout:  time.Duration(set.IdleTimeout) * time.Second,
		ConnState:    s.unused.follow,
	}
	s.http.RegisterOnShutdown(s.slices.closeOutside)
	return nil
}

// Addr is the address that Listen took.
func (s *Server) Addr() string { return s.ln.Addr().String() }

// Encrypted tells whether it answers over TLS by itself.
func (s *Server) Encrypted() bool { return s.secure.config != nil }

// Handler is the server without a listener.
func (s *Server) Handler() http.Handler { return s.router }

// Router is the route table, for tests that walk it.
func (s *Server) Router() *access.Router { return s.router }

// Run serves until ctx ends, drains, and closes everything. Call Listen first.
func (s *Server) Run(ctx context.Context) error {
	failed := make(chan error, 1)
	go func() { failed <- s.secure.serve(s.http, s.ln) }()
	stopSlices := s.slices.start(traces.With(ctx, s.tracer))
	following, stopFollowing := context.WithCancel(ctx)
	followed := make(chan struct{})
	go func() { s.followSettings(following); close(followed) }()
	stopMetrics := s.watchMetrics()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
	case <-s.restart:
		err = ErrRestart
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.opts.Drain)
	defer cancel()
	s.drain(drain)
	stopFollowing()
	<-followed
	stopSlices(drain)
	stopMetrics()
	s.Close()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// drain ends the websockets with a reason and waits for the requests that are
// under way. Those that aren't answered in time are cut off.
func (s *Server) drain(ctx context.Context) {
	done := make(chan error, 1)
	s.unused.close()
	go func() { done <- errors.Join(s.http.Shutdown(ctx), s.local.close(ctx)) }()
	if err := errors.Join(s.Hub.Close(ctx, "the server is stopping"), <-done); err != nil {
		s.log.Warn("not everything was finished when the server stopped", "error", err)
		_ = s.http.Close()
	}
}

// askRestart has Run end with ErrRestart.
func (s *Server) askRestart() {
	select {
	case s.restart <- struct{}{}:
	default:
	}
}

// Close ends a server that isn't running.
func (s *Server) Close() {
	closed, cancel := context.WithCancel(context.Background())
	cancel()
	_ = s.local.close(closed)
	if s.Hub != nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		_ = s.Hub.Close(ctx, "the server is stopping")
		cancel()
	}
	_ = s.bus.Close()
	s.tracer.Close()
	if s.DB != nil {
		if err := s.DB.Close(); err != nil {
			s.log.Error("closing the database", "error", err)
		}
	}
	s.logging.close()
}
