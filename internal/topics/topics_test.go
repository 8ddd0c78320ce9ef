package topics_test

import (
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
	"github.com/parley-chat/parley/internal/topics"
)

type page struct {
	Topics    []topics.Topic
	Following bool
}

func listed(t *testing.T, a *testkit.Actor, ch *model.Channel, query string) page {
	t.Helper()
	var out page
	a.GET("/parley/channels/"+ch.ID+"/topics"+query).Want(t, 200).Into(t, &out)
	return out
}

func titles(p page) string {
	var out []string
	for _, one := range p.Topics {
		out = append(out, one.Title)
	}
	return strings.Join(out, ", ")
}

func topic(p *model.Post) string { return "/parley/posts/" + p.ID + "/topic" }

func named(title string) any { return map[string]string{"title": title} }

func TestTopicsAreNamedListedAndResolved(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		room := s.Private(ann, s.Team(ann, ben), ben)
		seeds, fence := ann.Say(room, "Which seeds?"), ann.Say(room, "The fence")
		ear := ben.Listen()
		var made topics.Topic
		ben.PUT(topic(seeds), named("  Seeds \n of 2027 ")).Want(t, 200).Into(t, &made)
		if made.Title != "Seeds of 2027" || made.CreatorID != ben.ID || made.ChannelID != room.ID || made.CreateAt == 0 {
			t.Errorf("made: %+v", made)
		}
		var heard topics.Topic
		f := ear.Expect("parley_topic_changed", func(testkit.Frame) bool { return true })
		if f.JSON(t, "topic", &heard); heard != made {
			t.Errorf("heard %+v, made %+v", heard, made)
		}
		ann.PUT(topic(fence), named("Fence")).Want(t, 200)
		// A reply names its thread, and brings it to the top.
		reply := ben.Reply(seeds, "Beans")
		ann.PUT(topic(reply), named("Seeds")).Want(t, 200)
		testkit.Eventually(t, "activity brings a topic to the top", func() bool {
			ben.Reply(seeds, "More beans")
			return titles(listed(t, ann, room, "")) == "Seeds, Fence"
		})
		if got := listed(t, ann, room, ""); got.Topics[0].ReplyCount < 2 || got.Following {
			t.Errorf("open: %+v", got)
		}
		if got := titles(listed(t, ann, room, "?term=FEN")); got != "Fence" {
			t.Errorf("found: %s", got)
		}
		if got := titles(listed(t, ann, room, "?term=%25")); got != "" {
			t.Errorf("a sign is a sign: %s", got)
		}
		ann.PUT(topic(seeds)+"/resolved", map[string]bool{"resolved": true}).Want(t, 200).Into(t, &made)
		if made.ResolvedAt == 0 || made.ResolvedBy != ann.ID {
			t.Errorf("resolved: %+v", made)
		}
		if open, done, all := titles(listed(t, ben, room, "")), titles(listed(t, ben, room, "?state=resolved")), titles(listed(t, ben, room, "?state=all")); open != "Fence" || done != "Seeds" || all != "Seeds, Fence" {
			t.Errorf("open %s; resolved %s; all %s", open, done, all)
		}
		ben.PUT(topic(seeds)+"/resolved", map[string]bool{"resolved": false}).Want(t, 200)
		ben.DELETE(topic(fence)).Want(t, 200)
		ben.DELETE(topic(fence)).Refused(t, 404, "parley.topics.none.app_error")
		ben.PUT(topic(fence)+"/resolved", map[string]bool{"resolved": true}).Refused(t, 404, "parley.topics.none.app_error")
		if got := titles(listed(t, ann, room, "")); got != "Seeds" {
			t.Errorf("left: %s", got)
		}
		// A deleted thread is no topic, and one that is back is one again.
		ann.DELETE("/posts/"+seeds.ID).Want(t, 200)
		if got := titles(listed(t, ann, room, "?state=all")); got != "" {
			t.Errorf("of a deleted thread: %s", got)
		}
		ann.POST("/parley/posts/"+seeds.ID+"/restore", nil).Want(t, 200)
		if got := titles(listed(t, ann, room, "")); got != "Seeds" {
			t.Errorf("of one that is back: %s", got)
		}
	})
}

