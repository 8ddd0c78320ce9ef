package cli

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/parley-chat/parley/internal/db"
)

// TestTheProgram is the program, in a process of its own, for tests that give it
// what a process has: ARGUMENTS are its command line. By itself it does nothing.
func TestTheProgram(t *testing.T) {
	if line := os.Getenv("ARGUMENTS"); line != "" {
		os.Exit(Run(t.Context(), strings.Split(line, " "), os.Environ(), Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
	}
}

// A full disk keeps the server from starting, and it says so.
func TestAStartOnAFullDisk(t *testing.T) {
	t.Parallel()
	small := t.TempDir()
	// A disk of its own in a namespace of its own: only the program sees it.
	within := func(args ...string) *exec.Cmd {
		c := exec.Command("sh", append([]string{"-c", `mount -t tmpfs -o size=64k tmpfs "$SMALL_DISK" && exec "$@"`, "sh"}, args...)...)
		c.Env = append(os.Environ(), "SMALL_DISK="+small, "LANG=en_GB.UTF-8", "ARGUMENTS=serve --listen 127.0.0.1:0 --data "+small)
		c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
		if os.Geteuid() != 0 {
			c.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
			c.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}}
			c.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}
		}
		return c
	}
	if err := within("true").Run(); err != nil {
		fmt.Fprintln(os.Stderr, "NO DISK COULD BE FILLED: this machine lets nobody mount a disk of their own")
		return
	}
	out, err := within(os.Args[0], "-test.run=^TestTheProgram$").CombinedOutput()
	if err == nil {
		t.Error("it started")
	}
	contains(t, string(out), "There is no room to write", "Make room")
}

// Who restores over the file of a running server is told to stop it, and nothing
// is changed.
func TestRestoringBesideTheServer(t *testing.T) {
	t.Parallel()
	sh := &shell{t: t, flags: []string{"--data", t.TempDir()}, environ: []string{"LANG=en_GB.UTF-8"}}
	sh.want("", "db", "migrate")
	archive := filepath.Join(t.TempDir(), "backup.tar.zst")
	sh.want("", "backup", archive)
	server, err := db.Open(t.Context(), db.Options{Dir: sh.flags[1]})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(t.Context(), server, `INSERT INTO systems (name, value) VALUES ('here', 'still')`); err != nil {
		t.Fatal(err)
	}
	contains(t, sh.refused("", "restore", "--replace", archive), "the running server", "Stop it", "then try again")
	if got, err := db.Value[string](t.Context(), server, `SELECT value FROM systems WHERE name = 'here'`); err != nil || got != "still" {
		t.Errorf("%q, %v", got, err)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	sh.want("", "restore", "--replace", archive)
}

// The doctor leaves no file and no folder behind, however it went.
func TestTheDoctorLeavesNothing(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	sh := &shell{t: t, flags: []string{"--data", data}, environ: []string{"LANG=en_GB.UTF-8"}}
	sh.want("", "db", "migrate")
	_, out, _ := sh.run("", "doctor")
	contains(t, out, "nothing of it is left")
	err := filepath.WalkDir(data, func(path string, _ fs.DirEntry, err error) error {
		if strings.Contains(path, "doctor") {
			t.Errorf("left behind: %s", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
