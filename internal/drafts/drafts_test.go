package drafts_test

import (
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const noPermission = "api.context.permissions.app_error"

func drafts(t *testing.T, a *testkit.Actor, teamID string) (out []model.Draft) {
	t.Helper()
	a.GET("/users/me/teams/"+teamID+"/drafts").Want(t, 200).Into(t, &out)
	return out
}

func write(a *testkit.Actor, c *model.Channel, rootID, message string) *testkit.Response {
	return a.POST("/drafts", map[string]any{"channel_id": c.ID, "root_id": rootID, "message": message, "user_id": a.ID})
}

// The later text replaces the earlier, other connections hear of it, and
// sending the message takes it away.
func TestADraftFollowsItsAuthor(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		room := s.Channel(alice, team, bob)
		talk := s.Direct(alice, bob)
		root := alice.Say(room, "a thread")
		bob.Listen()
		hello := alice.Dial("")
		own := hello.Expect("hello", nil).Data["connection_id"].(string)
		alice.Listen()

		alice.Do("POST", "/drafts", map[string]string{"channel_id": room.ID, "message": "first"}, "Connection-Id", own).Want(t, 201)
		var told model.Draft
		made := alice.Expect("draft_created", nil)
		made.JSON(t, "draft", &told)
		if told.Message != "first" || told.UserID != alice.ID || told.UpdateAt == 0 {
			t.Errorf("told %+v", told)
		}
		for _, f := range hello.Events() {
			if strings.HasPrefix(f.Event, "draft") {
				t.Errorf("the connection that wrote it is told: %v", f)
			}
		}
		write(alice, room, "", "second").Want(t, 201)
		write(alice, room, root.ID, "an answer").Want(t, 201)
		write(alice, talk, "", "dear bob").Want(t, 201)
		list := drafts(t, alice, team.ID)
		texts := map[string]bool{}
		for i, m := range list {
			texts[m.Message] = true
			if m.CreateAt > m.UpdateAt || i > 0 && m.UpdateAt > list[i-1].UpdateAt {
				t.Errorf("not the latest first: %+v", list)
			}
		}
		if len(list) != 3 || !texts["dear bob"] || !texts["second"] || !texts["an answer"] {
			t.Errorf("drafts %+v", list)
		}
		// An empty one is none.
		write(alice, talk, "", "").Want(t, 201)
		alice.Expect("draft_deleted", func(f testkit.Frame) bool { return f.Broadcast["channel_id"] == talk.ID })
		// What is sent is no draft any more; that of the thread stays.
		alice.Say(room, "second")
		alice.Expect("draft_deleted", func(f testkit.Frame) bool { return f.Broadcast["channel_id"] == room.ID })
		if list = drafts(t, alice, team.ID); len(list) != 1 || list[0].RootID != root.ID {
			t.Errorf("after sending: %+v", list)
		}
		alice.DELETE("/users/me/channels/"+room.ID+"/drafts/"+root.ID).Want(t, 200)
		alice.DELETE("/users/me/channels/"+room.ID+"/drafts/"+root.ID).Want(t, 200)
		if list = drafts(t, alice, team.ID); len(list) != 0 {
			t.Errorf("after deleting: %+v", list)
		}
		for _, f := range bob.Listen().Events() {
			if strings.HasPrefix(f.Event, "draft") {
				t.Errorf("bob hears of alice's drafts: %v", f)
			}
		}
	})
}

