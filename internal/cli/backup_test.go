package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/testkit/s3"
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

// An archive that adds to an earlier one is restored with it: from beside it, or
// from where it is named.
func TestBackupChainCommands(t *testing.T) {
	sh := &shell{t: t, flags: []string{"--data", t.TempDir()}, environ: []string{"LANG=en_GB.UTF-8"}}
	sh.want("passw0rd-Of-alice\n", "user", "create", "alice", "alice@example.com", "--admin", "--password-file", "-")
	put := func(name, text string) {
		path := filepath.Join(sh.flags[1], "files", name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o750), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(at("key.txt"), []byte(key.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	put("one.txt", "one")
	sh.want("", "backup", at("a.backup"), "--recipient", key.Recipient().String())
	put("two.txt", "two")
	contains(t, sh.refused("", "backup", at("b.backup"), "--since", at("a.backup")), "--identity")
	contains(t, sh.refused("", "backup", at("a.backup"), "--since", at("a.backup")), "itself")
	contains(t, sh.want("", "backup", at("b.backup"), "--since", at("a.backup"), "--identity", at("key.txt")), "a.backup")

	plain := &shell{t: t, environ: sh.environ}
	contains(t, plain.want("", "backup", "verify", at("b.backup"), "--identity", at("key.txt")), "is whole", "came from a.backup")
	if err := os.Rename(at("a.backup"), at("moved")); err != nil {
		t.Fatal(err)
	}
	contains(t, plain.refused("", "backup", "verify", at("b.backup"), "--identity", at("key.txt")), "a.backup", "--earlier")
	contains(t, plain.want("", "backup", "verify", at("b.backup"), "--earlier", at("moved"), "--identity", at("key.txt")), "is whole")
	to := &shell{t: t, environ: sh.environ, flags: []string{"--data", t.TempDir()}}
	contains(t, to.want("", "restore", at("b.backup"), "--earlier", at("moved"), "--identity", at("key.txt")), "Restored")
	for name, want := range map[string]string{"one.txt": "one", "two.txt": "two"} {
		if raw, err := os.ReadFile(filepath.Join(to.flags[1], "files", name)); string(raw) != want {
			t.Errorf("%s: %q %v", name, raw, err)
		}
	}
}

// The archives of a chain are found beside each other in a bucket, too.
func TestBackupChainInABucket(t *testing.T) {
	server := s3.Start(t)
	sh := &shell{t: t, flags: []string{"--data", t.TempDir()}, environ: []string{"LANG=en_GB.UTF-8", "MM_FILESETTINGS_AMAZONS3ENDPOINT=" + server.Endpoint,
		"MM_FILESETTINGS_AMAZONS3SSL=false", "MM_FILESETTINGS_AMAZONS3REGION=us-east-1", "MM_FILESETTINGS_AMAZONS3ACCESSKEYID=" + s3.Key, "MM_FILESETTINGS_AMAZONS3SECRETACCESSKEY=" + s3.Secret}}
	sh.want("passw0rd-Of-alice\n", "user", "create", "alice", "alice@example.com", "--admin", "--password-file", "-")
	files := filepath.Join(sh.flags[1], "files")
	if err := errors.Join(os.MkdirAll(files, 0o750), os.WriteFile(filepath.Join(files, "one.txt"), []byte("one"), 0o600)); err != nil {
		t.Fatal(err)
	}
	at := "s3://" + s3.Bucket + "/kept/"
	sh.want("", "backup", at+"a")
	sh.want("", "backup", at+"b", "--since", at+"a")
	contains(t, sh.want("", "backup", "verify", at+"b"), "is whole", "came from a")
	local := filepath.Join(t.TempDir(), "c")
	sh.want("", "backup", local, "--since", at+"a")
	contains(t, sh.refused("", "backup", "verify", local), "--earlier")
	contains(t, sh.want("", "backup", "verify", local, "--earlier", at+"a"), "is whole")
	sh.want("", "backup", at+"elsewhere/d", "--since", at+"a")
	contains(t, sh.refused("", "backup", "verify", at+"elsewhere/d"), "--earlier")
}