func TestWhatIsNoTopic(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben, carl := s.User("ann"), s.User("ben"), s.User("carl")
		team := s.Team(ann, ben, carl)
		room := s.Private(ann, team, ben)
		post := ann.Say(room, "Which seeds?")
		for _, title := range []string{"", " \n", strings.Repeat("é", 129), strings.Repeat("x", 5000)} {
			ann.PUT(topic(post), named(title)).Want(t, 400)
		}
		ann.PUT(topic(post), named(strings.Repeat("é", 128))).Want(t, 200)
		carl.PUT(topic(post), named("Mine")).Want(t, 403)
		carl.GET("/parley/channels/"+room.ID+"/topics").Want(t, 403)
		carl.PUT("/parley/channels/"+room.ID+"/topics/following", map[string]bool{"following": true}).Want(t, 403)
		ann.GET("/parley/channels/"+room.ID+"/topics?state=other").Want(t, 400)
		var joined model.PostList
		ann.GET("/channels/"+room.ID+"/posts").Want(t, 200).Into(t, &joined)
		for _, p := range joined.Posts {
			if p.IsSystem() {
				ann.PUT(topic(p), named("Joined")).Refused(t, 400, "parley.topics.system.app_error")
			}
		}
		ann.DELETE("/channels/"+room.ID).Want(t, 200)
		ann.PUT(topic(post), named("Later")).Refused(t, 400, "parley.topics.archived.app_error")
	})
}

// Who follows the topics of a channel follows each new one, until they leave.
func TestFollowingAllTopics(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		team := s.Team(ann, ben)
		room := s.Private(ann, team, ben)
		follow := "/parley/channels/" + room.ID + "/topics/following"
		ben.PUT(follow, map[string]bool{"following": true}).Want(t, 200)
		if !listed(t, ben, room, "").Following || listed(t, ann, room, "").Following {
			t.Error("who follows is mixed up")
		}
		follows := func(p *model.Post) bool {
			return ben.GET("/users/me/teams/"+team.ID+"/threads/"+p.ID).Status == 200
		}
		first, second := ann.Say(room, "One"), ann.Say(room, "Two")
		ann.Reply(first, "a")
		ann.Reply(second, "b")
		ann.PUT(topic(first), named("One")).Want(t, 200)
		if !follows(first) || follows(second) {
			t.Errorf("first %v, second %v", follows(first), follows(second))
		}
		// Another title is no new topic.
		ben.DELETE("/users/me/teams/"+team.ID+"/threads/"+first.ID+"/following").Want(t, 200)
		ann.PUT(topic(first), named("Uno")).Want(t, 200)
		if follows(first) {
			t.Error("a new title has them follow again")
		}
		ben.DELETE("/channels/"+room.ID+"/members/"+ben.ID).Want(t, 200)
		ann.POST("/channels/"+room.ID+"/members", map[string]string{"user_id": ben.ID}).Want(t, 201)
		if listed(t, ben, room, "").Following {
			t.Error("who left still follows")
		}
	})
}

// A thread that is moved takes its title along.
func TestTitlesMoveAlong(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		team := s.Team(ann)
		here, there := s.Channel(ann, team), s.Channel(ann, team)
		post := ann.Say(here, "Which seeds?")
		ann.PUT(topic(post), named("Seeds")).Want(t, 200)
		ann.POST("/posts/"+post.ID+"/move", map[string]string{"channel_id": there.ID}).Want(t, 200)
		if old, now := titles(listed(t, ann, here, "?state=all")), titles(listed(t, ann, there, "")); old != "" || now != "Seeds" {
			t.Errorf("there was %q, here is %q", old, now)
		}
	}, testkit.Env("MM_FEATUREFLAGS_MOVETHREADSENABLED=true", "MM_WRANGLERSETTINGS_MOVETHREADFROMPRIVATECHANNELENABLE=true"))
}
