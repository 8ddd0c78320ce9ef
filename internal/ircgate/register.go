package ircgate

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// registration is what a connection has said of itself before it is registered.
type registration struct {
	nick, user, real string
	pass             string
	negotiating      bool // CAP has begun and not ended
	version302       bool
	mechanism        bool   // AUTHENTICATE PLAIN was sent
	chunks           []byte // of its answer
	team             string // name of the team that the login chose
	early            int    // lines so far
	tries            int    // of signing in
}

// Bounds of signing in: the answer to AUTHENTICATE in bytes of base64, and tries per connection.
const (
	saslChunk = 400
	saslMost  = 2 * saslChunk
	tryMost   = 3
)

func (c *conn) nickCommand(m *message) {
	want := m.param(0)
	switch {
	case want == "":
		c.numeric("431", "No nickname given")
	case c.me == nil:
		if want = cut(word(want), 64); want == "" || strings.ContainsAny(want, "!@*?#&") {
			c.numeric("432", "*", "Erroneous nickname")
			return
		}
		c.reg.nick = want
	case fold(want) != c.me.Username:
		c.numeric("447", "Your nickname is your username; it is changed in your profile")
	}
}

func (c *conn) userCommand(m *message) {
	if c.me != nil {
		c.numeric("462", "You may not reregister")
		return
	}
	c.reg.user, c.reg.real = m.param(0), m.param(3)
}

func (c *conn) passCommand(m *message) {
	if c.me != nil {
		c.numeric("462", "You may not reregister")
		return
	}
	c.reg.pass = m.param(0)
}

// authenticate is SASL after IRCv3: the mechanism, then base64 in chunks of 400 bytes, of which the
// last is shorter; + is an empty one and * gives up.
func (c *conn) authenticate(ctx context.Context, m *message) {
	arg := m.param(0)
	switch {
	case !c.caps["sasl"]:
		c.numeric("904", "Ask for the capability sasl first")
	case c.me != nil || c.session.api != nil:
		c.numeric("907", "You have already authenticated")
	case arg == "*":
		c.reg.mechanism, c.reg.chunks = false, nil
		c.numeric("906", "SASL authentication aborted")
	case !c.reg.mechanism && strings.EqualFold(arg, "PLAIN"):
		c.reg.mechanism, c.reg.chunks = true, nil
		c.send(nil, "", "AUTHENTICATE", "+")
	case !c.reg.mechanism:
		c.numeric("908", "PLAIN", "are available SASL mechanisms")
		c.numeric("904", "SASL authentication failed")
	case len(arg) > saslChunk || len(c.reg.chunks)+len(arg) > saslMost:
		c.reg.mechanism, c.reg.chunks = false, nil
		c.numeric("905", "SASL message too long")
	default:
		if arg != "+" {
			c.reg.chunks = append(c.reg.chunks, arg...)
		}
		if len(arg) == saslChunk {
			return
		}
		c.reg.mechanism = false
		c.plain(ctx)
	}
}

// plain is the message of RFC 4616: authorization identity, name and password, with NULs between.
func (c *conn) plain(ctx context.Context) {
	raw, err := base64.StdEncoding.DecodeString(string(c.reg.chunks))
	c.reg.chunks = nil
	parts := bytes.Split(raw, []byte{0})
	if err != nil || len(parts) != 3 || len(parts[1]) == 0 || len(parts[2]) == 0 {
		c.numeric("904", "SASL authentication failed: the message is malformed")
		return
	}
	if len(parts[0]) > 0 && !bytes.Equal(parts[0], parts[1]) {
		c.numeric("904", "SASL authentication failed: nobody can sign in as somebody else")
		return
	}
	if why := c.signIn(ctx, string(parts[1]), string(parts[2])); why != "" {
		c.numeric("904", "SASL authentication failed: "+why)
		return
	}
	c.numeric("900", c.mask(c.session.user), c.session.user.Username, "You are now logged in as "+c.session.user.Username)
	c.numeric("903", "SASL authentication successful")
}

