package bus_test

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/bus"
	"github.com/parley-chat/parley/internal/bus/nats"
	natsserver "github.com/parley-chat/parley/internal/testkit/nats"
)

// join makes nodes of one deployment.
type join func() bus.Bus

// kinds are the implementations of the contract that connect nodes.
var kinds = map[string]func(t *testing.T) join{
	"loop": func(*testing.T) join {
		loop := &bus.Loop{}
		return loop.Node
	},
	"nats": func(t *testing.T) join {
		server := natsserver.Start(t)
		return func() bus.Bus {
			b, err := nats.Join(nats.Options{Server: nats.Server{URL: server.URL()}, Deployment: "conformance"})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = b.Close() })
			return b
		}
	},
}

// heard collects what a node hears.
type heard struct {
	mu  sync.Mutex
	all []string
}

func (h *heard) note(body []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = append(h.all, string(body))
}

func (h *heard) wait(t *testing.T, want ...string) {
	t.Helper()
	got := ""
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		h.mu.Lock()
		got = fmt.Sprint(h.all)
		h.mu.Unlock()
		if got == fmt.Sprint(want) {
			return
		}
	}
	t.Fatalf("heard %.300s, want %.300s", got, fmt.Sprint(want))
}

// What the contract promises, whatever carries the messages.
func TestContract(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			for what, try := range map[string]func(*testing.T, join){
				"others hear, the publisher doesn't": othersHear, "topics and cancelling": topics,
				"order across topics and goroutines": order, "any size": sizes, "closing": closing,
			} {
				t.Run(what, func(t *testing.T) { try(t, kind(t)) })
			}
		})
	}
}

func othersHear(t *testing.T, node join) {
	a, b, c := node(), node(), node()
	if !a.Peers() {
		t.Error("a node among others has no peers")
	}
	var atA, atB, atC heard
	a.Subscribe("t", atA.note)
	b.Subscribe("t", atB.note)
	b.Subscribe("t", atB.note) // twice: both are called
	c.Subscribe("t", atC.note)
	must(t, a.Publish("t", []byte("1")))
	atB.wait(t, "1", "1")
	atC.wait(t, "1")
	must(t, b.Publish("t", []byte("2")))
	atA.wait(t, "2")
	atC.wait(t, "1", "2")
	must(t, c.Publish("t", nil))
	atA.wait(t, "2", "")
	atB.wait(t, "1", "1", "", "")
}

func topics(t *testing.T, node join) {
	a, b := node(), node()
	var one, other, all heard
	cancel := b.Subscribe("one", one.note)
	b.Subscribe("other", other.note)
	b.Subscribe("one", all.note)
	must(t, a.Publish("one", []byte("x")))
	must(t, a.Publish("nobody's", []byte("y")))
	must(t, a.Publish("other", []byte("z")))
	other.wait(t, "z")
	one.wait(t, "x")
	cancel()
	cancel()
	must(t, a.Publish("one", []byte("later")))
	all.wait(t, "x", "later")
	one.wait(t, "x")
}

// What one node publishes arrives in its order whatever the topic, and a
// subscriber may subscribe and cancel.
func order(t *testing.T, node join) {
	a, b := node(), node()
	var got heard
	for _, topic := range []string{"t0", "t1", "t2"} {
		b.Subscribe(topic, func(body []byte) {
			b.Subscribe("t", func([]byte) {})()
			got.note(body)
		})
	}
	var mu sync.Mutex
	var want []string
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 250 {
				mu.Lock() // or nobody knows which of two was first
				text := fmt.Sprint(w, ".", i)
				want = append(want, text)
				must(t, a.Publish(fmt.Sprint("t", i%3), []byte(text)))
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	got.wait(t, want...)
}

func sizes(t *testing.T, node join) {
	a, b := node(), node()
	var got heard
	b.Subscribe("t", func(body []byte) {
		if len(body) > 10 && !bytes.Equal(body, big(len(body))) {
			t.Error("a long message arrives differently")
		}
		got.note([]byte(fmt.Sprint(len(body))))
	})
	for _, n := range []int{0, 1, 256<<10 - 39, 256 << 10, 1<<20 + 1, 5 << 20, 3} {
		must(t, a.Publish("t", big(n)))
	}
	got.wait(t, "0", "1", "262105", "262144", "1048577", "5242880", "3")
}

func big(n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(i * 7 >> 3)
	}
	return out
}

func closing(t *testing.T, node join) {
	a, b, c := node(), node(), node()
	var atB, atC heard
	b.Subscribe("t", atB.note)
	c.Subscribe("t", atC.note)
	gone := make(chan struct{}, 8)
	c.OnGap(func() { gone <- struct{}{} })
	must(t, a.Publish("t", []byte("the last word")))
	must(t, a.Close())
	must(t, a.Close())
	atB.wait(t, "the last word") // leaving says what is left to say
	if err := a.Publish("t", nil); !errors.Is(err, bus.ErrClosed) {
		t.Error(err)
	}
	must(t, b.Close())
	if err := b.Publish("t", nil); !errors.Is(err, bus.ErrClosed) {
		t.Error(err)
	}
	b.Subscribe("t", func([]byte) { t.Error("heard after closing") })()
	must(t, node().Publish("t", []byte("on")))
	atC.wait(t, "the last word", "on")
	atB.wait(t, "the last word")
	if len(gone) > 0 {
		t.Error("a node that took leave left a gap")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}
