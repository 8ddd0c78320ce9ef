package server_test

import (
	"bytes"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/server"
	"github.com/parley-chat/parley/internal/testkit"
)

// collector takes what a server tells, as a collector of OpenTelemetry does.
type collector struct {
	*httptest.Server
	mu       sync.Mutex
	spans    []*tracepb.Span
	resource []*commonpb.KeyValue
	refused  []string
	raw      bytes.Buffer
}

func newCollector(t *testing.T) *collector {
	c := &collector{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var data tracepb.TracesData
		c.mu.Lock()
		defer c.mu.Unlock()
		if r.URL.Path != "/v1/traces" || r.Header.Get("X-Key") != "pass word" || r.Header.Get("Content-Type") != "application/x-protobuf" {
			c.refused = append(c.refused, r.URL.Path+" "+r.Header.Get("X-Key"))
		}
		if err := proto.Unmarshal(body, &data); err != nil {
			c.refused = append(c.refused, err.Error())
		}
		c.raw.Write(body)
		for _, one := range data.ResourceSpans {
			c.resource = one.Resource.Attributes
			for _, scope := range one.ScopeSpans {
				c.spans = append(c.spans, scope.Spans...)
			}
		}
	}))
	t.Cleanup(c.Close)
	return c
}

// with returns the spans of a name, those of a trace alone unless that is nil.
func (c *collector) with(name string, trace []byte) (list []*tracepb.Span) {
	for _, s := range c.spans {
		if s.Name == name && (trace == nil || bytes.Equal(s.TraceId, trace)) {
			list = append(list, s)
		}
	}
	return list
}

// inserts returns the spans that write posts.
func (c *collector) inserts(trace []byte) (list []*tracepb.Span) {
	for _, s := range c.spans {
		if text := attribute(s.Attributes, "db.query.text"); bytes.Equal(s.TraceId, trace) && strings.Contains(text, "INSERT INTO posts (") && strings.Contains(text, "$2") {
			list = append(list, s)
		}
	}
	return list
}

func attribute(list []*commonpb.KeyValue, key string) string {
	for _, a := range list {
		if a.Key == key {
			if n, ok := a.Value.Value.(*commonpb.AnyValue_IntValue); ok {
				return strconv.FormatInt(n.IntValue, 10)
			}
			return a.Value.GetStringValue()
		}
	}
	return ""
}

// A message that is posted is a tree of spans: its request, the statements and
// the commit below it; the call to an integration is a tree of its own. None
// says what was written, by whom, with which secrets.
func TestAPostedMessageIsATreeOfSpans(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			c, log := newCollector(t), &logText{}
			heard := make(chan http.Header, 8)
			hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				heard <- r.Header
				_, _ = io.WriteString(w, `{"text":"zebracrossing"}`)
			}))
			t.Cleanup(hook.Close)
			s := testkit.Start(t, engine, func(o *server.Options) {
				o.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			}, testkit.Env("OTEL_EXPORTER_OTLP_ENDPOINT="+c.URL, "OTEL_EXPORTER_OTLP_HEADERS=x-key=pass%20word", "OTEL_SERVICE_NAME=chat",
				"OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=test,service.name=other",
				"MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS=127.0.0.1", "MM_SERVICESETTINGS_TRUSTEDPROXYIPHEADER=X-Forwarded-For"))
			ann := s.User("ann")
			team := s.Team(ann)
			room := s.Channel(ann, team)
			s.Admin.POST("/hooks/outgoing", map[string]any{"team_id": team.ID, "trigger_words": []string{"hippopotamus"},
				"callback_urls": []string{hook.URL + "/giraffe"}, "display_name": "walrus"}).Want(t, 201)
			message := map[string]string{"channel_id": room.ID, "message": "hippopotamus"}
			const trace, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
			proxied := ann.Do("POST", "/posts", message, "traceparent", "00-"+trace+"-"+parent+"-01", "X-Forwarded-For", "192.0.2.7",
				"User-Agent", "Mozilla/5.0 okapi").Want(t, 201)
			if h := <-heard; h.Get("traceparent") != "" || h.Get("tracestate") != "" {
				t.Error("an integration was told of the trace")
			}
			testkit.Eventually(t, "the answer", func() bool {
				return bytes.Contains(ann.GET("/channels/"+room.ID+"/posts").Body, []byte("zebracrossing"))
			})
			ann.Do("GET", "/users/me", nil, "traceparent", "00-1"+trace[1:]+"-"+parent+"-01").Want(t, 200)
			ann.GET("/flamingo/"+ann.ID).Want(t, 404)
			ann.Upload(room, "ocelot.txt", []byte("porcupine"))
			s.Nobody().POST("/users/login", map[string]string{"login_id": ann.Username, "password": "rhinoceros"}).Want(t, 401)
			ann.PUT("/users/me/patch", map[string]string{"email": s.Admin.Username + "@example.com"}).Want(t, 400)
			s.Stop()

			for _, problem := range c.refused {
				t.Error(problem)
			}
			if got := attribute(c.resource, "service.name") + " " + attribute(c.resource, "deployment.environment.name"); got != "chat test" {
				t.Error(got)
			}
			theTree(t, c, engine, trace, parent, proxied.Header.Get("X-Request-Id"))
			if c.with("GET /api/v4/users/{user_id}", []byte("\x1a\xf7\x65\x19\x16\xcd\x43\xdd\x84\x48\xeb\x21\x1c\x80\x31\x9c")) != nil {
				t.Error("a stranger names the trace")
			}
			for _, secret := range []string{"hippopotamus", "zebracrossing", "giraffe", "walrus", "okapi", "flamingo", "ocelot", "porcupine", "rhinoceros", "pass word",
				"192.0.2.7", testkit.Password, "example.com", ann.Username, ann.ID, ann.Token, room.ID, team.ID} {
				if bytes.Contains(c.raw.Bytes(), []byte(secret)) {
					t.Errorf("the collector is told %q", secret)
				}
			}
			if text := log.String(); !strings.Contains(text, "trace_id=") {
				t.Error("the log names no trace")
			}
		})
	}
}

