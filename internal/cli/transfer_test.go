package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db/dbtest"
)

// A server moves out and in by the commands that a host uses, from each engine to
// the other.
func TestMoving(t *testing.T) {
	each(t, func(t *testing.T, sh *shell) {
		dir := t.TempDir()
		lines := filepath.Join(dir, "lines.jsonl")
		text := `{"type":"version","version":1}
{"type":"team","team":{"name":"acme","display_name":"Acme","type":"O"}}
{"type":"user","user":{"username":"ann","email":"ann@example.com","teams":[{"name":"acme"}]}}
{"type":"post","post":{"team":"acme","channel":"town-square","user":"ann","message":"hello","create_at":1000,"attachments":[{"path":"a.txt"}]}}
{"type":"post","post":{"team":"acme","channel":"nowhere","user":"ann","message":"lost","create_at":1000}}
`
		for name, body := range map[string]string{lines: text, filepath.Join(dir, "data", "a.txt"): "rows of beans"} {
			if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		contains(t, sh.want("", "import", "bulk", lines, "--dry-run"), "nothing was written", "line 5 (post)", "acme/nowhere")
		contains(t, sh.refused("", "import", "bulk", lines, "--strict"), "Stopped at line 5")
		contains(t, sh.want("", "import", "bulk", lines), "1 messages were there already", "1 problems")
		out := filepath.Join(dir, "out.zip")
		contains(t, sh.want("", "export", "bulk", out, "--attachments", "--archived"), "1 messages, 1 files")
		if info, err := os.Stat(out); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v %v", info, err)
		}
		for _, to := range []*shell{
			{t: t, environ: sh.environ, flags: []string{"--data", t.TempDir()}},
			{t: t, environ: sh.environ, flags: []string{"--data", t.TempDir(), "--db", dbtest.Options(t, dbtest.Postgres, dbtest.Empty).URL}},
		} {
			contains(t, to.want("", "import", "bulk", out, "--strict"), "1 teams", "1 messages, 1 files", "0 problems")
			contains(t, to.want("", "user", "list"), "ann@example.com")
		}
		contains(t, sh.want("", "export", "bulk", out, "--team", "acme"), "1 messages, 0 files")
		contains(t, sh.refused("", "export", "bulk", out, "--team", "nobody"), "no team nobody")
		contains(t, sh.refused("", "import", "slack", out, "--team", "acme"), "no Slack export")
		contains(t, sh.refused("", "import", "bulk", filepath.Join(dir, "data", "a.txt")), "neither a zip nor lines")
		if left, _ := filepath.Glob(filepath.Join(dir, "*.part")); len(left) > 0 {
			t.Errorf("left behind: %s", strings.Join(left, " "))
		}
	})
}
