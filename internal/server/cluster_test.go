package server_test

import (
	"errors"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/lxzan/gws"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/testkit"
	natsserver "github.com/parley-chat/parley/internal/testkit/nats"
)

// two runs two nodes on one database.
func two(t *testing.T, more ...testkit.Option) (a, b *testkit.Server, relay *natsserver.Relay) {
	t.Helper()
	database, server := dbtest.Options(t, dbtest.Postgres), natsserver.Start(t)
	relay = server.Relay()
	a = testkit.StartOn(t, database, append([]testkit.Option{testkit.Env("MM_CLUSTERSETTINGS_NATSURL="+server.URL(), "MM_CLUSTERSETTINGS_OVERRIDEHOSTNAME=a")}, more...)...)
	b = testkit.Bare(t, database, append([]testkit.Option{testkit.Env("MM_CLUSTERSETTINGS_NATSURL="+relay.URL(), "MM_CLUSTERSETTINGS_OVERRIDEHOSTNAME=b")}, more...)...)
	return a, b, relay
}

// What happens on one node shows on the other: events, pages, rights, presence.
func TestTwoNodesAreOneServer(t *testing.T) {
	a, b, _ := two(t)
	alice, ben := a.User("alice"), a.User("ben")
	room := a.Private(alice, a.Team(alice, ben), ben)
	there, aliceThere := b.Here(ben), b.Here(alice)
	there.Listen()
	aliceThere.Listen()
	page := "/channels/" + room.ID + "/posts"
	before := there.GET(page).Want(t, 200)
	post := alice.Say(room, "from a, @"+ben.Username)
	there.Expect("posted", func(f testkit.Frame) bool { return f.Data["mentions"] != nil })
	var list model.PostList
	there.Do(http.MethodGet, page, nil, "If-None-Match", before.Header.Get("Etag")).Want(t, 200).Into(t, &list)
	if list.Posts[post.ID] == nil {
		t.Error("the page of the other node is old")
	}
	there.Say(room, "from b")
	there.GET("/users/me/preferences").Want(t, 200)
	alice.GET("/users/"+ben.ID+"/status").Want(t, 200)
	testkit.Eventually(t, "ben is online on both", func() bool {
		var s model.Status
		alice.GET("/users/"+ben.ID+"/status").Want(t, 200).Into(t, &s)
		return s.Status == model.StatusOnline
	})
	// A right that is taken away on one node is gone on the other.
	alice.DELETE("/channels/"+room.ID+"/members/"+ben.ID).Want(t, 200)
	there.Expect("user_removed", nil)
	there.GET(page).Want(t, 403)
	// So is a session.
	alice.POST("/users/logout", nil).Want(t, 200)
	aliceThere.Listen().Closed()
	aliceThere.GET("/users/me").Want(t, 401)
	var nodes []model.ClusterInfo
	testkit.Eventually(t, "the nodes know each other", func() bool {
		a.Admin.GET("/cluster/status").Want(t, 200).Into(t, &nodes)
		return len(nodes) == 2
	})
	if nodes[0].Hostname != "a" || nodes[1].Hostname != "b" || nodes[0].ID == nodes[1].ID || nodes[1].SchemaVersion == "" ||
		nodes[1].Version == "" || nodes[0].ConfigHash == "" {
		t.Errorf("%+v", nodes)
	}
}

// A node that was cut off trusts nothing that it remembered, and has its
// clients load again.
func TestCutOffNode(t *testing.T) {
	t.Parallel()
	a, b, relay := two(t)
	alice, ben := a.User("alice"), a.User("ben")
	room := a.Private(alice, a.Team(alice, ben), ben)
	there := b.Here(ben)
	socket := there.Listen()
	alice.Say(room, "x")
	there.Expect("posted", nil)
	there.GET("/channels/"+room.ID+"/posts").Want(t, 200)
	relay.Cut()
	own := there.Say(room, "cut off") // it serves on, and its own clients hear of it
	there.Expect("posted", func(f testkit.Frame) bool { var p model.Post; f.JSON(t, "post", &p); return p.ID == own.ID })
	alice.DELETE("/channels/"+room.ID+"/members/"+ben.ID).Want(t, 200)
	testkit.Eventually(t, "a right that is taken away elsewhere is gone soon all the same", func() bool {
		return there.GET("/channels/"+room.ID+"/posts").Status == 403
	})
	relay.Mend()
	var closed *gws.CloseError
	if err := socket.Closed(); !errors.As(err, &closed) || closed.Code != realtime.CodeMissed {
		t.Errorf("the websocket ended with %v", err)
	}
	again := b.Here(ben)
	again.Listen()
	alice.Say(room, "among ourselves")
	alice.Say(a.Direct(alice, ben), "to ben")
	again.Expect("posted", func(f testkit.Frame) bool {
		var p model.Post
		f.JSON(t, "post", &p)
		if p.ChannelID == room.ID {
			t.Error("heard in a channel that he was taken out of")
		}
		return p.Message == "to ben"
	})
}

// The fleet goes through an outage of NATS, the death of a node and an update
// of one node after the other, while people write: every listener finally sees
// every acknowledged post, once.
func TestFleet(t *testing.T) {
	t.Parallel()
	f := newFleet(t, number(t, "PARLEY_FLEET_CLIENTS", 5))
	a, b := f.nodes[0], f.nodes[1]
	f.eventually("people write", func() bool { return f.told() > 20 })
	t.Logf("at rest, everybody sees everything after %v", f.settle("the start").Round(time.Millisecond))

	f.nats.Kill()
	began, n := time.Now(), f.told()
	outage := time.Duration(number(t, "PARLEY_FLEET_OUTAGE", 2)) * time.Second
	f.eventually("people write during the outage", func() bool { return f.told() > n+20 && time.Since(began) > outage })
	f.nats.Run()
	t.Logf("NATS was away for %v, in which %d posts were written; everybody sees everything %v after its return",
		outage, f.told()-n, f.settle("the outage of NATS").Round(time.Millisecond))

	lone := a.person(f.people[0].token, "lone") // whose only client is at a, and doesn't come back
	f.appear(a, lone)
	a.kill(syscall.SIGKILL)
	t.Logf("a node was killed; everybody sees everything after %v", f.settle("the death of a node").Round(time.Millisecond))
	f.eventually("who was on the dead node only is offline", func() bool {
		var s model.Status
		b.call(f.people[0].token, "GET", "/users/"+lone.ID+"/status", nil, &s)
		return s.Status == model.StatusOffline
	})
	t.Logf("who was on it only is offline; everybody sees everything after %v", f.settle("the burial").Round(time.Millisecond))
	a.start()

	for _, node := range f.nodes { // an update
		node.kill(syscall.SIGTERM)
		node.start()
		t.Logf("a node was updated; everybody sees everything after %v", f.settle("an update").Round(time.Millisecond))
	}
	var nodes []model.ClusterInfo
	f.eventually("two nodes live", func() bool {
		b.call(f.people[0].token, "GET", "/cluster/status", nil, &nodes)
		return len(nodes) == 2
	})
	most := 0
	for _, l := range f.listeners {
		l.mu.Lock()
		most = max(most, l.reloads)
		l.mu.Unlock()
	}
	t.Logf("%d posts acknowledged, %d listeners, none of which loaded more than %d times", f.told(), len(f.listeners), most)
}
