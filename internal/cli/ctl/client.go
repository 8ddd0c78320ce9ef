package ctl

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/model"
)

// defaultSocket is where a server's local socket is unless its settings, and
// the environment here, say otherwise.
const defaultSocket = "/var/tmp/mattermost_local.socket"

// client speaks to one server.
type client struct {
	base   string
	token  string
	locale string
	local  bool
	http   *http.Client
}

// patience bounds the wait for an answer to begin; what is long, such as a
// download, may then take its time.
const patience = 5 * time.Minute

// connect finds the server that the command is for: this machine's with
// --local, else the one that is logged in to.
func (c *call) connect() error {
	if c.flags.on("local") {
		return c.connectLocally()
	}
	list, err := c.credentials()
	if err != nil {
		return err
	}
	active := list.active()
	if active == nil {
		return c.problem("not_logged_in")
	}
	c.client = c.dial(active.URL, active.Token)
	return c.strict()
}

func (c *call) dial(base, token string) *client {
	t := &http.Transport{Proxy: http.ProxyFromEnvironment, ResponseHeaderTimeout: patience}
	if c.flags.on("insecure-tls-version") {
		t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS10} //nolint:gosec // asked for by name
	}
	return &client{base: strings.TrimSuffix(base, "/"), token: token, locale: c.Locale, http: &http.Client{Transport: t}}
}

// connectLocally speaks over the socket, after a look at whom it belongs to: in
// a folder that everybody may write to it could be anybody's.
func (c *call) connectLocally() error {
	path := environment(c.Environ, "MMCTL_LOCAL_SOCKET_PATH")
	if path == "" {
		path = defaultSocket
	}
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return c.problem("socket_missing", "Path", path)
	case err != nil:
		return err
	case info.Mode().Type() != fs.ModeSocket || info.Mode().Perm()&0o077 != 0:
		return c.problem("socket_open", "Path", path)
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}
	c.client = &client{base: "http://local", locale: c.Locale, local: true,
		http: &http.Client{Transport: &http.Transport{DialContext: dial, ResponseHeaderTimeout: patience}}}
	return c.strict()
}

// strict refuses a server of another version when that was asked for.
func (c *call) strict() error {
	if !c.flags.on("strict") {
		return nil
	}
	version, err := c.serverVersion()
	if err == nil && version != config.ProtocolVersion {
		err = c.problem("other_version", "Server", version, "Tool", config.ProtocolVersion)
	}
	return err
}

func (c *call) serverVersion() (string, error) {
	resp, err := c.client.send(c.ctx, http.MethodGet, "/system/ping", nil, "")
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	parts := strings.SplitN(resp.Header.Get("X-Version-Id"), ".", 4)
	return strings.Join(parts[:min(3, len(parts))], "."), nil
}

// refusal is an error that the server answered with.
type refusal struct {
	model.AppError
	call string
}

func (r *refusal) Error() string {
	if r.Message == "" {
		return fmt.Sprintf("%s: %d", r.call, r.StatusCode)
	}
	return r.Message
}

// notServed reports whether the server has no such call at all.
func (r *refusal) notServed() bool { return r.ID == "api.context.404.app_error" }

// send makes a call; an answer other than success is a *refusal.
func (l *client) send(ctx context.Context, method, path string, body io.Reader, kind string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, l.base+"/api/v4"+path, body)
	if err != nil {
		return nil, err
	}
	if l.token != "" {
		req.Header.Set("Authorization", "Bearer "+l.token)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	req.Header.Set("Accept-Language", strings.ReplaceAll(strings.SplitN(l.locale, ".", 2)[0], "_", "-"))
	req.Header.Set("User-Agent", "parley-ctl/"+config.Version)
	resp, err := l.http.Do(req)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return nil, err
	}
	if resp.StatusCode < 300 {
		return resp, nil
	}
	defer func() { _ = resp.Body.Close() }()
	refused := &refusal{call: method + " " + path}
	_ = json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&refused.AppError)
	refused.StatusCode = resp.StatusCode
	return nil, refused
}

// ask makes a call and decodes its answer into into, unless that is nil.
func (c *call) ask(method, path string, body, into any) error {
	var in io.Reader
	kind := ""
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return err
		}
		in, kind = bytes.NewReader(raw), "application/json"
	}
	resp, err := c.client.send(c.ctx, method, path, in, kind)
	if err != nil {
		return c.understood(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if into == nil {
		return nil
	}
	d := json.NewDecoder(resp.Body)
	d.UseNumber()
	if err := d.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return c.problem("no_answer", "Call", method+" "+path)
	}
	return nil
}

// unserved is a call that the server doesn't know, in words.
type unserved struct{ error }

// understood puts a call that the server doesn't know into words.
func (c *call) understood(err error) error {
	var r *refusal
	if errors.As(err, &r) && r.notServed() {
		return unserved{c.problem("not_served", "Call", r.call)}
	}
	return err
}

func (c *call) get(path string, into any) error { return c.ask(http.MethodGet, path, nil, into) }
func (c *call) post(path string, body, into any) error {
	return c.ask(http.MethodPost, path, body, into)
}
func (c *call) put(path string, body, into any) error { return c.ask(http.MethodPut, path, body, into) }
func (c *call) remove(path string) error              { return c.ask(http.MethodDelete, path, nil, nil) }

// one asks for an object.
func (c *call) one(method, path string, body any) (object, error) {
	var o object
	err := c.ask(method, path, body, &o)
	return o, err
}

// seg writes a value into a path.
func seg(s string) string { return url.PathEscape(s) }

// pageSize is how many things a list is fetched by.
const pageSize = 200

// pages asks for all pages of a list, or the one that the flags name when the
// command has such. path may have a query.
func (c *call) pages(path string, fn func(o object)) error {
	first, size, all := 0, pageSize, true
	if _, ok := c.spec.flag("page", false); ok && !c.flags.on("all") {
		first, size, all = c.flags.number("page"), c.flags.number("per-page"), false
	}
	joint := "?"
	if strings.Contains(path, "?") {
		joint = "&"
	}
	for page := first; ; page++ {
		var list []object
		if err := c.get(fmt.Sprintf("%s%spage=%d&per_page=%d", path, joint, page, size), &list); err != nil {
			return err
		}
		for _, o := range list {
			fn(o)
		}
		if !all || len(list) < size {
			return nil
		}
	}
}

// save writes an answer's bytes into a file that only the caller can read.
func (c *call) save(path, file string) error {
	resp, err := c.client.send(c.ctx, http.MethodGet, path, nil, "")
	if err != nil {
		return c.understood(err)
	}
	defer func() { _ = resp.Body.Close() }()
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, resp.Body)
	return errors.Join(err, f.Close())
}
