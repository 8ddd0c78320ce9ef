package golden

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// inbound compares what the server sent to the scenario's listener, or that a mail came.
func (r *run) inbound(ctx context.Context, st *Step) []string {
	ctx, cancel := context.WithTimeout(ctx, r.target.Patience)
	defer cancel()
	if to, isMail := dig(st.Value, "mail_to").(string); isMail {
		address := r.b.known(to)
		tok, ok := r.sink.reset(ctx, address)
		if !ok {
			return []string{"no mail with a link token=<64 characters> came to " + address}
		}
		r.resetToken = tok
		return nil
	}
	got, ok := r.listener.next(ctx, r.word)
	if !ok {
		return []string{"nothing was sent to the listener"}
	}
	c := newComparer(r.b, st)
	c.root(st.Value, got)
	return c.diffs
}

// value works out a value step and compares it.
func (r *run) value(ctx context.Context, st *Step) []string {
	got, err := r.worth(ctx, st)
	if err != nil {
		return []string{err.Error()}
	}
	c := newComparer(r.b, st)
	c.compare(st.Value, got, []string{})
	return c.diffs
}

// worth gives the value of a step: the reply to a websocket action, or what its name says.
func (r *run) worth(ctx context.Context, st *Step) (any, error) {
	if st.Request != nil && st.Request.Method == "WS" {
		return r.action(ctx, st)
	}
	if strings.HasPrefix(r.sc.Name, "roles/permissions-") {
		return r.role(st)
	}
	switch r.sc.Name + "|" + st.Name {
	case "config/alone-patch|patched":
		return dig(r.answers["setup 6"], "TeamSettings.CustomDescriptionText"), nil
	case "config/alone-patch|client sees":
		return dig(r.answers["setup 9"], "CustomDescriptionText"), nil
	case "config/read|secrets are masked":
		out := map[string]any{}
		want, _ := st.Value.(map[string]any)
		for k := range want {
			out[k] = dig(r.answers["setup 5"], k)
		}
		return out, nil
	case "config/read|sections":
		conf, _ := r.answers["setup 5"].(map[string]any)
		return texts(sortedKeys(conf)), nil
	case "errors/locale|texts differ by language":
		fr, en := dig(r.answers["french"], "message"), dig(r.answers["english again"], "message")
		return fr != en && fr == dig(r.answers["french once more"], "message"), nil
	case "oauth/code-flow|state comes back":
		return r.redirect()
	case "websocket/hello|bearer":
		return r.hello(ctx, http.Header{"Authorization": {"Bearer " + r.tokens["alice"]}})
	case "websocket/hello|cookie":
		return r.hello(ctx, http.Header{"Cookie": {"MMAUTHTOKEN=" + r.tokens["alice"]}})
	case "websocket/challenge|hello":
		s, err := r.sock("alice")
		if err != nil {
			return nil, err
		}
		e, err := s.event(ctx, r.target.Patience, "hello")
		return any(e), err
	}
	if r.sc.Name == "websocket/resume" {
		return r.resume(ctx, st)
	}
	return nil, fmt.Errorf("the replayer does not know how to work out %q", st.Name)
}

func texts(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

// role gives the facts of the role that setup 1 read. The permissions are recorded sorted.
func (r *run) role(st *Step) (any, error) {
	role := r.answers["setup 1"]
	switch st.Name {
	case "built in":
		return dig(role, "built_in"), nil
	case "scheme managed":
		return dig(role, "scheme_managed"), nil
	case "permissions":
		list, _ := dig(role, "permissions").([]any)
		set := map[string]bool{}
		for _, p := range list {
			s, _ := p.(string)
			set[s] = true
		}
		return texts(sortedKeys(set)), nil
	}
	return nil, fmt.Errorf("the replayer does not know the role's %q", st.Name)
}

// redirect tells what the URL that authorizing gave holds.
func (r *run) redirect() (any, error) {
	to, _ := dig(r.answers["authorize"], "redirect").(string)
	u, err := url.Parse(to)
	if err != nil {
		return nil, err
	}
	r.oauthCode = u.Query().Get("code")
	callback := r.b.known("<listener>/<r>/cb")
	return map[string]any{
		"has_code": r.oauthCode != "", "state": u.Query().Get("state"),
		"to_callback": strings.HasPrefix(to, callback+"?"),
	}, nil
}

// hello connects and gives the first event.
func (r *run) hello(ctx context.Context, h http.Header) (any, error) {
	s, err := r.dial(h, "")
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.conn.NetConn().Close() }()
	e, err := s.event(ctx, r.target.Patience, "hello")
	return any(e), err
}

