package bus

import (
	"errors"
	"fmt"
	"sync"
	"testing"
)

func TestAlone(t *testing.T) {
	var b Bus = Alone{}
	cancel := b.Subscribe("t", func([]byte) { t.Error("heard itself") })
	if err := b.Publish("t", []byte("x")); err != nil || b.Peers() {
		t.Fatal(err, b.Peers())
	}
	cancel()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestLoop(t *testing.T) {
	var loop Loop
	a := loop.Node()
	if a.Peers() {
		t.Fatal("a node alone has peers")
	}
	b, c := loop.Node(), loop.Node()
	heard := map[string][]string{}
	listen := func(name string, n Bus, topic string) func() {
		return n.Subscribe(topic, func(body []byte) { heard[name] = append(heard[name], string(body)) })
	}
	listen("a", a, "t")
	stop := listen("b", b, "t")
	listen("b", b, "t") // twice: both are called
	listen("c", c, "other")
	_ = a.Publish("t", []byte("1"))
	_ = b.Publish("t", []byte("2"))
	stop()
	stop()
	_ = a.Publish("t", []byte("3"))
	if got := fmt.Sprint(heard); got != "map[a:[2] b:[1 1 3]]" {
		t.Fatal(got)
	}
	_ = b.Close()
	_ = c.Close()
	if err := b.Publish("t", nil); !errors.Is(err, ErrClosed) {
		t.Fatal(err)
	}
	b.Subscribe("t", func([]byte) { t.Error("heard after close") })()
	_ = a.Publish("t", []byte("4"))
	if a.Peers() || b.Peers() {
		t.Fatal("peers after all left")
	}
}

// Messages of one node keep their order, and subscribing, cancelling and
// publishing at once, also from a subscriber, is safe.
func TestLoopConcurrent(t *testing.T) {
	var loop Loop
	a, b := loop.Node(), loop.Node()
	var mu sync.Mutex
	last := map[byte]byte{}
	b.Subscribe("t", func(body []byte) {
		mu.Lock()
		defer mu.Unlock()
		if body[1] != last[body[0]]+1 {
			t.Errorf("%d after %d", body[1], last[body[0]])
		}
		last[body[0]] = body[1]
		b.Subscribe("t", func([]byte) {})()
	})
	var wg sync.WaitGroup
	for w := range byte(4) {
		wg.Go(func() {
			for i := byte(1); i <= 100; i++ {
				_ = a.Publish("t", []byte{w, i})
			}
		})
	}
	wg.Wait()
	for w := range byte(4) {
		if last[w] != 100 {
			t.Fatal(last)
		}
	}
}
