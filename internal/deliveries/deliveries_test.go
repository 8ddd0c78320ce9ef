package deliveries_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/deliveries"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const allow = "MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS=127.0.0.1"

// hook makes an outgoing webhook of the administrator's that hears everything in a channel.
func hook(t *testing.T, s *testkit.Server, room *model.Channel, urls ...string) *model.OutgoingWebhook {
	t.Helper()
	var h model.OutgoingWebhook
	s.Admin.POST("/hooks/outgoing", map[string]any{"team_id": room.TeamID, "channel_id": room.ID, "callback_urls": urls, "display_name": "Ear"}).Want(t, 201).Into(t, &h)
	return &h
}

func logOf(t *testing.T, who *testkit.Actor, query string) (list []*deliveries.Delivery, resting bool) {
	t.Helper()
	var page struct {
		Deliveries []*deliveries.Delivery
		Breakers   []deliveries.Breaker
	}
	who.GET("/parley/deliveries"+query).Want(t, 200).Into(t, &page)
	return page.Deliveries, len(page.Breakers) > 0
}

func TestTheLog(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		room := s.Channel(ann, s.Team(ann, ben))
		var heard atomic.Int64
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			heard.Add(1)
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.WriteString(w, "thanks, token=abc")
		}))
		defer srv.Close()
		h := hook(t, s, room, srv.URL+"/in?token=secret")
		ann.Say(room, "hello")
		var list []*deliveries.Delivery
		testkit.Eventually(t, "a delivery", func() bool {
			list, _ = logOf(t, s.Admin, "?of="+h.ID+"&outcome=ok")
			return len(list) == 1
		})
		one := list[0]
		if one.Status != 200 || one.Attempts != 1 || one.Kind != deliveries.KindOutgoingWebhook || one.Name != "Ear" || one.End == 0 {
			t.Errorf("%+v", one)
		}
		for _, text := range []string{one.Body, one.URL, one.Answer} {
			if strings.Contains(text, h.Token) || strings.Contains(text, "secret") || strings.Contains(text, "abc") {
				t.Errorf("a secret in %q", text)
			}
		}
		if got, _ := logOf(t, ben, ""); len(got) != 0 {
			t.Errorf("somebody else sees %+v", got)
		}
		ben.GET("/parley/deliveries/"+one.ID).Refused(t, 404, "parley.deliveries.missing.app_error")
		ben.POST("/parley/deliveries/"+one.ID+"/again", nil).Want(t, 404)
		s.Admin.GET("/parley/deliveries/"+id.New()).Want(t, 404)
		s.Admin.POST("/parley/deliveries/"+one.ID+"/again", nil).Want(t, 201)
		testkit.Eventually(t, "the same again", func() bool { return heard.Load() == 2 })
		// Who manages others' webhooks in the team sees those of the team.
		s.Admin.PUT("/teams/"+room.TeamID+"/members/"+ben.ID+"/roles", map[string]string{"roles": "team_user team_admin"}).Want(t, 200)
		if got, _ := logOf(t, ben, "?team_id="+room.TeamID); len(got) != 2 {
			t.Errorf("%d deliveries", len(got))
		}
	}, testkit.Env(allow))
}

// What is down rests and is tried again, and doesn't keep others waiting.
func TestWhatIsDownRests(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		team := s.Team(ann)
		down, up := s.Channel(ann, team), s.Channel(ann, team)
		var broken atomic.Bool
		broken.Store(true)
		var tried, heard atomic.Int64
		bad := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if broken.Load() {
				tried.Add(1)
				w.WriteHeader(503)
				return
			}
			heard.Add(1)
		}))
		defer bad.Close()
		good := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { heard.Add(1) }))
		defer good.Close()
		h := hook(t, s, down, bad.URL)
		hook(t, s, up, good.URL)
		for range 20 {
			ann.Say(down, "x")
		}
		testkit.Eventually(t, "the rest", func() bool {
			list, resting := logOf(t, s.Admin, "?of="+h.ID+"&outcome=waiting")
			return len(list) == 20 && resting
		})
		if n := tried.Load(); n < 5 || n > 12 {
			t.Errorf("called %d times while it was down", n)
		}
		ann.Say(up, "y")
		testkit.Eventually(t, "the other", func() bool { return heard.Load() == 1 })
		waiting, _ := logOf(t, s.Admin, "?of="+h.ID)
		s.Admin.POST("/parley/deliveries/"+waiting[0].ID+"/again", nil).Refused(t, 400, "parley.deliveries.waiting.app_error")
		broken.Store(false)
		testkit.Eventually(t, "all of them", func() bool {
			// The test doesn't wait for the clock: what waits is due now. So some may come twice.
			// In a transaction, which is tried again where it and the queue wait for each other.
			if err := s.DB.Tx(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), `UPDATE parley_deliveries SET nextat = 0 WHERE state = 'waiting'`)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			list, _ := logOf(t, s.Admin, "?of="+h.ID+"&outcome=ok")
			return len(list) == 20 && heard.Load() >= 21
		})
	}, testkit.Env(allow))
}

