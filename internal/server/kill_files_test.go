package server_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// TestFilesSurviveKills has people send files, whole and in parts, while the
// server is killed again and again: every acknowledged file is there, byte for
// byte, sessions go on from where the server says, and no message names half a file.
func TestFilesSurviveKills(t *testing.T) {
	t.Parallel()
	binary := built(t)
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) { newVictim(t, binary, engine).fileOrdeal() })
	}
}

// scene makes a room and returns its owner's session and its id.
func (p *victim) scene() (token, room string) {
	p.start()
	root := p.person("", "root")
	var team model.Team
	p.must(root.token, "POST", "/teams", map[string]string{"name": "ordeal", "display_name": "Ordeal", "type": "O"}, &team)
	var c model.Channel
	p.must(root.token, "POST", "/channels", map[string]string{"team_id": team.ID, "name": "room", "display_name": "Room", "type": "O"}, &c)
	return root.token, c.ID
}

// bytesOf are the bytes of a made-up file: they follow from its name.
func bytesOf(name string, size int) []byte {
	out := make([]byte, size)
	copy(out, name)
	for i := len(name); i < size; i++ {
		out[i] = byte(i*7 + len(name)*i>>8)
	}
	return out
}

// kept is a file that the server has acknowledged.
type kept struct {
	id, name string
	size     int
}

func (p *victim) fileOrdeal() {
	token, room := p.scene()
	var mu sync.Mutex
	var all []kept
	add := func(k kept) { mu.Lock(); all = append(all, k); mu.Unlock() }
	slow := &session{name: "slow.bin", size: 3 << 20}
	for round := range 4 {
		var done atomic.Bool
		var count atomic.Int64
		var wg sync.WaitGroup
		for who := range 6 {
			wg.Go(func() {
				for n := 0; !done.Load(); n++ {
					name, size := fmt.Sprintf("r%dw%dn%d.bin", round, who, n), 1+rand.IntN(300_000)
					var up model.FileUploadResponse
					if p.call(token, "POST", "/files?channel_id="+room+"&filename="+name, bytesOf(name, size), &up) != http.StatusCreated {
						continue
					}
					add(kept{up.FileInfos[0].ID, name, size})
					count.Add(1)
					p.call(token, "POST", "/posts", map[string]any{"channel_id": room, "message": name, "file_ids": []string{up.FileInfos[0].ID}}, nil)
				}
			})
		}
		wg.Go(func() { slow.goOn(p, token, room, &done) })
		testkit.Eventually(p.t, "some files", func() bool { return count.Load() > 30 })
		p.kill(syscall.SIGKILL)
		done.Store(true)
		wg.Wait()
		p.start()
	}
	slow.goOn(p, token, room, &atomic.Bool{})
	add(kept{slow.id, slow.name, slow.size})
	for _, k := range all {
		p.whole(token, k)
	}
	posted := 0
	for _, post := range p.everything(token, room) {
		for _, f := range post.Metadata.Files {
			posted++
			p.whole(token, kept{f.ID, f.Name, int(f.Size)})
		}
	}
	p.t.Logf("%d files acknowledged across 4 kills, %d of them posted", len(all), posted)
	p.kill(syscall.SIGTERM)
	if left, _ := filepath.Glob(filepath.Join(p.dir, "files", ".tmp", "*")); len(left) > 4*8 {
		p.t.Errorf("%d temporary files are left, more than were being written", len(left))
	}
}

func (p *victim) whole(token string, k kept) {
	var raw []byte
	if status := p.call(token, "GET", "/files/"+k.id, nil, &raw); status != http.StatusOK {
		p.t.Errorf("acknowledged, but lost: %s: %d", k.name, status)
	} else if !bytes.Equal(raw, bytesOf(k.name, k.size)) {
		p.t.Errorf("%s has %d bytes that differ from the %d sent", k.name, len(raw), k.size)
	}
}

// session is a file that comes in parts, across the kills.
type session struct {
	id, name string
	size     int
	offset   int64 // that the server has acknowledged
}

