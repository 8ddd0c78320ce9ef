package realtime

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/vmihailenco/msgpack/v5"
)

func TestMalformed(t *testing.T) {
	w := newWorld(t, nil)
	for _, in := range []string{"", "{", "null", "[]", "7", `"x"`, `{"seq":"1"}`, `{"seq":1.5,"action":"ping"}`, `{"seq":1e99}`,
		`{"seq":1,"action":7}`, `{"seq":1,"action":"ping","data":[]}`, `{"seq":1,"action":"ping","data":"x"}`,
		`{"seq":1,"action":"ping"}{}`, `{"seq":1,"action":"ping",}`, strings.Repeat(`{"data":`, 900), strings.Repeat("[", 8000), "\x00"} {
		c := w.connect("alice")
		_ = c.write(opText, []byte(in))
		c.closing(CodeMalformed)
		c = w.connect("alice")
		_ = c.write(0x82, []byte(in))
		c.closing(CodeMalformed)
	}
	deep, _ := msgpack.Marshal(map[string]any{"seq": 1})
	for _, in := range [][]byte{deep[:len(deep)-1], append(deep, 0), {0xdf, 0xff, 0xff, 0xff, 0xff}, {0xdd, 0xff, 0xff, 0xff, 0xff},
		{0xdb, 0xff, 0xff, 0xff, 0xff, 'x'}, bytes.Repeat([]byte{0x91}, 8000), {0x81, 0x01, 0x01}, {0xc1}, {0xc7, 1, 1, 1}, {0xa1, 0xff}} {
		c := w.connect("alice")
		_ = c.write(0x82, in)
		c.closing(CodeMalformed)
	}
	w.connect("alice").quiet()
}

func TestBadFrames(t *testing.T) {
	w := newWorld(t, nil)
	header := func(b ...byte) func(c *client) { return func(c *client) { _, _ = c.Conn.Write(b) } }
	text := func(first byte, s string) func(c *client) { return func(c *client) { _ = c.write(first, []byte(s)) } }
	for name, do := range map[string]func(c *client){
		"invalid utf-8":        text(opText, "{\"seq\":1,\"action\":\"\xff\"}"),
		"8193 bytes":           text(opText, strings.Repeat(" ", 8193)),
		"announces 2^62 bytes": header(opText, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4),
		"announces 2^63 bytes": header(opText, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4),
		"announces 2^64-1":     header(opText, 0xff, 255, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3, 4),
		"ping of 2^63 bytes":   header(opPing, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4),
		"unmasked":             header(opText, 2, '{', '}'),
		"reserved bits":        text(0xf1, "{}"),
		"reserved opcode":      text(0x83, "{}"),
		"reserved control":     text(0x8b, ""),
		"long ping":            text(opPing, strings.Repeat("x", 126)),
		"fragmented ping":      text(0x09, "x"),
		"loose continuation":   text(0x80, "x"),
		"text within a fragmented text": func(c *client) {
			_ = c.write(0x01, []byte("{"))
			_ = c.write(opText, []byte("{}"))
		},
		"endless fragments": func(c *client) {
			_ = c.write(0x01, []byte("{"))
			for c.write(0x00, bytes.Repeat([]byte(" "), 4096)) == nil {
			}
		},
		"empty fragments without end": func(c *client) {
			_ = c.write(0x01, nil)
			many := bytes.Repeat([]byte{0x00, 0x80, 1, 2, 3, 4}, 1000)
			for range 10_000 {
				if _, err := c.Conn.Write(many); err != nil {
					break
				}
			}
		},
	} {
		c := w.connect("alice")
		upgrades := w.Stats.Live.Load()
		do(c)
		for {
			if _, err := c.next(); err != nil {
				if strings.Contains(err.Error(), "timeout") {
					t.Fatal(name, "left open")
				}
				break
			}
		}
		until(t, name, func() bool { return w.Stats.Live.Load() == upgrades-1 })
	}
	w.connect("alice").quiet()
}

func TestFlood(t *testing.T) {
	w := newWorld(t, nil)
	for name, flood := range map[string]func(c *client) error{
		"requests": func(c *client) error { return c.write(opText, []byte(`{"seq":1,"action":"presence"}`)) },
		"pings":    func(c *client) error { return c.write(opPing, nil) },
		"pongs":    func(c *client) error { return c.write(opPong, nil) },
	} {
		c := w.connect("alice")
		for range 300 {
			if flood(c) != nil {
				break
			}
		}
		c.closing(CodeFlood)
		_ = name
	}
}

