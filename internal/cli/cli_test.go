package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/server"
)

// shell runs commands about one installation.
type shell struct {
	t       *testing.T
	flags   []string
	environ []string
}

// each runs fn for a new installation on each engine.
func each(t *testing.T, fn func(t *testing.T, sh *shell)) {
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			sh := &shell{t: t, flags: []string{"--data", t.TempDir()}, environ: []string{"LANG=en_GB.UTF-8"}}
			if engine == dbtest.Postgres {
				sh.flags = append(sh.flags, "--db", dbtest.Options(t, engine, dbtest.Empty).URL)
			}
			fn(t, sh)
		})
	}
}

// run runs a command with in as its standard input.
func (sh *shell) run(in string, args ...string) (code int, out, err string) {
	sh.t.Helper()
	var o, e bytes.Buffer
	code = Run(sh.t.Context(), append(args, sh.flags...), sh.environ, Streams{In: strings.NewReader(in), Out: &o, Err: &e})
	return code, o.String(), e.String()
}

// want runs a command that succeeds and returns what it printed.
func (sh *shell) want(in string, args ...string) string {
	sh.t.Helper()
	code, out, err := sh.run(in, args...)
	if code != 0 {
		sh.t.Fatalf("%v: %d %s %s", args, code, out, err)
	}
	return out
}

// refused runs a command that fails and returns what it said.
func (sh *shell) refused(in string, args ...string) string {
	sh.t.Helper()
	code, out, err := sh.run(in, args...)
	if code == 0 {
		sh.t.Fatalf("%v succeeded: %s", args, out)
	}
	return out + err
}

func contains(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("no %q in %q", w, text)
		}
	}
}

const password = "Probe-Passw0rd-1\n"

func TestDatabaseCommands(t *testing.T) {
	each(t, func(t *testing.T, sh *shell) {
		sh.refused("", "db", "check")
		contains(t, sh.want("", "db", "migrate"), "was brought up to date")
		contains(t, sh.want("", "db", "migrate"), "is up to date")
		contains(t, sh.want("", "db", "check"), "is up to date")
	})
}

func TestUserCommands(t *testing.T) {
	each(t, func(t *testing.T, sh *shell) {
		contains(t, sh.want(password, "user", "create", "ada", "ada@example.com"), "system_admin")
		contains(t, sh.want(password, "user", "create", "bob", "bob@example.com"), "bob was created with the roles system_user.")
		file := filepath.Join(t.TempDir(), "secret")
		if err := os.WriteFile(file, []byte(password), 0o600); err != nil {
			t.Fatal(err)
		}
		contains(t, sh.want("", "user", "create", "--admin", "--password-file", file, "cleo", "cleo@example.com"), "system_admin")
		contains(t, sh.refused(password, "user", "create", "bob", "other@example.com"), "parley:")
		contains(t, sh.refused("short\n", "user", "create", "dan", "dan@example.com"), "password")
		contains(t, sh.refused("", "user", "create", "dan", "dan@example.com"), "A password is needed")
		contains(t, sh.want("", "user", "role", "bob@example.com", "system_user", "system_user_manager"), "system_user_manager")
		sh.refused("", "user", "role", "bob", "emperor")
		sh.refused("", "user", "role", "nobody", "system_user")
		contains(t, sh.want("Another-Passw0rd-2\n", "user", "password", "bob"), "bob has the new password")
		list := sh.want("", "user", "list")
		contains(t, list, "ada", "bob", "system_user_manager", "system-bot", "bot")
		if strings.Contains(list, "dan") {
			t.Error("a refused account was made")
		}
		contains(t, sh.want("", "user", "list", "--json"), `"username":"bob"`)
	})
}

