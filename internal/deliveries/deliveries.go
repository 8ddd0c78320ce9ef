// Package deliveries calls other people's addresses on behalf of an integration:
// the one way from a command or a hook to whoever answers it.
//
// An address goes through the guarded client of internal/outgoing, takes no more
// time and room than the settings allow, and is not followed elsewhere: a
// redirect would hand the integration's token to another host.
package deliveries

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/outgoing"
)

// ErrOpen is the error of a call to an integration that has failed so often that
// it isn't called for a while.
var ErrOpen = errors.New("deliveries: the integration has failed too often and rests")

// limit is the longest answer that is read unless a call says otherwise, bytes.
const limit = 1 << 20

// Call is one request to an integration.
type Call struct {
	Kind            string // "command" …
	Of, Name        string // id and name of the integration
	OwnerID, TeamID string
	Method, URL     string
	Header          http.Header
	Body            []byte
	Timeout         time.Duration // 0: ServiceSettings.OutgoingIntegrationRequestsTimeout
	Limit           int64         // bytes of the answer; 0: 1 MiB
}

// Answer is what came back, whatever its status.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Deliveries makes calls. Make it with New.
type Deliveries struct {
	cfg    *config.Store
	client *http.Client
}

// timeMost bounds every call, whatever it or the settings say.
const timeMost = 2 * time.Minute

// New returns Deliveries under the settings of cfg.
func New(cfg *config.Store) *Deliveries {
	client := outgoing.New(func() string { return cfg.Get().ServiceSettings.AllowedUntrustedInternalConnections }, timeMost)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Deliveries{cfg: cfg, client: client}
}

// Do makes a call at once and returns the answer, of any HTTP status. It fails
// when there is none in time, when it is too long, and for an address that isn't
// public.
func (d *Deliveries) Do(ctx context.Context, c Call) (*Answer, error) {
	if c.Timeout == 0 {
		c.Timeout = time.Duration(d.cfg.Get().ServiceSettings.OutgoingIntegrationRequestsTimeout) * time.Second
	}
	if c.Limit == 0 {
		c.Limit = limit
	}
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	u, err := url.Parse(c.URL)
	if err == nil {
		err = outgoing.Check(u)
	}
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, c.Method, c.URL, bytes.NewReader(c.Body))
	if err != nil {
		return nil, err
	}
	req.Header = c.Header.Clone()
	res, err := d.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("deliveries: %s %s: %w", c.Kind, c.Of, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := outgoing.Read(res.Body, c.Limit)
	if err != nil {
		return nil, fmt.Errorf("deliveries: %s %s: %w", c.Kind, c.Of, err)
	}
	return &Answer{Status: res.StatusCode, Header: res.Header, Body: body}, nil
}
