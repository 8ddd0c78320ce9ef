package commands_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// heard is a request that an integration got.
type heard struct {
	method string
	header http.Header
	form   url.Values
}

// integration answers at each path what it is told to, and remembers what it got.
type integration struct {
	*httptest.Server
	mu   sync.Mutex
	got  []heard
	says map[string]string // by path; plain words unless they begin with {
}

func newIntegration(t *testing.T) *integration {
	t.Helper()
	i := &integration{says: map[string]string{}}
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		i.mu.Lock()
		defer i.mu.Unlock()
		i.got = append(i.got, heard{r.Method, r.Header, r.Form})
		answer := i.says[r.URL.Path]
		if strings.HasPrefix(answer, "{") || strings.HasPrefix(answer, "[") {
			w.Header().Set("Content-Type", "application/json")
		}
		_, _ = fmt.Fprint(w, answer)
	}))
	t.Cleanup(i.Close)
	return i
}

func (i *integration) last() heard {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.got[len(i.got)-1]
}

func (i *integration) say(path, answer string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.says[path] = answer
}

// local lets integrations of the tests be reached.
var local = testkit.Env("MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS=127.0.0.1", "MM_SERVICESETTINGS_ENABLEPOSTUSERNAMEOVERRIDE=true")

func command(t *testing.T, s *testkit.Server, team *model.Team, trigger, where string, more ...any) model.Command {
	t.Helper()
	body := map[string]any{"team_id": team.ID, "trigger": trigger, "method": "P", "url": where}
	for n := 0; n+1 < len(more); n += 2 {
		body[more[n].(string)] = more[n+1]
	}
	var made model.Command
	s.Admin.POST("/commands", body).Want(t, 201).Into(t, &made)
	return made
}

func run(a *testkit.Actor, ch *model.Channel, typed string, more ...string) *testkit.Response {
	body := map[string]string{"channel_id": ch.ID, "command": typed}
	for n := 0; n+1 < len(more); n += 2 {
		body[more[n]] = more[n+1]
	}
	return a.POST("/commands/execute", body)
}

func answer(t *testing.T, r *testkit.Response) model.CommandResponse {
	t.Helper()
	var out model.CommandResponse
	r.Want(t, 200).Into(t, &out)
	return out
}

// said are the messages of people in a channel, the newest first.
func said(t *testing.T, a *testkit.Actor, ch *model.Channel) []*model.Post {
	t.Helper()
	var page model.PostList
	a.GET("/channels/"+ch.ID+"/posts").Want(t, 200).Into(t, &page)
	var out []*model.Post
	for _, id := range page.Order {
		if !page.Posts[id].IsSystem() {
			out = append(out, page.Posts[id])
		}
	}
	return out
}

