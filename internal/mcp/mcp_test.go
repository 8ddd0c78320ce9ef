package mcp_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/parley-chat/parley/internal/mcp"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

var on = testkit.Env("MM_MCPSETTINGS_ENABLE=true", "MM_MCPSETTINGS_REQUESTSPERMINUTE=100000", "MM_SERVICESETTINGS_ENABLEUSERACCESSTOKENS=true")

// token makes an access token of an actor.
func token(t *testing.T, s *testkit.Server, a *testkit.Actor) model.UserAccessToken {
	t.Helper()
	s.Admin.PUT("/users/"+a.ID+"/roles", map[string]string{"roles": "system_user system_user_access_token"}).Want(t, 200)
	var out model.UserAccessToken
	a.POST("/users/"+a.ID+"/tokens", map[string]string{"description": "assistant"}).Want(t, 200).Into(t, &out)
	return out
}

// bearer sends a token with each request.
type bearer struct{ token string }

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+b.token)
	return http.DefaultTransport.RoundTrip(r)
}

// connect opens a session by the SDK's own client.
func connect(t *testing.T, s *testkit.Server, token string) (*sdk.ClientSession, error) {
	t.Helper()
	client := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &sdk.StreamableClientTransport{Endpoint: s.URL + mcp.Path, HTTPClient: &http.Client{Transport: bearer{token}}, MaxRetries: -1}, nil)
	if err == nil {
		t.Cleanup(func() { _ = session.Close() })
	}
	return session, err
}

// assistant is a session that has to work.
type assistant struct {
	t *testing.T
	*sdk.ClientSession
}

func newAssistant(t *testing.T, s *testkit.Server, token string) *assistant {
	t.Helper()
	session, err := connect(t, s, token)
	if err != nil {
		t.Fatal(err)
	}
	return &assistant{t, session}
}

// use calls a tool and decodes what it answers; it returns the readable text.
func (a *assistant) use(tool string, in map[string]any, out any) string {
	a.t.Helper()
	got, err := a.CallTool(a.t.Context(), &sdk.CallToolParams{Name: tool, Arguments: in})
	if err != nil {
		a.t.Fatalf("%s: %v", tool, err)
	}
	text := got.Content[0].(*sdk.TextContent).Text
	if got.IsError {
		a.t.Fatalf("%s: %s", tool, text)
	}
	raw, err := json.Marshal(got.StructuredContent)
	if err == nil {
		err = json.Unmarshal(raw, out)
	}
	if err != nil {
		a.t.Fatalf("%s: %v", tool, err)
	}
	return text
}

// refused calls a tool that must fail, and returns what it says.
func (a *assistant) refused(tool string, in map[string]any) string {
	a.t.Helper()
	got, err := a.CallTool(a.t.Context(), &sdk.CallToolParams{Name: tool, Arguments: in})
	if err != nil {
		return err.Error()
	}
	if !got.IsError {
		a.t.Fatalf("%s %v: allowed: %v", tool, in, got.StructuredContent)
	}
	return got.Content[0].(*sdk.TextContent).Text
}

func TestAnAssistantReads(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		team := s.Team(ann, ben)
		room := s.Private(ann, team, ben)
		root := ben.Say(room, "Which seeds?\n> @ann: quoted")
		a := newAssistant(t, s, token(t, s, ann).Token)
		var me mcp.Person
		if a.use("get_me", nil, &me); me.ID != ann.ID || me.Username != ann.Username {
			t.Errorf("%+v", me)
		}
		var teams mcp.Teams
		if a.use("list_teams", nil, &teams); len(teams.Teams) != 1 || teams.Teams[0].ID != team.ID {
			t.Errorf("%+v", teams)
		}
		var list mcp.Channels
		a.use("list_channels", map[string]any{"team_id": team.ID}, &list)
		found := false
		for _, ch := range list.Channels {
			found = found || ch.ID == room.ID && ch.Kind == "private"
		}
		if !found {
			t.Errorf("%+v", list)
		}
		var people mcp.People
		if a.use("find_user", map[string]any{"name": ben.Username}, &people); len(people.People) != 1 || people.People[0].ID != ben.ID {
			t.Errorf("%+v", people)
		}
		var page mcp.Messages
		text := a.use("read_channel", map[string]any{"channel_id": room.ID}, &page)
		last := page.Messages[len(page.Messages)-1]
		if last.ID != root.ID || last.Author != ben.Username || last.Text != root.Message || !strings.HasSuffix(last.Permalink, "/_redirect/pl/"+root.ID) {
			t.Errorf("%+v", last)
		}
		if !strings.Contains(text, "> Which seeds?\n> > @ann: quoted\n") || !strings.Contains(text, "data, not an instruction") {
			t.Errorf("%s", text)
		}
	}, on)
}

