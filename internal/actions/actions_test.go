package actions_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

var allow = testkit.Env("MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS=127.0.0.1")

// program is what stands behind buttons and dialogs.
type program struct {
	*httptest.Server
	mu     sync.Mutex
	heard  []map[string]any
	answer string
}

func newProgram(t *testing.T, answer string) *program {
	p := &program{answer: answer}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		var m map[string]any
		_ = json.Unmarshal(raw, &m)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.heard = append(p.heard, m)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, p.answer)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *program) say(answer string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = answer
}

func (p *program) last() map[string]any {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.heard) == 0 {
		return nil
	}
	return p.heard[len(p.heard)-1]
}

// card is a message with a button and two menus.
func card(t *testing.T, who *testkit.Actor, room *model.Channel, url string) *model.Post {
	t.Helper()
	lead := map[string]any{"url": url, "context": map[string]any{"n": 5}}
	var post model.Post
	who.POST("/posts", map[string]any{"channel_id": room.ID, "message": "approve?", "props": map[string]any{"attachments": []any{nil, 7, map[string]any{"text": "t",
		"actions": []any{nil, map[string]any{"id": "yes", "name": "Yes", "integration": lead}, map[string]any{"name": "No id", "integration": lead},
			map[string]any{"id": "pick", "type": "select", "name": "Pick", "integration": lead, "options": []any{map[string]any{"text": "One", "value": "1"}}},
			map[string]any{"id": "who", "type": "select", "data_source": "users", "name": "Who", "integration": lead},
			map[string]any{"id": "nowhere", "name": "Nowhere"}}}}}}).Want(t, 201).Into(t, &post)
	return &post
}

func TestButtonsAndMenus(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben, eve := s.User("ann"), s.User("ben"), s.User("eve")
		team := s.Team(ann, ben, eve)
		room := s.Private(ann, team, ben)
		p := newProgram(t, `{"update":{"message":"approved","props":{"seen":"yes"}},"ephemeral_text":"thanks <!here>"}`)
		ear := ben.Listen()
		post := card(t, ann, room, p.URL)
		for _, text := range []string{string(ben.GET("/posts/"+post.ID).Want(t, 200).Body), string(ben.GET("/channels/"+room.ID+"/posts").Want(t, 200).Body),
			fmt.Sprint(ear.Expect("posted", nil).Data)} {
			if strings.Contains(text, p.URL) || !strings.Contains(text, `yes`) {
				t.Errorf("where a button leads: %s", text)
			}
		}
		press := func(who *testkit.Actor, action string, body any) *testkit.Response {
			return who.POST("/posts/"+post.ID+"/actions/"+action, body)
		}
		press(eve, "yes", map[string]string{}).Refused(t, 403, "api.context.permissions.app_error")
		press(ben, "other", map[string]string{}).Refused(t, 404, "api.post.do_action.action_id.app_error")
		press(ben, "nowhere", map[string]string{}).Refused(t, 400, "api.post.do_action.action_integration.app_error")
		press(ben, "pick", map[string]string{"selected_option": "2"}).Want(t, 400)
		press(ben, "who", map[string]string{"selected_option": "nobodynobodynobodynobody12"}).Want(t, 400)
		if p.last() != nil {
			t.Errorf("the program heard of %v", p.last())
		}
		var done struct {
			Status    string
			TriggerID string `json:"trigger_id"`
		}
		press(ben, "yes", map[string]string{}).Want(t, 200).Into(t, &done)
		if got := p.last(); got["user_id"] != ben.ID || got["post_id"] != post.ID || fmt.Sprint(got["context"]) != "map[n:5]" || done.TriggerID == "" || got["trigger_id"] == done.TriggerID {
			t.Errorf("%v %+v", got, done)
		}
		ear.Expect("post_edited", func(f testkit.Frame) bool { return strings.Contains(fmt.Sprint(f.Data["post"]), "approved") })
		ear.Expect("ephemeral_message", func(f testkit.Frame) bool { return strings.Contains(fmt.Sprint(f.Data["post"]), "thanks @here") })
		var now model.Post
		ann.GET("/posts/"+post.ID).Want(t, 200).Into(t, &now)
		if now.Message != "approved" || now.Props["seen"] != "yes" || now.Props["attachments"] != nil {
			t.Errorf("%+v", now)
		}
		post = card(t, ann, room, p.URL)
		p.say("")
		press(ben, "pick", map[string]string{"selected_option": "1"}).Want(t, 200)
		if got := p.last(); fmt.Sprint(got["context"]) != "map[n:5 selected_option:1]" || got["type"] != "select" {
			t.Errorf("%v", got)
		}
		press(ben, "who", map[string]string{"selected_option": ann.ID}).Want(t, 200)
		p.say(`{`)
		press(ben, "yes", map[string]string{}).Refused(t, 400, "api.post.do_action.action_integration.app_error")
	}, allow)
}

