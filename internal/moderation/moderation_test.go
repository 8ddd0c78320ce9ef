package moderation_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const (
	root       = "/content_flagging"
	noReviewer = "api.data_spillage.error.user_not_reviewer"
	decided    = "api.data_spillage.error.post_not_in_progress"
)

var on = testkit.Env("MM_CONTENTFLAGGINGSETTINGS_ENABLECONTENTFLAGGING=true")

type queue struct {
	Reports []*model.Report
	Open    int
}

// scene is a private channel with an author, somebody who reports, and a
// moderator who isn't in it.
type scene struct {
	author, reporter, moderator, other *testkit.Actor
	team                               *model.Team
	room                               *model.Channel
}

func newScene(t *testing.T, s *testkit.Server, more map[string]any) *scene {
	t.Helper()
	c := &scene{author: s.User("author"), reporter: s.User("reporter"), moderator: s.User("moderator"), other: s.User("other")}
	c.team = s.Team(s.Admin, c.author, c.reporter, c.moderator, c.other)
	c.room = s.Private(c.author, c.team, c.reporter, c.other)
	settings := map[string]any{"ReviewerSettings": map[string]any{"CommonReviewers": true, "TeamAdminsAsReviewers": false,
		"CommonReviewerIds": []string{c.moderator.ID}}}
	for k, v := range more {
		settings[k] = v
	}
	s.Admin.PUT(root+"/config", settings).Want(t, 200)
	return c
}

func flag(a *testkit.Actor, postID string) *testkit.Response {
	return a.POST(root+"/post/"+postID+"/flag", map[string]string{"reason": "Other", "comment": "look at this"})
}

func reports(t *testing.T, a *testkit.Actor, query string) queue {
	t.Helper()
	var q queue
	a.GET("/parley/reports?"+query).Want(t, 200).Into(t, &q)
	return q
}

// notices are the texts that the account of the reports wrote to somebody.
func notices(t *testing.T, s *testkit.Server, a *testkit.Actor) []string {
	t.Helper()
	var bot model.User
	if r := s.Admin.GET("/users/username/" + model.ReportBotUsername); r.Status != 200 {
		return nil
	} else {
		r.Into(t, &bot)
	}
	var ch model.Channel
	a.POST("/channels/direct", []string{a.ID, bot.ID}).Want(t, 201).Into(t, &ch)
	var list model.PostList
	a.GET("/channels/"+ch.ID+"/posts").Want(t, 200).Into(t, &list)
	var out []string
	for _, postID := range list.Order {
		if p := list.Posts[postID]; p.UserID == bot.ID && !p.IsSystem() {
			out = append(out, p.Message)
		}
	}
	slices.Reverse(out)
	return out
}

func TestAReportedMessageIsHiddenAndKept(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		c := newScene(t, s, nil)
		post := c.author.Say(c.room, "something bad")
		reply := c.other.Reply(post, "indeed")
		c.moderator.Listen()
		flag(c.reporter, post.ID).Want(t, 200)
		c.author.GET("/posts/"+post.ID).Refused(t, 404, "app.post.get.app_error")
		c.author.GET("/posts/"+reply.ID).Refused(t, 404, "app.post.get.app_error")
		q := reports(t, c.moderator, "")
		if q.Open != 1 || len(q.Reports) != 1 {
			t.Fatalf("queue %+v", q)
		}
		x := q.Reports[0]
		if x.Post == nil || x.Post.Message != "something bad" || x.ReporterID != c.reporter.ID || x.AuthorID != c.author.ID ||
			x.Reason != "Other" || x.Comment != "look at this" || x.Status != "Pending" || !x.Hidden || x.ChannelName == "" {
			t.Errorf("report %+v", x)
		}
		var seen model.Post
		c.moderator.GET(root+"/post/"+post.ID).Want(t, 200).Into(t, &seen)
		var values []model.PropertyValue
		c.moderator.GET(root+"/post/"+post.ID+"/field_values").Want(t, 200).Into(t, &values)
		if seen.Message != "something bad" || len(values) < 7 {
			t.Errorf("seen %q with %d values", seen.Message, len(values))
		}
		c.moderator.PUT(root+"/post/"+post.ID+"/keep", nil).Refused(t, 400, "api.data_spillage.error.comment_required")
		c.moderator.PUT(root+"/post/"+post.ID+"/keep", map[string]string{"comment": "it is fine"}).Want(t, 200)
		var thread model.PostList
		c.author.GET("/posts/"+post.ID+"/thread").Want(t, 200).Into(t, &thread)
		if len(thread.Order) != 2 || thread.Posts[post.ID].ReplyCount != 1 || thread.Posts[post.ID].Props["deleteBy"] != nil {
			t.Errorf("back: %+v", thread.Posts[post.ID])
		}
		for _, act := range []string{"keep", "remove"} {
			c.moderator.PUT(root+"/post/"+post.ID+"/"+act, map[string]string{"comment": "x"}).Refused(t, 400, decided)
		}
		flag(c.other, post.ID).Refused(t, 400, "parley.moderation.already.app_error")
		if q := reports(t, c.moderator, "decided=true"); q.Open != 0 || len(q.Reports) != 1 || q.Reports[0].ActorID != c.moderator.ID {
			t.Errorf("decided %+v", q)
		}
		if got := notices(t, s, c.reporter); len(got) != 1 || !strings.Contains(got[0], "kept it") {
			t.Errorf("the reporter was told %q", got)
		}
		if got := notices(t, s, c.moderator); len(got) != 1 || !strings.Contains(got[0], "A message in Room was reported: Other") {
			t.Errorf("the moderator was told %q", got)
		}
		if got := notices(t, s, c.author); got != nil {
			t.Errorf("the author was told %q", got)
		}
		n := 0
		for _, f := range c.moderator.Listen().Events() {
			if f.Event == "content_flagging_report_value_updated" && f.Data["target_id"] == post.ID {
				n++
			}
		}
		if n != 2 {
			t.Errorf("the moderator heard of %d changes", n)
		}
	}, on)
}

