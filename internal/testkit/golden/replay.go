package golden

import (
	"bytes"
	"context"
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"time"
)

// run is one scenario being replayed.
type run struct {
	*Bench
	sc   *Scenario
	b    *binder
	word string

	tokens      map[string]string         // actor → session token
	given       string                    // the token that an answer gave last, for actors who never log in
	hidden      map[string][]string       // what setup answers hold and the recording leaves out
	objects     map[string]map[string]any // id → the resource as last shown
	answers     map[string]any            // step → body
	etags       map[string]string         // path → etag
	lastChannel string
	mfaSecret   string
	oauthCode   string
	resetToken  string

	socks  map[string]*sock
	deaf   map[string]error // actors whose websocket could not be opened
	from   map[string]int   // actor → events before this one belong to an earlier events step
	act    map[string]int   // actor → events before this one came before the last act
	values map[string]any   // what particular value steps keep for the next
}

// Replay runs one scenario.
func (b *Bench) Replay(ctx context.Context, sc Scenario) Report {
	word := randomWord()
	r := &run{Bench: b, sc: &sc, b: newBinder(word, b.words), word: word,
		tokens: map[string]string{"admin": b.token}, hidden: map[string][]string{}, objects: map[string]map[string]any{},
		answers: map[string]any{}, etags: map[string]string{}, socks: map[string]*sock{}, deaf: map[string]error{}, from: map[string]int{},
		act: map[string]int{}, values: map[string]any{}}
	defer r.hangUp()
	rep := Report{Scenario: sc.Name, Area: sc.Area}
	if err := r.b.bind("id#1", b.adminID); err != nil {
		rep.Steps = append(rep.Steps, StepResult{Name: "admin", Kind: "setup", State: Failed, Diffs: []string{err.Error()}})
		return rep
	}
	broken := ""
	for i := range sc.Steps {
		st := &sc.Steps[i]
		if broken != "" {
			if st.checked() {
				rep.Steps = append(rep.Steps, StepResult{Name: st.Name, Kind: st.Kind, State: Failed, Diffs: []string{"not reached: " + broken}})
			}
			continue
		}
		res := r.step(ctx, i)
		if st.checked() || res.State == Failed {
			rep.Steps = append(rep.Steps, res)
		}
		if st.Kind == "setup" && res.State == Failed {
			broken = fmt.Sprintf("%s failed", st.Name)
		}
	}
	return rep
}

// step does one step and compares.
func (r *run) step(ctx context.Context, i int) StepResult {
	st := &r.sc.Steps[i]
	res := StepResult{Name: st.Name, Kind: st.Kind, State: Met}
	if st.Request != nil {
		r.listen(ctx, i)
	}
	switch st.Kind {
	case "setup", "http", "fault":
		res.Diffs = append(res.Diffs, r.http(ctx, st)...)
	case "events":
		res.Diffs = append(res.Diffs, r.events(ctx, st)...)
	case "inbound":
		res.Diffs = append(res.Diffs, r.inbound(ctx, st)...)
	case "value":
		res.Diffs = append(res.Diffs, r.value(ctx, st)...)
	default:
		res.Diffs = append(res.Diffs, "unknown kind of step "+st.Kind)
	}
	if st.Kind == "fault" {
		res.Diffs = nil
	}
	if len(res.Diffs) > 0 {
		res.State = Failed
	}
	if excused(st) {
		res.State = Excused
	}
	return res
}

// excused says whether the recording shows a refusal for want of a licence.
func excused(st *Step) bool {
	if st.Kind != "http" || st.Response == nil || st.Response.Status < 400 {
		return false
	}
	id, _ := dig(st.Response.Body, "id").(string)
	return strings.Contains(id, "licen") || strings.HasPrefix(id, "ent.")
}

// http sends a request and compares the answer.
func (r *run) http(ctx context.Context, st *Step) []string {
	if err := r.before(ctx, st); err != nil {
		return []string{err.Error()}
	}
	body, typ, err := r.body(st)
	if err != nil {
		return []string{"cannot build the body: " + err.Error()}
	}
	path := r.path(st)
	req, err := http.NewRequestWithContext(ctx, st.Request.Method, r.target.BaseURL+path, bytes.NewReader(body))
	if err != nil {
		return []string{err.Error()}
	}
	if !st.Request.HasBody {
		req.Body, req.ContentLength = http.NoBody, 0
	}
	if typ != "" {
		req.Header.Set("Content-Type", typ)
	}
	if err := r.headers(st, req, path); err != nil {
		return []string{err.Error()}
	}
	a, err := r.send(req)
	if err != nil {
		return []string{"no answer: " + err.Error()}
	}
	nextMoment()
	if st.Kind == "fault" {
		return nil
	}
	diffs := r.answered(st, a)
	r.learn(st, a, path)
	return diffs
}