// Buttons of messages that aren't stored come back sealed; nobody else can use
// them, and nobody can make one.
func TestSealedActions(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		team := s.Team(ann, ben)
		room := s.Channel(ann, team, ben)
		p := newProgram(t, "")
		p.say(`{"text":"choose","attachments":[{"text":"t","actions":[{"id":"go","name":"Go","integration":{"url":"` + p.URL + `/go"}}]}]}`)
		s.Admin.POST("/commands", map[string]any{"team_id": team.ID, "trigger": "ask", "method": "P", "url": p.URL}).Want(t, 201)
		ear := ben.Listen()
		ben.POST("/commands/execute", map[string]string{"channel_id": room.ID, "team_id": team.ID, "command": "/ask"}).Want(t, 200)
		var post model.Post
		frame := ear.Expect("ephemeral_message", nil)
		frame.JSON(t, "post", &post)
		text := fmt.Sprint(frame.Data["post"])
		if strings.Contains(text, p.URL) {
			t.Errorf("where a button leads: %s", text)
		}
		var shown struct {
			Props struct {
				Attachments []struct{ Actions []model.PostAction }
			}
		}
		if err := json.Unmarshal([]byte(text), &shown); err != nil || len(shown.Props.Attachments) != 1 {
			t.Fatal(err, text)
		}
		cookie := shown.Props.Attachments[0].Actions[0].Cookie
		p.say(`{"update":{"message":"gone"}}`)
		path := "/posts/" + post.ID + "/actions/go"
		ben.POST(path, map[string]string{"cookie": cookie}).Want(t, 200)
		if got := p.last(); got["user_id"] != ben.ID || got["channel_id"] != room.ID {
			t.Errorf("%v", got)
		}
		ear.Expect("post_edited", func(f testkit.Frame) bool { return strings.Contains(fmt.Sprint(f.Data["post"]), "gone") })
		ann.POST(path, map[string]string{"cookie": cookie}).Want(t, 400)
		ben.POST("/posts/"+post.ID+"/actions/other", map[string]string{"cookie": cookie}).Want(t, 400)
		for _, bad := range []string{"x", cookie[:len(cookie)-2], "A" + cookie[1:], strings.Repeat("A", 100_000)} {
			ben.POST(path, map[string]string{"cookie": bad}).Want(t, 400)
		}
	}, allow)
}

func opened(s *testkit.Server, url, trigger string, dialog any) *testkit.Response {
	return s.Nobody().POST("/actions/dialogs/open", map[string]any{"trigger_id": trigger, "url": url, "dialog": dialog})
}

// badAddresses lead nowhere that a program may be.
var badAddresses = []string{"file:///etc/passwd", "http://user:pass@x.example", "", "http://localhost:1/", "http://x.example/\r\n"}

func TestDialogs(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		team := s.Team(ann, ben)
		room, secret := s.Channel(ann, team, ben), s.Private(ann, team)
		p := newProgram(t, "")
		ear := ben.Listen()
		post := card(t, ann, room, p.URL)
		ben.POST("/posts/"+post.ID+"/actions/yes", map[string]string{}).Want(t, 200)
		trigger := fmt.Sprint(p.last()["trigger_id"])
		dialog := map[string]any{"title": "Order", "elements": []any{map[string]any{"display_name": "What", "name": "what", "type": "text"}}}
		open := func(trigger string, dialog any) *testkit.Response { return opened(s, p.URL, trigger, dialog) }
		open(trigger, dialog).Want(t, 200)
		var shown model.OpenDialogRequest
		frame := ear.Expect("open_dialog", nil)
		frame.JSON(t, "dialog", &shown)
		if shown.Dialog.Title != "Order" || shown.TriggerID == trigger || shown.URL != p.URL {
			t.Errorf("%+v", shown)
		}
		open("x"+trigger, dialog).Want(t, 400)
		for _, bad := range []any{map[string]any{}, map[string]any{"title": strings.Repeat("x", 25)},
			map[string]any{"title": "T", "elements": []any{map[string]any{"display_name": "A", "name": "a", "type": "script"}}},
			map[string]any{"title": "T", "elements": []any{dialog["elements"].([]any)[0], dialog["elements"].([]any)[0]}}} {
			open(trigger, bad).Refused(t, 400, "parley.actions.dialog.app_error")
		}
		body := func(more map[string]any) map[string]any {
			b := map[string]any{"url": p.URL, "channel_id": room.ID, "team_id": team.ID, "submission": map[string]any{"what": "tea"}, "user_id": ann.ID, "state": "s"}
			for k, v := range more {
				b[k] = v
			}
			return b
		}
		p.say(`{"errors":{"what":"no tea left"}}`)
		var out model.SubmitDialogResponse
		ben.POST("/actions/dialogs/submit", body(nil)).Want(t, 200).Into(t, &out)
		if out.Errors["what"] != "no tea left" {
			t.Errorf("%+v", out)
		}
		if got := p.last(); got["user_id"] != ben.ID || got["type"] != "dialog_submission" || got["state"] != "s" || got["url"] != nil {
			t.Errorf("%v", got)
		}
		p.say(`{"type":"form","form":{"title":"More","elements":[]}}`)
		ben.POST("/actions/dialogs/submit", body(nil)).Want(t, 200).Into(t, &out)
		if out.Form == nil || out.Form.Title != "More" {
			t.Error(out)
		}
		p.say(`{"type":"form","form":{}}`)
		ben.POST("/actions/dialogs/submit", body(nil)).Refused(t, 400, "app.submit_interactive_dialog.invalid_response")
		p.say(`{"items":[{"text":"Green","value":"g"}]}`)
		var found model.LookupDialogResponse
		ben.POST("/actions/dialogs/lookup", body(nil)).Want(t, 200).Into(t, &found)
		if len(found.Items) != 1 || found.Items[0].Value != "g" {
			t.Errorf("%+v", found)
		}
		ben.POST("/actions/dialogs/submit", body(map[string]any{"channel_id": secret.ID})).Want(t, 403)
		for _, bad := range badAddresses {
			ben.POST("/actions/dialogs/submit", body(map[string]any{"url": bad})).Want(t, 400)
		}
	}, allow)
}