func TestConfigCommands(t *testing.T) {
	each(t, func(t *testing.T, sh *shell) {
		file := filepath.Join(t.TempDir(), "parley.toml")
		text := "[TeamSettings]\nSiteName = \"Evil \\u001B[2J\\u202e\"\n[EmailSettings]\nSMTPPassword = \"hush\"\n[Odd]\nKey = 1\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		sh.flags = append(sh.flags, "--config", file)
		sh.environ = append(sh.environ, "MM_TEAMSETTINGS_MAXUSERSPERTEAM=77")
		before := sh.want("", "config", "show", "TeamSettings", "--origin")
		contains(t, before, `\u001b[2J\u202e`, "file "+file, "77", "environment MM_TEAMSETTINGS_MAXUSERSPERTEAM", "default")
		if strings.ContainsAny(before, "\x1b\u202e") {
			t.Error("a setting steers the terminal")
		}
		if entries, _ := os.ReadDir(sh.flags[1]); len(entries) != 0 {
			t.Error("looking at settings made files")
		}
		sh.want("", "db", "migrate")
		diff := sh.want("", "config", "diff")
		contains(t, diff, "EmailSettings.SMTPPassword", "****")
		export := sh.want("", "config", "export", "--toml")
		if strings.Contains(diff+export, "hush") {
			t.Error("a secret was shown")
		}
		out := filepath.Join(t.TempDir(), "out.json")
		sh.want("", "config", "export", "--secrets", "-o", out)
		raw, err := os.ReadFile(out)
		info, serr := os.Stat(out)
		if err != nil || serr != nil || !bytes.Contains(raw, []byte("hush")) || info.Mode().Perm() != 0o600 {
			t.Error(err, serr, "the export lacks the secret, or others can read it")
		}
		sh.refused("", "config", "show", "Nothing.Like")
		sh.refused("", "config", "reset", "Nothing.Like")
		contains(t, sh.want("", "config", "reset", "TeamSettings.SiteName"), "set nothing")
	})
}

func TestHelpIsTranslated(t *testing.T) {
	sh := &shell{t: t, environ: []string{"LANG=fr_FR.UTF-8"}}
	if code, out, _ := sh.run("", "user", "create", "--help"); code != 0 || !strings.Contains(out, "Créer un compte") {
		t.Error(code, out)
	}
	if code, _, err := sh.run("", "nonsense"); code == 0 || !strings.Contains(err, "nonsense") {
		t.Error(code, err)
	}
	sh.environ = nil
	contains(t, sh.want("", "version"), "parley", "Mattermost")
}

// lockedBuffer is read while a command writes.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never happened: %s", what)
		}
	}
}

