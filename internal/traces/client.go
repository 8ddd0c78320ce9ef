package traces

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"sync"
	"time"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// client posts spans to a collector by OTLP over HTTP, in its binary form. The
// SDK's own client would bring gRPC along, some six megabytes that nobody uses.
type client struct {
	url     string
	host    string
	headers map[string]string
	gzip    bool
	http    *http.Client
	log     *slog.Logger
	stopped context.Context
	stop    context.CancelFunc

	mu   sync.Mutex
	lost int // spans since the collector was last heard
}

// sendTime is how long a collector has for its answer, unless OTEL_EXPORTER_OTLP_TIMEOUT says it.
const sendTime = 10 * time.Second

func (v variables) client(to *url.URL, log *slog.Logger) (*client, error) {
	c := &client{host: to.Host, log: log, gzip: v.exporter("COMPRESSION") == "gzip"}
	var err error
	if c.headers, err = list("OTEL_EXPORTER_OTLP_HEADERS", v.exporter("HEADERS")); err != nil {
		return nil, err
	}
	timeout := sendTime
	if text := v.exporter("TIMEOUT"); text != "" {
		ms, err := strconv.Atoi(text)
		if err != nil || ms <= 0 || ms > 600_000 {
			return nil, errors.New("OTEL_EXPORTER_OTLP_TIMEOUT is no number of milliseconds up to 600000")
		}
		timeout = time.Duration(ms) * time.Millisecond
	}
	encryption := &tls.Config{MinVersion: tls.VersionTLS12}
	if path := v.exporter("CERTIFICATE"); path != "" {
		pem, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_CERTIFICATE: %w", err)
		}
		encryption.RootCAs = x509.NewCertPool()
		if !encryption.RootCAs.AppendCertsFromPEM(pem) {
			return nil, errors.New("OTEL_EXPORTER_OTLP_CERTIFICATE names a file without a certificate")
		}
	}
	c.http = &http.Client{Timeout: timeout,
		// A collector answers where it is asked; elsewhere the headers have no business.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: encryption, ForceAttemptHTTP2: true,
			MaxIdleConns: 2, IdleConnTimeout: time.Minute}}
	user := to.User
	bare := *to
	bare.User = nil
	c.url = bare.String()
	if user != nil {
		password, _ := user.Password()
		r := http.Request{Header: http.Header{}}
		r.SetBasicAuth(user.Username(), password)
		c.headers["Authorization"] = r.Header.Get("Authorization")
	}
	c.stopped, c.stop = context.WithCancel(context.Background())
	return c, nil
}

// Start is what the SDK asks for; a connection comes with the first spans.
func (c *client) Start(context.Context) error { return nil }

// Stop is what the SDK asks for.
func (c *client) Stop(context.Context) error {
	c.http.CloseIdleConnections()
	return nil
}

// UploadTraces sends spans once. Those that can't be delivered are dropped; the
// log hears of the first, and when it goes well again. It returns no error,
// which the SDK would print on the console each time.
func (c *client) UploadTraces(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	err := c.send(ctx, spans)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		if c.lost > 0 {
			c.log.Info("traces are delivered again", "collector", c.host, "lost", c.lost)
		}
		c.lost = 0
		return nil
	}
	if c.lost == 0 {
		c.log.Warn("traces can't be delivered and are dropped; this is said once", "collector", c.host, "error", err)
	}
	for _, r := range spans {
		for _, s := range r.ScopeSpans {
			c.lost += len(s.Spans)
		}
	}
	return nil
}

// answerMost is how much is read of a collector's answer, in bytes.
const answerMost = 64 << 10

// send posts spans; none are a question whether somebody is there. TracesData
// has the wire form of OTLP's ExportTraceServiceRequest.
func (c *client) send(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	body, err := proto.Marshal(&tracepb.TracesData{ResourceSpans: spans})
	if err != nil {
		return err
	}
	if c.gzip {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		if _, err := w.Write(body); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		body = packed.Bytes()
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(c.stopped, cancel)()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	for k, value := range c.headers {
		r.Header.Set(k, value)
	}
	r.Header.Set("Content-Type", "application/x-protobuf")
	if c.gzip {
		r.Header.Set("Content-Encoding", "gzip")
	}
	resp, err := c.http.Do(r)
	if err != nil {
		var inner *url.Error
		if errors.As(err, &inner) {
			err = inner.Err // without the address, which may hold a key
		}
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, answerMost))
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("the collector answered %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
	}
	return nil
}
