package oauthconns_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/testkit"
)

// unhelpful gives no token that can be used: by its path in one way or another, and for /slow not before ended.
func unhelpful(tokens string, ended chan struct{}) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, tokens, http.StatusTemporaryRedirect)
		case "/giant":
			_, _ = io.WriteString(w, `{"access_token":"`)
			for range 40 {
				_, _ = io.WriteString(w, strings.Repeat("a", 64<<10))
			}
		case "/slow":
			select {
			case <-ended:
			case <-r.Context().Done():
			}
		case "/long":
			_, _ = fmt.Fprintf(w, `{"access_token":%q,"token_type":"Bearer"}`, strings.Repeat("a", 20<<10))
		case "/split":
			_, _ = io.WriteString(w, `{"access_token":"a\r\nX-Admin: yes","token_type":"Bearer"}`)
		case "/mac":
			_, _ = io.WriteString(w, `{"access_token":"a","token_type":"mac"}`)
		case "/none":
			_, _ = io.WriteString(w, `{}`)
		case "/page":
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, `<h1>inside</h1>`)
		case "/down":
			w.WriteHeader(503)
			_, _ = io.WriteString(w, `inside`)
		case "/teapot":
			w.WriteHeader(418)
			_, _ = io.WriteString(w, `inside`)
		case "/script":
			w.WriteHeader(400)
			_, _ = io.WriteString(w, `{"error":"<script>","error_description":"inside"}`)
		}
	}
}

// What goes wrong on the other side is said in words, and without secrets.
func TestServersThatGiveNoToken(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t, dbtest.SQLite, settings, testkit.Env("MM_SERVICESETTINGS_OUTGOINGINTEGRATIONREQUESTSTIMEOUT=2"))
	p := newPartner(t)
	ended := make(chan struct{})
	server := httptest.NewServer(unhelpful(p.URL+"/token", ended))
	defer server.Close()
	defer close(ended)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	const of = "parley.oauthconns."
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "http://"), ":")
	for address, want := range map[string]struct {
		status int
		id     string
	}{
		server.URL + "/redirect": {502, of + "unusable.app_error"}, server.URL + "/giant": {502, of + "unusable.app_error"},
		server.URL + "/long": {502, of + "unusable.app_error"}, server.URL + "/split": {502, of + "unusable.app_error"},
		server.URL + "/mac": {502, of + "unusable.app_error"}, server.URL + "/none": {502, of + "unusable.app_error"},
		server.URL + "/page": {502, of + "unusable.app_error"}, server.URL + "/down": {502, of + "unusable.app_error"},
		server.URL + "/teapot": {400, validation}, server.URL + "/script": {400, validation}, server.URL + "/slow": {502, of + "late.app_error"},
		gone.URL: {502, of + "unreachable.app_error"}, "http://[::1]:" + port + "/none": {400, of + "reserved.app_error"},
		"http://0.0.0.0:" + port + "/none": {400, of + "reserved.app_error"}, "http://[::ffff:127.0.0.2]:" + port + "/none": {400, of + "reserved.app_error"},
		"http://169.254.169.254/latest": {400, of + "reserved.app_error"},
	} {
		var got *testkit.Response
		testkit.Eventually(t, "the rate has room", func() bool {
			got = s.Admin.POST(route+"/validate", p.form(map[string]any{"oauth_token_url": address}))
			return got.Status != 429
		})
		if got.Refused(t, want.status, want.id); strings.Contains(string(got.Body), "inside") || strings.Contains(string(got.Body), secret) || strings.Contains(string(got.Body), "<") {
			t.Errorf("%s: %s", address, got.Body)
		}
	}
	if p.count() != 0 {
		t.Error("a redirect was followed")
	}
	// A server that says back what it was sent isn't quoted with it.
	wrong := s.Admin.POST(route+"/validate", p.form(map[string]any{"client_secret": "my-guess"}))
	if wrong.Refused(t, 400, validation); !strings.Contains(string(wrong.Body), "invalid_client") || strings.Contains(string(wrong.Body), "my-guess") {
		t.Errorf("%s", wrong.Body)
	}
}

const validation = "api.context.outgoing_oauth_connection.validate_connection_credentials.app_error"

// While it is switched off there are no connections, and calls carry nothing.
func TestSwitchedOff(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t, dbtest.SQLite)
	const off = "api.context.outgoing_oauth_connection.not_available.configuration_disabled"
	s.Admin.GET(route).Refused(t, 501, off)
	s.Admin.POST(route, map[string]any{}).Refused(t, 501, off)
	s.Admin.POST(route+"/validate", map[string]any{}).Refused(t, 501, off)
	s.Admin.GET(route+"/"+thiefID).Refused(t, 501, off)
	s.Admin.PUT(route+"/"+thiefID, map[string]any{}).Refused(t, 501, off)
	s.Admin.DELETE(route+"/"+thiefID).Refused(t, 501, off)
}
