package golden

import (
	"context"
	"encoding/json"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
)

// listener is the HTTP server that webhooks, commands and actions of all scenarios call. The first
// part of a path is the scenario's word, the second what is called.
type listener struct {
	srv  *httptest.Server
	mu   sync.Mutex
	got  map[string][]any // word → calls, oldest first
	wake chan struct{}
}

func newListener() *listener {
	l := &listener{got: map[string][]any{}, wake: make(chan struct{})}
	l.srv = httptest.NewServer(l)
	return l
}

func (l *listener) close() { l.srv.Close() }

// answers are what the recorded scenarios' listeners gave, worked out from what came of them.
var answers = map[string]struct{ typ, body string }{
	"cmd":    {"application/json", `{"response_type":"in_channel","text":"rolled 6","username":"dice"}`},
	"quiet":  {"application/json", `{"response_type":"ephemeral","text":"only you","goto_location":"https://example.org"}`},
	"plain":  {"text/plain", "plain words"},
	"broken": {"application/json", `{"text":`},
	"empty":  {"text/plain", ""},
	"act":    {"application/json", `{"update":{"message":"approved","props":{}},"ephemeral_text":"thank you"}`},
	"pick":   {"application/json", `{}`},
	"out":    {"application/json", `{"text":"answer","username":"Robot"}`},
	"page": {"text/html", `<!doctype html><html><head><title>A title</title>` +
		`<meta property="og:type" content="article"><meta property="og:title" content="A title">` +
		`<meta property="og:description" content="Described"></head><body>page</body></html>`},
}

// ServeHTTP notes the call and gives the answer for its path.
func (l *listener) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(req.Body, 1<<20))
	word, what, _ := strings.Cut(strings.Trim(req.URL.Path, "/"), "/")
	if what != "page" && what != "cb" {
		l.note(word, call(req, body))
	}
	a, ok := answers[what]
	if !ok {
		http.NotFound(w, req)
		return
	}
	w.Header().Set("Content-Type", a.typ)
	_, _ = io.WriteString(w, a.body)
}

func (l *listener) note(word string, c any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.got[word] = append(l.got[word], c)
	close(l.wake)
	l.wake = make(chan struct{})
}

// next takes the oldest call of a scenario, waiting for one.
func (l *listener) next(ctx context.Context, word string) (any, bool) {
	for {
		l.mu.Lock()
		if q := l.got[word]; len(q) > 0 {
			l.got[word] = q[1:]
			l.mu.Unlock()
			return q[0], true
		}
		wake := l.wake
		l.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil, false
		case <-wake:
		}
	}
}

// call shows a request as the recording does.
func call(req *http.Request, body []byte) any {
	typ, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	scheme, _, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	out := map[string]any{
		"method": req.Method, "content_type": typ, "authorization": scheme,
		"query": lists(req.URL.Query()), "body": nil,
	}
	switch {
	case len(body) == 0:
	case typ == "application/x-www-form-urlencoded":
		form, _ := url.ParseQuery(string(body))
		m := map[string]any{}
		for k, v := range form {
			m[k] = v[0]
		}
		out["body"] = m
	default:
		v, err := decodeWhole(body)
		if err != nil {
			v = string(body)
		}
		out["body"] = v
	}
	return out
}

func lists(v url.Values) map[string]any {
	out := map[string]any{}
	for k, l := range v {
		var x []any
		for _, s := range l {
			x = append(x, s)
		}
		out[k] = x
	}
	return out
}

// address gives the listener's URL and host for the placeholders.
func (l *listener) address() (string, string) {
	return l.srv.URL, strings.TrimPrefix(l.srv.URL, "http://")
}

// port gives the port of an address as text.
func port(a net.Addr) string {
	_, p, _ := net.SplitHostPort(a.String())
	return p
}

// asText turns decoded JSON back to text.
func asText(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}
