// Package cli is Parley's command line: serve, and the commands that look
// after a server's settings, database and users.
//
// Each command is a struct whose fields are its flags and whose Run does the
// work on a *session: where to print, the environment, and how to open what
// the flags name. Main parses and runs; it returns the exit code and never
// exits by itself, so that tests call it like a shell does.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands is the whole command line.
type commands struct {
	Serve   serveCommand   `cmd:"" default:"withargs" help:"Run the server (the default)."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// where are the flags that say which installation a command is about.
type where struct {
	Data   string   `help:"Folder of the data." default:"data" env:"PARLEY_DATA" placeholder:"DIR"`
	DB     string   `help:"PostgreSQL to use instead of SQLite in the data folder." name:"db" placeholder:"postgres://…"`
	Config []string `help:"Settings file, TOML or JSON; may be repeated." short:"c" placeholder:"FILE"`
}

// session is what a command works with besides its flags.
type session struct {
	ctx      context.Context
	environ  []string
	out, err io.Writer
}

// Main runs the command line args and returns the exit code.
func Main(args, environ []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	return Run(ctx, args, environ, stdout, stderr)
}

type exit int

// Run is Main under a context whose end stops the server.
func Run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) (code int) {
	defer func() {
		if p := recover(); p != nil {
			e, ok := p.(exit)
			if !ok {
				panic(p)
			}
			code = int(e)
		}
	}()
	var c commands
	parser, err := kong.New(&c, kong.Name("parley"), kong.Description("Team messaging on your own server."),
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { panic(exit(code)) }), kong.UsageOnError())
	if err != nil {
		panic(err) // a mistake in the structs above
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		parser.FatalIfErrorf(err)
	}
	if err := parsed.Run(&session{ctx: ctx, environ: environ, out: stdout, err: stderr}); err != nil {
		if !errors.Is(err, context.Canceled) {
			_, _ = fmt.Fprintln(stderr, "parley:", err)
		}
		return 1
	}
	return 0
}