// What leads to the server itself or its network, elsewhere, or to no end isn't followed.
func TestHostileReceivers(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		team := s.Team(ann)
		var leaked atomic.Int64
		inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { leaked.Add(1) }))
		defer inside.Close()
		_, port, _ := strings.Cut(strings.TrimPrefix(inside.URL, "http://"), ":")
		outside := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/redirect":
				http.Redirect(w, r, inside.URL, http.StatusTemporaryRedirect)
			case "/giant":
				for range 40 {
					_, _ = w.Write(make([]byte, 64<<10))
				}
			}
		}))
		// Another address of the loop stands for the world outside: it alone is let through.
		if err := outside.Listener.Close(); err != nil {
			t.Fatal(err)
		}
		var err error
		if outside.Listener, err = net.Listen("tcp", "127.0.0.2:0"); err != nil {
			t.Fatal(err)
		}
		outside.Start()
		defer outside.Close()
		site := s.URL + "/api/v4/users/logout"
		for _, address := range []string{"http://localhost:" + port, "http://2130706433:" + port, "http://[::ffff:127.0.0.1]:" + port, "http://0.0.0.0:" + port, "http://0x7f.1:" + port,
			strings.Replace(site, "127.0.0.1", "localhost", 1), outside.URL + "/redirect", outside.URL + "/giant"} {
			room := s.Channel(ann, team)
			h := hook(t, s, room, address)
			ann.Say(room, "x")
			var got *deliveries.Delivery
			testkit.Eventually(t, address, func() bool {
				list, _ := logOf(t, s.Admin, "?of="+h.ID)
				if len(list) == 1 && list[0].Attempts > 0 {
					got = list[0]
				}
				return got != nil
			})
			if got.Status/100 == 2 || strings.Contains(address, "redirect") && got.Status != 307 || strings.Contains(address, "giant") && !strings.Contains(got.Problem, "too large") {
				t.Errorf("%s: %d %s", address, got.Status, got.Problem)
			}
		}
		if leaked.Load() != 0 {
			t.Error("a receiver inside was called")
		}
	}, testkit.Env("MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS=127.0.0.2"))
}

// What waits is sent whole, however long, and not at all once its webhook is gone.
func TestWhatWaits(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		room := s.Channel(ann, s.Team(ann))
		var broken atomic.Bool
		broken.Store(true)
		var longest, tried atomic.Int64
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			tried.Add(1)
			raw, _ := io.ReadAll(r.Body)
			longest.Store(max(longest.Load(), int64(len(raw))))
			if broken.Load() {
				w.WriteHeader(503)
			}
		}))
		defer srv.Close()
		h := hook(t, s, room, srv.URL)
		ann.Say(room, "x")
		testkit.Eventually(t, "an attempt", func() bool { list, _ := logOf(t, s.Admin, "?of="+h.ID); return len(list) == 1 && list[0].Attempts == 1 })
		long := strings.Repeat("y", 600_000)
		if _, err := db.Exec(t.Context(), s.DB, `UPDATE parley_deliveries SET body = $1, nextat = 0 WHERE state = 'waiting'`, long); err != nil {
			t.Fatal(err)
		}
		broken.Store(false)
		ann.Say(room, "wake up")
		testkit.Eventually(t, "both", func() bool { list, _ := logOf(t, s.Admin, "?of="+h.ID+"&outcome=ok"); return len(list) == 2 })
		if longest.Load() != int64(len(long)) {
			t.Errorf("%d bytes came", longest.Load())
		}
		list, _ := logOf(t, s.Admin, "?of="+h.ID)
		if list[1].Body != "" {
			t.Errorf("the log keeps %d bytes", len(list[1].Body))
		}
		s.Admin.POST("/parley/deliveries/"+list[1].ID+"/again", nil).Refused(t, 400, "parley.deliveries.not_kept.app_error")

		s.Admin.DELETE("/hooks/outgoing/"+h.ID).Want(t, 200)
		before := tried.Load()
		s.Admin.POST("/parley/deliveries/"+list[0].ID+"/again", nil).Want(t, 201)
		testkit.Eventually(t, "its end", func() bool { list, _ := logOf(t, s.Admin, "?of="+h.ID+"&outcome=failed"); return len(list) == 1 })
		if tried.Load() != before {
			t.Error("a webhook that is gone has called")
		}
	}, testkit.Env(allow))
}
