package api

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"html"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
)

// Meta is what is known of a request besides its content.
type Meta struct {
	RequestID, IP, UserAgent, Locale string
	Start                            time.Time
}

type metaKey struct{}

// MetaOf returns the Meta of the request that ctx belongs to; an empty one
// outside of a request.
func MetaOf(ctx context.Context) *Meta {
	if m, ok := ctx.Value(metaKey{}).(*Meta); ok {
		return m
	}
	return &Meta{}
}

// WithMeta returns a context that carries m, for work that isn't a request.
func WithMeta(ctx context.Context, m *Meta) context.Context {
	return context.WithValue(ctx, metaKey{}, m)
}

// recorder notes the status that a handler wrote.
type recorder struct {
	http.ResponseWriter
	status int
	page   bool // what is refused is told on a page
	also   Also // and more than every refusal says; nil for nothing
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(p)
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Hijack lets the websocket take the connection over.
func (r *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	r.status = http.StatusSwitchingProtocols
	return http.NewResponseController(r.ResponseWriter).Hijack()
}

// run serves one request: the one place that logs, counts and writes errors.
func (t *table[V]) run(w http.ResponseWriter, r *http.Request, route string, serve func(http.ResponseWriter, *http.Request) error) {
	m := &Meta{RequestID: id.New(), IP: t.ClientIP(r), UserAgent: r.UserAgent(), Start: time.Now(),
		Locale: t.Locale(r.Header.Get("Accept-Language"))}
	rec := &recorder{ResponseWriter: w}
	h := w.Header()
	h["X-Request-Id"] = []string{m.RequestID}
	h["X-Version-Id"] = []string{t.Version()}
	h["X-Content-Type-Options"] = noSniff
	h["Referrer-Policy"] = noReferrer
	if r.Method == http.MethodGet {
		h["Expires"] = expired
	}
	ctx, span := t.Tracer.Request(context.WithValue(r.Context(), metaKey{}, m), r, route, m.RequestID, t.Trusted)
	r = r.WithContext(ctx)
	var err error
	defer func() {
		defer func() { span.Answered(rec.status, nil) }()
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			t.Log.ErrorContext(ctx, "panic", "request_id", m.RequestID, "route", route, "panic", p, "stack", string(debug.Stack()))
			err = fault.Internal("api.unexpected.app_error", nil)
		}
		if err != nil {
			t.fail(rec, r, m, err)
		}
		if t.Observe != nil {
			t.Observe(route, r.Method, rec.status, time.Since(m.Start))
		}
	}()
	err = serve(rec, r)
}

var (
	noSniff    = []string{"nosniff"}
	noReferrer = []string{"no-referrer"}
	expired    = []string{"0"}
)

// wireError is the shape of every refusal.
type wireError struct {
	ID        string `json:"id"`
	Message   string `json:"message"`
	Detail    string `json:"detailed_error"`
	RequestID string `json:"request_id"`
	Status    int    `json:"status_code"`
}

func (t *table[V]) fail(w *recorder, r *http.Request, m *Meta, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		w.status = 499 // the client left; nobody reads an answer
		return
	}
	e := fault.As(err)
	if status := e.Status(); status >= 500 && e.Kind == fault.KindInternal {
		t.Log.ErrorContext(r.Context(), "request failed", "request_id", m.RequestID, "method", r.Method, "path", r.URL.Path, "error", e)
	} else {
		t.Log.DebugContext(r.Context(), "request refused", "request_id", m.RequestID, "method", r.Method, "path", r.URL.Path, "status", status, "error", e)
	}
	if w.status != 0 {
		return // the answer had begun
	}
	w.Header().Del("Etag")
	text := t.Message(m.Locale, e.ID, e.Params)
	if w.page {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; style-src 'unsafe-inline'")
		writeBytes(w, r, e.Status(), "text/html; charset=utf-8", refusalPage(m, text))
		return
	}
	body, _ := json.Marshal(wireError{ID: e.ID, Message: text, Detail: e.Detail, RequestID: m.RequestID, Status: e.Status()})
	if w.also != nil {
		body = w.extended(r, e, body)
	}
	writeBytes(w, r, e.Status(), "application/json", body)
}

// extended adds what the route has to say to the body of a refusal.
func (r *recorder) extended(req *http.Request, e *fault.Error, body []byte) []byte {
	header, fields := r.also(req, e)
	for k, v := range header {
		r.Header()[k] = v
	}
	more, err := json.Marshal(fields)
	if err != nil || len(fields) == 0 {
		return body
	}
	return append(append(body[:len(body)-1], ','), more[1:]...)
}

// refusalPage tells a person in a browser what was wrong.
func refusalPage(m *Meta, text string) []byte {
	return []byte(`<!doctype html><html lang="` + html.EscapeString(m.Locale) + `"><meta charset="utf-8">` +
		`<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><title>` +
		html.EscapeString(text) + `</title><body style="font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem"><h1 style="font-size:1.25rem">` +
		html.EscapeString(text) + `</h1><p><code>` + m.RequestID + `</code></p></body></html>`)
}

// Fail writes err in the shape of every refusal, for handlers outside the table.
func (r *Router[V]) Fail(w http.ResponseWriter, req *http.Request, err error) {
	r.run(w, req, "other", func(http.ResponseWriter, *http.Request) error { return err })
}