func (s *session) goOn(p *victim, token, room string, done *atomic.Bool) {
	whole := bytesOf(s.name, s.size)
	for !done.Load() {
		var us model.UploadSession
		if s.id == "" {
			if p.call(token, "POST", "/uploads", map[string]any{"channel_id": room, "filename": s.name, "file_size": s.size}, &us) != http.StatusCreated {
				continue
			}
			s.id = us.ID
		} else if status := p.call(token, "GET", "/uploads/"+s.id, nil, &us); status == http.StatusNotFound {
			return // it is a file
		} else if status != http.StatusOK {
			continue
		}
		if us.FileOffset < s.offset {
			p.t.Errorf("the server had %d bytes and has %d", s.offset, us.FileOffset)
		}
		s.offset = us.FileOffset
		end := min(s.offset+100_000, int64(s.size))
		if status := p.call(token, "POST", "/uploads/"+s.id, whole[s.offset:end], nil); status == http.StatusNoContent {
			s.offset = end
		} else if status == http.StatusOK {
			return
		}
	}
}

// TestAFullDisk fills the disk that files lie on: who sends more is told so,
// nothing of it stays, what was there is there, and messages go on.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	p := newVictim(t, built(t), dbtest.SQLite)
	small := t.TempDir()
	// A disk of its own in a namespace of its own: only the server sees it.
	p.within = []string{"sh", "-c", `mount -t tmpfs -o size=4m tmpfs "$SMALL_DISK" && exec "$@"`, "sh"}
	p.env = []string{"SMALL_DISK=" + small, "MM_FILESETTINGS_DIRECTORY=" + small, "TMPDIR=" + p.dir}
	p.attr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Geteuid() != 0 {
		p.attr.Cloneflags |= syscall.CLONE_NEWUSER
		p.attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}}
		p.attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}
	}
	if !p.mayMount() {
		fmt.Fprintln(os.Stderr, "NO DISK COULD BE FILLED: this machine lets nobody mount a disk of their own")
		return
	}
	token, room := p.scene()
	var all []kept
	send := func(name string, size int) (int, string) {
		var raw []byte
		status := p.call(token, "POST", "/files?channel_id="+room+"&filename="+name, bytesOf(name, size), &raw)
		if status == http.StatusCreated {
			id := string(raw[bytes.Index(raw, []byte(`"id":"`))+6:])[:26]
			all = append(all, kept{id, name, size})
		}
		return status, string(raw)
	}
	for n := range 3 {
		if status, body := send(fmt.Sprintf("n%d.bin", n), 1<<20); status != http.StatusCreated {
			t.Fatalf("there is room for it: %d %s", status, body)
		}
	}
	for range 3 {
		if status, body := send("large.bin", 2<<20); status != http.StatusInsufficientStorage || !strings.Contains(body, "parley.file.no_space") {
			t.Errorf("there is no room for it: %d %s", status, body)
		}
	}
	var us model.UploadSession
	p.must(token, "POST", "/uploads", map[string]any{"channel_id": room, "filename": "part.bin", "file_size": 3 << 20}, &us)
	if status := p.call(token, "POST", "/uploads/"+us.ID, bytesOf("part.bin", 3<<20), nil); status != http.StatusInsufficientStorage {
		t.Errorf("there is no room for a part: %d", status)
	}
	// Nothing of what failed has stayed: there is as much room as before.
	if status, body := send("last.bin", 900_000); status != http.StatusCreated {
		t.Errorf("there is room for a smaller one: %d %s", status, body)
	}
	for _, k := range all {
		p.must(token, "POST", "/posts", map[string]any{"channel_id": room, "message": k.name, "file_ids": []string{k.id}}, nil)
		p.whole(token, k)
	}
	p.kill(syscall.SIGTERM)
}

// mayMount tries whether the server's surroundings can be made.
func (p *victim) mayMount() bool {
	try := *p
	try.binary = "true"
	cmd := try.command(nil)
	return cmd.Run() == nil
}
