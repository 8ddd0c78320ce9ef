// Package deliveries calls other people's addresses on behalf of an integration:
// the one way from a command or a hook to whoever answers it.
//
// An address goes through the guarded client of internal/outgoing, takes no more
// time and room than the settings allow, and is not followed elsewhere: a
// redirect would hand the integration's token to another host. What fails again
// and again rests for a while (breaker.go). A call is made at once (Do) or put
// into a queue that outlives the server and is worked off until it succeeds
// (queue.go); either way it is in the log (store.go), which its owner and who
// manages such integrations can read and send from again (http.go). With a
// secret it is signed (sign.go), and to an address that an outgoing OAuth
// connection serves it carries that connection's token.
//
// It owns the table parley_deliveries.
package deliveries

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/jobs"
	"github.com/parley-chat/parley/internal/outgoing"
	"github.com/parley-chat/parley/internal/users"
)

// ErrOpen is the error of a call to an integration that has failed so often that
// it isn't called for a while.
var ErrOpen = errors.New("deliveries: the integration has failed too often and rests")

// The kinds of integrations that are called.
const (
	KindCommand         = "command"
	KindOutgoingWebhook = "outgoing_webhook"
	KindSubscription    = "subscription"
	KindAction          = "action"
	KindDialog          = "dialog"
)

// signsIn are the kinds whose addresses only people write who may manage integrations. Others say so of a call: anybody
// may put a button into a message, and a token is for no address of theirs.
var signsIn = map[string]bool{KindCommand: true, KindOutgoingWebhook: true, KindSubscription: true}

// limit is the longest answer that is read unless a call says otherwise, bytes.
const limit = 1 << 20

// Call is one request to an integration.
type Call struct {
	ID              string // of the delivery; Do and Enqueue make one
	Kind            string // KindCommand …
	Of, Name        string // id and name of the integration
	OwnerID, TeamID string // who may read of it in the log
	Method, URL     string
	Header          http.Header
	Body            []byte
	Secret          string        // signs the call unless empty
	SignsIn         bool          // of Do: may carry the token of an outgoing OAuth connection; what is made by who may manage integrations always may
	About           string        // of a queued call: what OnAnswer wants to know again
	Timeout         time.Duration // of Do; 0: ServiceSettings.OutgoingIntegrationRequestsTimeout
	Limit           int64         // bytes of the answer; 0: 1 MiB
}

// Answer is what came back, whatever its status.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Config is what the slice is made from.
type Config struct {
	DB       *db.DB
	Settings *config.Store
	Users    *users.Users
	Access   *access.Access
	Jobs     *jobs.Runner
	// Bearer gives the token that a call of an address carries, "" for none; another
	// than refused, which the receiver has just answered with 401. May be nil.
	Bearer func(ctx context.Context, address, refused string) (string, error)
	// Observed counts an attempt; may be nil.
	Observed func(kind string, ok bool, took time.Duration)
	Log      *slog.Logger
}

// Deliveries makes calls. Make it with New.
type Deliveries struct {
	Config
	client   *http.Client
	breakers *breakers
	wake     chan struct{}
	answered map[string]func(context.Context, Call, *Answer) error
	asked    map[string]func(context.Context, Call) error
	signing  map[string]func(context.Context, Call) bool
}

// timeMost bounds every call, whatever it or the settings say.
const timeMost = 2 * time.Minute

// New returns the slice over a migrated database.
func New(c Config) *Deliveries {
	client := outgoing.New(func() string { return c.Settings.Get().ServiceSettings.AllowedUntrustedInternalConnections }, timeMost)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if c.Bearer == nil {
		c.Bearer = func(context.Context, string, string) (string, error) { return "", nil }
	}
	if c.Observed == nil {
		c.Observed = func(string, bool, time.Duration) {}
	}
	d := &Deliveries{Config: c, client: client, breakers: newBreakers(), wake: make(chan struct{}, 1),
		answered: map[string]func(context.Context, Call, *Answer) error{}, asked: map[string]func(context.Context, Call) error{},
		signing: map[string]func(context.Context, Call) bool{}}
	c.Jobs.Every("parley_deliveries_sweep", time.Hour, func(ctx context.Context, _ *jobs.Job) error { return d.sweep(ctx, id.Now()) })
	return d
}

// OnAnswer says what an answer of 2xx to a queued call of a kind means. fn may be
// called again for the same delivery after a crash: what it makes it names after
// the call's ID. An error is noted in the log; the call isn't made again. Call it
// while the server is being built.
func (d *Deliveries) OnAnswer(kind string, fn func(context.Context, Call, *Answer) error) {
	d.answered[kind] = fn
}

