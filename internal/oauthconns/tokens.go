package oauthconns

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/outgoing"
)

const (
	// tokenMost is the longest token that is put into a header, bytes.
	tokenMost = 16 << 10
	// lifeUnsaid is how long a token is kept whose end the server doesn't say, and lifeMost how long any is.
	lifeUnsaid, lifeMost = 5 * time.Minute, 12 * time.Hour
	// marginMost is how long before its end a token isn't used any more; a short-lived one a quarter of its life.
	marginMost = 30 * time.Second
	// failureKept is how long it isn't asked again after a failure: many calls that fail must not lock an account.
	failureKept = 10 * time.Second
	// keptMost bounds the connections whose tokens are in memory.
	keptMost = 1000
)

// credentials are what a token is got by. A connection with others has another token.
type credentials struct {
	tokenURL, grant, clientID, secret, username, password string
}

func credentialsOf(one *model.OutgoingOAuthConnection) credentials {
	c := credentials{tokenURL: one.OAuthTokenURL, grant: one.GrantType, clientID: one.ClientID, secret: one.ClientSecret}
	if one.GrantType == model.ConnectionPassword && one.CredentialsUsername != nil && one.CredentialsPassword != nil {
		c.username, c.password = *one.CredentialsUsername, *one.CredentialsPassword
	}
	return c
}

// kept is what is known of a connection's token. Its fields are read and written under Connections.mu.
type kept struct {
	by      credentials
	token   string
	until   time.Time // of token, or of failure
	failure error
	// again bounds how often receivers may have a new token fetched by refusing the last.
	again   *rate.Limiter
	fetches singleflight.Group
}

// now returns what needs no request: the token unless it is the refused one, or why there was none a moment ago.
func (k *kept) now(refused string) (token string, ok bool, failure error) {
	if time.Now().After(k.until) {
		return "", false, nil
	}
	return k.token, k.failure != nil || k.token != "" && k.token != refused, k.failure
}

// keptOf returns what is known of a connection as it is now. c.mu is locked.
func (c *Connections) keptOf(one *model.OutgoingOAuthConnection) *kept {
	by := credentialsOf(one)
	k := c.kept[one.ID]
	if k == nil || k.by != by {
		if len(c.kept) >= keptMost {
			clear(c.kept)
		}
		k = &kept{by: by, again: rate.NewLimiter(rate.Every(10*time.Second), 3)}
		c.kept[one.ID] = k
	}
	return k
}

