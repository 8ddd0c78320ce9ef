package testkit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Actor is a person at the server; the zero Token is nobody.
type Actor struct {
	s        *Server
	ID       string
	Username string
	Token    string
	socket   *Socket
}

// Nobody is a caller without credentials.
func (s *Server) Nobody() *Actor { return &Actor{s: s} }

// User signs a person up, with a name that begins with prefix, and in.
func (s *Server) User(prefix string) *Actor {
	s.t.Helper()
	name := strings.ToLower(prefix + id.New()[:8])
	by := s.Admin
	if by == nil {
		by = s.Nobody()
	}
	var u model.User
	by.POST("/users", map[string]string{"username": name, "email": name + "@example.com", "password": Password}).Want(s.t, 201).Into(s.t, &u)
	a := &Actor{s: s, ID: u.ID, Username: name}
	a.Login()
	return a
}

// As signs in somebody who has an account with everybody's password.
func (s *Server) As(username string) *Actor {
	s.t.Helper()
	a := &Actor{s: s, Username: username}
	a.Login()
	var u model.User
	a.GET("/users/me").Want(s.t, http.StatusOK).Into(s.t, &u)
	a.ID = u.ID
	return a
}

// Here is somebody of another node, with the same session, at this one.
func (s *Server) Here(a *Actor) *Actor {
	return &Actor{s: s, ID: a.ID, Username: a.Username, Token: a.Token}
}

// Login opens a new session for the actor.
func (a *Actor) Login() {
	a.s.t.Helper()
	r := (&Actor{s: a.s}).POST("/users/login", map[string]string{"login_id": a.Username, "password": Password}).Want(a.s.t, 200)
	a.Token = r.Header.Get("Token")
}

// Team makes an open team and has the others join it.
func (s *Server) Team(owner *Actor, others ...*Actor) *model.Team {
	s.t.Helper()
	var team model.Team
	owner.POST("/teams", map[string]string{"name": "team" + id.New()[:10], "display_name": "Team", "type": "O"}).Want(s.t, 201).Into(s.t, &team)
	for _, a := range others {
		s.Admin.POST("/teams/"+team.ID+"/members", map[string]string{"team_id": team.ID, "user_id": a.ID}).Want(s.t, 201)
	}
	return &team
}

// Channel makes a public channel and has the others join it.
func (s *Server) Channel(owner *Actor, team *model.Team, others ...*Actor) *model.Channel {
	s.t.Helper()
	return s.channel(owner, team, "O", others)
}

// Private makes a private channel with the others in it.
func (s *Server) Private(owner *Actor, team *model.Team, others ...*Actor) *model.Channel {
	s.t.Helper()
	return s.channel(owner, team, "P", others)
}

func (s *Server) channel(owner *Actor, team *model.Team, kind string, others []*Actor) *model.Channel {
	s.t.Helper()
	var c model.Channel
	owner.POST("/channels", map[string]string{"team_id": team.ID, "name": "room" + id.New()[:10], "display_name": "Room", "type": kind}).
		Want(s.t, 201).Into(s.t, &c)
	for _, a := range others {
		owner.POST("/channels/"+c.ID+"/members", map[string]string{"user_id": a.ID}).Want(s.t, 201)
	}
	return &c
}

// Direct opens the direct channel of two people.
func (s *Server) Direct(a, b *Actor) *model.Channel {
	s.t.Helper()
	var c model.Channel
	a.POST("/channels/direct", []string{a.ID, b.ID}).Want(s.t, 201).Into(s.t, &c)
	return &c
}

// Post writes a message into a channel.
func (a *Actor) Post(c *model.Channel, message string) *Response {
	return a.POST("/posts", map[string]string{"channel_id": c.ID, "message": message})
}

// Say posts and returns the post; the test fails when it is refused.
func (a *Actor) Say(c *model.Channel, message string) *model.Post {
	a.s.t.Helper()
	var p model.Post
	a.Post(c, message).Want(a.s.t, 201).Into(a.s.t, &p)
	return &p
}

// Reply posts into the thread of root.
func (a *Actor) Reply(root *model.Post, message string) *model.Post {
	a.s.t.Helper()
	var p model.Post
	a.POST("/posts", map[string]string{"channel_id": root.ChannelID, "root_id": root.ID, "message": message}).Want(a.s.t, 201).Into(a.s.t, &p)
	return &p
}

