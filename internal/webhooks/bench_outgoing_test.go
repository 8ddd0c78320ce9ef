package webhooks_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/testkit"
)

// target is a receiver that counts, and that can be down.
type target struct {
	*httptest.Server
	down  atomic.Bool
	heard atomic.Int64
}

func newTarget(b *testing.B) *target {
	t := &target{}
	t.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if t.down.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		t.heard.Add(1)
	}))
	b.Cleanup(t.Close)
	return t
}

// BenchmarkOutgoing has 4,000 posts told to three programs each, one of which is down: 12,000 deliveries. It measures
// posts that nobody is told of before and while the queue is worked off, and how long that takes:
// go test ./internal/webhooks -run '^$' -bench Outgoing -benchtime 1x
func BenchmarkOutgoing(b *testing.B) {
	for _, engine := range dbtest.Engines {
		b.Run(string(engine), func(b *testing.B) {
			s := testkit.Start(b, engine, testkit.Env("MM_RATELIMITSETTINGS_ENABLE=false", "MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS=127.0.0.1"))
			ann := s.User("ann")
			team := s.Team(ann)
			plain, told := s.Channel(ann, team), s.Channel(ann, team)
			targets := []*target{newTarget(b), newTarget(b), newTarget(b)}
			targets[2].down.Store(true)
			for _, t := range targets {
				s.Admin.POST("/hooks/outgoing", map[string]any{"team_id": team.ID, "channel_id": told.ID, "display_name": "told", "callback_urls": []string{t.URL},
					"content_type": "application/json"}).Want(b, 201)
			}
			in := func(room string) func(client, n int) {
				return func(client, n int) {
					if r := ann.POST("/posts", map[string]string{"channel_id": room, "message": fmt.Sprint(client, " ", n)}); r.Status != 201 {
						b.Errorf("%d %s", r.Status, r.Body)
					}
				}
			}
			say := func(what string, perSecond float64, p99 time.Duration) {
				fmt.Printf("%s: %-48s %6.0f/s   p99 %6.1f ms\n", engine, what, perSecond, p99.Seconds()*1e3)
			}
			measured(in(plain.ID)) // so that both times posts were just written that are still to be indexed
			count, alone := paced(50*time.Millisecond, in(plain.ID))
			say("posts that nobody is told of, alone", count, alone)
			count, slow := measured(in(told.ID))
			say("posts told to three programs, as fast as can be", count, slow)
			began := time.Now()
			count, beside := paced(50*time.Millisecond, in(plain.ID))
			say("posts that nobody is told of, beside the queue", count, beside)
			all := int64(atOnce * each)
			for targets[0].heard.Load() < all || targets[1].heard.Load() < all {
				time.Sleep(10 * time.Millisecond)
			}
			fmt.Printf("%s: the two that are up have heard of all %.1f s after the last of them was posted\n", engine, time.Since(began).Seconds())
			targets[2].down.Store(false)
			began = time.Now()
			left := func() (n int64) {
				if err := s.DB.QueryRow(b.Context(), `SELECT count(*) FROM parley_deliveries WHERE state = 'waiting'`).Scan(&n); err != nil {
					b.Fatal(err)
				}
				return n
			}
			for left() > 0 {
				// Nobody waits for minutes here: what has failed is due.
				if _, err := s.DB.Exec(b.Context(), `UPDATE parley_deliveries SET nextat = 0 WHERE state = 'waiting' AND attempts > 0`); err != nil {
					b.Fatal(err)
				}
				time.Sleep(500 * time.Millisecond)
			}
			if n := targets[2].heard.Load(); n < all {
				b.Errorf("it heard of %d of %d", n, all)
			}
			fmt.Printf("%s: the one that was down has heard of all %.1f s after it came back; nothing is left in the queue\n", engine, time.Since(began).Seconds())
			b.ReportMetric(beside.Seconds()/alone.Seconds(), "p99-beside/p99-alone")
		})
	}
}