// What a client pipelines right behind its upgrade request isn't lost.
func TestEarlyData(t *testing.T) {
	w := newWorld(t, nil)
	c := w.connect("warm-up")
	payload := []byte(`{"seq":1,"action":"authentication_challenge","data":{"token":"alice"}}`)
	head := append(appendHeader(nil, opText, len(payload)), 0, 0, 0, 0)
	head[1] |= 0x80
	conn := w.dialRaw("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" + string(head) + string(payload))
	if s := conn.reply(); s.SeqReply != 1 {
		t.Fatal(s.raw)
	}
	conn.hello()
	c.quiet()
}

// Frames of one channel come in the same order to everybody, however many
// publish at once, and nothing is lost while people come and go.
func TestOrder(t *testing.T) {
	w := newWorld(t, nil)
	const clients, publishers, each = 8, 4, 500
	got := make([][]string, clients)
	var wg sync.WaitGroup
	for i := range clients {
		user := fmt.Sprint("user", i)
		w.channels[user] = []string{ch}
	}
	var open []*client
	for i := range clients {
		open = append(open, w.connect(fmt.Sprint("user", i)))
	}
	for i, c := range open {
		wg.Go(func() {
			for len(got[i]) < publishers*each {
				s, err := c.next()
				if err != nil || s.Seq != int64(len(got[i])+1) {
					t.Error(err, s.raw)
					return
				}
				got[i] = append(got[i], fmt.Sprint(s.Data["p"], ":", s.Data["i"]))
			}
		})
	}
	for p := range publishers {
		wg.Go(func() {
			for i := range each {
				w.Publish(Event{Name: "n", Data: map[string]int{"p": p, "i": i}, To: Audience{ChannelID: ch}})
			}
		})
	}
	wg.Go(func() {
		for i := range 50 {
			user := fmt.Sprint("visitor", i)
			w.JoinedChannel(user, ch)
			c := w.connect(user)
			w.JoinedChannel(user, ch)
			w.LeftChannel(user, ch)
			c.Close()
			w.DropUser(user, "x")
		}
	})
	wg.Wait()
	last := map[string]int{}
	for i := range got {
		if !reflect.DeepEqual(got[i], got[0]) {
			t.Fatal("different orders")
		}
	}
	for _, s := range got[0] {
		var n int
		p, rest, _ := strings.Cut(s, ":")
		fmt.Sscan(rest, &n)
		if n != last[p] {
			t.Fatal("out of order", s, last[p])
		}
		last[p]++
	}
}

// Under TLS each write has a goroutine; numbers and order are the same.
func TestTLS(t *testing.T) {
	w := newWorld(t, nil)
	srv := httptest.NewTLSServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.Serve(rw, r, &Identity{UserID: "alice", SessionID: "s", MFAOK: true})
	}))
	defer srv.Close()
	conn, err := tls.Dial("tcp", srv.Listener.Addr().String(), &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	c := w.upgrade(conn, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	c.hello()
	for range 500 {
		w.Publish(Event{Name: "x", To: Audience{UserID: "alice"}})
	}
	for range 500 {
		c.event()
	}
	c.quiet()
	w.DropUser("alice", "deactivated")
	c.closing(CodeSessionEnded)
}

func FuzzDecode(f *testing.F) {
	f.Add(false, []byte(`{"seq":1,"action":"ping","data":{"a":[1,null]}}`))
	pack, _ := msgpack.Marshal(map[string]any{"seq": 1, "action": "x", "data": map[string]any{"f": 1.5, "b": []byte("x"), "n": -70000}})
	f.Add(true, pack)
	f.Add(true, []byte{0xdd, 0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, binary bool, raw []byte) {
		req, err := decodeRequest(binary, raw)
		if err != nil {
			return
		}
		if !json.Valid(req.Data) || req.Data[0] != '{' {
			t.Fatalf("data %q of %q", req.Data, raw)
		}
	})
}

// Whatever the transcoder accepts becomes JSON.
func FuzzMsgpack(f *testing.F) {
	for _, v := range []any{1, -1, 1 << 40, "x", []any{nil, true, 1.25}, map[string]any{"a": map[string]any{}}} {
		raw, _ := msgpack.Marshal(v)
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := msgpackToJSON(raw)
		if err != nil {
			return
		}
		if !json.Valid(got) {
			t.Fatalf("%x became %q", raw, got)
		}
	})
}
