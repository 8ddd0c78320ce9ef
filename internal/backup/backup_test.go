package backup_test

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"filippo.io/age"

	"github.com/parley-chat/parley/internal/backup"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbcopy"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/server"
	"github.com/parley-chat/parley/internal/testkit"
)

// house is an installation that people use.
type house struct {
	s     *testkit.Server
	dir   string
	alice *testkit.Actor
	room  *model.Channel
	blobs blob.Store
}

func newHouse(t *testing.T, engine dbtest.Engine) *house {
	h := &house{dir: t.TempDir()}
	h.s = testkit.StartOn(t, dbtest.Options(t, engine), func(o *server.Options) { o.Data = h.dir })
	h.alice = h.s.User("alice")
	h.room = h.s.Channel(h.alice, h.s.Team(h.alice))
	for n := range 5 {
		file := h.alice.Upload(h.room, fmt.Sprintf("é%d.bin", n), bytes.Repeat([]byte{byte(n), 0, 255}, 1000*n+1))
		h.alice.Show(h.room, file)
		h.alice.Reply(h.alice.Say(h.room, "“quoted” \\ \t 🌷 "+strings.Repeat("x", n*100)), "reply")
	}
	var err error
	if h.blobs, err = blob.OpenDisk(filepath.Join(h.dir, "files")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.blobs.Close() })
	return h
}

func (h *house) archive(t *testing.T, recipients ...age.Recipient) (raw []byte, made backup.Summary) {
	t.Helper()
	var out bytes.Buffer
	made, err := backup.Write(t.Context(), &out, backup.Source{DB: h.s.DB, Blobs: h.blobs, Scratch: t.TempDir(), Recipients: recipients})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), made
}

// empty is a place for an archive.
func empty(t *testing.T, engine dbtest.Engine) (backup.Target, string) {
	t.Helper()
	d, err := db.Open(t.Context(), dbtest.Options(t, engine))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	blobs, err := blob.OpenDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = errors.Join(blobs.Close(), d.Close()) })
	return backup.Target{DB: d, Blobs: blobs}, dir
}

func other(e dbtest.Engine) dbtest.Engine {
	if e == dbtest.SQLite {
		return dbtest.Postgres
	}
	return dbtest.SQLite
}

// What is written on one engine comes back on the other, and again on the
// first, the same row for row and byte for byte.
func TestThereAndBack(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			h := newHouse(t, engine)
			h.s.Stop()
			source, err := db.Open(t.Context(), h.s.DB.Options())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = source.Close() }()
			h.s.DB = source
			raw, made := h.archive(t)
			to, dir := empty(t, other(engine))
			got, err := backup.Restore(t.Context(), bytes.NewReader(raw), to)
			if err != nil {
				t.Fatal(err)
			}
			if got.Rows != made.Rows || got.Files != made.Files || got.Files < 5 || got.Bytes != made.Bytes || len(got.LeftOut) > 0 {
				t.Errorf("made %+v, restored %+v", made, got)
			}
			differences, err := dbcopy.Compare(t.Context(), dbcopy.Options{From: source, To: to.DB})
			if err != nil || len(differences) > 0 {
				t.Errorf("rows differ: %v %v", differences, err)
			}
			sameFiles(t, filepath.Join(h.dir, "files"), dir)

			// And from there back.
			var second bytes.Buffer
			if _, err := backup.Write(t.Context(), &second, backup.Source{DB: to.DB, Blobs: to.Blobs, Scratch: t.TempDir()}); err != nil {
				t.Fatal(err)
			}
			back, _ := empty(t, engine)
			if _, err := backup.Restore(t.Context(), &second, back); err != nil {
				t.Fatal(err)
			}
			differences, err = dbcopy.Compare(t.Context(), dbcopy.Options{From: source, To: back.DB})
			if err != nil || len(differences) > 0 {
				t.Errorf("after the way back rows differ: %v %v", differences, err)
			}
			// A place that is used is left alone.
			if _, err := backup.Restore(t.Context(), bytes.NewReader(raw), back); !errors.Is(err, dbcopy.ErrNotEmpty) {
				t.Errorf("over somebody's data: %v", err)
			}
			back.Replace = true
			if _, err := backup.Restore(t.Context(), bytes.NewReader(raw), back); err != nil {
				t.Errorf("replaced: %v", err)
			}
		})
	}
}