// signIn opens a session for a name, with a team behind a slash if one is chosen, and a password or
// a personal access token. It returns why it can't.
func (c *conn) signIn(ctx context.Context, login, secret string) (why string) {
	if c.reg.tries++; c.reg.tries > tryMost {
		c.quit = "Too many attempts to sign in"
		return "too many attempts"
	}
	name, team, _ := strings.Cut(login, "/")
	name, c.reg.team = strings.TrimSpace(name), fold(team)
	cl := &client{api: c.g.api, ip: c.nc.RemoteAddr().String(), locale: "en"}
	var user model.User
	if id.Valid(secret) && c.tokenSignIn(ctx, cl, name, secret, &user) {
		return c.signedIn(cl, &user, false)
	}
	cl.token = ""
	header, err := cl.exchange(ctx, http.MethodPost, "/users/login", map[string]string{"login_id": name, "password": secret}, &user)
	if err != nil {
		if r := (*refused)(nil); errors.As(err, &r) {
			if strings.Contains(r.id, "mfa") {
				return "this account has a second factor: sign in with a personal access token as the password"
			}
			return r.message
		}
		c.g.log.Error("signing in over IRC failed", "error", err)
		return "the server has a problem; try again later"
	}
	cl.token = header.Get("Token")
	return c.signedIn(cl, &user, true)
}

// tokenSignIn tries the secret as a personal access token of the named account. Other sessions'
// tokens are not taken: who has found one isn't let in with it.
func (c *conn) tokenSignIn(ctx context.Context, cl *client, name, token string, user *model.User) bool {
	v, err := c.g.access.ViewerOf(ctx, token)
	if err != nil || v.Session() == nil || !v.Session().IsUserAccessToken() || !v.Allows(model.ScopeRead) {
		return false
	}
	cl.token = token
	if cl.call(ctx, http.MethodGet, "/users/me", nil, user) != nil {
		return false
	}
	return name == "" || fold(name) == user.Username || strings.EqualFold(name, user.Email)
}

func (c *conn) signedIn(cl *client, user *model.User, own bool) string {
	if !c.g.count(c, user.ID) {
		if own {
			c.signOut(cl)
		}
		return "this account has too many IRC connections"
	}
	cl.locale = user.Locale
	c.session.api, c.session.user, c.session.own = cl, user, own
	return ""
}

// signOut ends the session that the connection has opened, whatever has become of its context.
func (c *conn) signOut(cl *client) {
	ctx, cancel := context.WithTimeout(context.Background(), callTime)
	defer cancel()
	if err := cl.call(ctx, http.MethodPost, "/users/logout", nil, nil); err != nil && statusOf(err) == 0 {
		c.g.log.Warn("an IRC session could not be ended", "error", err)
	}
}

// proceed finishes the registration once all has been said that it needs.
func (c *conn) proceed(ctx context.Context) {
	if c.me != nil || c.quit != "" || c.reg.negotiating || c.reg.nick == "" || c.reg.user == "" {
		return
	}
	if c.session.api == nil && c.reg.pass != "" {
		// PASS name:password, or the password alone with the name of USER.
		name, secret, ok := strings.Cut(c.reg.pass, ":")
		if !ok {
			name, secret = c.reg.user, c.reg.pass
		}
		c.reg.pass = ""
		if why := c.signIn(ctx, name, secret); why != "" {
			c.numeric("464", "Password incorrect: "+why)
			c.quit = "Access denied: " + why
			return
		}
	}
	if c.session.api == nil {
		c.numeric("464", "Sign in with SASL PLAIN, or with PASS name:password")
		c.quit = "Access denied: this server needs you to sign in"
		return
	}
	if why := c.enter(ctx); why != "" {
		c.quit = why
		return
	}
	c.welcome(ctx)
}