func TestAReportedMessageIsRemoved(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		c := newScene(t, s, map[string]any{"AdditionalSettings": map[string]any{"HideFlaggedContent": false, "ReviewerCommentRequired": false}})
		post := c.author.Say(c.room, "secretwordshere")
		flag(c.reporter, post.ID).Want(t, 200)
		c.other.GET("/posts/"+post.ID).Want(t, 200) // not hidden, as it is set
		var assigned queue
		c.moderator.POST(root+"/post/"+post.ID+"/assign/"+c.other.ID, nil).Refused(t, 403, noReviewer)
		c.moderator.POST(root+"/post/"+post.ID+"/assign/"+c.moderator.ID, nil).Want(t, 200)
		if assigned = reports(t, c.moderator, ""); assigned.Reports[0].Status != "Assigned" || assigned.Reports[0].ReviewerID != c.moderator.ID {
			t.Errorf("assigned %+v", assigned.Reports[0])
		}
		c.moderator.PUT(root+"/post/"+post.ID+"/remove", nil).Want(t, 200)
		c.other.GET("/posts/"+post.ID).Refused(t, 404, "app.post.get.app_error")
		q := reports(t, c.moderator, "decided=true")
		if len(q.Reports) != 1 || q.Reports[0].Post != nil || q.Reports[0].Status != "Removed" {
			t.Errorf("decided %+v", q.Reports)
		}
		rows, err := s.DB.Query(t.Context(), `SELECT 1 FROM posts WHERE message LIKE '%secretwordshere%'`)
		if err != nil {
			t.Fatal(err)
		}
		if rows.Next() {
			t.Error("what was removed is still in the database")
		}
		_ = rows.Close()
		if got := notices(t, s, c.author); len(got) != 1 || !strings.Contains(got[0], "removed a message of yours") || strings.Contains(got[0], c.reporter.Username) {
			t.Errorf("the author was told %q", got)
		}
	}, on)
}

// Nobody but the moderators learns that, why and by whom a message was reported.
func TestWhoLearnsOfReports(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		c := newScene(t, s, nil)
		post := c.author.Say(c.room, "something bad")
		c.author.Listen()
		c.other.Listen()
		outside := s.User("outside")
		flag(outside, post.ID).Refused(t, 403, "api.context.permissions.app_error")
		flag(c.reporter, id.New()).Refused(t, 404, "app.post.get.app_error")
		flag(c.reporter, post.ID).Want(t, 200)
		for _, a := range []*testkit.Actor{c.author, c.reporter, c.other, outside, s.Admin} {
			for _, path := range []string{"/post/" + post.ID, "/post/" + post.ID + "/field_values", "/post/" + id.New(),
				"/team/" + c.team.ID + "/reviewers/search?term=m", "/flag/config?team_id=" + c.team.ID} {
				a.GET(root+path).Refused(t, 403, noReviewer)
			}
			a.PUT(root+"/post/"+post.ID+"/keep", map[string]string{"comment": "x"}).Refused(t, 403, noReviewer)
			a.PUT(root+"/post/"+post.ID+"/remove", map[string]string{"comment": "x"}).Refused(t, 403, noReviewer)
			a.POST(root+"/post/"+post.ID+"/assign/"+a.ID, nil).Refused(t, 403, noReviewer)
			if q := reports(t, a, ""); q.Open != 0 || len(q.Reports) != 0 {
				t.Errorf("%s sees %+v", a.Username, q)
			}
		}
		for _, a := range []*testkit.Actor{c.author, c.other} {
			for _, f := range a.Listen().Events() {
				if text := fmt.Sprint(f.Event, f.Data); strings.Contains(text, c.reporter.ID) || strings.Contains(text, "report") {
					t.Errorf("%s hears %s", a.Username, text)
				}
			}
		}
		// A hidden message is not brought back by its author.
		c.author.POST("/parley/posts/"+post.ID+"/restore", nil).Refused(t, 404, "parley.post.undo.app_error")
	}, on)
}