// action sends a websocket action and gives the reply. The challenge goes over a socket that was
// opened without credentials.
func (r *run) action(ctx context.Context, st *Step) (any, error) {
	data, err := r.fill(st, st.Request.Body, "")
	if err != nil {
		return nil, err
	}
	if st.Request.Path == "authentication_challenge" && r.socks[st.Actor] == nil {
		s, err := r.dial(nil, "")
		if err != nil {
			return nil, err
		}
		r.socks[st.Actor] = s
	}
	s, err := r.sock(st.Actor)
	if err != nil {
		return nil, err
	}
	reply, err := s.ask(ctx, r.target.Patience, st.Request.Path, data)
	return any(reply), err
}

// before does what the recording does between steps without showing it: in websocket/resume bob's
// connection drops between the post "while connected" and the post "while away".
func (r *run) before(ctx context.Context, st *Step) error {
	if r.sc.Name != "websocket/resume" || dig(st.Request.Body, "message") != "while away" {
		return nil
	}
	s, err := r.sock("bob")
	if err != nil {
		return nil // the value steps after it tell
	}
	_, _ = s.event(ctx, r.target.Patience, "posted")
	s.barrier(ctx)
	s.close(ctx, r.target.Patience)
	return nil
}

// resume works out the steps of websocket/resume: bob listens, drops, and takes his connection up
// again with its id and the number of the next event.
func (r *run) resume(ctx context.Context, st *Step) (any, error) {
	switch st.Name {
	case "connection id given":
		r.openFor(ctx, "bob")
		s, err := r.sock("bob")
		if err != nil {
			return nil, err
		}
		e, err := s.event(ctx, r.target.Patience, "hello")
		id, _ := dig(any(e), "data.connection_id").(string)
		r.values["connection"], r.values["hello"] = id, e["seq"]
		return id != "", err
	case "hello is number zero":
		return r.values["hello"], nil
	case "missed event comes":
		return r.missed(ctx)
	case "its text":
		return r.values["text"], nil
	case "no second hello":
		return r.values["quiet"], nil
	}
	return nil, fmt.Errorf("the replayer does not know how to work out %q", st.Name)
}

func (r *run) missed(ctx context.Context) (any, error) {
	bob, err := r.sock("bob")
	if err != nil {
		return nil, err
	}
	next := 0
	for _, e := range bob.since(0) {
		if n, ok := number(e["seq"]); ok {
			next = int(n) + 1
		}
	}
	query := fmt.Sprintf("?connection_id=%v&sequence_number=%d", r.values["connection"], next)
	s, err := r.dial(http.Header{"Authorization": {"Bearer " + r.tokens["bob"]}}, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.conn.NetConn().Close() }()
	e, err := s.event(ctx, r.target.Patience, "posted")
	if err != nil {
		return false, err
	}
	s.barrier(ctx)
	post, _ := dig(any(e), "data.post").(string)
	v, err := decodeWhole([]byte(post))
	r.values["text"], r.values["quiet"] = dig(v, "message"), true
	for _, e := range s.since(0) {
		if e["event"] == "hello" {
			r.values["quiet"] = false
		}
	}
	return true, err
}

// timeText tells whether a is a time in milliseconds as text. The recorder took such texts (the
// client configuration has one, all of whose values are texts) for the time itself.
func timeText(a any) bool {
	s, ok := a.(string)
	n, err := strconv.ParseFloat(s, 64)
	return ok && err == nil && inRange("<ms>", n)
}
