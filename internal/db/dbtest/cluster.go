package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/parley-chat/parley/internal/db"
)

// pgCluster is a running private PostgreSQL.
type pgCluster struct {
	dir string // holds the socket, data/ and the lock files
	cfg *pgx.ConnConfig
}

var clusters struct {
	sync.Mutex
	m map[bool]*pgCluster // by durable
}

// cluster returns the running cluster, starting it when nobody has.
func cluster(durable bool) (*pgCluster, error) {
	clusters.Lock()
	defer clusters.Unlock()
	if c := clusters.m[durable]; c != nil {
		return c, nil
	}
	kind := "pg"
	if durable {
		kind = "pgsync"
	}
	dir, err := sharedDir(kind)
	if err != nil {
		return nil, err
	}
	c := &pgCluster{dir: dir}
	// Held until this process ends, so that the stopper leaves the cluster.
	if _, err := lockFile(filepath.Join(dir, "users.lock"), false); err != nil {
		return nil, err
	}
	unlock, err := lockFile(filepath.Join(dir, "start.lock"), true)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if c.cfg, err = pgx.ParseConfig(c.url("postgres")); err != nil {
		return nil, err
	}
	if c.admin("SELECT 1") != nil {
		if err := c.start(durable); err != nil {
			return nil, err
		}
	}
	if err := c.template(); err != nil {
		return nil, err
	}
	if clusters.m == nil {
		clusters.m = map[bool]*pgCluster{}
	}
	clusters.m[durable] = c
	return c, nil
}

// url names a database of the cluster, for our server and for psql alike.
func (c *pgCluster) url(name string) string {
	return "postgres://" + c.account() + "@/" + name + "?host=" + url.QueryEscape(c.dir)
}

func (c *pgCluster) admin(query string) error {
	conn, err := pgx.ConnectConfig(context.Background(), c.cfg)
	if err != nil {
		return err
	}
	defer conn.Close(context.Background())
	_, err = conn.Exec(context.Background(), query)
	return err
}

func (c *pgCluster) account() string {
	if os.Geteuid() == 0 {
		return "postgres"
	}
	u, err := user.Current()
	if err != nil {
		return "postgres"
	}
	return u.Username
}

// start makes a new cluster in a new data folder; nothing of an older one that
// was killed is used. The shell loop outlives this process: it waits until
// nobody holds users.lock for a while, then stops the server.
func (c *pgCluster) start(durable bool) error {
	data := filepath.Join(c.dir, "data")
	if b, err := os.ReadFile(filepath.Join(data, "postmaster.pid")); err == nil {
		pid := strings.SplitN(string(b), "\n", 2)[0]
		if line, err := os.ReadFile("/proc/" + pid + "/cmdline"); err == nil && strings.Contains(string(line), data) {
			return fmt.Errorf("dbtest: the server in %s (pid %s) doesn't answer", data, pid)
		}
	}
	if err := os.RemoveAll(data); err != nil {
		return err
	}
	fsync := "off"
	if durable {
		fsync = "on"
	}
	if out, err := c.command("initdb", "-D", data, "-A", "trust", "-U", c.account(), "-E", "UTF8",
		"--locale=C.UTF-8", "--no-sync", "--no-instructions").CombinedOutput(); err != nil {
		return fmt.Errorf("dbtest: initdb: %w: %s", err, out)
	}
	settings := fmt.Sprintf("-c listen_addresses='' -c unix_socket_directories='%s' -c fsync=%s -c max_connections=300 "+
		"-c shared_buffers=64MB -c full_page_writes=%s -c autovacuum=off -c max_wal_size=2GB", c.dir, fsync, fsync)
	if out, err := c.command("pg_ctl", "-D", data, "-w", "-s", "-l", filepath.Join(data, "log"),
		"-o", settings, "start").CombinedOutput(); err != nil {
		log, _ := os.ReadFile(filepath.Join(data, "log"))
		return fmt.Errorf("dbtest: start: %w: %s%s", err, out, log)
	}
	stop := fmt.Sprintf(`cd /; while :; do flock -x "%[1]s" true; sleep 15; flock -n -x "%[1]s" "%[2]s" -D "%[3]s" -m immediate -s stop && exit; done`,
		filepath.Join(c.dir, "users.lock"), binary("pg_ctl"), data)
	cmd := c.asUser("sh", "-c", stop)
	cmd.SysProcAttr.Setsid = true
	if err := cmd.Start(); err != nil {
		return err
	}
	return cmd.Process.Release()
}

// template makes the database that tests are copies of.
func (c *pgCluster) template() error {
	name := templateName()
	pool := stdlib.OpenDB(*c.cfg)
	defer pool.Close()
	var n int
	if err := pool.QueryRow("SELECT count(*) FROM pg_database WHERE datname = $1", name).Scan(&n); err != nil || n == 1 {
		return err
	}
	ctx := context.Background()
	_ = c.admin("DROP DATABASE IF EXISTS " + name + "_making WITH (FORCE)") // of a test that was killed
	if err := c.admin("CREATE DATABASE " + name + "_making"); err != nil {
		return err
	}
	d, err := db.Open(ctx, db.Options{URL: c.url(name + "_making")})
	if err != nil {
		return err
	}
	err = d.Migrate(ctx)
	d.Close()
	if err != nil {
		_ = c.admin("DROP DATABASE " + name + "_making")
		return err
	}
	return rename(pool, name)
}

func rename(pool *sql.DB, name string) error {
	_, err := pool.Exec("ALTER DATABASE " + name + "_making RENAME TO " + name)
	return err
}

// command runs a PostgreSQL program as somebody it accepts: not as root.
func (c *pgCluster) command(name string, args ...string) *exec.Cmd {
	return c.asUser(binary(name), args...)
}

func (c *pgCluster) asUser(path string, args ...string) *exec.Cmd {
	cmd := exec.Command(path, args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	if uid, gid, ok := owner(); ok {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return cmd
}

func binary(name string) string {
	dir := os.Getenv("PARLEY_TEST_PGBIN")
	if dir == "" {
		dir = "/usr/lib/postgresql/15/bin"
	}
	return filepath.Join(dir, name)
}

// owner is who runs PostgreSQL when the tests run as root.
func owner() (uid, gid int, ok bool) {
	if os.Geteuid() != 0 {
		return 0, 0, false
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, _ = strconv.Atoi(u.Uid)
			gid, _ = strconv.Atoi(u.Gid)
			return uid, gid, true
		}
	}
	return 0, 0, false
}

// sharedDir is a folder that all test processes of this user share.
func sharedDir(kind string) (string, error) {
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("parley-dbtest-%d-%s", os.Geteuid(), kind))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	if uid, gid, ok := owner(); ok && kind != "sqlite" {
		return dir, os.Chown(dir, uid, gid)
	}
	return dir, nil
}

// lockFile takes a lock that the kernel releases when the process ends; the
// returned function releases it earlier. The file itself always stays.
func lockFile(path string, exclusive bool) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if uid, gid, ok := owner(); ok {
		if err := f.Chown(uid, gid); err != nil {
			return nil, err
		}
	}
	how := syscall.LOCK_SH
	if exclusive {
		how = syscall.LOCK_EX
	}
	for {
		if err = syscall.Flock(int(f.Fd()), how); err != syscall.EINTR {
			break
		}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	held.Lock()
	held.files = append(held.files, f) // or the collector would close it
	held.Unlock()
	return func() { _ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }, nil
}

var held struct {
	sync.Mutex
	files []*os.File
}
