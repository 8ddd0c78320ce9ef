package golden

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Target says which server to replay against, and who its system admin is: a token, or a login
// name with its password.
type Target struct {
	BaseURL       string
	AdminLogin    string
	AdminPassword string
	AdminToken    string
	// Dir is the folder of the scenarios. The settings.json in it is applied; with "" the server's
	// settings stay as they are, but for the port of the mail sink.
	Dir string
	// Patience is how long to wait for events, calls and mails that must come; 3 s when 0.
	Patience time.Duration
}

// Bench is a server made ready for replaying: settings applied, mail sink and listener open.
type Bench struct {
	// Note says that the server did not take the settings; replaying goes on without them.
	Note     string
	target   Target
	http     *http.Client
	token    string
	adminID  string
	words    map[string]string
	listener *listener
	sink     *sink
}

// Open logs the admin in and applies the settings. Close the bench after use.
func Open(ctx context.Context, t Target) (*Bench, error) {
	t.BaseURL = strings.TrimRight(t.BaseURL, "/")
	if t.Patience == 0 {
		t.Patience = 3 * time.Second
	}
	u, err := url.Parse(t.BaseURL)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("base URL %q is not one", t.BaseURL)
	}
	s, err := newSink()
	if err != nil {
		return nil, err
	}
	b := &Bench{target: t, listener: newListener(), sink: s, http: &http.Client{
		Timeout:       60 * time.Second,
		Transport:     &http.Transport{MaxIdleConnsPerHost: 16, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	lURL, lHost := b.listener.address()
	b.words = map[string]string{"<server>": t.BaseURL, "<host>": u.Host, "<listener>": lURL, "<listener-host>": lHost}
	if err := b.prepare(ctx); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// Close ends the listener and the mail sink.
func (b *Bench) Close() {
	b.listener.close()
	b.sink.close()
	b.http.CloseIdleConnections()
}

// ErrLogin means that the admin could not log in.
var ErrLogin = errors.New("the admin cannot log in")

func (b *Bench) prepare(ctx context.Context) error {
	b.token = b.target.AdminToken
	if b.token == "" {
		a, err := b.call(ctx, http.MethodPost, "/api/v4/users/login", map[string]any{"login_id": b.target.AdminLogin, "password": b.target.AdminPassword})
		if err != nil {
			return err
		}
		if a.status != http.StatusOK {
			return fmt.Errorf("%w: status %d %s", ErrLogin, a.status, a.raw)
		}
		b.token = a.header.Get("Token")
	}
	a, err := b.call(ctx, http.MethodGet, "/api/v4/users/me", nil)
	if err != nil {
		return err
	}
	me, _ := a.body.(map[string]any)
	b.adminID, _ = me["id"].(string)
	if b.adminID == "" {
		return fmt.Errorf("GET /api/v4/users/me as admin: status %d %s", a.status, a.raw)
	}
	name, _ := me["username"].(string)
	mail, _ := me["email"].(string)
	b.words["probeadmin"], b.words["probeadmin@example.com"] = name, mail
	return b.settings(ctx)
}

// settings applies settings.json with the sink's port, and the site URL when the server has none.
func (b *Bench) settings(ctx context.Context) error {
	patch := map[string]any{}
	if b.target.Dir != "" {
		raw, err := os.ReadFile(filepath.Join(b.target.Dir, "settings.json"))
		if err != nil {
			return err
		}
		if err := json.Unmarshal(raw, &patch); err != nil {
			return fmt.Errorf("settings.json: %w", err)
		}
	}
	email, _ := patch["EmailSettings"].(map[string]any)
	if email == nil {
		email = map[string]any{}
		patch["EmailSettings"] = email
	}
	email["SMTPServer"], email["SMTPPort"] = "127.0.0.1", port(b.sink.ln.Addr())
	now, err := b.call(ctx, http.MethodGet, "/api/v4/config", nil)
	if err != nil {
		return err
	}
	if site, ok := dig(now.body, "ServiceSettings.SiteURL").(string); ok && site == "" {
		service, _ := patch["ServiceSettings"].(map[string]any)
		if service == nil {
			service = map[string]any{}
			patch["ServiceSettings"] = service
		}
		service["SiteURL"] = b.target.BaseURL
	}
	a, err := b.call(ctx, http.MethodPut, "/api/v4/config/patch", patch)
	if err != nil {
		return err
	}
	if a.status != http.StatusOK {
		b.Note = fmt.Sprintf("the settings were not applied: PUT /api/v4/config/patch: status %d %s", a.status, brief(string(a.raw)))
	}
	return nil
}

// call makes a JSON request as the admin.
func (b *Bench) call(ctx context.Context, method, path string, body any) (*answer, error) {
	var rd io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		rd = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, b.target.BaseURL+path, rd)
	if err != nil {
		return nil, err
	}
	if b.token != "" {
		req.Header.Set("Authorization", "Bearer "+b.token)
	}
	return b.send(req)
}

// answer is what a request brought.
type answer struct {
	status int
	header http.Header
	raw    []byte
	body   any // decoded when it is JSON, else text; nil when empty
	isJSON bool
}

func (b *Bench) send(req *http.Request) (*answer, error) {
	req.Header.Set("User-Agent", "golden")
	resp, err := b.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	a := &answer{status: resp.StatusCode, header: resp.Header}
	if a.raw, err = io.ReadAll(resp.Body); err != nil {
		return nil, err
	}
	if len(a.raw) == 0 {
		return a, nil
	}
	if mediaType(resp.Header) == "application/json" {
		if v, err := decodeWhole(a.raw); err == nil {
			a.body, a.isJSON = v, true
			return a, nil
		}
	}
	a.body = string(a.raw)
	return a, nil
}

// Run replays scenarios, at most parallel at a time, those that change what others see alone and
// at the end. done is called after each, one at a time.
func (b *Bench) Run(ctx context.Context, list []Scenario, parallel int, done func(Report)) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	slots := make(chan struct{}, max(parallel, 1))
	var last []Scenario
	for _, sc := range list {
		if sc.alone() {
			last = append(last, sc)
			continue
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			r := b.Replay(ctx, sc)
			mu.Lock()
			defer mu.Unlock()
			done(r)
		})
	}
	wg.Wait()
	for _, sc := range last {
		done(b.Replay(ctx, sc))
	}
}

// Replay opens a bench for one scenario and replays it.
func Replay(ctx context.Context, t Target, sc Scenario) Report {
	b, err := Open(ctx, t)
	if err != nil {
		return Report{Scenario: sc.Name, Area: sc.Area, Steps: []StepResult{{Name: "open", Kind: "setup", State: Failed, Diffs: []string{err.Error()}}}}
	}
	defer b.Close()
	return b.Replay(ctx, sc)
}

// dig follows a dotted path through objects; nil when it ends before.
func dig(v any, path string) any {
	for _, k := range strings.Split(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[k]
	}
	return v
}
