package golden

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lxzan/gws"
)

// fake answers the requests of one scenario, in order, with what was recorded, rendered with fresh
// ids. It takes over the ids that the replayer makes up.
type fake struct {
	gws.BuiltinEventHandler
	t      *testing.T
	sc     Scenario
	srv    *httptest.Server
	bench  *Bench
	mu     sync.Mutex
	b      *binder
	next   int
	socks  map[string]*gws.Conn
	word   string
	spoil  func(st *Step, body any) any                 // changes an answer before it is sent
	meddle func(st *Step, actor string, ev []any) []any // changes events before they are sent
}

func newFake(t *testing.T, sc Scenario) *fake {
	f := &fake{t: t, sc: sc, socks: map[string]*gws.Conn{}}
	f.srv = httptest.NewServer(f)
	t.Cleanup(f.srv.Close)
	return f
}

// replay runs the scenario against the fake.
func (f *fake) replay() Report {
	f.t.Helper()
	b, err := Open(f.t.Context(), Target{BaseURL: f.srv.URL, AdminToken: "admintokenadmintokenadmint", Patience: 300 * time.Millisecond})
	if err != nil {
		f.t.Fatal(err)
	}
	defer b.Close()
	f.mu.Lock()
	f.bench = b
	f.b = newBinder("wordwordw", b.words)
	delete(f.b.words, "<r>")
	_ = f.b.bind("id#1", b.adminID)
	f.mu.Unlock()
	return b.Replay(f.t.Context(), f.sc)
}

func (f *fake) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.Header.Get("Upgrade") != "" {
		f.upgrade(w, req)
		return
	}
	body, _ := io.ReadAll(req.Body)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.b == nil {
		f.prepared(w, req)
		return
	}
	st := f.advance(func(s *Step) bool { return s.Response != nil })
	if st == nil {
		f.t.Errorf("no step left for %s %s", req.Method, req.URL)
		return
	}
	f.take(st, req, body)
	f.answer(w, st)
	if c := f.socks["token-bob"]; c != nil && dig(st.Request.Body, "message") == "while connected" {
		_ = c.WriteMessage(gws.OpcodeText, []byte(`{"event":"posted","seq":1,"data":{"post":"{}"},"broadcast":{}}`))
	}
	f.emit()
}

// prepared answers what Open asks.
func (f *fake) prepared(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if req.URL.Path == "/api/v4/users/me" {
		_, _ = io.WriteString(w, `{"id":"adminadminadminadminadmina","username":"probeadmin","email":"probeadmin@example.com"}`)
		return
	}
	_, _ = io.WriteString(w, `{}`)
}

// advance gives the next step of a kind and remembers it.
func (f *fake) advance(want func(*Step) bool) *Step {
	for ; f.next < len(f.sc.Steps); f.next++ {
		if st := &f.sc.Steps[f.next]; want(st) {
			f.next++
			return st
		}
	}
	return nil
}

// take learns the scenario's word and the ids that the replayer made up.
func (f *fake) take(st *Step, req *http.Request, body []byte) {
	if f.word == "" {
		if m := regexp.MustCompile(`"username":"[a-z]+?([a-z]{9})"`).FindSubmatch(body); m != nil {
			f.word = string(m[1])
			f.b.words["<r>"], f.b.words["<R>"] = f.word, strings.ToUpper(f.word)
		}
	}
	want := st.Request.Path
	if err := f.b.match(want, req.URL.RequestURI()); err != nil && f.b.known(want) != want {
		if u := req.URL.Path; f.b.match(want, u) != nil && !strings.Contains(want, "<ms>") {
			f.t.Errorf("%s %q: path %s: %v", f.sc.Name, st.Name, req.URL.RequestURI(), err)
		}
	}
	for k, v := range st.Request.Headers {
		if strings.Contains(v, "id#") {
			if err := f.b.match(v, req.Header.Get(k)); err != nil {
				f.t.Errorf("%s %q: header %s: %v got %s", f.sc.Name, st.Name, k, err, req.Header.Get(k))
			}
		}
	}
	if v, err := decodeWhole(body); err == nil && st.Request.HasBody && dig(st.Request.Body, "<raw>") == nil {
		c := newComparer(f.b, &Step{})
		c.compare(st.Request.Body, v, nil)
		for _, d := range c.diffs {
			f.t.Errorf("%s %q: request %s", f.sc.Name, st.Name, d)
		}
	}
}

