package realtime

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
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
	for _, burst := range []int{1, 16} {
		b.Run(fmt.Sprint("burst=", burst), func(b *testing.B) { fanout(b, burst) })
	}
}

func fanout(b *testing.B, burst int) {
	const sockets = 200
	w := newWorld(b, nil)
	var bytesRead atomic.Int64
	var wg sync.WaitGroup
	for i := range sockets {
		user := fmt.Sprint("user", i)
		w.channels[user] = []string{ch}
		c := w.connect(user)
		wg.Go(func() {
			n, _ := io.Copy(count64{&bytesRead}, c.br)
			_ = n
		})
	}
	data := map[string]any{"post": strings.Repeat("x", 700), "channel_name": "town-square", "sender_name": "@somebody",
		"channel_type": "O", "set_online": true, "team_id": strings.Repeat("t", 26), "channel_display_name": "Town Square"}
	writes, start, used := w.Stats.Writes.Load(), time.Now(), cpu()
	sent := w.Stats.Frames.Load()
	bytes0 := w.Stats.Bytes.Load()
	b.ResetTimer()
	for w.Stats.Frames.Load()-sent < int64(b.N) {
		for range burst {
			w.Publish(Event{Name: "posted", Data: data, To: Audience{ChannelID: ch}})
		}
		if burst == 1 { // wait for the frames to leave, as a client that posts one after the other does
			for w.pendingFrames() > 4*sockets {
				runtime.Gosched()
			}
		}
	}
	until(b, "all written", func() bool { return w.pendingFrames() == 0 })
	b.StopTimer()
	frames := float64(w.Stats.Frames.Load() - sent)
	took := time.Since(start)
	b.ReportMetric(frames/took.Seconds(), "frames/s")
	b.ReportMetric(float64(w.Stats.Writes.Load()-writes)/frames, "writes/frame")
	b.ReportMetric(float64((cpu()-used).Nanoseconds())/frames, "cpu-ns/frame")
	b.ReportMetric(float64(w.Stats.Bytes.Load()-bytes0)/frames, "B/frame")
	b.ReportMetric(float64(w.Stats.Stalls.Load()), "stalls")
	if live := w.Stats.Live.Load(); live != sockets {
		b.Fatal("sockets closed: ", sockets-live)
	}
}

// pendingFrames is how many frames wait in all queues.
func (h *Hub) pendingFrames() (n int) {
	h.dirtyMu.Lock()
	n = len(h.dirty) - h.dirtyAt
	h.dirtyMu.Unlock()
	return n
}

type count64 struct{ n *atomic.Int64 }

func (c count64) Write(p []byte) (int, error) { c.n.Add(int64(len(p))); return len(p), nil }

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
	before, beforeRSS := memory(), rss()
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
	after, afterRSS := memory(), rss()
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
