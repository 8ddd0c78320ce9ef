package server_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// TestNothingQueuedIsLost has people post while the server is killed again and
// again: an outgoing webhook hears of every acknowledged post, though one of its
// two addresses is down until the end.
func TestNothingQueuedIsLost(t *testing.T) {
	t.Parallel()
	binary := built(t)
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			p := newVictim(t, binary, engine)
			p.env = []string{"MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS=127.0.0.1"}
			good, bad := newListener(t), newListener(t)
			bad.down.Store(true)
			p.start()
			root := p.person("", "root")
			var team model.Team
			p.must(root.token, "POST", "/teams", map[string]string{"name": "ordeal", "display_name": "Ordeal", "type": "O"}, &team)
			var room model.Channel
			p.must(root.token, "POST", "/channels", map[string]string{"team_id": team.ID, "name": "room", "display_name": "Room", "type": "O"}, &room)
			p.must(root.token, "POST", "/hooks/outgoing", map[string]any{"team_id": team.ID, "channel_id": room.ID, "callback_urls": []string{good.URL, bad.URL},
				"content_type": "application/json"}, nil)
			var acks [4]acknowledged
			for range 3 {
				var done atomic.Bool
				var count atomic.Int64
				var wg sync.WaitGroup
				for i := range acks {
					wg.Go(func() { p.write(root.token, room.ID, i, &acks[i], &done, &count) })
				}
				testkit.Eventually(t, "some posts", func() bool { return count.Load() > 60 })
				p.kill(syscall.SIGKILL)
				done.Store(true)
				wg.Wait()
				p.start()
			}
			bad.down.Store(false)
			hurry := p.hurry()
			total := 0
			for _, a := range acks {
				total += len(a.posts)
				for _, post := range a.posts {
					testkit.Eventually(t, "word of an acknowledged post", func() bool {
						if good.heard(post.ID) && bad.heard(post.ID) {
							return true
						}
						hurry()
						return false
					})
				}
			}
			t.Logf("%d posts acknowledged, all heard of by both", total)
			p.kill(syscall.SIGTERM)
		})
	}
}

// hurry returns what makes due all that waits for its next attempt, or for the end
// of the lease of a server that was killed: a test doesn't wait for the clock.
func (p *victim) hurry() func() {
	p.t.Helper()
	o := db.Options{Dir: p.dir}
	if p.url != "" {
		o = db.Options{URL: p.url}
	}
	d, err := db.Open(p.t.Context(), o)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = d.Close() })
	lock := ""
	if !d.SQLite() {
		lock = " FOR UPDATE SKIP LOCKED"
	}
	var last time.Time
	return func() {
		if time.Since(last) < 100*time.Millisecond {
			return
		}
		last = time.Now()
		if _, err := d.Exec(context.Background(), `UPDATE parley_deliveries SET nextat = 0 WHERE id IN (
			SELECT id FROM parley_deliveries WHERE state = 'waiting' AND nextat > $1`+lock+`)`, last.UnixMilli()); err != nil {
			p.t.Fatal(err)
		}
	}
}

// listener is an address that an outgoing webhook calls.
type listener struct {
	*httptest.Server
	down atomic.Bool
	ids  sync.Map
}

func newListener(t *testing.T) *listener {
	l := &listener{}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var told model.OutgoingWebhookPayload
		if l.down.Load() || json.NewDecoder(r.Body).Decode(&told) != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		l.ids.Store(told.PostID, true)
	}))
	t.Cleanup(l.Close)
	return l
}

func (l *listener) heard(postID string) bool {
	_, ok := l.ids.Load(postID)
	return ok
}
