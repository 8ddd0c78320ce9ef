package server_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/testkit"
)

// TestABackupIsKilled kills backups at several points beside a running server:
// no archive has its name then, the server goes on, and the next one is whole.
func TestABackupIsKilled(t *testing.T) {
	t.Parallel()
	binary := built(t)
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			p := newVictim(t, binary, engine)
			p.start()
			defer p.kill(syscall.SIGTERM)
			p.bulk(8_000)
			archive := filepath.Join(t.TempDir(), "parley.backup")
			args := []string{"backup", archive, "--data", p.dir}
			if p.url != "" {
				args = append(args, "--db", p.url)
			}
			for _, least := range []int64{0, 50_000, 150_000} {
				cmd := p.command(args)
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				testkit.Eventually(t, fmt.Sprintf("%d bytes are written", least), func() bool {
					info, err := os.Stat(archive + ".part")
					return err == nil && info.Size() >= least || exists(archive)
				})
				_ = cmd.Process.Kill()
				_ = cmd.Wait()
				if exists(archive) {
					t.Fatalf("killed after %d bytes, and the archive has its name", least)
				}
				if status := p.call("", "GET", "/system/ping", nil, nil); status != 200 {
					t.Errorf("the server beside it answers %d", status)
				}
			}
			for _, words := range [][]string{args, {"backup", "verify", archive}} {
				if out, err := p.command(words).CombinedOutput(); err != nil {
					t.Fatalf("%s: %v\n%s", strings.Join(words, " "), err, out)
				}
			}
			if left, err := filepath.Glob(filepath.Join(p.dir, "parley-backup-*")); err != nil || len(left) > 0 {
				t.Errorf("left behind by those that were killed: %q, %v", left, err)
			}
		})
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// bulk puts so many posts into the database beside the server.
func (p *victim) bulk(posts int) {
	p.t.Helper()
	o := db.Options{Dir: p.dir}
	if p.url != "" {
		o = db.Options{URL: p.url}
	}
	d, err := db.Open(p.t.Context(), o)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	err = d.Tx(p.t.Context(), func(tx *db.Tx) error {
		for i := range posts {
			if _, err := tx.Exec(tx.Context(), `INSERT INTO posts (id, createat, updateat, editat, deleteat, ispinned, userid, channelid, rootid, originalid, message, type, props, hashtags,
				filenames, fileids, hasreactions) VALUES ($1, $2, $2, 0, 0, false, $1, $1, '', '', $3, '', '{}', '', '[]', '[]', false)`, id.New(), int64(i+1), fmt.Sprint("post ", i, " ", id.New())); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
}