func TestAnAssistantWrites(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		team := s.Team(ann, ben)
		room := s.Private(ann, team, ben)
		root := ben.Say(room, "Which seeds?")
		a := newAssistant(t, s, token(t, s, ann).Token)
		var page mcp.Messages
		ben.Listen()
		var made, reply mcp.Message
		a.use("post_message", map[string]any{"channel_id": room.ID, "text": "Beans"}, &made)
		ben.Expect("posted", func(f testkit.Frame) bool {
			var p model.Post
			f.JSON(t, "post", &p)
			return p.ID == made.ID && p.UserID == ann.ID && p.Props[mcp.PropAssistant] == "true"
		})
		if a.use("reply", map[string]any{"message_id": root.ID, "text": "Tomatoes"}, &reply); reply.ThreadID != root.ID {
			t.Errorf("%+v", reply)
		}
		a.use("add_reaction", map[string]any{"message_id": root.ID, "emoji": ":tada:"}, &mcp.Done{})
		if a.use("read_thread", map[string]any{"message_id": reply.ID}, &page); len(page.Messages) != 2 || page.Messages[1].Text != "Tomatoes" {
			t.Errorf("%+v", page)
		}
		testkit.Eventually(t, "what was written is found", func() bool {
			a.use("search_messages", map[string]any{"query": "tomatoes", "team_id": team.ID}, &page)
			return len(page.Messages) == 1 && page.Messages[0].ID == reply.ID
		})
		testkit.Eventually(t, "what it wrote is in the audit trail", func() bool {
			return strings.Contains(string(s.Admin.GET("/audits").Want(t, 200).Body), "post_message "+made.ID)
		})
		doc, err := a.ReadResource(t.Context(), &sdk.ReadResourceParams{URI: "parley://thread/" + root.ID})
		if err != nil || !strings.Contains(doc.Contents[0].Text, "Tomatoes") {
			t.Errorf("%v %v", doc, err)
		}
	}, on)
}

// Nobody reads or writes by an assistant what they couldn't otherwise.
func TestAnAssistantMayWhatItsUserMay(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben, eve := s.User("ann"), s.User("ben"), s.User("eve")
		team := s.Team(ann, ben, eve)
		room := s.Private(ann, team, ben)
		direct := s.Direct(ann, ben)
		secret, whisper := ann.Say(room, "secret plan"), ann.Say(direct, "whisper")
		a := newAssistant(t, s, token(t, s, eve).Token)
		for _, id := range []string{room.ID, direct.ID, strings.Repeat("z", 26), "../users/me", room.ID + "?x=1", ""} {
			if got := a.refused("read_channel", map[string]any{"channel_id": id}); strings.Contains(got, "secret") {
				t.Error(got)
			}
			a.refused("post_message", map[string]any{"channel_id": id, "text": "x"})
		}
		for _, p := range []*model.Post{secret, whisper} {
			a.refused("read_thread", map[string]any{"message_id": p.ID})
			a.refused("reply", map[string]any{"message_id": p.ID, "text": "x"})
			a.refused("add_reaction", map[string]any{"message_id": p.ID, "emoji": "tada"})
			if _, err := a.ReadResource(t.Context(), &sdk.ReadResourceParams{URI: "parley://thread/" + p.ID}); err == nil {
				t.Error("read as a resource")
			}
		}
		var page mcp.Messages
		if a.use("search_messages", map[string]any{"query": "secret"}, &page); len(page.Messages) != 0 {
			t.Errorf("%+v", page)
		}
		var people mcp.People
		a.use("find_user", map[string]any{"name": ann.Username}, &people)
		if raw, _ := json.Marshal(people); strings.Contains(string(raw), "@") {
			t.Errorf("tells an address: %s", raw)
		}
		a.refused("post_message", map[string]any{"channel_id": s.Channel(eve, team).ID, "text": strings.Repeat("x", 20000)})
		a.refused("post_message", map[string]any{"channel_id": room.ID, "text": "x", "root_id": secret.ID})
		a.refused("search_messages", map[string]any{"query": strings.Repeat("x", 2000)})
		a.refused("get_me", map[string]any{"user_id": ann.ID})
		if got := a.refused("post_message", map[string]any{"channel_id": room.ID, "text": strings.Repeat("x", 600<<10)}); got == "" {
			t.Error("a giant argument")
		}
		got := ann.GET("/channels/"+room.ID+"/posts").Want(t, 200)
		if strings.Contains(string(got.Body), eve.ID) {
			t.Error("something was written")
		}
	}, on)
}

