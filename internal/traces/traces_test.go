package traces

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
)

// journal is a log that is read while it is written.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func (j *journal) log() *slog.Logger { return slog.New(slog.NewTextHandler(j, nil)) }

func TestOffUnlessAskedFor(t *testing.T) {
	const at = "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318"
	for _, environ := range [][]string{
		nil, {"OTEL_EXPORTER_OTLP_ENDPOINT="}, {"OTEL_SERVICE_NAME=chat"}, {at, "OTEL_SDK_DISABLED=true"}, {at, "OTEL_TRACES_EXPORTER=none"},
	} {
		if tr, err := Open(environ, "1", slog.Default()); tr != nil || err != nil {
			t.Errorf("%v: %v %v", environ, tr, err)
		}
	}
}

func TestWhatCannotBeFollowedIsSaid(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	const at = "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318"
	for _, environ := range [][]string{
		{"OTEL_EXPORTER_OTLP_ENDPOINT=collector:4317"}, {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://user:pass word@%zz"},
		{at, "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"}, {at, "OTEL_EXPORTER_OTLP_HEADERS=pass word"}, {at, "OTEL_EXPORTER_OTLP_HEADERS=a=%zz"},
		{at, "OTEL_TRACES_SAMPLER=sometimes"}, {at, "OTEL_TRACES_SAMPLER=traceidratio", "OTEL_TRACES_SAMPLER_ARG=2"},
		{at, "OTEL_TRACES_SAMPLER=traceidratio", "OTEL_TRACES_SAMPLER_ARG=NaN"}, {at, "OTEL_RESOURCE_ATTRIBUTES=x"},
		{at, "OTEL_EXPORTER_OTLP_TIMEOUT=soon"}, {at, "OTEL_EXPORTER_OTLP_CERTIFICATE=" + empty}, {at, "OTEL_EXPORTER_OTLP_CERTIFICATE=/nowhere"},
	} {
		tr, err := Open(environ, "1", slog.Default())
		if tr != nil || err == nil || !strings.Contains(err.Error(), "OTEL_") || strings.Contains(err.Error(), "pass word") {
			t.Errorf("%v: %v", environ, err)
		}
		if _, again := Check(t.Context(), environ); again == nil {
			t.Errorf("%v is fine for Check", environ)
		}
	}
}

func TestEndpoints(t *testing.T) {
	for line, want := range map[string]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318":                "http://c:4318/v1/traces",
		"OTEL_EXPORTER_OTLP_ENDPOINT=https://c/otlp/":              "https://c/otlp/v1/traces",
		"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c:4318":         "http://c:4318/",
		"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c:4318/v1/here": "http://c:4318/v1/here",
	} {
		to, err := read([]string{line}).endpoint()
		if err != nil || to.String() != want {
			t.Errorf("%s: %v %v", line, to, err)
		}
	}
}

func TestSamplers(t *testing.T) {
	for name, want := range map[string]string{
		"": "ParentBased{root:AlwaysOnSampler", "always_off": "AlwaysOffSampler", "traceidratio": "TraceIDRatioBased{0.25}",
		"parentbased_traceidratio": "ParentBased{root:TraceIDRatioBased{0.25}", "Always_On": "AlwaysOnSampler",
	} {
		s, err := variables{"OTEL_TRACES_SAMPLER": name, "OTEL_TRACES_SAMPLER_ARG": "0.25"}.sampler()
		if err != nil || !strings.HasPrefix(s.Description(), want) {
			t.Errorf("%s: %v %v", name, s, err)
		}
	}
}

// A server that tells nobody pays nothing for it, even when another in the
// same process does.
func TestOffCostsNothing(t *testing.T) {
	ctx := t.Context()
	r := httptest.NewRequest("GET", "/", nil)
	next := Transport(roundTrip(func(*http.Request) (*http.Response, error) { return nil, nil })) //nolint:bodyclose // there is none
	var none *Tracer
	work := func() {
		ctx, s := none.Request(ctx, r, "/x", "id", nil)
		inner, job := Start(ctx, "job")
		Statement(inner, "sqlite", "SELECT 1", time.Time{}, nil)
		Commit(inner, "sqlite", time.Time{}, nil)
		job.End(nil)
		_, _ = next.RoundTrip(r) //nolint:bodyclose // there is none
		if ID(inner) != "" {
			t.Error("a trace")
		}
		s.Answered(200, nil)
	}
	was := on.Swap(false)
	defer on.Store(was)
	if n := testing.AllocsPerRun(100, work); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestErrorsAreKinds(t *testing.T) {
	for want, err := range map[string]error{
		"canceled": context.Canceled, "timeout": context.DeadlineExceeded, "*errors.errorString": errors.New("pass word"),
		"23505": errors.Join(state("23505")),
	} {
		if got := kindOf(err); got != want {
			t.Errorf("%v: %s", err, got)
		}
	}
}

type state string

func (s state) Error() string    { return "Key (email)=(ann@example.com) already exists" }
func (s state) SQLState() string { return string(s) }

// A collector that is away, or takes what it is sent and says nothing, holds
// nobody up, and the log hears of it once.
func TestACollectorThatIsAwayOrHangs(t *testing.T) {
	release := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	defer hanging.Close()
	defer close(release)
	for name, at := range map[string]string{"away": "http://127.0.0.1:1", "hangs": hanging.URL} {
		t.Run(name, func(t *testing.T) {
			said := &journal{}
			tr, err := Open([]string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + at, "OTEL_EXPORTER_OTLP_TIMEOUT=50"}, "1", said.log())
			if err != nil {
				t.Fatal(err)
			}
			ctx, began := With(t.Context(), tr), time.Now()
			for range 20_000 { // many times what is held
				_, s := Start(ctx, "work")
				s.End(nil)
			}
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("20,000 steps took %v", took)
			}
			began = time.Now()
			tr.Close()
			if took := time.Since(began); took > closeTime+time.Second {
				t.Errorf("closing took %v", took)
			}
			if n := strings.Count(said.String(), "traces can't be delivered"); n != 1 {
				t.Errorf("said %d times: %s", n, said)
			}
		})
	}
}

func TestTheLogHearsWhenItGoesWellAgain(t *testing.T) {
	status := http.StatusServiceUnavailable
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	defer s.Close()
	said := &journal{}
	v := read([]string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + s.URL})
	to, err := v.endpoint()
	if err != nil {
		t.Fatal(err)
	}
	c, err := v.client(to, said.log())
	if err != nil {
		t.Fatal(err)
	}
	spans := []*tracepb.ResourceSpans{{ScopeSpans: []*tracepb.ScopeSpans{{Spans: []*tracepb.Span{{}, {}}}}}}
	for _, status = range []int{503, 503, 200, 302} {
		_ = c.UploadTraces(t.Context(), spans)
	}
	text := said.String()
	if strings.Count(text, "dropped") != 2 || !strings.Contains(text, "lost=4") || !strings.Contains(text, "503 Service Unavailable") {
		t.Error(text)
	}
}
