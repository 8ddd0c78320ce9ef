package webhooks_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/deliveries"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

var open = testkit.Env("MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS=127.0.0.1",
	"MM_SERVICESETTINGS_ENABLEPOSTUSERNAMEOVERRIDE=true", "MM_SERVICESETTINGS_ENABLEPOSTICONOVERRIDE=true")

// incoming makes an incoming webhook of the administrator's.
func incoming(t *testing.T, s *testkit.Server, room *model.Channel, more map[string]any) *model.IncomingWebhook {
	t.Helper()
	body := map[string]any{"channel_id": room.ID, "display_name": "Build"}
	for k, v := range more {
		body[k] = v
	}
	var h model.IncomingWebhook
	s.Admin.POST("/hooks/incoming", body).Want(t, 201).Into(t, &h)
	return &h
}

// said are the messages of a channel, the oldest first, without the server's own.
func said(t *testing.T, who *testkit.Actor, room *model.Channel) []*model.Post {
	t.Helper()
	var list model.PostList
	who.GET("/channels/"+room.ID+"/posts").Want(t, 200).Into(t, &list)
	var out []*model.Post
	for i := len(list.Order) - 1; i >= 0; i-- {
		if p := list.Posts[list.Order[i]]; !p.IsSystem() {
			out = append(out, p)
		}
	}
	return out
}

func texts(list []*model.Post) string {
	var out []string
	for _, p := range list {
		out = append(out, p.Message)
	}
	return strings.Join(out, " | ")
}

func TestWhatIncomingWebhooksTake(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		team := s.Team(ann, ben)
		room := s.Channel(ann, team, ben)
		h := incoming(t, s, room, nil)
		send := func(kind, body string) *testkit.Response {
			return s.Nobody().Do("POST", "<site>/hooks/"+h.ID, body, "Content-Type", kind)
		}
		for _, one := range [][2]string{
			{"application/json", `{"text":"one"}`}, {"", `{"text":"two"}`}, {"text/plain", "three\nlines"}, {"text/plain; charset=utf-8", `{"text":"four"}`},
			{"application/x-www-form-urlencoded", "payload=" + url.QueryEscape(`{"text":"five"}`)},
			{"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"payload\"\r\n\r\n{\"text\":\"six\"}\r\n--x--\r\n"},
			{"application/json", "{\"text\":\"seven\nlines\"}"}, {"application/json", `{"text":8}`},
			{"application/json", `{"text":"<!here> <https://x.example|the plan> <@` + ben.ID + `>","attachments":[null,7,{"text":"card","fields":[null,{"title":"t","value":1}]}],"props":null}`},
		} {
			if r := send(one[0], one[1]).Want(t, 200); string(r.Body) != "ok" {
				t.Errorf("%s: %s", one[1], r.Body)
			}
		}
		list := said(t, ben, room)
		if got, want := texts(list), "one | two | three\nlines | four | five | six | seven\nlines | 8 | @here [the plan](https://x.example) @"+ben.Username; got != want {
			t.Fatalf("%q, want %q", got, want)
		}
		last := list[len(list)-1]
		cards, _ := last.Props["attachments"].([]any)
		if last.Type != model.PostTypeAttachment || len(cards) != 1 || last.Props["from_webhook"] != "true" || last.Props["override_username"] != "webhook" {
			t.Errorf("%+v", last)
		}
		for body, errorID := range map[string]string{
			`{`: "web.incoming_webhook.decode.app_error", `[]`: "web.incoming_webhook.decode.app_error", `null`: "web.incoming_webhook.decode.app_error",
			`{"text":" "}`: "web.incoming_webhook.general.app_error", `{"attachments":[null]}`: "web.incoming_webhook.general.app_error",
			`{"text":"x","props":{"a":"` + strings.Repeat("y", 9000) + `"}}`: "web.incoming_webhook.general.app_error",
		} {
			send("application/json", body).Refused(t, 400, errorID)
		}
		send("a/b/c", "x").Refused(t, 400, "web.incoming_webhook.media_type.app_error")
		s.Nobody().POST("<site>/hooks/"+id.New(), map[string]string{"text": "x"}).Refused(t, 400, "web.incoming_webhook.general.app_error")
		if n := len(said(t, ben, room)); n != len(list) {
			t.Errorf("%d messages more", n-len(list))
		}
		send("application/json", `{"text":"`+strings.Repeat("long ", 4000)+`"}`).Want(t, 200)
		if pieces := said(t, ben, room)[len(list):]; len(pieces) != 2 || len(pieces[0].Message)+len(pieces[1].Message) != 20000 {
			t.Errorf("%d pieces", len(pieces))
		}
	}, open)
}