// answer renders the recorded answer.
func (f *fake) answer(w http.ResponseWriter, st *Step) {
	h := w.Header()
	h.Set("X-Request-Id", "x")
	for k, v := range st.Response.Headers {
		switch {
		case k == "Set-Cookie":
			for _, c := range strings.Split(v, " | ") {
				if c != "" {
					h.Add(k, strings.Replace(strings.Replace(c, ";", "=x;", 1), "expired", "Max-Age=0", 1))
				}
			}
		case v == "<absent>":
		default:
			h.Set(k, strings.Trim(f.text(v), "<>"))
		}
	}
	body := f.whole(st, f.render(st.Response.Body))
	if f.spoil != nil {
		body = f.spoil(st, body)
	}
	if st.Request.Path == "/api/v4/users/login" && st.Response.Status == 200 {
		h.Set("Token", "token-"+st.Actor)
		if st.Request.Headers["X-Requested-With"] != "" && st.Kind == "setup" {
			h.Add("Set-Cookie", "MMAUTHTOKEN="+randomID())
			h.Add("Set-Cookie", "MMCSRF="+randomID())
		}
	}
	if st.Kind == "setup" {
		f.secrets(st, body)
	}
	if strings.HasPrefix(st.Request.Path, "/api/v4/files") && h.Get("Content-Type") == "" {
		h.Set("Content-Type", "application/json")
	}
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "application/json")
	}
	w.WriteHeader(st.Response.Status)
	if !st.Response.HasBody || st.Response.Status == 304 {
		return
	}
	if s, ok := st.Response.Body.(string); ok {
		_, _ = w.Write(f.bytes(s, h))
		return
	}
	_ = json.NewEncoder(w).Encode(body)
}

// whole adds to an answer what later values are worked out of.
func (f *fake) whole(st *Step, body any) any {
	m, ok := body.(map[string]any)
	if !ok {
		return body
	}
	value := func(step string) any {
		for i := range f.sc.Steps {
			if f.sc.Steps[i].Name == step {
				return f.sc.Steps[i].Value
			}
		}
		return nil
	}
	switch {
	case strings.HasPrefix(f.sc.Name, "roles/permissions-"):
		m["built_in"], m["scheme_managed"], m["permissions"] = value("built in"), value("scheme managed"), value("permissions")
	case f.sc.Name == "errors/locale":
		m["message"] = "in " + st.Request.Headers["Accept-Language"][:2]
	case f.sc.Name == "oauth/code-flow" && st.Name == "authorize":
		m["redirect"] = f.b.known("<listener>/<r>/cb") + "?code=c0de&state=st"
	case f.sc.Name == "oauth/code-flow" && m["refresh_token"] != nil:
		m["refresh_token"], m["access_token"] = randomID(), randomID()
	}
	return m
}

// resumed plays the part of a server that keeps what a dropped connection missed.
func (f *fake) resumed(c *gws.Conn, query string) {
	if query != "" {
		if query != "connection_id=c&sequence_number=2" {
			f.t.Errorf("resumed with %s", query)
		}
		_ = c.WriteMessage(gws.OpcodeText, []byte(`{"event":"posted","seq":2,"data":{"post":"{\"message\":\"while away\"}"},"broadcast":{}}`))
	}
}

// secrets adds what setup answers hold beyond what the recording keeps.
func (f *fake) secrets(st *Step, body any) {
	m, ok := body.(map[string]any)
	if !ok {
		return
	}
	switch {
	case st.Request.Path == "/api/v4/files":
		m["file_infos"] = []any{map[string]any{"id": randomID()}}
	case st.Request.Path == "/api/v4/oauth/apps":
		m["client_secret"] = randomID()
	default:
		m["create_at"] = time.Now().UnixMilli()
	}
}

// bytes gives a body that the recording shows as text.
func (f *fake) bytes(s string, h http.Header) []byte {
	if m := imageRE.FindStringSubmatch(s); m != nil {
		b, _ := picture(m[1], m[2], m[3])
		return b
	}
	switch s {
	case "<html>":
		return []byte("<!doctype html><html></html>")
	case "<10 bytes>":
		return []byte("0123456789")
	case "<any array>":
		return []byte("[]")
	case "<any string>":
		if h.Get("Content-Type") == "application/json" {
			return []byte(`"x"`)
		}
	}
	return []byte(f.text(s))
}

