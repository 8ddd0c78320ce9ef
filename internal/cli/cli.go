// Package cli is Parley's command line: serve, and the commands that look
// after a server's settings, database and users.
//
// Each command is a struct whose fields are its flags and whose Run does the
// work on a *session: where to print, the environment, and the language. Main
// parses and runs; it returns the exit code and never exits by itself, so that
// tests call it like a shell does.
//
// Texts are in the catalogues (i18n, cli.json), in the language that LC_ALL,
// LC_MESSAGES or LANG names. Control characters in anything printed are
// written out, so that a name can't steer the terminal. Secrets are never
// arguments, which other users of the host could see.
package cli

import (
	"context"
	"errors"
	"io"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/i18n"
)

// commands is the whole command line. The words in help tags are keys of the
// catalogue: cli.help.<word>.
type commands struct {
	Serve       serveCommand       `cmd:"" default:"withargs" help:"${serve}"`
	Version     versionCommand     `cmd:"" help:"${version}"`
	Healthcheck healthcheckCommand `cmd:"" help:"${healthcheck}"`
	Config      struct {
		Show     showCommand     `cmd:"" help:"${config_show}"`
		Diff     diffCommand     `cmd:"" help:"${config_diff}"`
		Export   exportCommand   `cmd:"" help:"${config_export}"`
		Reset    resetCommand    `cmd:"" help:"${config_reset}"`
		Import   importCommand   `cmd:"" help:"${config_import}"`
		History  historyCommand  `cmd:"" help:"${config_history}"`
		Rollback rollbackCommand `cmd:"" help:"${config_rollback}"`
	} `cmd:"" help:"${config}"`
	Backup struct {
		Create backupCommand `cmd:"" default:"withargs" help:"${backup}"`
		Verify verifyCommand `cmd:"" help:"${backup_verify}"`
	} `cmd:"" help:"${backup}"`
	Import struct {
		Bulk  importBulkCommand  `cmd:"" help:"${import_bulk}"`
		Slack importSlackCommand `cmd:"" help:"${import_slack}"`
	} `cmd:"" help:"${import}"`
	Export struct {
		Bulk exportBulkCommand `cmd:"" help:"${export_bulk}"`
	} `cmd:"" help:"${export}"`
	Adopt   adoptCommand   `cmd:"" help:"${adopt}"`
	Doctor  doctorCommand  `cmd:"" help:"${doctor}"`
	Audit   auditCommand   `cmd:"" help:"${audit}"`
	Restore restoreCommand `cmd:"" help:"${restore}"`
	DB      struct {
		Migrate migrateCommand     `cmd:"" help:"${db_migrate}"`
		Check   checkCommand       `cmd:"" help:"${db_check}"`
		Copy    copyCommand        `cmd:"" help:"${db_copy}"`
		Plan    upgradePlanCommand `cmd:"" name:"upgrade-plan" help:"${db_upgrade_plan}"`
	} `cmd:"" name:"db" help:"${db}"`
	User struct {
		Create   createUserCommand `cmd:"" help:"${user_create}"`
		List     listUsersCommand  `cmd:"" help:"${user_list}"`
		Password passwordCommand   `cmd:"" help:"${user_password}"`
		Role     roleCommand       `cmd:"" help:"${user_role}"`
	} `cmd:"" help:"${user}"`
	Ctl ctlCommand `cmd:"" passthrough:"" help:"${ctl}"`
}

// helpWords are the words of the help tags.
var helpWords = []string{"serve", "version", "healthcheck", "config", "config_show", "config_diff", "config_export", "config_reset",
	"db", "db_migrate", "db_check", "db_copy", "copy_from", "copy_to", "copy_replace", "user", "user_create", "user_list", "user_password", "user_role",
	"data", "dburl", "settings", "listen", "url", "origin", "prefix", "console", "all", "toml", "secrets", "output", "key",
	"audit", "audit_hash", "db_upgrade_plan", "upgrade_to", "sbom", "adopt", "adopt_check", "config_import", "config_history", "config_rollback", "import_file", "history_limit", "rollback_id", "rollback_to", "doctor", "backup", "backup_verify", "backup_file", "backup_recipient", "backup_no_files", "restore", "restore_file", "restore_replace",
	"restore_identity", "restore_earlier", "backup_since", "backup_identity", "verify_scratch", "import", "import_bulk", "import_bulk_file", "import_slack", "import_slack_file", "import_team", "import_dry_run", "import_strict",
	"export", "export_bulk", "export_file", "export_attachments", "export_team", "export_archived", "username", "email", "admin", "password_file", "system_roles", "json", "ctl", "ctl_args"}