func TestWhereIncomingWebhooksPost(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		team := s.Team(ann, ben)
		s.Admin.POST("/teams/"+team.ID+"/members", map[string]string{"team_id": team.ID, "user_id": s.Admin.ID}).Want(t, 201)
		room, secret := s.Channel(ann, team, ben), s.Private(ann, team, ben)
		other := s.Channel(ann, team)
		h := incoming(t, s, room, nil)
		send := func(hook string, body map[string]any) *testkit.Response {
			return s.Nobody().POST("<site>/hooks/"+hook, body)
		}
		send(h.ID, map[string]any{"text": "there", "channel": "#" + other.Name, "username": "Robot", "icon_url": "https://x.example/i.png"}).Want(t, 200)
		if list := said(t, ann, other); len(list) != 1 || list[0].Props["override_username"] != "Robot" || list[0].Props["override_icon_url"] != "https://x.example/i.png" {
			t.Errorf("%+v", list)
		}
		send(h.ID, map[string]any{"text": "you", "channel": "@" + ben.Username}).Want(t, 200)
		send(h.ID, map[string]any{"text": "x", "channel": "@nobody"}).Refused(t, 400, "web.incoming_webhook.general.app_error")
		send(h.ID, map[string]any{"text": "x", "channel": "nowhere"}).Refused(t, 404, "web.incoming_webhook.general.app_error")

		tied := incoming(t, s, room, map[string]any{"channel_locked": true})
		send(tied.ID, map[string]any{"text": "x", "channel": other.Name}).Refused(t, 403, "web.incoming_webhook.general.app_error")
		send(tied.ID, map[string]any{"text": "at home"}).Want(t, 200)

		// A hook of somebody can do what they can now.
		s.Admin.PUT("/teams/"+team.ID+"/members/"+ann.ID+"/roles", map[string]string{"roles": "team_user team_admin"}).Want(t, 200)
		var hers model.IncomingWebhook
		ann.POST("/hooks/incoming", map[string]any{"channel_id": secret.ID, "channel_locked": false}).Want(t, 201).Into(t, &hers)
		send(hers.ID, map[string]any{"text": "inside"}).Want(t, 200)
		ben.POST("/hooks/incoming", map[string]any{"channel_id": room.ID}).Refused(t, 403, "api.context.permissions.app_error")
		ben.GET("/hooks/incoming/"+hers.ID).Want(t, 404)
		s.Admin.DELETE("/channels/"+secret.ID+"/members/"+ann.ID).Want(t, 200)
		send(hers.ID, map[string]any{"text": "outside"}).Want(t, 403)
		s.Admin.PUT("/users/"+ann.ID+"/active", map[string]bool{"active": false}).Want(t, 200)
		send(hers.ID, map[string]any{"text": "gone", "channel": other.Name}).Want(t, 403)
		s.Admin.DELETE("/hooks/incoming/"+h.ID).Want(t, 200)
		send(h.ID, map[string]any{"text": "x"}).Want(t, 400)
		if got := texts(said(t, ben, secret)); got != "inside" {
			t.Errorf("%q", got)
		}
	}, open)
}