// nextMoment returns when the clock shows another millisecond: at the pace of the
// recording each thing had a time of its own, by which lists are sorted.
func nextMoment() {
	for at := time.Now().UnixMilli(); time.Now().UnixMilli() == at; {
		runtime.Gosched()
	}
}

var momentRE = regexp.MustCompile(`<ms>`)

// path fills the placeholders of a path.
func (r *run) path(st *Step) string {
	p := r.str(st, st.Request.Path, "")
	if st.Name == "read up to the first" {
		// threads/read: the time is that of the thread's first reply, made by setup 11.
		if at, ok := number(dig(r.answers["setup 11"], "create_at")); ok {
			p = momentRE.ReplaceAllString(p, strconv.FormatInt(int64(at), 10))
		}
	}
	p = momentRE.ReplaceAllString(p, strconv.FormatInt(time.Now().UnixMilli(), 10))
	return strings.ReplaceAll(p, " ", "%20")
}

var cookieRE = regexp.MustCompile(`(MMAUTHTOKEN|MMCSRF)=(id#\d+)`)

// headers sets the recorded request headers and who is asking.
func (r *run) headers(st *Step, req *http.Request, path string) error {
	cookie := st.Request.Headers["Cookie"]
	if cookie == "" {
		tok, err := r.token(st.Actor)
		if err != nil {
			return err
		}
		if tok != "" {
			req.Header.Set("Authorization", "Bearer "+tok)
		}
	}
	for _, m := range cookieRE.FindAllStringSubmatch(cookie, -1) {
		if _, ok := r.b.ids[m[2]]; ok {
			continue
		}
		if q := r.hidden[m[1]]; len(q) > 0 {
			r.hidden[m[1]] = q[1:]
			if err := r.b.bind(m[2], q[0]); err != nil {
				return err
			}
		}
	}
	for k, v := range st.Request.Headers {
		if v == "<etag>" {
			req.Header.Set(k, r.etags[path])
			continue
		}
		req.Header.Set(k, r.str(st, v, k))
	}
	return nil
}

// token gives an actor's token. Actors who never log in (a bot, an app, a token's user) use the
// token that an answer gave last.
func (r *run) token(actor string) (string, error) {
	if actor == "nobody" {
		return "", nil
	}
	if t, ok := r.tokens[actor]; ok {
		return t, nil
	}
	for i := range r.sc.Steps {
		s := &r.sc.Steps[i]
		if s.Actor == actor && s.Request != nil && s.Request.Path == "/api/v4/users/login" {
			return "", nil // about to log in
		}
	}
	if r.given == "" {
		return "", fmt.Errorf("%s has no token", actor)
	}
	r.tokens[actor] = r.given
	return r.given, nil
}

// learn keeps what later steps need of an answer.
func (r *run) learn(st *Step, a *answer, path string) {
	r.answers[st.Name] = a.body
	if e := a.header.Get("Etag"); e != "" {
		r.etags[path] = e
	}
	if st.Request.Path == "/api/v4/users/login" && a.status == http.StatusOK {
		if st.Actor != "nobody" {
			r.tokens[st.Actor] = a.header.Get("Token")
		}
		if st.Kind == "setup" && st.Request.Headers["X-Requested-With"] != "" {
			for _, c := range cookies(a.header) {
				r.hidden[c.Name] = append(r.hidden[c.Name], c.Value)
			}
		}
	}
	if list, ok := a.body.([]any); ok && len(list) > 0 && strings.HasSuffix(path, "/sessions") && st.Kind == "setup" {
		if id, ok := dig(list[0], "id").(string); ok {
			r.hidden["session_id"] = append(r.hidden["session_id"], id)
		}
	}
	m, ok := a.body.(map[string]any)
	if !ok || a.status >= 300 {
		return
	}
	r.learnObject(st, m)
}