// token returns a connection's token, of memory or fetched: by one request, however many wait for it.
func (c *Connections) token(ctx context.Context, one *model.OutgoingOAuthConnection, refused string) (string, error) {
	c.mu.Lock()
	k := c.keptOf(one)
	token, ok, err := k.now(refused)
	if !ok && refused != "" && k.token == refused && !k.again.Allow() {
		token, ok = "", true
	}
	c.mu.Unlock()
	if ok {
		return token, err
	}
	select {
	case got := <-k.fetches.DoChan("", func() (any, error) { return c.refresh(context.WithoutCancel(ctx), one, k, refused) }):
		if got.Err != nil {
			return "", got.Err
		}
		if token = got.Val.(string); token == refused {
			return "", nil // the server gives the same one again
		}
		return token, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// refresh fetches a token and keeps it, unless another request has just done so.
func (c *Connections) refresh(ctx context.Context, one *model.OutgoingOAuthConnection, k *kept, refused string) (string, error) {
	c.mu.Lock()
	token, ok, err := k.now(refused)
	c.mu.Unlock()
	if ok {
		return token, err
	}
	got, err := c.fetch(ctx, k.by)
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	k.token, k.failure, k.until = "", err, now.Add(failureKept)
	if err != nil {
		c.Log.Warn("an outgoing OAuth connection has no token", "connection_id", one.ID, "error", err)
		return "", err
	}
	k.token, k.until = got.AccessToken, now.Add(useFor(got, now))
	return k.token, nil
}

// useFor is how long a token is used from now on.
func useFor(t *oauth2.Token, now time.Time) time.Duration {
	if t.Expiry.IsZero() {
		return lifeUnsaid
	}
	life := t.Expiry.Sub(now)
	return min(life-min(life/4, marginMost), lifeMost)
}

// fetch asks for a token. It fails with a *trouble.
func (c *Connections) fetch(ctx context.Context, by credentials) (*oauth2.Token, error) {
	wait := time.Duration(c.Settings.Get().ServiceSettings.OutgoingIntegrationRequestsTimeout) * time.Second
	ctx, cancel := context.WithTimeout(ctx, min(wait, timeMost))
	defer cancel()
	ctx = context.WithValue(ctx, oauth2.HTTPClient, c.client)
	u, err := url.Parse(by.tokenURL)
	if err != nil || outgoing.Check(u) != nil {
		return nil, &trouble{id: idUnreachable, host: "?", cause: errors.New("the address of tokens is none of the web")}
	}
	var got *oauth2.Token
	// Where the client proves itself isn't said anywhere; most take the header (RFC 6749, 2.3.1).
	for _, style := range []oauth2.AuthStyle{oauth2.AuthStyleInHeader, oauth2.AuthStyleInParams} {
		if got, err = by.ask(ctx, style); !refusedClient(err) {
			break
		}
	}
	if err == nil && (!strings.EqualFold(got.Type(), "Bearer") || !bearable(got.AccessToken)) {
		err = errors.New("the token can't be carried as a bearer token")
	}
	if err != nil {
		return nil, troubleOf(ctx, err, u.Host, by)
	}
	return got, nil
}

// ask asks for a token once.
func (c credentials) ask(ctx context.Context, style oauth2.AuthStyle) (*oauth2.Token, error) {
	if c.grant == model.ConnectionPassword {
		grant := oauth2.Config{ClientID: c.clientID, ClientSecret: c.secret, Endpoint: oauth2.Endpoint{TokenURL: c.tokenURL, AuthStyle: style}}
		return grant.PasswordCredentialsToken(ctx, c.username, c.password)
	}
	grant := clientcredentials.Config{ClientID: c.clientID, ClientSecret: c.secret, TokenURL: c.tokenURL, AuthStyle: style}
	return grant.Token(ctx)
}

// refusedClient tells whether another way to prove itself may help a client. It doesn't where the username or password
// was refused: a second try counts towards locking the account.
func refusedClient(err error) bool {
	var answered *oauth2.RetrieveError
	return errors.As(err, &answered) && answered.Response.StatusCode/100 == 4 && answered.ErrorCode != "invalid_grant"
}

// bearable tells whether a token can stand in a header (RFC 6750, 2.1, and what servers give beside it).
func bearable(token string) bool {
	return len(token) <= tokenMost && !strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' })
}

// The ids of what goes wrong.
const (
	idRefused     = "api.context.outgoing_oauth_connection.validate_connection_credentials.app_error"
	idLate        = "parley.oauthconns.late.app_error"
	idReserved    = "parley.oauthconns.reserved.app_error"
	idUnreachable = "parley.oauthconns.unreachable.app_error"
	idUnusable    = "parley.oauthconns.unusable.app_error"
)

// trouble is why there is no token.
type trouble struct {
	id, host, reason string // reason: of a refusal, in the words of the other server
	cause            error
}

// Error is the text for the log of calls, which owners of integrations read.
func (t *trouble) Error() string {
	if t.reason != "" {
		return fmt.Sprintf("%s refuses to give one: %s", t.host, t.reason)
	}
	return fmt.Sprintf("asked %s: %v", t.host, t.cause)
}

func (t *trouble) Unwrap() error { return t.cause }

// fault is the answer to who tries a connection: what they have entered is wrong, or the other server.
func (t *trouble) fault() error {
	kind := fault.KindInvalid
	if t.id != idRefused && t.id != idReserved {
		kind = fault.KindUnavailable
	}
	f := fault.New(kind, t.id, "Host", t.host, "Reason", t.reason).Wrap(t.cause)
	if kind == fault.KindUnavailable {
		f = f.WithStatus(http.StatusBadGateway)
	}
	return f
}

// codeWords are the characters of error codes (RFC 6749, 5.2); what an answer says beside them is no code.
var codeWords = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// troubleOf says what went wrong, without secrets and without more of the other server's answer than its words of error.
func troubleOf(ctx context.Context, err error, host string, by credentials) *trouble {
	t := &trouble{host: host, id: idUnusable, cause: errors.New("the answer holds no token that can be used")}
	var answered *oauth2.RetrieveError
	var failed *url.Error
	switch {
	case errors.As(err, &answered):
		status := answered.Response.StatusCode
		if !codeWords.MatchString(answered.ErrorCode) && (status >= 500 || status/100 == 3) {
			t.cause = fmt.Errorf("it answers with status %d", status)
			return t
		}
		t.id, t.reason = idRefused, fmt.Sprintf("status %d", status)
		if codeWords.MatchString(answered.ErrorCode) {
			t.reason = answered.ErrorCode
			if said := by.without(answered.ErrorDescription); said != "" {
				t.reason += " (" + said + ")"
			}
		}
		t.cause = errors.New(t.reason)
	case errors.Is(err, outgoing.ErrReserved):
		t.id, t.cause = idReserved, outgoing.ErrReserved
	case ctx.Err() != nil:
		t.id, t.cause = idLate, errors.New("there is no answer in time")
	case errors.As(err, &failed):
		t.id, t.cause = idUnreachable, failed.Err
	}
	return t
}

// saidMost is how much of another server's words is told, bytes.
const saidMost = 200

// without is a text of another server, short, printable, and without what it was sent.
func (c credentials) without(text string) string {
	for _, secret := range []string{c.secret, c.password} {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "…")
		}
	}
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\uFFFD' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, " "))
	if len(text) > saidMost {
		text = strings.ToValidUTF8(text[:saidMost], "") + "…"
	}
	return strings.TrimSpace(text)
}