// render puts values in the place of placeholders.
func (f *fake) render(g any) any {
	switch g := g.(type) {
	case map[string]any:
		if inner, ok := g["<json>"]; ok && len(g) == 1 {
			b, _ := json.Marshal(f.render(inner))
			return string(b)
		}
		out := map[string]any{}
		for k, v := range g {
			out[f.text(k)] = f.render(v)
		}
		return out
	case []any:
		out := []any{}
		for _, v := range g {
			out = append(out, f.render(v))
		}
		return out
	case string:
		switch g {
		case "<ms>":
			return time.Now().UnixMilli()
		case "<minus ms>":
			return -time.Now().UnixMilli()
		case "<any number>":
			return 7
		case "<any bool>":
			return true
		case "<any array>":
			return []any{}
		}
		return f.text(g)
	}
	return g
}

// text renders a string, making up ids that have not come yet.
func (f *fake) text(s string) string {
	switch s {
	case "<any string>", "<text>":
		return "words"
	case "<id>":
		return randomID()
	}
	for _, m := range markRE.FindAllString(s, -1) {
		if _, ok := f.b.ids[m]; !ok {
			_ = f.b.bind(m, randomID())
		}
	}
	return f.b.known(s)
}

// emit does what comes before the next request: events and calls to the listener.
func (f *fake) emit() {
	for ; f.next < len(f.sc.Steps); f.next++ {
		st := &f.sc.Steps[f.next]
		switch {
		case st.Kind == "events":
			for actor, list := range st.Events {
				out, _ := f.render(list).([]any)
				if f.meddle != nil {
					out = f.meddle(st, actor, out)
				}
				for i, e := range out {
					b, _ := json.Marshal(e)
					if c := f.socks["token-"+actor]; c != nil {
						_ = c.WriteMessage(gws.OpcodeText, b)
					} else {
						f.t.Errorf("%s %q: %s has no websocket for event %d", f.sc.Name, st.Name, actor, i)
					}
				}
			}
		case st.Kind == "inbound" && dig(st.Value, "mail_to") != nil:
			f.bench.sink.keep(letter{to: []string{f.text(dig(st.Value, "mail_to").(string))}, text: "x?token=" + strings.Repeat("k", 64)})
		case st.Kind == "inbound":
			b, _ := json.Marshal(f.render(st.Value))
			v, _ := decodeWhole(b)
			f.bench.listener.note(f.word, v)
		case st.Request != nil:
			return
		}
	}
}

// me is the user of a websocket, who is the scenario's first.
func (f *fake) me() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.text("id#2")
}

func (f *fake) upgrade(w http.ResponseWriter, req *http.Request) {
	up := gws.NewUpgrader(f, &gws.ServerOption{})
	c, err := up.Upgrade(w, req)
	if err != nil {
		f.t.Error(err)
		return
	}
	f.mu.Lock()
	f.socks[strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer ")] = c
	f.mu.Unlock()
	f.mu.Lock()
	f.resumed(c, req.URL.RawQuery)
	f.mu.Unlock()
	if req.Header.Get("Authorization")+req.Header.Get("Cookie") != "" && req.URL.RawQuery == "" {
		hello := `{"event":"hello","seq":0,"data":{"connection_id":"c","server_version":"v","server_hostname":"h"},"broadcast":` +
			`{"user_id":"` + f.me() + `","omit_users":null,"channel_id":"","team_id":"","connection_id":"","omit_connection_id":""}}`
		_ = c.WriteMessage(gws.OpcodeText, []byte(hello))
	}
	go c.ReadLoop()
}

// OnMessage answers pings and the recorded actions.
func (f *fake) OnMessage(c *gws.Conn, m *gws.Message) {
	defer func() { _ = m.Close() }()
	f.mu.Lock()
	defer f.mu.Unlock()
	v, _ := decodeWhole(m.Bytes())
	reply := map[string]any{"status": "OK", "seq_reply": dig(v, "seq")}
	action, _ := dig(v, "action").(string)
	acts := f.next < len(f.sc.Steps) && f.sc.Steps[f.next].Request != nil && f.sc.Steps[f.next].Request.Path == action
	if acts {
		st := &f.sc.Steps[f.next]
		f.next++
		reply, _ = f.render(st.Value).(map[string]any)
		reply["seq_reply"] = dig(v, "seq")
		c2 := newComparer(f.b, &Step{})
		c2.compare(st.Request.Body, dig(v, "data"), nil)
	}
	b, _ := json.Marshal(reply)
	_ = c.WriteMessage(gws.OpcodeText, b)
	if acts {
		if action == "authentication_challenge" {
			b, _ := json.Marshal(f.render(f.sc.Steps[f.next].Value))
			_ = c.WriteMessage(gws.OpcodeText, b)
		}
		f.emit()
	}
}
