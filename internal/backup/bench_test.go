package backup_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
)

// fillPosts makes so many posts in PostgreSQL, of some 60 letters each, in a
// hundred channels by a hundred people.
const fillPosts = `INSERT INTO posts (id, createat, updateat, editat, deleteat, ispinned, userid, channelid, rootid, originalid, message, type, props, hashtags, filenames, fileids, hasreactions)
	SELECT substr(md5(CAST(n AS text)) || md5('p' || n), 1, 26), 1700000000000 + n, 1700000000000 + n, 0, 0, false, substr(md5('u' || n % 100), 1, 26), substr(md5('c' || n % 97), 1, 26),
	'', '', md5('a' || n) || ' ' || substr(md5('b' || n), 1, 20) || ' ' || n, '', '{}', '', '[]', '[]', false FROM generate_series(CAST($1 AS bigint), CAST($2 AS bigint)) AS n`

// measured runs a command and prints how long it took and how much memory it had at most.
func measured(b *testing.B, name string, posts int, words ...string) time.Duration {
	b.Helper()
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Env = append(os.Environ(), "LANG=C.UTF-8")
	began := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%s: %v\n%s", name, err, out)
	}
	took := time.Since(began)
	peak := int64(0)
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		peak = u.Maxrss / 1024
	}
	fmt.Printf("%-34s %7.1f s   %8.0f posts/s   at most %4d MiB\n", name, took.Seconds(), float64(posts)/took.Seconds(), peak)
	return took
}

// BenchmarkBackup measures backup, restore and copy among PARLEY_BACKUP_POSTS
// posts beside pg_dump and pg_restore, once (make bench-backup).
func BenchmarkBackup(b *testing.B) {
	posts, err := strconv.Atoi(os.Getenv("PARLEY_BACKUP_POSTS"))
	if err != nil {
		posts = 5_000
	}
	folder := b.TempDir()
	parley := filepath.Join(folder, "parley")
	if out, err := exec.Command("go", "build", "-o", parley, "../../cmd/parley").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	from, to, third := dbtest.Options(b, dbtest.Postgres).URL, dbtest.Options(b, dbtest.Postgres).URL, dbtest.Options(b, dbtest.Postgres).URL
	d, err := db.Open(b.Context(), db.Options{URL: from})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	if err := d.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	for begin := 1; begin <= posts; begin += 50_000 {
		if _, err := d.Exec(b.Context(), fillPosts, begin, min(begin+49_999, posts)); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := d.Exec(b.Context(), `ANALYZE posts`); err != nil {
		b.Fatal(err)
	}
	archive, dump := filepath.Join(folder, "parley.backup"), filepath.Join(folder, "dump")
	data := func(name string) string { return filepath.Join(folder, name) }
	fmt.Printf("\n%d posts\n", posts)
	// What Parley derives, its index of words, is in neither.
	dumped := measured(b, "pg_dump -Fc", posts, "pg_dump", "-Fc", "-f", dump, "-T", "parley_posts_words", "-T", "parley_posts_stale", from)
	saved := measured(b, "parley backup, PostgreSQL", posts, parley, "backup", archive, "--data", data("a"), "--db", from)
	empty := exec.Command("psql", "-q", third, "-c", "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
	if out, err := empty.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	restored := measured(b, "pg_restore", posts, "pg_restore", "--no-owner", "-d", third, dump)
	loaded := measured(b, "parley restore, PostgreSQL", posts, parley, "restore", archive, "--data", data("b"), "--db", to)
	measured(b, "parley restore, SQLite", posts, parley, "restore", archive, "--data", data("c"))
	measured(b, "parley backup, SQLite", posts, parley, "backup", archive+"2", "--data", data("c"))
	measured(b, "parley backup verify", posts, parley, "backup", "verify", archive)
	measured(b, "parley db copy, SQLite to SQLite", posts, parley, "db", "copy", "--from", data("c"), "--to", data("d.db"))
	for _, file := range []string{dump, archive} {
		info, err := os.Stat(file)
		if err != nil {
			b.Fatal(err)
		}
		fmt.Printf("%-34s %7.1f MB\n", filepath.Base(file), float64(info.Size())/1e6)
	}
	fmt.Printf("beside pg_dump %.2f times as long, beside pg_restore %.2f times\n", saved.Seconds()/dumped.Seconds(), loaded.Seconds()/restored.Seconds())
}