func theTree(t *testing.T, c *collector, engine dbtest.Engine, trace, parent, requestID string) {
	t.Helper()
	var root *tracepb.Span
	for _, s := range c.with("POST /api/v4/posts", nil) {
		if hex.EncodeToString(s.TraceId) == trace {
			root = s
		}
	}
	if root == nil {
		t.Fatal("the proxy's trace is not gone on with")
	}
	system := map[dbtest.Engine]string{dbtest.SQLite: "sqlite", dbtest.Postgres: "postgresql"}[engine]
	for key, want := range map[string]string{"http.request.method": "POST", "http.route": "/api/v4/posts", "http.response.status_code": "201",
		"user_agent.name": "browser", "parley.request_id": requestID} {
		if got := attribute(root.Attributes, key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
	if hex.EncodeToString(root.ParentSpanId) != parent || root.Kind != tracepb.Span_SPAN_KIND_SERVER {
		t.Errorf("%v", root)
	}
	save := c.with("posts.save", root.TraceId)
	if len(save) != 1 || !bytes.Equal(save[0].ParentSpanId, root.SpanId) {
		t.Fatalf("%v", save)
	}
	for what, list := range map[string][]*tracepb.Span{"insert": c.inserts(root.TraceId), "commit": c.with("commit", root.TraceId)} {
		if len(list) == 0 || !bytes.Equal(list[0].ParentSpanId, save[0].SpanId) || attribute(list[0].Attributes, "db.system.name") != system ||
			list[0].StartTimeUnixNano < root.StartTimeUnixNano || list[0].EndTimeUnixNano > root.EndTimeUnixNano {
			t.Errorf("%s: %v", what, list)
		}
	}
	told := c.with("delivery outgoing_webhook", nil)
	if len(told) != 1 || len(told[0].ParentSpanId) != 0 {
		t.Fatalf("%v", told)
	}
	calls := c.with("POST", told[0].TraceId)
	if len(calls) != 1 || !bytes.Equal(calls[0].ParentSpanId, told[0].SpanId) || attribute(calls[0].Attributes, "server.address") != "127.0.0.1" {
		t.Errorf("%v", calls)
	}
	if answers := c.inserts(told[0].TraceId); len(answers) != 1 {
		t.Errorf("%v", answers)
	}
	for _, s := range c.spans {
		if strings.HasPrefix(s.Name, "job ") && len(s.ParentSpanId) == 0 {
			return
		}
	}
	t.Error("no job is told")
}

// A server whose variables can't be followed runs all the same, and says why it tells nothing.
func TestTracesThatCannotBeToldKeepNobodyOut(t *testing.T) {
	log := &logText{}
	s := testkit.Start(t, dbtest.SQLite, func(o *server.Options) { o.Log = slog.New(slog.NewTextHandler(log, nil)) },
		testkit.Env("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"))
	s.Admin.GET("/users/me").Want(t, 200)
	if !strings.Contains(log.String(), "only http/protobuf is spoken") {
		t.Error(log.String())
	}
}

// logText is a log that is read while it is written.
type logText struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
