package oauthapps

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Whatever is sent, a form is read whole or not at all.
func FuzzReadForm(f *testing.F) {
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(id.New()+":secret"))
	for _, seed := range [][2]string{{"grant_type=authorization_code&code=x", ""}, {"client_id=a&client_id=b", ""}, {"a=%00&%zz", basic}, {"client_secret=x", basic},
		{"", "Basic !"}, {"client_id=" + id.New(), "basic " + base64.StdEncoding.EncodeToString([]byte("no colon"))}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, body, proof string) {
		q, err := readForm("application/x-www-form-urlencoded; charset=utf-8", []byte(body), proof)
		if err != nil {
			return
		}
		for name, values := range q.form {
			if len(values) != 1 || strings.ContainsRune(values[0], 0) {
				t.Errorf("%s: %q", name, values)
			}
		}
		if q.basic && (!id.Valid(q.clientID) || q.form.Get("client_secret") != "") {
			t.Errorf("%+v", q)
		}
	})
}

// Whatever is asked, an answer goes to a registered address and nowhere else.
func FuzzAsked(f *testing.F) {
	app := &model.OAuthApp{ID: id.New(), ClientSecret: "x", CallbackURLs: []string{"https://app.example/back?x=1", "https://app.example/"}}
	for _, seed := range []string{"response_type=code&state=s&redirect_uri=https://app.example/", "redirect_uri=javascript:1&resource=%23", "state=%0a&code_challenge=a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		values, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		q := askedIn(values)
		if checkAddress(app, &q) != nil {
			q.RedirectURI = app.CallbackURLs[0]
		}
		tell, err := checkAsked(app, &q, "https://chat.example")
		if err != nil {
			return
		}
		to, err := url.Parse(answerAt(q.RedirectURI, "error", tell, "state", q.State))
		if err != nil || to.Scheme != "https" || to.Host != "app.example" || to.Query().Get("state") != q.State {
			t.Errorf("%q becomes %v, %v", raw, to, err)
		}
	})
}

// Only the verifier of a challenge proves it.
func TestOnlyTheVerifierProves(t *testing.T) {
	text := rapid.StringMatching(`[A-Za-z0-9._~-]{43,128}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		if err := proves(challengeFor(a), a); err != nil {
			t.Fatal(err)
		}
		if a != b && proves(challengeFor(a), b) == nil {
			t.Fatalf("%q proves %q", b, a)
		}
		if proves(a, a) == nil {
			t.Fatal("the plain method is taken")
		}
	})
}

func TestPatternsOfAddresses(t *testing.T) {
	for _, c := range []struct {
		pattern, address string
		want             bool
	}{
		{"https://app.example/back", "https://app.example/back", true},
		{"https://app.example/back", "https://app.example/back/x", false},
		{"https://app.example/**", "https://app.example/back/x?y", true},
		{"https://app.example/a/**", "https://app.example/a/../b", false},
		{"https://app.example/a/**", "https://app.example/a/%2e%2e/b", false},
		{"https://*.example/**", "https://a.b.example/", false},
		{"https://*.example/**", "https://a.example.evil/", false},
		{"https://app.example/**", "https://app.example@evil.example/", false},
		{"https://app.example/**", "https://app.example.evil.example/", false},
		{"https://app.example/**", "http://app.example/", false},
		{"https://app.example/*/back", "https://app.example/x/back", true},
		{"https://app.example/*/back", "https://app.example/x/y/back", false},
		{"http://localhost:*/**", "http://localhost:7777/cb", true},
		{"https://APP.example/**", "https://app.EXAMPLE/x", true},
		{"https://app.example/**", `https://evil.example\@app.example/`, false},
	} {
		if got := matches(c.pattern, c.address); got != c.want {
			t.Errorf("%s with %s: %v", c.pattern, c.address, got)
		}
	}
}