func TestAnIntegrationIsAskedAndAnswers(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		i := newIntegration(t)
		ann, ben := s.User("ann"), s.User("ben")
		team := s.Team(ann, ben)
		room := s.Channel(ann, team, ben)
		dice := command(t, s, team, "Dice", i.URL+"/dice?from=parley")
		if dice.Trigger != "dice" || len(dice.Token) != 26 {
			t.Fatalf("made: %+v", dice)
		}
		i.say("/dice", `{"response_type":"in_channel","text":"rolled 6","username":"bones","goto_location":"javascript:alert(1)",
			"attachments":[null,{"text":"card"}],"props":{"from_bot":"true","note":"x"},"extra_responses":[null,{"text":"only you"},{"text":"all","response_type":"in_channel"}]}`)
		root, ear := ben.Say(room, "shall we"), ann.Listen()
		out := answer(t, run(ann, room, "/DICE two\r\nX-Evil: 1 @"+ben.Username+" ~"+room.Name, "root_id", root.ID))
		if out.GotoLocation != "" || len(out.TriggerID) != 26 || len(out.Attachments) != 1 || out.Text != "rolled 6" {
			t.Errorf("answer: %+v", out)
		}
		got := i.last()
		want := map[string]string{"token": dice.Token, "team_id": team.ID, "team_domain": team.Name, "channel_id": room.ID, "channel_name": room.Name, "user_id": ann.ID,
			"user_name": ann.Username, "command": "/dice", "root_id": root.ID, "from": "parley", "user_mentions_ids": ben.ID, "channel_mentions_ids": room.ID}
		for k, v := range want {
			if got.form.Get(k) != v {
				t.Errorf("%s: %q, want %q", k, got.form.Get(k), v)
			}
		}
		if got.method != "POST" || got.header.Get("Authorization") != "Token "+dice.Token || got.header.Get("X-Evil") != "" || got.header.Get("Cookie") != "" ||
			!strings.HasPrefix(got.form.Get("text"), "two\r\nX-Evil: 1") || got.form.Get("trigger_id") == out.TriggerID {
			t.Errorf("asked: %+v", got)
		}
		if !strings.Contains(got.form.Get("response_url"), "/hooks/commands/") {
			t.Error(got.form)
		}
		f := ear.Expect("ephemeral_message", func(testkit.Frame) bool { return true })
		var only model.Post
		if f.JSON(t, "post", &only); only.Message != "only you" || only.RootID != root.ID || only.UserID != ann.ID {
			t.Errorf("for ann alone: %+v", only)
		}
		posts := said(t, ben, room)
		if len(posts) != 3 || posts[0].Message != "all" || posts[1].Message != "rolled 6" || posts[1].RootID != root.ID {
			t.Fatalf("said: %+v", posts)
		}
		if p := posts[1].Props; p["from_webhook"] != "true" || p["override_username"] != "bones" || p["from_bot"] != nil || p["note"] != "x" || p["attachments"] == nil {
			t.Errorf("props: %v", p)
		}
	}, local)
}

func TestAnswersThatAreNone(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		i := newIntegration(t)
		ann := s.User("ann")
		team := s.Team(ann)
		room := s.Channel(ann, team)
		get := command(t, s, team, "get", i.URL+"/get?text=mine&keep=1", "method", "G")
		i.say("/get", "plain words")
		if out := answer(t, run(ann, room, "/get it")); out.Text != "plain words" || out.ResponseType != "" {
			t.Errorf("%+v", out)
		}
		if got := i.last(); got.method != "GET" || got.form.Get("text") != "it" || got.form.Get("keep") != "1" || got.form.Get("token") != get.Token {
			t.Errorf("asked: %+v", got)
		}
		for text, status := range map[string]int{`{"text":`: 500, `{"text":5}`: 500, "": 200, `{"attachments":null,"extra_responses":[null]}`: 200, "null": 200, "a\xff": 500,
			`{"text":"` + strings.Repeat("x", 20_000) + `","response_type":"in_channel"}`: 400, `{"type":"system_join_channel","text":"x","response_type":"in_channel"}`: 400} {
			i.say("/get", text)
			if r := run(ann, room, "/get it"); r.Status != status {
				t.Errorf("%.40q: %d %s", text, r.Status, r.Body)
			}
		}
		if n := len(said(t, ann, room)); n != 0 {
			t.Errorf("%d messages", n)
		}
		i.say("/get", `{"text":"over there","response_type":"in_channel","channel_id":"`+s.Private(s.Admin, team).ID+`"}`)
		run(ann, room, "/get it").Refused(t, 403, "parley.commands.channel.app_error")
		command(t, s, team, "gone", "http://127.0.0.1:1/")
		run(ann, room, "/gone").Refused(t, 500, "api.command.execute_command.failed.app_error")
	}, local)
}

// The server's own ports and its host's are no integrations, however written.
func TestCommandsDontLeadInward(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		i := newIntegration(t)
		ann := s.User("ann")
		team := s.Team(ann)
		room := s.Channel(ann, team)
		port := i.URL[strings.LastIndexByte(i.URL, ':'):]
		for n, where := range []string{i.URL, s.URL + "/api/v4/users/me", "http://localhost" + port, "http://2130706433" + port, "http://[::ffff:127.0.0.1]" + port, "http://169.254.169.254/latest"} {
			trigger := fmt.Sprintf("in%d", n)
			command(t, s, team, trigger, where)
			run(ann, room, "/"+trigger).Refused(t, 500, "api.command.execute_command.failed.app_error")
		}
		if len(i.got) != 0 {
			t.Errorf("reached: %+v", i.got)
		}
		for _, where := range []string{"file:///etc/passwd", "gopher://x", "http://u:p@x.example", "http://x.example/\r\nX: y", "x.example", "http://", "/api/v4/users"} {
			s.Admin.POST("/commands", map[string]string{"team_id": team.ID, "trigger": "bad", "method": "P", "url": where}).
				Refused(t, 400, "model.command.is_valid.url_http.app_error")
		}
	})
}