func sameFiles(t *testing.T, a, b string) {
	t.Helper()
	list := func(dir string) map[string]string {
		out := map[string]string{}
		store, err := blob.OpenDisk(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = store.Close() }()
		err = store.List(t.Context(), func(name string, _ int64) error {
			raw, err := store.Read(t.Context(), name)
			out[name] = string(raw)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	have, want := list(b), list(a)
	if len(have) != len(want) {
		t.Errorf("%d files of %d", len(have), len(want))
	}
	for name, content := range want {
		if have[name] != content {
			t.Errorf("%s differs", name)
		}
	}
}

// An archive that is written while people write holds one moment: whatever was
// acknowledged before it began, and no half of what came later.
func TestOneMoment(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		room := s.Channel(alice, s.Team(alice))
		dir := t.TempDir()
		blobs, err := blob.OpenDisk(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = blobs.Close() }()
		var done atomic.Bool
		var before sync.Map
		var count atomic.Int64
		var writers sync.WaitGroup
		for who := range 20 {
			writers.Go(func() {
				for n := 0; !done.Load(); n++ {
					text := fmt.Sprintf("w%d-%d", who, n)
					alice.Post(room, text).Want(t, 201)
					before.Store(text, true)
					count.Add(1)
				}
			})
		}
		testkit.Eventually(t, "some posts", func() bool { return count.Load() > 200 })
		acknowledged := map[string]bool{}
		before.Range(func(k, _ any) bool { acknowledged[k.(string)] = true; return true })
		var out bytes.Buffer
		_, err = backup.Write(t.Context(), &out, backup.Source{DB: s.DB, Blobs: blobs, Scratch: t.TempDir()})
		during := count.Load()
		done.Store(true)
		writers.Wait()
		if err != nil {
			t.Fatal(err)
		}
		to, _ := empty(t, dbtest.SQLite)
		if _, err := backup.Restore(t.Context(), &out, to); err != nil {
			t.Fatal(err)
		}
		rows, err := db.List(t.Context(), to.DB, db.One[string], `SELECT message FROM posts WHERE channelid = $1 AND type = '' LIMIT 1000000`, room.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range rows {
			delete(acknowledged, text)
		}
		counted, err := db.Value[int64](t.Context(), to.DB, `SELECT totalmsgcount FROM channels WHERE id = $1`, room.ID)
		if err != nil || len(acknowledged) > 0 || counted != int64(len(rows)) {
			t.Errorf("%d posts that were acknowledged are missing; %d rows, counted %d (%v)", len(acknowledged), len(rows), counted, err)
		}
		t.Logf("%d posts in the archive, %d were written by its end", len(rows), during)
	})
}

// Without its key an encrypted archive tells nothing.
func TestEncryption(t *testing.T) {
	h := newHouse(t, dbtest.SQLite)
	own, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	stranger, _ := age.GenerateX25519Identity()
	raw, _ := h.archive(t, own.Recipient())
	if bytes.Contains(raw, []byte("manifest.json")) {
		t.Error("the archive is readable")
	}
	for name, keys := range map[string][]age.Identity{"no key": nil, "another's": {stranger}} {
		to, _ := empty(t, dbtest.SQLite)
		to.Identities = keys
		if _, err := backup.Restore(t.Context(), bytes.NewReader(raw), to); !errors.Is(err, backup.ErrEncrypted) {
			t.Errorf("%s: %v", name, err)
		}
	}
	to, _ := empty(t, dbtest.SQLite)
	to.Identities = []age.Identity{stranger, own}
	if _, err := backup.Restore(t.Context(), bytes.NewReader(raw), to); err != nil {
		t.Errorf("with its key: %v", err)
	}
}
