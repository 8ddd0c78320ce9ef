package posts_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func TestWhomATextMentions(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, _, ch := room(s)
		bob.PUT("/users/me/patch", map[string]any{"first_name": "Rob", "notify_props": map[string]string{"mention_keys": "deploy,日本", "first_name": "true",
			"channel": "true", "comments": "never", "desktop": "mention", "email": "true", "push": "mention", "push_status": "online", "desktop_sound": "true"}}).Want(t, 200)
		bob.Listen()
		for text, want := range map[string]bool{
			"@%s":             true,
			"@%s, look":       true,
			"(@%s)":           true,
			"@%s.":            true,
			"x@%s":            false,
			"@%sx":            false,
			"`@%s`":           false,
			"```\n@%s\n```":   false,
			"@channel":        true,
			"@ALL read":       true,
			"@here":           true, // bob listens
			"@channels":       false,
			"Deploy today":    true,
			"redeploy":        false,
			":deploy:":        false,
			"Rob said":        true,
			"rob said":        false,
			"これは日本語です":        true,
			"nothing at all":  false,
			"@nobody-of-them": false,
		} {
			message := strings.ReplaceAll(text, "%s", bob.Username)
			before := unread(t, bob, ch).MentionCount
			p := alice.Say(ch, message)
			f := bob.Expect("posted", func(f testkit.Frame) bool { return strings.Contains(f.Data["post"].(string), p.ID) })
			told := f.Data["mentions"] != nil
			if told != want {
				t.Errorf("%q: told %v, want %v", message, told, want)
			}
			if told && f.Data["mentions"] != fmt.Sprintf("[%q]", bob.ID) {
				t.Errorf("%q: mentions %v", message, f.Data["mentions"])
			}
			if n := unread(t, bob, ch).MentionCount - before; (n == 1) != want || n > 1 {
				t.Errorf("%q: %d mentions counted", message, n)
			}
		}
		before := unread(t, bob, ch).MentionCount
		bob.Say(ch, "@"+bob.Username+" deploy @all")
		if n := unread(t, bob, ch).MentionCount; n != 0 || before == 0 {
			t.Errorf("%d mentions after bob's own post", n)
		}
	})
}

func TestTheWholeChannelIsMentionedWithinLimits(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, team, ch := room(s)
		alice.Listen()
		bob.POST("/channels/members/me/view", map[string]string{"channel_id": ch.ID}).Want(t, 200)
		alice.Say(ch, "@channel")
		if n := unread(t, bob, ch).MentionCount; n != 1 {
			t.Errorf("%d mentions in a channel of two", n)
		}
		carol := s.User("carol")
		s.Admin.POST("/teams/"+team.ID+"/members", map[string]string{"team_id": team.ID, "user_id": carol.ID}).Want(t, 201)
		p := alice.Say(ch, "welcome @"+carol.Username)
		f := alice.Expect("ephemeral_message", nil)
		var e model.Post
		f.JSON(t, "post", &e)
		if e.Type != "system_ephemeral" || !strings.Contains(e.Message, carol.Username) || e.Props["add_channel_member"] == nil {
			t.Errorf("about somebody outside: %+v", e)
		}
		alice.POST("/channels/"+ch.ID+"/members", map[string]string{"user_id": carol.ID, "post_root_id": p.ID}).Want(t, 201)
		before := unread(t, bob, ch).MentionCount
		alice.Say(ch, "@all")
		alice.Expect("ephemeral_message", func(f testkit.Frame) bool { return strings.Contains(f.Data["post"].(string), "more than 2") })
		if n := unread(t, bob, ch).MentionCount; n != before {
			t.Error("@all reached somebody in a channel beyond the limit")
		}
	}, testkit.Env("MM_TEAMSETTINGS_MAXNOTIFICATIONSPERCHANNEL=2"))
}

func TestPriorities(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, _, ch := room(s)
		say := func(message, root, priority string, ack, persistent bool) *testkit.Response {
			return alice.POST("/posts", map[string]any{"channel_id": ch.ID, "message": message, "root_id": root,
				"metadata": map[string]any{"priority": map[string]any{"priority": priority, "requested_ack": ack, "persistent_notifications": persistent}}})
		}
		var p model.Post
		say("now @"+bob.Username, "", "urgent", true, false).Want(t, 201).Into(t, &p)
		if p.Metadata.Priority == nil || *p.Metadata.Priority.Priority != "urgent" {
			t.Fatalf("answered %+v", p.Metadata)
		}
		if u := unread(t, bob, ch); u.UrgentMentionCount != 1 {
			t.Errorf("%+v", u)
		}
		bob.POST("/users/me/posts/"+p.ID+"/ack", nil).Want(t, 200)
		alice.POST("/users/"+bob.ID+"/posts/"+p.ID+"/ack", nil).Refused(t, 403, noPermission)
		got := page(t, bob, ch, "").Posts[p.ID]
		if got.Metadata.Priority == nil || !*got.Metadata.Priority.RequestedAck || len(got.Metadata.Acknowledgements) != 1 {
			t.Errorf("page shows %+v", got.Metadata)
		}
		bob.DELETE("/users/me/posts/"+p.ID+"/ack").Want(t, 200)
		if got := page(t, bob, ch, "").Posts[p.ID]; len(got.Metadata.Acknowledgements) != 0 {
			t.Error("the acknowledgement stays")
		}
		bob.DELETE("/users/me/posts/"+p.ID+"/ack").Refused(t, 404, "app.acknowledgement.get.app_error")
		bob.POST("/users/me/posts/"+p.ID+"/ack", nil).Want(t, 200)
		if _, err := s.DB.Exec(t.Context(), "UPDATE postacknowledgements SET acknowledgedat = acknowledgedat - 301000 WHERE postid = $1", p.ID); err != nil {
			t.Fatal(err)
		}
		bob.DELETE("/users/me/posts/"+p.ID+"/ack").Refused(t, 403, "api.acknowledgement.delete.deadline.app_error")
		say("x", p.ID, "urgent", false, false).Refused(t, 400, "api.post.post_priority.priority_post_only_allowed_for_root_post.request_error")
		say("x", "", "important", false, true).Refused(t, 400, "api.post.post_priority.urgent_persistent_notification_post.request_error")
		say("x", "", "urgent", false, true).Refused(t, 400, "api.post.post_priority.min_recipients_persistent_notification_post.request_error")
		say("x", "", "top", false, false).Refused(t, 400, "api.context.invalid_body_param.app_error")
		say("@"+bob.Username, "", "urgent", false, true).Want(t, 201)
	})
}
