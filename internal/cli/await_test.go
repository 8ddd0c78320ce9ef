package cli

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db/dbtest"
)

// A server that is started before its database waits for it.
func TestServeWaitsForItsDatabase(t *testing.T) {
	u, err := url.Parse(dbtest.Options(t, dbtest.Postgres).URL)
	if err != nil {
		t.Fatal(err)
	}
	// The socket's folder is called by a name that appears later.
	query := u.Query()
	folder := query.Get("host")
	later := filepath.Join(t.TempDir(), "later")
	query.Set("host", later)
	u.RawQuery = query.Encode()

	ctx, stop := context.WithCancel(t.Context())
	var out, log lockedBuffer
	ended := make(chan int, 1)
	args := []string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--db", u.String()}
	go func() { ended <- Run(ctx, args, []string{"LANG=en_GB.UTF-8"}, Streams{Out: &out, Err: &log}) }()
	eventually(t, "it says that it waits", func() bool { return strings.Contains(out.String(), "doesn’t answer yet") })
	if err := os.Symlink(folder, later); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it starts", func() bool { return strings.Contains(out.String(), "Parley is at") })
	if n := strings.Count(out.String(), "\n"); n != 2 {
		t.Errorf("%d lines: %s", n, out.String())
	}
	stop()
	if code := <-ended; code != 0 {
		t.Errorf("ended with %d: %s", code, log.String())
	}
}
