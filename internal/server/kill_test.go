package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const (
	kills   = 10
	writers = 20
)

// TestNothingAcknowledgedIsLost has people post while the server is killed
// again and again: every acknowledged post is there once and in order, and the
// counters agree with a recount.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	t.Parallel()
	binary := built(t)
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			newVictim(t, binary, engine).ordeal()
		})
	}
}

// program is the server as a process, built when the first test asks for it.
var program = sync.OnceValues(func() (string, error) {
	out, err := exec.Command("go", "build", "-ldflags", "-s -w", "-o", programs, "../../cmd/parley").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return filepath.Join(programs, "parley"), nil
})

// programs is the folder of program, for as long as the tests run.
var programs string

func TestMain(m *testing.M) {
	var err error
	if programs, err = os.MkdirTemp("", "parley-program-"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(programs)
	os.Exit(code)
}

// built is the program's path.
func built(t testing.TB) string {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func newVictim(t testing.TB, binary string, engine dbtest.Engine) *victim {
	p := &victim{t: t, binary: binary, dir: t.TempDir(), client: &http.Client{Timeout: 20 * time.Second}}
	if o := dbtest.Options(t, engine, dbtest.Durable); engine == dbtest.Postgres {
		p.url = o.URL
	}
	return p
}

// victim is a server process that is killed and started again on one address.
type victim struct {
	t              testing.TB
	binary         string
	dir, url, addr string
	client         *http.Client
	process        *exec.Cmd
	within         []string // a command that runs the server
	env            []string
	attr           *syscall.SysProcAttr
}

func (p *victim) start() {
	if p.addr == "" {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			p.t.Fatal(err)
		}
		p.addr = ln.Addr().String()
		_ = ln.Close()
	}
	args := []string{"serve", "--listen", p.addr, "--data", p.dir}
	if p.url != "" {
		args = append(args, "--db", p.url)
	}
	p.process = p.command(args)
	p.process.Stderr = os.Stderr
	if err := p.process.Start(); err != nil {
		p.t.Fatal(err)
	}
	testkit.Eventually(p.t, "the server answers", func() bool {
		return p.call("", "GET", "/system/ping", nil, nil) == http.StatusOK
	})
}

func (p *victim) command(args []string) *exec.Cmd {
	whole := append(append(slices.Clone(p.within), p.binary), args...)
	cmd := exec.Command(whole[0], whole[1:]...)
	cmd.Env = append(append(os.Environ(), "MM_TEAMSETTINGS_ENABLEOPENSERVER=true"), p.env...)
	cmd.SysProcAttr = p.attr
	return cmd
}

func (p *victim) kill(s syscall.Signal) {
	_ = p.process.Process.Signal(s)
	_ = p.process.Wait()
}

// call returns the status, 0 when the connection broke.
func (p *victim) call(token, method, path string, in, out any) int {
	var body io.Reader
	if raw, ok := in.([]byte); ok {
		body = bytes.NewReader(raw)
	} else if in != nil {
		raw, _ := json.Marshal(in)
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, "http://"+p.addr+"/api/v4"+path, body)
	if err != nil {
		p.t.Error(err)
		return 0
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return 0
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0
	}
	if to, ok := out.(*[]byte); ok {
		*to = raw
	} else if out != nil && resp.StatusCode < 300 && json.Unmarshal(raw, out) != nil {
		return 0
	}
	if t, ok := out.(*login); ok {
		t.token = resp.Header.Get("Token")
	}
	return resp.StatusCode
}

func (p *victim) must(token, method, path string, in, out any) {
	p.t.Helper()
	if status := p.call(token, method, path, in, out); status < 200 || status > 299 {
		p.t.Fatalf("%s %s: %d", method, path, status)
	}
}

type login struct {
	ID    string `json:"id"`
	token string
}

func (p *victim) person(admin, name string) login {
	p.must(admin, "POST", "/users", map[string]string{"username": name, "email": name + "@example.com", "password": testkit.Password}, nil)
	var l login
	p.must("", "POST", "/users/login", map[string]string{"login_id": name, "password": testkit.Password}, &l)
	return l
}

// acknowledged is what a writer was told.
type acknowledged struct {
	posts []model.Post
	next  int
}

func (p *victim) ordeal() {
	p.start()
	root := p.person("", "root")
	idle := p.person(root.token, "idle")
	var team model.Team
	p.must(root.token, "POST", "/teams", map[string]string{"name": "ordeal", "display_name": "Ordeal", "type": "O"}, &team)
	var room model.Channel
	p.must(root.token, "POST", "/channels", map[string]string{"team_id": team.ID, "name": "room", "display_name": "Room", "type": "O"}, &room)
	people := make([]login, 4) // hashing passwords is dear; sessions are cheap to share
	for i := range people {
		people[i] = p.person(root.token, fmt.Sprintf("writer%d", i))
	}
	for _, l := range append(people, idle) {
		p.must(root.token, "POST", "/teams/"+team.ID+"/members", map[string]string{"team_id": team.ID, "user_id": l.ID}, nil)
		p.must(root.token, "POST", "/channels/"+room.ID+"/members", map[string]string{"user_id": l.ID}, nil)
	}
	// Being added is a mention too.
	var before model.ChannelMember
	p.must(idle.token, "GET", "/channels/"+room.ID+"/members/me", nil, &before)
	acks := make([]*acknowledged, writers)
	for i := range acks {
		acks[i] = &acknowledged{}
	}
	for range kills {
		var done atomic.Bool
		var count atomic.Int64
		var wg sync.WaitGroup
		for i, a := range acks {
			wg.Go(func() { p.write(people[i%len(people)].token, room.ID, i, a, &done, &count) })
		}
		testkit.Eventually(p.t, "a few hundred posts", func() bool { return count.Load() > 200 })
		p.kill(syscall.SIGKILL)
		done.Store(true)
		wg.Wait()
		p.start()
	}
	p.verify(root.token, idle, &room, before.MentionCount, acks)
	p.kill(syscall.SIGTERM)
}

// write posts until done; every fifth post mentions the one who never writes.
func (p *victim) write(token, channelID string, who int, a *acknowledged, done *atomic.Bool, count *atomic.Int64) {
	for !done.Load() {
		text := fmt.Sprintf("w%02d-%06d", who, a.next)
		if a.next%5 == 0 {
			text += " @idle"
		}
		a.next++
		var post model.Post
		if p.call(token, "POST", "/posts", map[string]string{"channel_id": channelID, "message": text}, &post) == http.StatusCreated {
			a.posts = append(a.posts, post)
			count.Add(1)
		}
	}
}

func (p *victim) verify(token string, idle login, room *model.Channel, before int64, acks []*acknowledged) {
	stored := p.everything(token, room.ID)
	byText := map[string]*model.Post{}
	mentions, counted := int64(0), int64(0)
	for _, post := range stored {
		if post.Type != "" {
			continue
		}
		if byText[post.Message] != nil {
			p.t.Errorf("stored twice: %s", post.Message)
		}
		byText[post.Message] = post
		counted++
		if strings.Contains(post.Message, "@idle") {
			mentions++
		}
	}
	total := 0
	for _, a := range acks {
		was := int64(0)
		for _, post := range a.posts {
			total++
			found := byText[post.Message]
			switch {
			case found == nil:
				p.t.Errorf("acknowledged, but lost: %s", post.Message)
			case found.ID != post.ID || found.CreateAt != post.CreateAt:
				p.t.Errorf("stored as another post: %s", post.Message)
			case post.CreateAt <= was:
				p.t.Errorf("out of order: %s", post.Message)
			}
			was = post.CreateAt
		}
	}
	var c model.Channel
	p.must(token, "GET", "/channels/"+room.ID, nil, &c)
	if c.TotalMsgCount != counted {
		p.t.Errorf("the channel counts %d messages, a recount says %d", c.TotalMsgCount, counted)
	}
	var m model.ChannelMember
	p.must(idle.token, "GET", "/channels/"+room.ID+"/members/me", nil, &m)
	if m.MentionCount-before != mentions {
		p.t.Errorf("the member counts %d mentions, a recount says %d", m.MentionCount-before, mentions)
	}
	p.t.Logf("%d posts acknowledged across %d kills, %d stored", total, kills, counted)
}

// everything pages through a channel, oldest first.
func (p *victim) everything(token, channelID string) []*model.Post {
	var all []*model.Post
	for page := 0; ; page++ {
		var list model.PostList
		p.must(token, "GET", fmt.Sprintf("/channels/%s/posts?per_page=200&page=%d", channelID, page), nil, &list)
		for _, id := range list.Order {
			all = append(all, list.Posts[id])
		}
		if len(list.Order) < 200 {
			break
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].CreateAt < all[j].CreateAt })
	return all
}
