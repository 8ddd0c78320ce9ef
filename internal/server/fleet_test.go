package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lxzan/gws"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/model"
	natsserver "github.com/parley-chat/parley/internal/testkit/nats"
)

// fleet is two server processes on one database and one server of NATS, with
// people who write to both and listen at both.
type fleet struct {
	t         testing.TB
	nats      *natsserver.Server
	nodes     []*victim
	people    []login
	room      model.Channel
	listeners []*fleetListener
	over      atomic.Bool
	tasks     sync.WaitGroup

	mu    sync.Mutex
	acked []string // ids of the posts that somebody was told are kept
}

func newFleet(t testing.TB, clients int) *fleet {
	f := &fleet{t: t, nats: natsserver.Start(t)}
	binary, o := built(t), dbtest.Options(t, dbtest.Postgres)
	for range 2 {
		n := &victim{t: t, binary: binary, dir: t.TempDir(), url: o.URL, client: &http.Client{Timeout: 20 * time.Second},
			env: []string{"MM_CLUSTERSETTINGS_ENABLE=true", "MM_CLUSTERSETTINGS_NATSURL=" + f.nats.URL()}}
		n.start()
		f.nodes = append(f.nodes, n)
	}
	a := f.nodes[0]
	root := a.person("", "root")
	var team model.Team
	a.must(root.token, "POST", "/teams", map[string]string{"name": "fleet", "display_name": "Fleet", "type": "O"}, &team)
	a.must(root.token, "POST", "/channels", map[string]string{"team_id": team.ID, "name": "room", "display_name": "Room", "type": "O"}, &f.room)
	f.people = append(f.people, root)
	for i := range 3 {
		l := a.person(root.token, fmt.Sprintf("person%d", i))
		a.must(root.token, "POST", "/teams/"+team.ID+"/members", map[string]string{"team_id": team.ID, "user_id": l.ID}, nil)
		a.must(root.token, "POST", "/channels/"+f.room.ID+"/members", map[string]string{"user_id": l.ID}, nil)
		f.people = append(f.people, l)
	}
	for i := range 2 * clients {
		f.listen(f.people[i%len(f.people)], i%2)
	}
	for i := range 4 {
		f.tasks.Go(func() { f.write(i) })
	}
	t.Cleanup(f.end)
	return f
}

func (f *fleet) end() {
	f.over.Store(true)
	for _, l := range f.listeners {
		l.drop()
	}
	f.tasks.Wait()
	for _, n := range f.nodes {
		_ = n.process.Process.Kill()
		_ = n.process.Wait()
	}
}

// write posts some twenty messages a second, to one node and the other by turns.
func (f *fleet) write(who int) {
	pace := time.NewTicker(50 * time.Millisecond)
	defer pace.Stop()
	for n := 0; !f.over.Load(); n++ {
		<-pace.C
		var post model.Post
		in := map[string]string{"channel_id": f.room.ID, "message": fmt.Sprintf("w%d-%06d", who, n)}
		if f.nodes[n%2].call(f.people[who].token, "POST", "/posts", in, &post) == http.StatusCreated {
			f.mu.Lock()
			f.acked = append(f.acked, post.ID)
			f.mu.Unlock()
		}
	}
}

func (f *fleet) told() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.acked)
}

// settle waits until every listener sees all that was acknowledged until now.
func (f *fleet) settle(what string) time.Duration {
	f.t.Helper()
	began, n := time.Now(), f.told()
	f.eventually("all listeners see everything after "+what, func() bool {
		for _, l := range f.listeners {
			if l.missing(f, n) > 0 {
				return false
			}
		}
		return true
	})
	return time.Since(began)
}

func (f *fleet) eventually(what string, ok func() bool) {
	f.t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			f.t.Fatal("never happened: ", what)
		}
	}
}

// fleetListener is a client as the protocol wants it: it resumes, and loads the
// channel when it is greeted anew.
type fleetListener struct {
	gws.BuiltinEventHandler
	f    *fleet
	who  login
	home int

	mu      sync.Mutex
	conn    *gws.Conn
	node    *victim
	connID  string
	next    int64
	seen    map[string]string // message by post id
	byText  map[string]string
	reloads int
}