// A hook writes nothing where its owner may not: in a channel for announcements it
// is silent whether they are in it or only could be.
func TestHooksAreSilentWhereTheirOwnerIs(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		team := s.Team(s.Admin, ann)
		home := s.Channel(ann, team)
		joined, near := s.Channel(s.Admin, team, ann), s.Channel(s.Admin, team)
		var role model.Role
		s.Admin.GET("/roles/name/team_user").Want(t, 200).Into(t, &role)
		s.Admin.PUT("/roles/"+role.ID+"/patch", map[string]any{"permissions": append(role.Permissions, "manage_own_incoming_webhooks", "bypass_incoming_webhook_channel_lock")}).Want(t, 200)
		var h model.IncomingWebhook
		ann.POST("/hooks/incoming", map[string]any{"channel_id": home.ID}).Want(t, 201).Into(t, &h)
		send := func(room *model.Channel) *testkit.Response {
			return s.Nobody().POST("<site>/hooks/"+h.ID, map[string]any{"text": "hello", "channel": room.Name})
		}
		rooms := []*model.Channel{joined, near}
		for _, room := range rooms {
			send(room).Want(t, 200)
			moderate(t, s, room, false)
			send(room).Refused(t, 403, "web.incoming_webhook.general.app_error")
			if n := len(said(t, s.Admin, room)); n != 1 {
				t.Errorf("%d messages", n)
			}
		}
		send(home).Want(t, 200)
		// Who administers the channel speaks there, and so does their hook.
		s.Admin.PUT("/channels/"+joined.ID+"/members/"+ann.ID+"/schemeRoles", map[string]bool{"scheme_user": true, "scheme_admin": true}).Want(t, 200)
		send(joined).Want(t, 200)
		s.Nobody().POST("<site>/hooks/"+incoming(t, s, near, nil).ID, map[string]string{"text": "of the administrator's"}).Want(t, 200)
		for _, room := range rooms {
			moderate(t, s, room, true)
			send(room).Want(t, 200)
		}
	}, open)
}

// moderate says whether the members of a channel may write in it.
func moderate(t *testing.T, s *testkit.Server, room *model.Channel, write bool) {
	t.Helper()
	s.Admin.PUT("/channels/"+room.ID+"/moderations/patch", []any{map[string]any{"name": "create_post", "roles": map[string]bool{"members": write}}}).Want(t, 200)
}

// receiver is somebody's server that outgoing webhooks call.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	calls  []*http.Request
	bodies []string
	answer func(n int) (status int, body string)
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{answer: func(int) (int, string) { return 200, "" }}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		raw, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		r.calls, r.bodies = append(r.calls, req), append(r.bodies, string(raw))
		status, body := r.answer(len(r.calls))
		r.mu.Unlock()
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) heard() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.calls)
}

func outgoing(t *testing.T, s *testkit.Server, body map[string]any) *model.OutgoingWebhook {
	t.Helper()
	var h model.OutgoingWebhook
	s.Admin.POST("/hooks/outgoing", body).Want(t, 201).Into(t, &h)
	return &h
}

func TestOutgoingWebhooks(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		team := s.Team(ann, ben)
		room, secret := s.Channel(ann, team, ben), s.Private(ann, team, ben)
		r := newReceiver(t)
		h := outgoing(t, s, map[string]any{"team_id": team.ID, "trigger_words": []string{"build"}, "callback_urls": []string{r.URL}, "display_name": "CI", "username": "Robot"})
		var key struct{ Secret string }
		s.Admin.POST("/parley/hooks/outgoing/"+h.ID+"/secret", nil).Want(t, 201).Into(t, &key)
		r.answer = func(int) (int, string) { return 200, `{"text":"building","response_type":"comment"}` }
		first := ann.Say(room, "build the house")
		testkit.Eventually(t, "an answer", func() bool { return len(said(t, ben, room)) == 2 })
		list := said(t, ben, room)
		if a := list[1]; a.RootID != first.ID || a.Message != "building" || a.Props["override_username"] != "Robot" || a.Props["webhook_display_name"] != "CI" {
			t.Errorf("%+v", a)
		}
		form, err := url.ParseQuery(r.bodies[0])
		if err != nil || form.Get("token") != h.Token || form.Get("text") != "build the house" || form.Get("trigger_word") != "build" || form.Get("user_name") != ann.Username {
			t.Errorf("%v %v", form, err)
		}
		if err := deliveries.Verify(r.calls[0].Header, []byte(r.bodies[0]), key.Secret, time.Now(), time.Minute); err != nil {
			t.Error(err)
		}
		if err := deliveries.Verify(r.calls[0].Header, []byte(r.bodies[0]+" "), key.Secret, time.Now(), time.Minute); err == nil {
			t.Error("another body has the same signature")
		}
		// What isn't meant for it: another word, a private channel, and what webhooks say.
		ann.Say(room, "building")
		ann.Say(secret, "build")
		s.Nobody().POST("<site>/hooks/"+incoming(t, s, room, nil).ID, map[string]string{"text": "build"}).Want(t, 200)
		r.answer = func(int) (int, string) { return 200, "ok" }
		ann.Say(room, "build again")
		testkit.Eventually(t, "the second call", func() bool { return r.heard() >= 2 })
		if form, _ := url.ParseQuery(r.bodies[1]); form.Get("text") != "build again" || r.heard() != 2 {
			t.Errorf("%d calls: %v", r.heard(), r.bodies)
		}
		s.Admin.DELETE("/hooks/outgoing/"+h.ID).Want(t, 200)
		ann.Say(room, "build nothing")
		next := outgoing(t, s, map[string]any{"team_id": team.ID, "channel_id": room.ID, "trigger_when": 1, "trigger_words": []string{"last"}, "callback_urls": []string{r.URL},
			"content_type": "application/json"})
		ann.Say(room, "lasting")
		testkit.Eventually(t, "the third call", func() bool { return r.heard() >= 3 })
		var p model.OutgoingWebhookPayload
		if err := json.Unmarshal([]byte(r.bodies[2]), &p); err != nil || p.Text != "lasting" || p.Token != next.Token || p.Timestamp < time.Now().Add(-time.Minute).UnixMilli() {
			t.Errorf("%s %v", r.bodies[2], err)
		}
	}, open)
}

