package webhooks_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/testkit"
)

// atOnce is how many programs post at the same time, and each how often.
const atOnce, each = 16, 250

// measured runs fn from many goroutines and returns how many calls a second
// that is, and the 99th percentile of how long one takes.
func measured(fn func(client, n int)) (perSecond float64, p99 time.Duration) { return paced(0, fn) }

// paced is measured with at least so long from the beginning of one call of a goroutine to that of its next.
func paced(pace time.Duration, fn func(client, n int)) (perSecond float64, p99 time.Duration) {
	var wait sync.WaitGroup
	took := make([][]time.Duration, atOnce)
	began := time.Now()
	for client := range atOnce {
		wait.Go(func() {
			for n := range each {
				at := time.Now()
				fn(client, n)
				took[client] = append(took[client], time.Since(at))
				time.Sleep(pace - time.Since(at))
			}
		})
	}
	wait.Wait()
	all := slices.Sorted(slices.Values(slices.Concat(took...)))
	return float64(len(all)) / time.Since(began).Seconds(), all[len(all)*99/100]
}

// BenchmarkIncoming measures incoming webhooks beside plain posts in the same
// channels, in turns, so that both meet the same machine:
// go test ./internal/webhooks -run '^$' -bench Incoming -benchtime 1x
func BenchmarkIncoming(b *testing.B) {
	for _, engine := range dbtest.Engines {
		b.Run(string(engine), func(b *testing.B) {
			s := testkit.Start(b, engine, testkit.Env("MM_RATELIMITSETTINGS_ENABLE=false"))
			ann := s.User("ann")
			room := s.Channel(ann, s.Team(ann))
			var hook struct{ ID string }
			s.Admin.POST("/hooks/incoming", map[string]any{"channel_id": room.ID}).Want(b, 201).Into(b, &hook)
			nobody := s.Nobody()
			post := func(client, n int) {
				if r := ann.Post(room, fmt.Sprint("plain ", client, " ", n)); r.Status != 201 {
					b.Errorf("%d %s", r.Status, r.Body)
				}
			}
			send := func(client, n int) {
				if r := nobody.POST("<site>/hooks/"+hook.ID, map[string]string{"text": fmt.Sprint("hook ", client, " ", n)}); r.Status != 200 {
					b.Errorf("%d %s", r.Status, r.Body)
				}
			}
			var ratio []float64
			for range 3 {
				posts, slowPost := measured(post)
				hooks, slowHook := measured(send)
				ratio = append(ratio, hooks/posts)
				fmt.Printf("%s: posts %.0f/s p99 %.1f ms, webhooks %.0f/s p99 %.1f ms, %.2f times as many\n", engine, posts, slowPost.Seconds()*1e3, hooks,
					slowHook.Seconds()*1e3, hooks/posts)
			}
			slices.Sort(ratio)
			b.ReportMetric(ratio[1], "webhooks/post")
		})
	}
}