func (f *fleet) listen(who login, home int) {
	l := &fleetListener{f: f, who: who, home: home, seen: map[string]string{}, byText: map[string]string{}}
	f.listeners = append(f.listeners, l)
	f.tasks.Go(l.run)
}

func (l *fleetListener) run() {
	pace := time.NewTicker(100 * time.Millisecond)
	defer pace.Stop()
	for try := l.home; !l.f.over.Load(); try++ {
		node := l.f.nodes[try%2]
		l.mu.Lock()
		query := fmt.Sprintf("?connection_id=%s&sequence_number=%d", l.connID, l.next)
		l.mu.Unlock()
		conn, _, err := gws.NewClient(l, &gws.ClientOption{Addr: "ws://" + node.addr + "/api/v4/websocket" + query,
			RequestHeader: http.Header{"Authorization": {"Bearer " + l.who.token}}, HandshakeTimeout: 5 * time.Second})
		if err == nil {
			l.mu.Lock()
			l.conn, l.node = conn, node
			l.mu.Unlock()
			conn.ReadLoop()
			try-- // the same node first
		}
		<-pace.C
	}
}

func (l *fleetListener) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		_ = l.conn.NetConn().Close()
	}
}

// OnMessage takes in an event.
func (l *fleetListener) OnMessage(conn *gws.Conn, m *gws.Message) {
	defer func() { _ = m.Close() }()
	var e struct {
		Event string
		Seq   int64
		Data  struct {
			Post string
			ID   string `json:"connection_id"`
		}
	}
	if json.Unmarshal(m.Bytes(), &e) != nil || e.Event == "" {
		return
	}
	if e.Event == "hello" {
		l.mu.Lock()
		l.connID, l.next = e.Data.ID, 1
		l.mu.Unlock()
		if !l.load() {
			_ = conn.NetConn().Close()
		}
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if e.Seq != l.next {
		l.f.t.Errorf("frame %d instead of %d", e.Seq, l.next)
	}
	l.next = e.Seq + 1
	var post model.Post
	if e.Event == "posted" && json.Unmarshal([]byte(e.Data.Post), &post) == nil {
		l.note(&post)
	}
}

// note takes in a post; twice is no harm, under another id it is.
func (l *fleetListener) note(post *model.Post) {
	if post.Type != "" {
		return
	}
	if other := l.byText[post.Message]; other != "" && other != post.ID {
		l.f.t.Errorf("%s came twice", post.Message)
	}
	l.seen[post.ID], l.byText[post.Message] = post.Message, post.ID
}

// load reads the channel from the node that greeted, back to what is known.
func (l *fleetListener) load() bool {
	l.mu.Lock()
	node := l.node
	l.reloads++
	l.mu.Unlock()
	for page := 0; node != nil; page++ {
		var list model.PostList
		if node.call(l.who.token, "GET", "/channels/"+l.f.room.ID+"/posts?per_page=200&page="+strconv.Itoa(page), nil, &list) != http.StatusOK {
			return false
		}
		l.mu.Lock()
		for _, post := range list.Posts {
			l.note(post)
		}
		l.mu.Unlock()
		if len(list.Order) < 200 {
			return true
		}
	}
	return false
}

func (l *fleetListener) missing(f *fleet, n int) (missing int) {
	f.mu.Lock()
	acked := f.acked[:n]
	f.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range acked {
		if l.seen[id] == "" {
			missing++
		}
	}
	return missing
}

// appear opens a websocket of somebody at one node only, and waits until the
// other knows that they are online.
func (f *fleet) appear(at *victim, who login) {
	conn, _, err := gws.NewClient(&gws.BuiltinEventHandler{}, &gws.ClientOption{Addr: "ws://" + at.addr + "/api/v4/websocket",
		RequestHeader: http.Header{"Authorization": {"Bearer " + who.token}}})
	if err != nil {
		f.t.Fatal(err)
	}
	go conn.ReadLoop()
	f.eventually("they are online", func() bool {
		var s model.Status
		f.nodes[1].call(f.people[0].token, "GET", "/users/"+who.ID+"/status", nil, &s)
		return s.Status == model.StatusOnline
	})
}

// number is a size that a script may set, or the suite's own.
func number(t testing.TB, name string, own int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return own
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(name, err)
	}
	return n
}