func TestWhoMayKeepADraft(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, eve := s.User("alice"), s.User("eve")
		team := s.Team(alice, eve)
		secret, other := s.Private(alice, team), s.Channel(alice, team)
		root := alice.Say(secret, "x")
		reply := alice.Reply(root, "y")
		write(alice, secret, "", "mine").Want(t, 201)
		write(eve, secret, "", "x").Refused(t, 403, noPermission)
		eve.DELETE("/users/"+alice.ID+"/channels/"+secret.ID+"/drafts").Refused(t, 403, noPermission)
		eve.DELETE("/users/me/channels/"+secret.ID+"/drafts").Want(t, 200)
		if got := drafts(t, alice, team.ID); len(got) != 1 {
			t.Errorf("alice's drafts: %+v", got)
		}
		stranger := s.User("stranger")
		stranger.GET("/users/me/teams/"+team.ID+"/drafts").Refused(t, 403, noPermission)

		const noRoot = "model.draft.is_valid.root_id.app_error"
		write(alice, other, root.ID, "elsewhere").Refused(t, 400, noRoot)
		write(alice, secret, reply.ID, "to a reply").Refused(t, 400, noRoot)
		write(alice, secret, id.New(), "to nothing").Refused(t, 400, noRoot)
		write(alice, secret, "", strings.Repeat("é", model.PostMessageMaxRunes+1)).Refused(t, 400, "model.draft.is_valid.message_length.app_error")
		write(alice, secret, "", strings.Repeat("é", model.PostMessageMaxRunes)).Want(t, 201)
		alice.POST("/drafts", map[string]any{"channel_id": secret.ID, "message": "x", "props": map[string]string{"k": strings.Repeat("x", 8000)}}).
			Refused(t, 400, "model.draft.is_valid.props.app_error")
		alice.POST("/drafts", map[string]any{"channel_id": secret.ID, "file_ids": []string{"../x"}}).Refused(t, 400, "model.draft.is_valid.file_ids.app_error")

		// Who has left, or can no longer write, has no draft there either.
		alice.POST("/channels/"+secret.ID+"/members", map[string]string{"user_id": eve.ID}).Want(t, 201)
		write(eve, secret, "", "inside").Want(t, 201)
		alice.DELETE("/channels/"+secret.ID+"/members/"+eve.ID).Want(t, 200)
		if got := drafts(t, eve, team.ID); len(got) != 0 {
			t.Errorf("after leaving: %+v", got)
		}
		alice.DELETE("/channels/"+secret.ID).Want(t, 200)
		write(alice, secret, "", "archived").Refused(t, 400, "api.draft.create_draft.can_not_draft_to_deleted.error")
		if got := drafts(t, alice, team.ID); len(got) != 0 {
			t.Errorf("of an archived channel: %+v", got)
		}
	})
}

func TestDraftsCanBeKeptOnDevicesOnly(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		team := s.Team(alice)
		const off = "api.drafts.disabled.app_error"
		write(alice, s.Channel(alice, team), "", "x").Refused(t, 501, off)
		alice.GET("/users/me/teams/"+team.ID+"/drafts").Refused(t, 501, off)
		alice.POST("/posts/schedule", map[string]any{}).Refused(t, 400, "api.scheduled_posts.feature_disabled")
	}, testkit.Env("MM_SERVICESETTINGS_ALLOWSYNCEDDRAFTS=false", "MM_SERVICESETTINGS_SCHEDULEDPOSTS=false"))
}

// Files that wait in a draft are named by it, so that they are seen elsewhere;
// others' files and those that are gone are not.
func TestADraftNamesItsFiles(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		room, other := s.Channel(alice, team, bob), s.Channel(alice, team, bob)
		own, hers := alice.Upload(room, "plan.txt", []byte("a")), bob.Upload(room, "secret.txt", []byte("b"))
		there := alice.Upload(other, "there.txt", []byte("c"))
		alice.Listen()
		var kept model.Draft
		alice.POST("/drafts", map[string]any{"channel_id": room.ID, "message": "", "file_ids": []string{hers.ID, own.ID, there.ID}}).Want(t, 201).Into(t, &kept)
		var told model.Draft
		f := alice.Expect("draft_created", nil)
		f.JSON(t, "draft", &told)
		listed := drafts(t, alice, team.ID)
		for what, m := range map[string]*model.Draft{"answer": &kept, "event": &told, "list": &listed[0]} {
			if m.Metadata == nil || len(m.Metadata.Files) != 1 || m.Metadata.Files[0].Name != "plan.txt" || len(m.FileIDs) != 3 {
				t.Errorf("the %s names %+v", what, m.Metadata)
			}
		}
	})
}