// Send uploads a file for a channel.
func (a *Actor) Send(c *model.Channel, name string, content []byte) *Response {
	return a.Do(http.MethodPost, "/files?channel_id="+c.ID+"&filename="+url.QueryEscape(name), content, "Content-Type", "application/octet-stream")
}

// Upload is Send for a file that is taken.
func (a *Actor) Upload(c *model.Channel, name string, content []byte) *model.FileInfo {
	a.s.t.Helper()
	var r model.FileUploadResponse
	a.Send(c, name, content).Want(a.s.t, 201).Into(a.s.t, &r)
	return r.FileInfos[0]
}

// Show posts files.
func (a *Actor) Show(c *model.Channel, files ...*model.FileInfo) *model.Post {
	a.s.t.Helper()
	ids := make([]string, len(files))
	for i, f := range files {
		ids[i] = f.ID
	}
	var p model.Post
	a.POST("/posts", map[string]any{"channel_id": c.ID, "message": "files", "file_ids": ids}).Want(a.s.t, 201).Into(a.s.t, &p)
	return &p
}

// GET, POST, PUT, PATCH and DELETE call a path below /api/v4, or below the
// site itself when it begins with <site>. A body that is
// a []byte or string goes out as it is, anything else as JSON.
func (a *Actor) GET(path string) *Response            { return a.Do(http.MethodGet, path, nil) }
func (a *Actor) POST(path string, body any) *Response { return a.Do(http.MethodPost, path, body) }
func (a *Actor) PUT(path string, body any) *Response  { return a.Do(http.MethodPut, path, body) }
func (a *Actor) DELETE(path string) *Response         { return a.Do(http.MethodDelete, path, nil) }

// Do sends one request; headers are pairs of name and value.
func (a *Actor) Do(method, path string, body any, headers ...string) *Response {
	var in io.Reader
	switch b := body.(type) {
	case nil:
	case []byte:
		in = bytes.NewReader(b)
	case string:
		in = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			a.s.t.Fatal(err)
		}
		in = bytes.NewReader(raw)
	}
	if site, ok := strings.CutPrefix(path, "<site>"); ok {
		path = site
	} else if !strings.HasPrefix(path, "/api/") {
		path = "/api/v4" + path
	}
	req, err := http.NewRequest(method, a.s.URL+path, in)
	if err != nil {
		a.s.t.Fatal(err)
	}
	if a.Token != "" {
		req.Header.Set("Authorization", "Bearer "+a.Token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := a.s.client.RoundTrip(req)
	if err != nil {
		return &Response{Call: method + " " + path, Err: err}
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	return &Response{Call: method + " " + path, Status: resp.StatusCode, Header: resp.Header, Body: raw, Err: err}
}

// Response is what came back.
type Response struct {
	Call   string
	Status int
	Header http.Header
	Body   []byte
	Err    error // of the connection
}

// Want fails the test unless the status is as given.
func (r *Response) Want(t testing.TB, status int) *Response {
	t.Helper()
	if r.Err != nil || r.Status != status {
		t.Fatalf("%s: status %d (%v), want %d: %.600s", r.Call, r.Status, r.Err, status, r.Body)
	}
	return r
}

// Refused fails the test unless the answer is an error of that status and id,
// in the shape of every error.
func (r *Response) Refused(t testing.TB, status int, errorID string) *Response {
	t.Helper()
	r.Want(t, status)
	var e model.AppError
	r.Into(t, &e)
	if e.ID != errorID || e.StatusCode != status || e.Message == "" {
		t.Fatalf("%s: error %q (%d) %q, want %q", r.Call, e.ID, e.StatusCode, e.Message, errorID)
	}
	return r
}

// Into decodes the body.
func (r *Response) Into(t testing.TB, v any) *Response {
	t.Helper()
	if err := json.Unmarshal(r.Body, v); err != nil {
		t.Fatalf("%s: %v in %.300s", r.Call, err, r.Body)
	}
	return r
}

// ErrorID is the id of the error in the answer, "" when there is none.
func (r *Response) ErrorID() string {
	var e struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(r.Body, &e)
	return e.ID
}

// String is for messages of tests.
func (r *Response) String() string {
	return fmt.Sprintf("%s: %d %.300s", r.Call, r.Status, r.Body)
}
