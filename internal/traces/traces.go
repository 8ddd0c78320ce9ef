// Package traces tells a collector of OpenTelemetry what a request did: its
// statements, its calls to the outside, and how long each took.
//
// It is off until the standard variables name an endpoint (settings.go). Then
// requests, jobs and deliveries are roots, and what happens in their context
// hangs below. A span says kinds, names from the code and numbers. What people
// wrote, who they are, the values of a statement, addresses below their host
// and the texts of errors, which may quote all of these, stay out.
//
// While it is off nothing is allocated and no context is searched. Nothing
// waits for the collector: what it doesn't take in time is dropped.
package traces

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// on is set by the first Open that finds an endpoint, so that a server without
// one doesn't look for a tracer in every context.
var on atomic.Bool

// Tracer makes the spans of one server. A nil one makes none.
type Tracer struct {
	tracer   trace.Tracer
	provider *sdk.TracerProvider
	client   *client
}

type tracerKey struct{}

// With returns a context whose work is traced by t.
func With(ctx context.Context, t *Tracer) context.Context {
	if t == nil {
		return ctx
	}
	return context.WithValue(ctx, tracerKey{}, t)
}

func of(ctx context.Context) *Tracer {
	if !on.Load() {
		return nil
	}
	t, _ := ctx.Value(tracerKey{}).(*Tracer)
	return t
}

// Span is something that takes time. The zero Span is told to nobody.
type Span struct{ span trace.Span }

// Start begins a step of ctx's own span, or a trace where there is none. The
// returned context's work hangs below it; End it.
func Start(ctx context.Context, name string) (context.Context, Span) {
	return start(ctx, name, trace.SpanKindInternal)
}

func start(ctx context.Context, name string, kind trace.SpanKind) (context.Context, Span) {
	t := of(ctx)
	if t == nil {
		return ctx, Span{}
	}
	ctx, s := t.tracer.Start(ctx, name, trace.WithSpanKind(kind))
	return ctx, Span{s}
}

// Outside begins a call to another machine, whose name is host.
func Outside(ctx context.Context, name, host string) (context.Context, Span) {
	ctx, s := start(ctx, name, trace.SpanKindClient)
	s.String("server.address", host)
	return ctx, s
}

// String adds a fact. It must be a word of the code's own, or a number's text.
func (s Span) String(key, value string) {
	if s.span != nil {
		s.span.SetAttributes(attribute.String(key, value))
	}
}

// End ends the span. Of an error it tells the kind, never the text.
func (s Span) End(err error) {
	if s.span == nil {
		return
	}
	s.fail(err)
	s.span.End()
}

func (s Span) fail(err error) {
	if err != nil {
		s.span.SetAttributes(attribute.String("error.type", kindOf(err)))
		s.span.SetStatus(codes.Error, "")
	}
}

// kindOf names the kind of an error: SQLSTATE where it has one, else the type of its cause.
func kindOf(err error) string {
	var state interface{ SQLState() string }
	switch {
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.As(err, &state):
		return state.SQLState()
	}
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return fmt.Sprintf("%T", err)
}

// ID is the number of the trace that ctx belongs to, "" for none.
func ID(ctx context.Context) string {
	if !on.Load() {
		return ""
	}
	if s := trace.SpanContextFromContext(ctx); s.IsValid() {
		return s.TraceID().String()
	}
	return ""
}

// Request begins the span of a request to a route, which is its pattern. Of one
// that is trusted it goes on the trace that the headers name; nil trusts none.
func (t *Tracer) Request(ctx context.Context, r *http.Request, route, requestID string, trusted func(*http.Request) bool) (context.Context, Span) {
	if t == nil {
		return ctx, Span{}
	}
	if trusted != nil && trusted(r) && !trace.SpanContextFromContext(ctx).IsValid() {
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(r.Header))
	}
	verb := method(r.Method)
	ctx, s := t.tracer.Start(With(ctx, t), verb+" "+route, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
		attribute.String("http.request.method", verb), attribute.String("http.route", route),
		attribute.String("user_agent.name", agent(r.UserAgent())), attribute.String("parley.request_id", requestID)))
	return ctx, Span{s}
}

// Answered ends the span of a request or of a call over HTTP.
func (s Span) Answered(status int, err error) {
	if s.span == nil {
		return
	}
	if status != 0 {
		s.span.SetAttributes(attribute.Int("http.response.status_code", status))
	}
	if status >= 500 {
		s.span.SetStatus(codes.Error, "")
	}
	s.End(err)
}

// Statement tells of a statement that has ended, below ctx's span. What runs
// outside of one is not told: looking whether there is work is no work.
func Statement(ctx context.Context, engine, query string, began time.Time, err error) {
	if t := of(ctx); t != nil && trace.SpanFromContext(ctx).IsRecording() {
		s := t.since(ctx, StatementName(query), engine, began)
		s.String("db.query.text", bare(query))
		s.End(err)
	}
}

// Commit tells of the end of a transaction, below ctx's span: from when its
// function was through until it was durable.
func Commit(ctx context.Context, engine string, began time.Time, err error) {
	if t := of(ctx); t != nil && trace.SpanFromContext(ctx).IsRecording() {
		t.since(ctx, "commit", engine, began).End(err)
	}
}

func (t *Tracer) since(ctx context.Context, name, engine string, began time.Time) Span {
	_, s := t.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient), trace.WithTimestamp(began),
		trace.WithAttributes(attribute.String("db.system.name", engine)))
	return Span{s}
}

// transport makes a span of each request that goes through it.
type transport struct{ next http.RoundTripper }

// Transport returns next with a span for each request, until the head of its
// answer is there. It adds nothing to the request: whom the server calls learns
// nothing of its traces.
func Transport(next http.RoundTripper) http.RoundTripper { return transport{next} }

// RoundTrip is what http.RoundTripper asks for.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if !on.Load() {
		return t.next.RoundTrip(r)
	}
	verb := method(r.Method)
	ctx, s := Outside(r.Context(), verb, r.URL.Hostname())
	s.String("http.request.method", verb)
	resp, err := t.next.RoundTrip(r.WithContext(ctx))
	if err != nil {
		s.Answered(0, err)
		return resp, err
	}
	s.Answered(resp.StatusCode, nil)
	return resp, nil
}

// CloseIdleConnections is what http.Client asks its transport for.
func (t transport) CloseIdleConnections() {
	if c, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}
