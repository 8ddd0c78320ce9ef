package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
)

// caller is who sent the request at hand.
type caller struct {
	m *MCP
	r *http.Request
	v access.Viewer
}

type callerKey struct{}

func withCaller(ctx context.Context, c *caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

func callerOf(ctx context.Context) *caller {
	c, _ := ctx.Value(callerKey{}).(*caller)
	return c
}

// answerMost bounds what is read of an answer of the API.
const answerMost = 16 << 20

// call sends a request to this server's own API, as the caller and with their
// token: there it meets every rule that it would meet from outside.
func (c *caller) call(ctx context.Context, method, path string, in, out any) error {
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			return err
		}
	}
	// The router would take the place of the outer request for this one's.
	ctx = context.WithValue(ctx, chi.RouteCtxKey, (*chi.Context)(nil))
	req, err := http.NewRequestWithContext(ctx, method, "/api/v4"+path, &body)
	if err != nil {
		return err
	}
	req.RemoteAddr, req.Host = c.r.RemoteAddr, c.r.Host
	for _, name := range append([]string{"Authorization", "User-Agent", "Accept-Language"}, c.m.cfg.Get().ServiceSettings.TrustedProxyIPHeader...) {
		if value := c.r.Header.Get(name); value != "" {
			req.Header.Set(name, value)
		}
	}
	got := api.NewInside(answerMost)
	c.m.router.ServeHTTP(got, req)
	if e := got.Refusal(); e != nil {
		return fmt.Errorf("%s (%d)", e.Message, got.Status)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(got.Body.Bytes(), out)
}

// audit notes what an assistant did in the caller's name.
func (c *caller) audit(tool, id string) {
	c.m.users.Audit(c.r.Context(), c.v, Path, tool+" "+id)
}

// isID keeps what isn't an id out of paths.
func isID(s string) bool {
	return len(s) == 26 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

var errID = errors.New("this is no id: an id has 26 small letters and digits, as other tools give it")
