package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/parley-chat/parley/internal/db/dbtest"
)

// An archive is written, read back, and restored on the other engine by the
// commands that a host uses.
func TestBackupCommands(t *testing.T) {
	each(t, func(t *testing.T, sh *shell) {
		sh.want("passw0rd-Of-alice\n", "user", "create", "alice", "alice@example.com", "--admin", "--password-file", "-")
		dir := t.TempDir()
		file := filepath.Join(dir, "parley.backup")
		contains(t, sh.want("", "backup", file), "rows", "parley backup verify")
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v %v", info, err)
		}
		// The output is the archive and nothing else.
		streamed := sh.want("", "backup", "-")
		if strings.Contains(streamed, "rows") {
			t.Error("words stand in the archive")
		}
		contains(t, (&shell{t: t, environ: sh.environ}).want(streamed, "backup", "verify", "-"), "is whole")
		plain := &shell{t: t, environ: sh.environ}
		contains(t, plain.want("", "backup", "verify", file), "is whole")

		for _, to := range []*shell{
			{t: t, environ: sh.environ, flags: []string{"--data", t.TempDir()}},
			{t: t, environ: sh.environ, flags: []string{"--data", t.TempDir(), "--db", dbtest.Options(t, dbtest.Postgres).URL}},
		} {
			contains(t, to.want("", "restore", file), "Restored", "Every row was compared")
			contains(t, to.want("", "user", "list"), "alice@example.com")
			contains(t, to.refused("", "restore", file), "--replace")
			contains(t, to.want("", "restore", file, "--replace"), "Restored")
		}

		key, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		secret := filepath.Join(dir, "key.txt")
		if err := os.WriteFile(secret, []byte(key.String()+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		sealed := filepath.Join(dir, "sealed.backup")
		sh.want("", "backup", sealed, "--recipient", key.Recipient().String())
		contains(t, plain.refused("", "backup", "verify", sealed), "--identity")
		contains(t, plain.want("", "backup", "verify", sealed, "--identity", secret), "is whole")
		contains(t, sh.refused("", "backup", sealed, "--recipient", "nobody"), "age1")
		contains(t, plain.refused("", "backup", "verify", secret), "no archive")
		if left, _ := filepath.Glob(filepath.Join(dir, "*.part")); len(left) > 0 {
			t.Errorf("left behind: %s", strings.Join(left, " "))
		}
	})
}