// OnSending has fn asked before each attempt of a queued call of a kind, which may
// be hours after it was queued or a repetition: an error ends the delivery, as it is
// no longer right. Call it while the server is being built.
func (d *Deliveries) OnSending(kind string, fn func(context.Context, Call) error) { d.asked[kind] = fn }

// OnSigning has fn asked before each attempt of a queued call of a kind whether it
// may carry the token of an outgoing OAuth connection: SignsIn isn't kept with the
// call, as who may have it so can change before it is sent again. Call it while the
// server is being built.
func (d *Deliveries) OnSigning(kind string, fn func(context.Context, Call) bool) {
	d.signing[kind] = fn
}

// Do makes a call at once and returns the answer, of any HTTP status. It fails
// when there is none in time, when it is too long, for an address that isn't
// public, and with ErrOpen while the integration rests.
func (d *Deliveries) Do(ctx context.Context, c Call) (*Answer, error) {
	c.ID = id.New()
	r := newRow(c)
	answer, err := d.attempt(ctx, c, r)
	r.End = id.Now()
	r.trim()
	r.State = StateDone
	if err != nil || answer.Status >= http.StatusInternalServerError {
		r.State = StateFailed
	}
	if kept := d.keep(context.WithoutCancel(ctx), d.DB, r); kept != nil {
		d.Log.Warn("a call to an integration isn't in the log", "kind", c.Kind, "of", c.Of, "error", kept)
	}
	return answer, err
}

// attempt makes a call unless its integration rests, and notes in r how it went.
func (d *Deliveries) attempt(ctx context.Context, c Call, r *Delivery) (*Answer, error) {
	key := c.key()
	if !d.breakers.allow(key, time.Now()) {
		r.Problem = ErrOpen.Error()
		return nil, ErrOpen
	}
	began := time.Now()
	answer, err := d.send(ctx, c)
	took := time.Since(began)
	// Whoever gave up waiting says nothing of the integration.
	ok := err == nil && answer.Status < http.StatusInternalServerError && answer.Status != http.StatusTooManyRequests
	d.breakers.note(key, ok || err != nil && ctx.Err() != nil, time.Now())
	d.Observed(c.Kind, ok, took)
	r.Attempts++
	r.Took = took.Milliseconds()
	r.note(answer, err)
	return answer, err
}

// key is what rests when it fails: an integration at one of its hosts.
func (c Call) key() string {
	host := ""
	if u, err := url.Parse(c.URL); err == nil {
		host = u.Host
	}
	return c.Kind + " " + c.Of + " " + host
}

func (d *Deliveries) send(ctx context.Context, c Call) (*Answer, error) {
	if c.Timeout == 0 {
		c.Timeout = time.Duration(d.Settings.Get().ServiceSettings.OutgoingIntegrationRequestsTimeout) * time.Second
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
	token := ""
	if c.SignsIn || signsIn[c.Kind] {
		if token, err = d.Bearer(ctx, c.URL, ""); err != nil {
			return nil, err
		}
	}
	answer, err := d.request(ctx, c, token)
	if err != nil || answer.Status != http.StatusUnauthorized || token == "" {
		return answer, err
	}
	next, err := d.Bearer(ctx, c.URL, token)
	switch {
	case err != nil:
		return nil, err
	case next == "":
		return answer, nil
	}
	return d.request(ctx, c, next)
}

// request makes a call once. What it returns doesn't hold the token: answers are
// posted and read in the log, and some receivers say what they were sent.
func (d *Deliveries) request(ctx context.Context, c Call, token string) (*Answer, error) {
	req, err := http.NewRequestWithContext(ctx, c.Method, c.URL, bytes.NewReader(c.Body))
	if err != nil {
		return nil, err
	}
	if c.Header != nil {
		req.Header = c.Header.Clone()
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	req.Header.Set(HeaderDelivery, c.ID)
	sign(req.Header, c, time.Now())
	res, err := d.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("deliveries: %s %s: %w", c.Kind, c.Of, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := outgoing.Read(res.Body, c.Limit)
	if err != nil {
		return nil, fmt.Errorf("deliveries: %s %s: %w", c.Kind, c.Of, err)
	}
	return hiding(token, &Answer{Status: res.StatusCode, Header: res.Header, Body: body}), nil
}

// hiding takes a token out of an answer. One so short that it stands there by chance is no secret.
func hiding(token string, a *Answer) *Answer {
	if len(token) < 8 {
		return a
	}
	a.Body = bytes.ReplaceAll(a.Body, []byte(token), []byte("…"))
	for _, values := range a.Header {
		for i := range values {
			values[i] = strings.ReplaceAll(values[i], token, "…")
		}
	}
	return a
}