func TestWhatAReportMayBe(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		c := newScene(t, s, nil)
		post := c.author.Say(c.room, "x")
		for errorID, body := range map[string]map[string]string{
			"api.data_spillage.error.reason_required":  {"comment": "x"},
			"api.data_spillage.error.reason_invalid":   {"reason": "Because", "comment": "x"},
			"api.data_spillage.error.comment_required": {"reason": "Other", "comment": " "},
			"api.data_spillage.error.comment_too_long": {"reason": "Other", "comment": strings.Repeat("é", 1001)},
		} {
			c.reporter.POST(root+"/post/"+post.ID+"/flag", body).Refused(t, 400, errorID)
		}
		var list model.PostList
		c.author.GET("/channels/"+c.room.ID+"/posts").Want(t, 200).Into(t, &list)
		for _, p := range list.Posts {
			if p.IsSystem() {
				flag(c.reporter, p.ID).Refused(t, 400, "api.data_spillage.error.invalid_post_type")
			}
		}
		// Of many who report at once one is heard.
		var wg sync.WaitGroup
		status := make([]int, 6)
		for i := range status {
			wg.Go(func() { status[i] = flag(c.reporter, post.ID).Status })
		}
		wg.Wait()
		if n := len(slices.DeleteFunc(slices.Clone(status), func(code int) bool { return code != 200 })); n != 1 {
			t.Errorf("statuses %v", status)
		}
		// Where nobody moderates, nothing is reported.
		s.Admin.PUT(root+"/config", map[string]any{"ReviewerSettings": map[string]any{"CommonReviewers": false}}).Want(t, 200)
		flag(c.reporter, c.author.Say(c.room, "y").ID).Refused(t, 400, "api.data_spillage.error.not_available_on_team")
	}, on)
}

func TestSettings(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		team := s.Team(s.Admin, alice)
		alice.GET(root+"/team/"+team.ID+"/status").Refused(t, 501, "api.data_spillage.error.disabled")
		alice.GET(root+"/config").Refused(t, 403, "api.context.permissions.app_error")
		s.Admin.PUT(root+"/config", map[string]any{"EnableContentFlagging": true, "ReviewerSettings": map[string]any{"CommonReviewers": true,
			"TeamAdminsAsReviewers": false, "CommonReviewerIds": []string{}}}).
			Refused(t, 400, "model.config.is_valid.content_flagging.common_reviewers_not_set.app_error")
		s.Admin.PUT(root+"/config", map[string]any{"AdditionalSettings": map[string]any{"Reasons": []string{}}}).
			Refused(t, 400, "model.config.is_valid.content_flagging.reasons_not_set.app_error")
		s.Admin.PUT(root+"/config", map[string]any{"ReviewerSettings": map[string]any{"CommonReviewerIds": []string{id.New()}}}).
			Refused(t, 400, "api.context.invalid_body_param.app_error")
		s.Admin.PUT(root+"/config", map[string]any{"EnableContentFlagging": true, "AdditionalSettings": map[string]any{"Reasons": []string{"Rude"}},
			"ReviewerSettings": map[string]any{"CommonReviewers": false, "TeamAdminsAsReviewers": false,
				"TeamReviewersSetting": map[string]any{team.ID: map[string]any{"Enabled": true, "ReviewerIds": []string{alice.ID}}}}}).Want(t, 200)
		var got struct {
			EnableContentFlagging bool
			AdditionalSettings    struct{ Reasons []string }
			ReviewerSettings      struct {
				CommonReviewerIds    []string
				TeamReviewersSetting map[string]struct{ ReviewerIds []string }
			}
		}
		s.Admin.GET(root+"/config").Want(t, 200).Into(t, &got)
		if !got.EnableContentFlagging || fmt.Sprint(got.AdditionalSettings.Reasons) != "[Rude]" ||
			fmt.Sprint(got.ReviewerSettings.TeamReviewersSetting[team.ID].ReviewerIds) != "["+alice.ID+"]" {
			t.Errorf("settings %+v", got)
		}
		var status struct{ Enabled bool }
		alice.GET(root+"/team/"+team.ID+"/status").Want(t, 200).Into(t, &status)
		if !status.Enabled {
			t.Error("not enabled")
		}
		s.User("eve").GET(root+"/team/"+team.ID+"/status").Refused(t, 403, "api.context.permissions.app_error")
		var list []model.User
		alice.GET(root+"/team/"+team.ID+"/reviewers/search?term=ALI").Want(t, 200).Into(t, &list)
		if len(list) != 1 || list[0].ID != alice.ID {
			t.Errorf("reviewers %+v", list)
		}
		alice.GET(root+"/flag/config").Want(t, 200)
		alice.GET(root+"/fields").Want(t, 200)
	})
}
