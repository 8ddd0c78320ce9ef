//go:build unix

package realtime

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func cpu() time.Duration {
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// BenchmarkFanout publishes to 200 sockets of one channel, whose clients read
// in the same process. One operation is one frame.
func BenchmarkFanout(b *testing.B) {
	b.Run("as fast as it goes", func(b *testing.B) { fanout(b, 0) })
	for _, rate := range []int{250, 1250} { // 50,000 and 250,000 frames a second
		b.Run(fmt.Sprint(rate, " events a second"), func(b *testing.B) { fanout(b, time.Second/time.Duration(rate)) })
	}
}

// fanout publishes an event in each interval.
func fanout(b *testing.B, interval time.Duration) {
	const sockets = 200
	w := newWorld(b, nil)
	var wg sync.WaitGroup
	for i := range sockets {
		user := fmt.Sprint("user", i)
		w.channels[user] = []string{ch}
		c := w.connect(user)
		wg.Go(func() {
			_, _ = io.Copy(io.Discard, c.br)
		})
	}
	data := map[string]any{"post": strings.Repeat("x", 700), "channel_name": "town-square", "sender_name": "@somebody",
		"channel_type": "O", "set_online": true, "team_id": strings.Repeat("t", 26), "channel_display_name": "Town Square"}
	writes, start, used := w.Stats.Writes.Load(), time.Now(), cpu()
	sent := w.Stats.Frames.Load()
	bytes0, published := w.Stats.Bytes.Load(), 0
	b.ResetTimer()
	for w.Stats.Frames.Load()-sent < int64(b.N) {
		w.Publish(Event{Name: "posted", Data: data, To: Audience{ChannelID: ch}})
		published++
		if ahead := time.Duration(published)*interval - time.Since(start); ahead > 0 {
			time.Sleep(ahead)
		}
	}
	until(b, "all written", func() bool { return w.pendingSockets() == 0 })
	b.StopTimer()
	frames := float64(w.Stats.Frames.Load() - sent)
	took := time.Since(start)
	b.ReportMetric(frames/took.Seconds(), "frames/s")
	b.ReportMetric(float64(w.Stats.Writes.Load()-writes)/frames, "writes/frame")
	b.ReportMetric(float64((cpu()-used).Nanoseconds())/frames, "cpu-ns/frame")
	b.ReportMetric(float64(w.Stats.Bytes.Load()-bytes0)/frames, "B/frame")
	b.ReportMetric(100*(cpu()-used).Seconds()/took.Seconds(), "%core")
	if live := w.Stats.Live.Load(); live != sockets {
		b.Fatal("sockets closed: ", sockets-live)
	}
}

// pendingSockets is how many sockets wait to be written to.
func (h *Hub) pendingSockets() (n int) {
	h.dirtyMu.Lock()
	n = len(h.dirty) - h.dirtyAt
	h.dirtyMu.Unlock()
	return n
}

// BenchmarkPublish is the part that a request waits for: to 200 sockets.
func BenchmarkPublish(b *testing.B) {
	w := newWorld(b, nil)
	for i := range 200 {
		user := fmt.Sprint("user", i)
		w.channels[user] = []string{ch}
		c := w.connect(user)
		go io.Copy(io.Discard, c.br)
	}
	data := map[string]any{"post": strings.Repeat("x", 700)}
	b.ReportAllocs()
	for b.Loop() {
		w.Publish(Event{Name: "posted", Data: data, To: Audience{ChannelID: ch}})
	}
}

// TestIdleMemory holds 5,000 idle sockets. The clients are bare file
// descriptors, so that nearly all memory of the process is the server's.
func TestIdleMemory(t *testing.T) {
	const sockets = 5000
	if raceEnabled {
		return // the race detector's shadow memory says nothing
	}
	var lim syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &lim); err != nil {
		t.Fatal(err)
	}
	lim.Cur = lim.Max
	_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &lim)
	if lim.Cur < 2*sockets+200 {
		t.Logf("only %d files may be open", lim.Cur)
		return
	}
	w := newWorld(t, nil)
	for i := range 20 {
		for u := range 10 {
			user := fmt.Sprint("user", u)
			w.channels[user] = append(w.channels[user], fmt.Sprint("channel", i))
		}
	}
	before := memory()
	debug.FreeOSMemory()
	beforeRSS := rss()
	var wg sync.WaitGroup
	fds := make([]int, sockets)
	for lane := range 8 {
		wg.Go(func() {
			for i := lane; i < sockets; i += 8 {
				fds[i] = idleClient(t, w.addr, fmt.Sprint("user", i%10))
			}
		})
	}
	wg.Wait()
	defer func() {
		for _, fd := range fds {
			syscall.Close(fd)
		}
	}()
	until(t, "all live", func() bool { return w.Stats.Live.Load() == sockets })
	peakRSS := rss()
	for range wheelSlots { // a minute of pings, and what a collection leaves
		w.tick(w.opt.Now())
	}
	after := memory()
	debug.FreeOSMemory() // what the runtime does by itself within minutes
	afterRSS := rss()
	each := float64(after-before) / sockets
	t.Logf("per idle socket: %.0f bytes of heap and stacks, RSS %.0f bytes (%.0f right after connecting)", each,
		float64(afterRSS-beforeRSS)/sockets, float64(peakRSS-beforeRSS)/sockets)
	if each > 8192 {
		t.Errorf("%.0f bytes per idle socket", each)
	}
}

func memory() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

func rss() int {
	raw, _ := os.ReadFile("/proc/self/statm")
	var size, pages int
	fmt.Sscan(string(raw), &size, &pages)
	return pages * os.Getpagesize()
}

// idleClient connects, reads the hello and keeps only the descriptor.
func idleClient(t *testing.T, addr, user string) int {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Error(err)
		return -1
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nAuthorization: Bearer %s\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", user)
	var buf []byte
	for !bytes.Contains(buf, []byte(`"hello"`)) {
		var part [1024]byte
		n, err := conn.Read(part[:])
		if err != nil {
			t.Error(err)
			return -1
		}
		buf = append(buf, part[:n]...)
	}
	raw, _ := conn.(*net.TCPConn).SyscallConn()
	fd := -1
	_ = raw.Control(func(p uintptr) { fd, _ = syscall.Dup(int(p)) })
	return fd
}