func TestWhoManagesOutgoingWebhooks(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		team := s.Team(ann, ben)
		room, secret := s.Channel(ann, team, ben), s.Private(ann, team, ben)
		s.Admin.PUT("/teams/"+team.ID+"/members/"+ann.ID+"/roles", map[string]string{"roles": "team_user team_admin"}).Want(t, 200)
		body := func(more map[string]any) map[string]any {
			b := map[string]any{"team_id": team.ID, "channel_id": room.ID, "trigger_words": []string{"w"}, "callback_urls": []string{"https://x.example/a"}}
			for k, v := range more {
				b[k] = v
			}
			return b
		}
		var h model.OutgoingWebhook
		ann.POST("/hooks/outgoing", body(nil)).Want(t, 201).Into(t, &h)
		ann.POST("/hooks/outgoing", body(nil)).Refused(t, 500, "api.webhook.create_outgoing.intersect.app_error")
		ann.POST("/hooks/outgoing", body(map[string]any{"channel_id": secret.ID})).Refused(t, 403, "api.webhook.create_outgoing.not_open.app_error")
		ann.POST("/hooks/outgoing", body(map[string]any{"callback_urls": []string{"javascript:x"}})).Refused(t, 400, "model.outgoing_hook.is_valid.url.app_error")
		ann.POST("/hooks/outgoing", body(map[string]any{"callback_urls": []string{"https://x.example/\r\nHost: y"}})).Refused(t, 400, "model.outgoing_hook.is_valid.url.app_error")
		ann.POST("/hooks/outgoing", body(map[string]any{"content_type": "text/html\r\nX: y", "trigger_words": []string{"z"}})).Refused(t, 400, "model.outgoing_hook.is_valid.content_type.app_error")
		ben.GET("/hooks/outgoing/"+h.ID).Want(t, 404)
		ben.POST("/hooks/outgoing/"+h.ID+"/regen_token", nil).Want(t, 404)
		ben.GET("/hooks/outgoing?team_id="+team.ID).Want(t, 403)
		var renewed model.OutgoingWebhook
		ann.POST("/hooks/outgoing/"+h.ID+"/regen_token", nil).Want(t, 200).Into(t, &renewed)
		if renewed.Token == h.Token {
			t.Error("the same token")
		}
		var list []*model.OutgoingWebhook
		ann.GET("/hooks/outgoing?team_id="+team.ID).Want(t, 200).Into(t, &list)
		if len(list) != 1 || list[0].Token != renewed.Token {
			t.Errorf("%+v", list)
		}
		ann.PUT("/hooks/outgoing/"+h.ID, body(map[string]any{"id": h.ID, "display_name": "Named"})).Want(t, 200).Into(t, &renewed)
		if renewed.DisplayName != "Named" || renewed.CreatorID != ann.ID {
			t.Errorf("%+v", renewed)
		}
	}, open)
}
