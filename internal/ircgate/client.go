package ircgate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/parley-chat/parley/internal/api"
)

// userAgent is how sessions opened over IRC are listed among the account's.
const userAgent = "ParleyIRC/1.0"

// client calls the server's own routes in this process, as the account: every rule of a route holds
// here as it does for browsers.
type client struct {
	api       http.Handler
	token, ip string
	locale    string
}

// callTime bounds one call, answerMost its answer in bytes.
const (
	callTime   = 30 * time.Second
	answerMost = 32 << 20
)

// refused is an answer that is an error.
type refused struct {
	status      int
	id, message string
}

func (r *refused) Error() string { return r.message }

// status of an error of a call; 0 when it is none of the API's.
func statusOf(err error) int {
	var r *refused
	if errors.As(err, &r) {
		return r.status
	}
	return 0
}

// hidden reports whether an error tells of something that the account can't see: what isn't there
// and what isn't for it are one.
func hidden(err error) bool {
	s := statusOf(err)
	return s == http.StatusNotFound || s == http.StatusForbidden || s == http.StatusBadRequest
}

// call sends body, if any, as JSON and decodes the answer into out, if any. It fails with *refused.
func (cl *client) call(ctx context.Context, method, path string, body, out any) error {
	_, err := cl.exchange(ctx, method, path, body, out)
	return err
}

func (cl *client) exchange(ctx context.Context, method, path string, body, out any) (http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	var in io.Reader = http.NoBody
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		in = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://ircgate.internal/api/v4"+path, in)
	if err != nil {
		return nil, err
	}
	req.RemoteAddr = cl.ip
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("Accept-Language", cl.locale)
	if cl.token != "" {
		req.Header.Set("Authorization", "Bearer "+cl.token)
	}
	w := api.NewInside(answerMost)
	cl.api.ServeHTTP(w, req)
	if w.Status == 0 {
		return nil, errors.New("ircgate: no answer")
	}
	if e := w.Refusal(); e != nil {
		return w.Header(), &refused{w.Status, e.ID, e.Message}
	}
	if out == nil {
		return w.Header(), nil
	}
	return w.Header(), json.Unmarshal(w.Body.Bytes(), out)
}
