package server

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/parley-chat/parley/internal/admin"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/traces"
)

// off is above every level.
const off = slog.Level(1000)

// logging is the server's log: to the console and to a file as LogSettings
// say, also when they change, and always into the journal in memory that
// administrators read from the console.
type logging struct {
	journal *admin.Journal
	file    *rotatingFile

	consoleText, consoleJSON, fileText, fileJSON, kept slog.LevelVar
}

// newLogging returns the log with what it is written by. console is where
// people see it, base a log that a caller brings along; either may be nil.
func newLogging(data string, console io.Writer, base *slog.Logger, cfg *config.Store) (*logging, *slog.Logger) {
	l := &logging{journal: &admin.Journal{}}
	handlers := []slog.Handler{l.journal.Handler(&l.kept)}
	if base != nil {
		handlers = append(handlers, base.Handler())
	}
	if console != nil {
		l.file = &rotatingFile{path: logPath(data, cfg)}
		handlers = append(handlers,
			slog.NewTextHandler(console, &slog.HandlerOptions{Level: &l.consoleText}),
			slog.NewJSONHandler(console, &slog.HandlerOptions{Level: &l.consoleJSON}),
			slog.NewTextHandler(l.file, &slog.HandlerOptions{Level: &l.fileText}),
			slog.NewJSONHandler(l.file, &slog.HandlerOptions{Level: &l.fileJSON}))
	}
	l.follow(nil, cfg.Get())
	cfg.OnChange(l.follow)
	return l, slog.New(traces.Logs(slog.NewMultiHandler(handlers...)))
}

func (l *logging) follow(_, c *config.Config) {
	s := c.LogSettings
	set := func(text, asJSON *slog.LevelVar, on, inJSON bool, level string) {
		text.Set(off)
		asJSON.Set(off)
		switch {
		case on && inJSON:
			asJSON.Set(logLevel(level))
		case on:
			text.Set(logLevel(level))
		}
	}
	set(&l.consoleText, &l.consoleJSON, s.EnableConsole, s.ConsoleJson, s.ConsoleLevel)
	set(&l.fileText, &l.fileJSON, s.EnableFile, s.FileJson, s.FileLevel)
	l.kept.Set(logLevel(s.FileLevel))
}

// close ends the file. A nil log has none.
func (l *logging) close() {
	if l != nil && l.file != nil {
		l.file.close()
	}
}

// logLevel reads a level of the settings.
func logLevel(name string) slog.Level {
	switch strings.ToUpper(name) {
	case "DEBUG", "TRACE":
		return slog.LevelDebug
	case "WARN":
		return slog.LevelWarn
	case "ERROR", "FATAL", "PANIC":
		return slog.LevelError
	}
	return slog.LevelInfo
}

// logPath is the file of the log: in the data folder, or where a settings file
// or the environment says. What the console says of the place is not followed:
// it could name any file of the host.
func logPath(data string, cfg *config.Store) string {
	const name = "parley.log"
	if dir := cfg.Get().LogSettings.FileLocation; dir != "" && cfg.Origin("LogSettings.FileLocation").Layer != config.LayerConsole {
		return filepath.Join(dir, name)
	}
	return filepath.Join(data, "logs", name)
}

// maxLogFile is the size at which a log file is put aside; one old file is kept.
const maxLogFile = 20 << 20

// rotatingFile is a file that is opened at the first line and put aside when it
// has grown. A log that can't be written stops nothing.
type rotatingFile struct {
	path string

	mu   sync.Mutex
	f    *os.File
	size int64
	shut bool
}

// Write appends one line.
func (r *rotatingFile) Write(line []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.shut {
		return len(line), nil
	}
	if r.f != nil && r.size+int64(len(line)) > maxLogFile {
		_ = r.f.Close()
		r.f = nil
		_ = os.Rename(r.path, r.path+".1")
	}
	if r.f == nil {
		if err := r.open(); err != nil {
			return 0, err
		}
	}
	n, err := r.f.Write(line)
	r.size += int64(n)
	return n, err
}

func (r *rotatingFile) open() error {
	if err := os.MkdirAll(filepath.Dir(r.path), 0o750); err != nil {
		return err
	}
	f, err := os.OpenFile(r.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return err
	}
	r.f, r.size = f, info.Size()
	return nil
}

func (r *rotatingFile) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shut = true
	if r.f != nil {
		_ = r.f.Close()
		r.f = nil
	}
}