func TestTriggersAreUnique(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		team, other := s.Team(ann), s.Team(s.Admin)
		s.Admin.POST("/teams/"+team.ID+"/members", map[string]string{"team_id": team.ID, "user_id": s.Admin.ID}).Want(t, 201)
		one, two := command(t, s, team, "one", "https://x.example"), command(t, s, team, "two", "https://x.example")
		far := command(t, s, other, "ONE", "https://x.example")
		const taken = "api.command.duplicate_trigger.app_error"
		for _, trigger := range []string{"One", "away", "AWAY", "share-channel"} {
			s.Admin.POST("/commands", map[string]string{"team_id": team.ID, "trigger": trigger, "method": "P", "url": "https://x.example"}).Refused(t, 400, taken)
			change := two
			change.Trigger = trigger
			s.Admin.PUT("/commands/"+two.ID, change).Refused(t, 400, taken)
		}
		s.Admin.PUT("/commands/"+far.ID+"/move", map[string]string{"team_id": team.ID}).Refused(t, 400, taken)
		change := two
		change.TeamID = other.ID
		s.Admin.PUT("/commands/"+two.ID, change).Refused(t, 400, "api.command.team_mismatch.app_error")
		change = two
		change.Token, change.CreatorID, change.Description = "stolen", ann.ID, "Second"
		var out model.Command
		s.Admin.PUT("/commands/"+two.ID, change).Want(t, 200).Into(t, &out)
		if out.Token != two.Token || out.CreatorID != s.Admin.ID || out.Description != "Second" {
			t.Errorf("changed: %+v", out)
		}
		s.Admin.DELETE("/commands/"+one.ID).Want(t, 200)
		s.Admin.PUT("/commands/"+far.ID+"/move", map[string]string{"team_id": team.ID}).Want(t, 200)
		var wait sync.WaitGroup
		codes := make(chan int, 8)
		for range 8 {
			wait.Go(func() {
				codes <- s.Admin.POST("/commands", map[string]string{"team_id": team.ID, "trigger": "race", "method": "P", "url": "https://x.example"}).Status
			})
		}
		wait.Wait()
		close(codes)
		made := 0
		for code := range codes {
			if code == 201 {
				made++
			}
		}
		if made != 1 {
			t.Errorf("%d of 8 at once got the trigger", made)
		}
	})
}

func TestTokensStayWithThoseWhoManage(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		team := s.Team(s.Admin, ann)
		made := command(t, s, team, "dice", "https://secret.example/x", "auto_complete", true, "username", "bones", "icon_url", "https://secret.example/i.png")
		for _, path := range []string{"/teams/" + team.ID + "/commands/autocomplete", "/commands?team_id=" + team.ID, "/teams/" + team.ID + "/commands/autocomplete_suggestions?user_input=/dice"} {
			body := string(ann.GET(path).Want(t, 200).Body)
			if !strings.Contains(body, `dice`) || strings.Contains(body, made.Token) || strings.Contains(body, "secret.example") || strings.Contains(body, s.Admin.ID) {
				t.Errorf("%s: %s", path, body)
			}
		}
		var list []model.Command
		s.Admin.GET("/commands?custom_only=true&team_id="+team.ID).Want(t, 200).Into(t, &list)
		if len(list) != 1 || list[0].Token != made.Token {
			raw, _ := json.Marshal(list)
			t.Errorf("%s", raw)
		}
		var fresh map[string]string
		s.Admin.PUT("/commands/"+made.ID+"/regen_token", nil).Want(t, 200).Into(t, &fresh)
		if len(fresh["token"]) != 26 || fresh["token"] == made.Token {
			t.Error(fresh)
		}
	})
}
