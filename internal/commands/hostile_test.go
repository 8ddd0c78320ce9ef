package commands_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/testkit"
)

// An integration that is slow, floods, or sends the server elsewhere is given up,
// and its token goes nowhere else.
func TestHostileIntegrations(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		thief := newIntegration(t)
		stop := make(chan struct{})
		bad := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/slow":
				select {
				case <-stop:
				case <-r.Context().Done():
				}
			case "/flood":
				chunk := []byte(strings.Repeat("x", 64<<10))
				for {
					if _, err := w.Write(chunk); err != nil {
						return
					}
				}
			case "/drip":
				w.Header().Set("Content-Length", "100")
				_, _ = w.Write([]byte("{"))
			case "/teapot":
				w.WriteHeader(http.StatusTeapot)
			default:
				http.Redirect(w, r, thief.URL+"/steal", http.StatusTemporaryRedirect)
			}
		}))
		defer bad.Close()
		defer close(stop)
		ann := s.User("ann")
		team := s.Team(ann)
		room := s.Channel(ann, team)
		for trigger, want := range map[string]string{"slow": "failed.app_error", "flood": "failed.app_error", "drip": "failed.app_error",
			"teapot": "failed_resp.app_error", "redirect": "failed_resp.app_error"} {
			command(t, s, team, trigger, bad.URL+"/"+trigger)
			r := run(ann, room, "/"+trigger)
			r.Refused(t, 500, "api.command.execute_command."+want)
			if strings.Contains(string(r.Body), bad.URL) {
				t.Errorf("%s tells its address: %s", trigger, r.Body)
			}
		}
		for _, h := range thief.got {
			if h.form.Get("token") != "" || h.header.Get("Authorization") != "" {
				t.Errorf("the thief got %+v", h)
			}
		}
		if len(said(t, ann, room)) != 0 {
			t.Error("something was said")
		}
	}, local, testkit.Env("MM_SERVICESETTINGS_OUTGOINGINTEGRATIONREQUESTSTIMEOUT=1"))
}