// serve says where it is in one line, answers the health check, takes changed
// settings at SIGHUP, and ends with its context.
func TestServe(t *testing.T) {
	each(t, func(t *testing.T, sh *shell) {
		file := filepath.Join(t.TempDir(), "parley.toml")
		name := func(s string) {
			if err := os.WriteFile(file, []byte("[TeamSettings]\nSiteName = \""+s+"\"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		name("First")
		ctx, stop := context.WithCancel(t.Context())
		var out, log lockedBuffer
		ended := make(chan int, 1)
		args := append([]string{"serve", "--listen", "127.0.0.1:0", "--config", file}, sh.flags...)
		go func() { ended <- Run(ctx, args, sh.environ, Streams{Out: &out, Err: &log}) }()
		eventually(t, "the line of the start", func() bool { return strings.Contains(out.String(), "\n") })
		line := out.String()
		contains(t, line, "Parley is at http://127.0.0.1:", "parley user create --admin")
		url := strings.Fields(line)[3]
		check := []string{"healthcheck", "--url", url}
		contains(t, sh.want("", check...), "is well")
		site := func() string {
			resp, err := http.Get(url + "/api/v4/config/client?format=old")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			var b bytes.Buffer
			_, _ = b.ReadFrom(resp.Body)
			return b.String()
		}
		contains(t, site(), `"SiteName":"First"`)
		name("Second")
		if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the new name", func() bool { return strings.Contains(site(), `"SiteName":"Second"`) })
		stop()
		if code := <-ended; code != 0 {
			t.Errorf("ended with %d: %s", code, log.String())
		}
		if strings.Count(out.String(), "\n") != 1 {
			t.Errorf("more than a line: %q", out.String())
		}
		sh.refused("", check...)
	})
}

func TestHealthcheckOfSomethingElse(t *testing.T) {
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	sh := &shell{t: t}
	contains(t, sh.refused("", "healthcheck", "--url", other.URL), "is no Parley")
	sick := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write([]byte(`{"status":"UNHEALTHY","database_status":"UNHEALTHY"}`))
	}))
	defer sick.Close()
	contains(t, sh.refused("", "healthcheck", "--url", sick.URL), "is not well")
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"plain é 漢\t\n": "plain é 漢\t\n", "\x1b]0;x\x07": `\u001b]0;x\u0007`, "\u009b2J": `\u009b2J`, "\x7f\r": `\u007f\u000d`, "a\u202eb": `a\u202eb`,
	} {
		if got := plain(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestCopyBetweenEngines(t *testing.T) {
	each(t, func(t *testing.T, sh *shell) {
		sh.want(password, "user", "create", "ann", "ann@example.com", "--password-file", "-")
		from := sh.flags[1]
		if len(sh.flags) > 2 {
			from = sh.flags[3]
		}
		t.Setenv("PARLEY_COPY_FROM", from)
		plain := &shell{t: t, environ: sh.environ}
		for _, to := range []string{dbtest.Options(t, dbtest.Postgres, dbtest.Empty).URL, filepath.Join(t.TempDir(), "other.db"), t.TempDir()} {
			contains(t, plain.want("", "db", "copy", "--to", to), "hold the same")
			contains(t, plain.refused("", "db", "copy", "--to", to), "--replace")
			contains(t, plain.want("", "db", "copy", "--to", to, "--replace"), "hold the same")
			back := &shell{t: t, flags: []string{"--data", t.TempDir(), "--db", to}, environ: sh.environ}
			if !strings.HasPrefix(to, "postgres") {
				back.flags = []string{"--data", to}
				if strings.HasSuffix(to, ".db") {
					continue
				}
			}
			contains(t, back.want("", "user", "list"), "ann@example.com")
		}
		contains(t, plain.refused("", "db", "copy", "--from", filepath.Join(t.TempDir(), "none.db"), "--to", t.TempDir()), "no database")
		contains(t, plain.refused("", "db", "copy"), "--to")
	})
}

// The list of what the program is made of is that of the lock file and of the linker.
func TestWhatItIsMadeOf(t *testing.T) {
	var lock struct {
		Packages map[string]struct {
			Version, License                 string
			Dev, Optional, DevOptional, Peer bool
		}
	}
	raw, err := os.ReadFile("../../web/package-lock.json")
	if err != nil || json.Unmarshal(raw, &lock) != nil {
		t.Fatal(err)
	}
	var want []string
	for path, p := range lock.Packages {
		if path != "" && !p.Dev && !p.Optional && !p.DevOptional && !p.Peer {
			want = append(want, path[strings.LastIndex(path, "node_modules/")+len("node_modules/"):]+"\t"+p.Version+"\t"+p.License)
		}
	}
	slices.Sort(want)
	if got := strings.Split(strings.TrimSpace(server.WebPackages()), "\n"); !slices.Equal(got, slices.Compact(want)) {
		t.Errorf("web/packages.tsv differs from web/package-lock.json; it should hold\n%s", strings.Join(want, "\n"))
	}
	var out bytes.Buffer
	if code := Run(t.Context(), []string{"version", "--sbom"}, nil, Streams{Out: &out, Err: io.Discard}); code != 0 {
		t.Fatalf("exit %d", code)
	}
	var b struct {
		BOMFormat  string
		Components []struct{ Name, Version, Purl string }
	}
	if err := json.Unmarshal(out.Bytes(), &b); err != nil || b.BOMFormat != "CycloneDX" || len(b.Components) < len(want) {
		t.Errorf("%v: %d components", err, len(b.Components))
	}
	for _, c := range b.Components {
		if c.Name == "" || c.Version == "" || !strings.HasPrefix(c.Purl, "pkg:") {
			t.Errorf("incomplete: %+v", c)
		}
	}
}