// learnObject keeps secrets and resources of an answer.
func (r *run) learnObject(st *Step, m map[string]any) {
	if id, ok := m["id"].(string); ok {
		r.objects[id] = m
		if st.Request.Method == http.MethodPost && st.Request.Path == "/api/v4/channels" {
			r.lastChannel = id
		}
	}
	text := func(k string) string { s, _ := m[k].(string); return s }
	if t := text("token"); t != "" && strings.HasSuffix(st.Request.Path, "/tokens") {
		r.given = t
	}
	if t := text("access_token"); t != "" {
		r.given = t
	}
	for _, k := range []string{"client_secret", "refresh_token"} {
		if t := text(k); t != "" {
			r.hidden[k] = append(r.hidden[k], t)
		}
	}
	if s := text("secret"); s != "" && strings.HasSuffix(st.Request.Path, "/mfa/generate") {
		r.mfaSecret = s
	}
	if files, ok := m["file_infos"].([]any); ok && st.Kind == "setup" {
		for _, f := range files {
			if id, ok := dig(f, "id").(string); ok {
				r.hidden["file"] = append(r.hidden["file"], id)
			}
		}
	}
}

// answered compares an answer with the recorded one.
func (r *run) answered(st *Step, a *answer) []string {
	want := st.Response
	if a.status != want.Status {
		return []string{fmt.Sprintf("status: want %d got %d %s", want.Status, a.status, brief(a.body))}
	}
	c := newComparer(r.b, st)
	if st.Kind == "setup" {
		c.partial = true
		if want.Body != nil && kind(want.Body) == "object" {
			c.root(want.Body, a.body)
		}
		return c.diffs
	}
	if st.Response.Status >= 400 && kind(dig(want.Body, "id")) == "string" {
		c.loose = nil // of errors the id counts always
	}
	diffs := r.headersDiffer(st, a)
	if !want.HasBody {
		return diffs
	}
	switch g, isText := want.Body.(string); {
	case want.Body == nil:
		if a.body != nil || len(a.raw) == 0 && a.status == http.StatusOK && st.Request.Method != http.MethodHead {
			c.diff(nil, "want null got %s", brief(a.body))
		}
	case isText && isForm(g):
		c.form(g, a)
	default:
		c.root(want.Body, a.body)
	}
	return append(diffs, c.diffs...)
}

// headersDiffer compares the headers that the recording shows.
func (r *run) headersDiffer(st *Step, a *answer) []string {
	var diffs []string
	c := newComparer(r.b, st)
	for _, k := range sortedKeys(st.Response.Headers) {
		want := st.Response.Headers[k]
		got, there := a.header.Get(k), len(a.header.Values(k)) > 0
		if k == "Set-Cookie" {
			got, there = cookieLine(a.header), true
		}
		switch {
		case want == "<present>" || want == "<etag>":
			if got != "" {
				continue
			}
		case want == "<absent>":
			if !there {
				continue
			}
		case matchesAny([]string{"header", k}, c.loose):
			if there {
				continue
			}
		case k == "Content-Type":
			if strings.EqualFold(mediaType(a.header), want) {
				continue
			}
		case r.b.match(want, got) == nil && (there || want == ""):
			continue
		}
		diffs = append(diffs, fmt.Sprintf("header.%s: want %s got %s", k, brief(want), brief(got)))
	}
	return diffs
}

func mediaType(h http.Header) string {
	typ, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		typ, _, _ = strings.Cut(h.Get("Content-Type"), ";")
	}
	return strings.TrimSpace(typ)
}

func cookies(h http.Header) []*http.Cookie {
	return (&http.Response{Header: h}).Cookies()
}

// cookieLine shows cookies as the recording does: name and marks, by name.
func cookieLine(h http.Header) string {
	var out []string
	for _, c := range cookies(h) {
		s := c.Name
		if c.Path != "" {
			s += "; Path=" + c.Path
		}
		if c.HttpOnly {
			s += "; HttpOnly"
		}
		if c.Secure {
			s += "; Secure"
		}
		if c.MaxAge < 0 || !c.Expires.IsZero() && c.Expires.Before(time.Now()) {
			s += "; expired"
		}
		out = append(out, s)
	}
	sort.Strings(out)
	return strings.Join(out, " | ")
}