// where are the flags that say which installation a command is about.
type where struct {
	Data   string   `help:"${data}" default:"data" env:"PARLEY_DATA" placeholder:"DIR"`
	DBURL  string   `help:"${dburl}" name:"db" placeholder:"postgres://…"`
	Config []string `help:"${settings}" short:"c" placeholder:"FILE"`
}

// Streams are what a process reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// session is what a command works with besides its flags.
type session struct {
	ctx     context.Context
	environ []string
	in      io.Reader
	out     io.Writer
	err     io.Writer
	console io.Writer // the log's; not filtered, the log's handlers quote
	raw     io.Writer // the output, for bytes that are no text
	locale  string
}

// text is a text of the catalogue; params are pairs of name and value.
func (s *session) text(key string, params ...any) string {
	m := map[string]any{}
	for i := 0; i+1 < len(params); i += 2 {
		m[params[i].(string)] = params[i+1]
	}
	return i18n.T(s.locale, "cli."+key, m)
}

// say prints a text of the catalogue as a line.
func (s *session) say(key string, params ...any) error {
	_, err := io.WriteString(s.out, s.text(key, params...)+"\n")
	return err
}

// problem is an error with a text of the catalogue.
func (s *session) problem(key string, params ...any) error {
	return errors.New(s.text(key, params...))
}

// Main runs the command line args and returns the exit code.
func Main(args, environ []string, io Streams) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	return Run(ctx, args, environ, io)
}

// failed is the exit code of a command that didn't do what it was asked to.
const failed = 1

type exit int

// Run is Main under a context whose end stops the server.
func Run(ctx context.Context, args, environ []string, streams Streams) (code int) {
	defer func() {
		if p := recover(); p != nil {
			e, ok := p.(exit)
			if !ok {
				panic(p)
			}
			code = int(e)
		}
	}()
	s := &session{ctx: ctx, environ: environ, in: streams.In, out: plainWriter{streams.Out}, err: plainWriter{streams.Err},
		console: streams.Err, raw: streams.Out, locale: locale(environ)}
	parsed := s.parse(args)
	err := parsed.Run(s)
	switch {
	case err == nil || errors.Is(err, context.Canceled):
		return 0
	case errors.Is(err, errUnwell):
		return failed
	}
	_, _ = io.WriteString(s.err, "parley: "+s.explain(err)+"\n")
	return failed
}

// errUnwell ends a command that has said already what is wrong.
var errUnwell = errors.New("unwell")

// parse reads the command line; a wrong one ends the program with the help. The
// texts of the help are loaded only when it is shown.
func (s *session) parse(args []string) *kong.Context {
	wantsHelp := slices.ContainsFunc(args, func(a string) bool { return a == "-h" || a == "--help" || strings.HasPrefix(a, "--help=") })
	if !wantsHelp {
		var c commands
		if parsed, err := s.parser(&c, func(string) string { return "" }).Parse(args); err == nil {
			return parsed
		}
	}
	var c commands
	parser := s.parser(&c, func(word string) string { return s.text("help." + word) })
	parsed, err := parser.Parse(args)
	parser.FatalIfErrorf(err)
	return parsed
}

func (s *session) parser(c *commands, help func(word string) string) *kong.Kong {
	vars := kong.Vars{}
	for _, w := range helpWords {
		vars[w] = help(w)
	}
	parser, err := kong.New(c, kong.Name("parley"), kong.Description(help("about")), vars, kong.Writers(s.out, s.err),
		kong.Exit(func(code int) { panic(exit(code)) }), kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		panic(err) // a mistake in the structs above
	}
	return parser
}

// locale is the language that the environment asks for.
func locale(environ []string) string {
	for _, name := range []string{"LC_ALL=", "LC_MESSAGES=", "LANG="} {
		for _, line := range environ {
			if value, ok := strings.CutPrefix(line, name); ok && value != "" {
				return value
			}
		}
	}
	return i18n.Fallback
}

// explain writes an error for people: the server's own refusals in the
// session's language.
func (s *session) explain(err error) string {
	var value *config.ValueError
	var e *fault.Error
	switch {
	case errors.As(err, &value): // names the key, its value and its source
	case errors.As(err, &e) && e.Kind != fault.KindInternal:
		return i18n.T(s.locale, e.ID, e.Params)
	case db.IsFull(err):
		return s.text("disk_full", "Error", err)
	case db.IsInUse(err):
		return s.text("database_in_use", "Error", err)
	}
	return err.Error()
}