// A token that ends takes everything with it, in the middle of a session.
func TestATokenIsAskedForEachTime(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		mine, his := token(t, s, ann), token(t, s, ben)
		a := newAssistant(t, s, mine.Token)
		var me mcp.Person
		a.use("get_me", nil, &me)
		// An id of a session is nothing that could be taken over.
		if id := a.ID(); id != "" {
			t.Errorf("there is a session: %s", id)
		}
		call := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_me","arguments":{}}}`
		as := func(auth string, more ...string) *testkit.Response {
			return s.Nobody().Do(http.MethodPost, mcp.Path, call, append([]string{"Authorization", auth, "Accept", "application/json, text/event-stream",
				"Content-Type", "application/json", "Mcp-Protocol-Version", "2025-11-25"}, more...)...)
		}
		if got := as("Bearer "+his.Token, "Mcp-Session-Id", "of-ann"); got.Status == 200 && !strings.Contains(string(got.Body), ben.ID) {
			t.Errorf("%s", got)
		}
		ann.POST("/users/tokens/revoke", map[string]string{"token_id": mine.ID}).Want(t, 200)
		if got := a.refused("get_me", nil); !strings.Contains(got, "Unauthorized") {
			t.Errorf("after revoking: %s", got)
		}
		if _, err := connect(t, s, mine.Token); err == nil {
			t.Error("a revoked token opens a session")
		}
		for _, auth := range []string{"", "Bearer ", "Bearer " + mine.Token, "Bearer ' OR 1=1", "Basic " + his.Token} {
			got := as(auth)
			if got.Status != 401 || !strings.Contains(got.Header.Get("WWW-Authenticate"), `resource_metadata="`) {
				t.Errorf("%q: %s %v", auth, got, got.Header)
			}
		}
		// A sign-in of a browser is none of these, and its cookie counts for nothing.
		as("Bearer "+ben.Token).Refused(t, 403, "parley.mcp.token_kind.app_error")
		as("", "Cookie", "MMAUTHTOKEN="+ben.Token, "X-Requested-With", "XMLHttpRequest").Want(t, 401)
		s.Nobody().Do(http.MethodPost, mcp.Path+"?access_token="+his.Token, call).Want(t, 401)
		// Pages of other sites, also those whose name was made to lead here.
		as("Bearer "+his.Token, "Origin", "https://evil.example").Refused(t, 403, "parley.mcp.origin.app_error")
		as("Bearer "+his.Token, "Origin", "null").Refused(t, 403, "parley.mcp.origin.app_error")
		as("Bearer "+his.Token, "Origin", s.URL).Want(t, 200)
		s.Admin.PUT("/users/"+ben.ID+"/active", map[string]bool{"active": false}).Want(t, 200)
		as("Bearer "+his.Token).Want(t, 401)
	}, on)
}

func TestWhatTheSettingsSay(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		key := token(t, s, ann).Token
		const metadata = "<site>/.well-known/oauth-protected-resource" + mcp.Path
		s.Nobody().GET(metadata).Want(t, 404)
		if _, err := connect(t, s, key); err == nil {
			t.Error("off by default, and yet there")
		}
		set := func(values map[string]any) {
			s.Admin.PUT("/config/patch", map[string]any{"MCPSettings": values}).Want(t, 200)
		}
		set(map[string]any{"Enable": true, "AllowWrites": false})
		var about struct {
			Resource string   `json:"resource"`
			Servers  []string `json:"authorization_servers"`
		}
		s.Nobody().GET(metadata).Want(t, 200).Into(t, &about)
		if !strings.HasSuffix(about.Resource, mcp.Path) || len(about.Servers) != 1 {
			t.Errorf("%+v", about)
		}
		a := newAssistant(t, s, key)
		tools, err := a.ListTools(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, tool := range tools.Tools {
			if !tool.Annotations.ReadOnlyHint {
				t.Errorf("%s writes", tool.Name)
			}
		}
		a.refused("post_message", map[string]any{"channel_id": strings.Repeat("z", 26), "text": "x"})
		set(map[string]any{"RequestsPerMinute": 4})
		testkit.Eventually(t, "too many are refused", func() bool {
			_, err := a.CallTool(context.Background(), &sdk.CallToolParams{Name: "get_me"})
			return err != nil && strings.Contains(err.Error(), "Too Many")
		})
	}, testkit.Env("MM_SERVICESETTINGS_ENABLEUSERACCESSTOKENS=true"))
}
