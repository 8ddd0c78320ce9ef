package takeout_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/takeout"
	"github.com/parley-chat/parley/internal/testkit"
)

const mine = "/parley/users/me/deletion"

// archiveOf returns the files of somebody's archive.
func archiveOf(t *testing.T, a *testkit.Actor) map[string]string {
	t.Helper()
	return archiveAt(t, a, "/parley/users/me/takeout")
}

// archiveAt returns the files of the archive that a route answers a with.
func archiveAt(t *testing.T, a *testkit.Actor, route string) map[string]string {
	t.Helper()
	raw := a.GET(route).Want(t, 200).Body
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name != path.Clean(f.Name) || strings.HasPrefix(f.Name, "/") || strings.Contains(f.Name, `\`) || out[f.Name] != "" {
			t.Errorf("the name %q", f.Name)
		}
		out[f.Name] = string(text)
	}
	return out
}

func TestTheArchiveHoldsOnesOwn(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		team := s.Team(ann, ben)
		room, secret := s.Private(ann, team, ben), s.Private(ben, team)
		first := ann.Say(room, "Mine, with **marks** & <tags>")
		ben.Say(room, "What Ben says is his")
		ben.Say(secret, "A secret of Ben's")
		gone := ann.Say(room, "Deleted again")
		ann.DELETE("/posts/"+gone.ID).Want(t, 200)
		ann.Reply(first, "A reply of mine")
		direct := s.Direct(ann, ben)
		ann.Say(direct, "Between us")
		ann.PUT("/posts/"+first.ID+"/patch", map[string]string{"message": "Mine, with **marks** & <tags>, and edited"}).Want(t, 200)
		file := ann.Upload(room, `../../plan "A".txt`, []byte("rows of beans"))
		ann.Show(room, file)
		theirs := ben.Upload(room, "ben.txt", []byte("Ben's own file"))
		ben.Show(room, theirs)
		ann.POST("/reactions", map[string]string{"user_id": ann.ID, "post_id": first.ID, "emoji_name": "tada"}).Want(t, 200)
		// Left since, and still somebody's own words; what the channel is called by now isn't theirs to know.
		ann.DELETE("/channels/"+room.ID+"/members/"+ann.ID).Want(t, 200)
		s.Admin.PUT("/channels/"+room.ID+"/patch", map[string]string{"display_name": "Layoffs of May"}).Want(t, 200)

		files := archiveOf(t, ann)
		var account model.User
		if err := json.Unmarshal([]byte(files["account.json"]), &account); err != nil || account.Email != ann.Username+"@example.com" {
			t.Errorf("account: %+v, %v", account, err)
		}
		all := ""
		for name, text := range files {
			all += name + "\n" + text
		}
		for _, own := range []string{`Mine, with **marks** & <tags>`, `and edited"`, "messages/" + ben.Username + "-" + direct.ID, "A reply of mine", "Between us", "rows of beans", `"tada"`, "README.txt", team.Name, "flagged_post"} {
			if !strings.Contains(all, own) {
				t.Errorf("not in the archive: %s", own)
			}
		}
		if n := strings.Count(all, `"message":"Mine, with`); n != 2 {
			t.Errorf("%d versions of an edited message", n)
		}
		for _, others := range []string{"What Ben says", "A secret", "Layoffs", "Deleted again", "Ben's own file", ann.Token, "argon2", "pbkdf2", ben.Username + "@"} {
			if strings.Contains(all, others) {
				t.Errorf("in the archive: %s", others)
			}
		}
	})
}

func TestAnAdministratorTakesAnArchive(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		room := s.Channel(ann, s.Team(ann, ben), ben)
		ann.Say(room, "Mine")
		ann.Show(room, ann.Upload(room, "plan.txt", []byte("rows of beans")))
		own := archiveOf(t, ann)
		route := "/parley/users/" + ann.ID + "/takeout"
		ben.GET(route).Refused(t, 403, "api.context.permissions.app_error")
		s.Admin.GET("/parley/users/"+id.New()+"/takeout").Want(t, 404)
		// Who can't sign in any more is the one whom nobody else serves.
		s.Admin.PUT("/users/"+ann.ID+"/active", map[string]bool{"active": false}).Want(t, 200)
		got := archiveAt(t, s.Admin, route)
		for name, text := range own {
			if name != "account.json" && name != "sessions.json" && got[name] != text {
				t.Errorf("%s: %q, to the person themselves %q", name, got[name], text)
			}
		}
		if len(got) != len(own) {
			t.Errorf("%d files, to the person themselves %d", len(got), len(own))
		}
		var trail []model.Audit
		s.Admin.GET("/audits").Want(t, 200).Into(t, &trail)
		if !slices.ContainsFunc(trail, func(a model.Audit) bool {
			return a.Action == "/api/v4"+route && a.UserID == s.Admin.ID && strings.Contains(a.ExtraInfo, ann.ID)
		}) {
			t.Error("not in the audit trail")
		}
	})
}

func TestTheArchiveIsLongAndWhole(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		room := s.Channel(ann, s.Team(ann))
		const many = 1_010 // more than two pages
		for range many {
			ann.Say(room, "again and again")
		}
		for name, text := range archiveOf(t, ann) {
			if strings.HasPrefix(name, "messages/") && strings.Contains(name, room.ID) {
				if n := strings.Count(text, "again and again"); n != many {
					t.Errorf("%s: %d messages", name, n)
				}
			}
		}
	})
}

func TestAskingToBeDeleted(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben := s.User("ann"), s.User("ben")
		room := s.Channel(ann, s.Team(ann, ben), ben)
		post := ann.Say(room, "I was here")
		file := ann.Upload(room, "plan.txt", []byte("beans"))
		ann.Show(room, file)
		body := func(password string) any { return map[string]string{"password": password, "reason": "moving away"} }

		ann.POST(mine, body("wrong")).Refused(t, 400, "api.user.update_password.incorrect.app_error")
		ann.POST(mine, map[string]string{"password": testkit.Password, "reason": strings.Repeat("x", 1001)}).
			Refused(t, 400, "parley.takeout.reason_too_long.app_error")
		ann.DELETE(mine).Refused(t, 404, "parley.takeout.no_request.app_error")
		s.Admin.POST(mine, body(testkit.Password)).Refused(t, 400, "app.user.update.lastAdmin.app_error")
		var asked, again takeout.Request
		ann.POST(mine, body(testkit.Password)).Want(t, 201).Into(t, &asked)
		ann.POST(mine, map[string]string{"password": testkit.Password}).Want(t, 201).Into(t, &again)
		if asked.AskedAt == 0 || again.AskedAt != asked.AskedAt || again.Reason != "" {
			t.Errorf("asked %+v, again %+v", asked, again)
		}
		ben.POST(mine, body(testkit.Password)).Want(t, 201)
		ben.GET("/parley/deletions").Want(t, 403)

		var list []takeout.Request
		s.Admin.GET("/parley/deletions").Want(t, 200).Into(t, &list)
		// Both may have asked in the same millisecond, so their order is open.
		if len(list) != 2 || list[0].UserID != ann.ID && list[1].UserID != ann.ID {
			t.Fatalf("requests: %+v", list)
		}
		s.Admin.DELETE("/parley/deletions/"+ben.ID).Want(t, 200)
		s.Admin.POST("/parley/deletions/"+ben.ID+"/carry_out", nil).Refused(t, 404, "parley.takeout.no_request.app_error")
		s.Admin.POST("/parley/deletions/"+ann.ID+"/carry_out", nil).Want(t, 200)

		ann.GET("/users/me").Want(t, 401)
		s.Admin.GET("/users/"+ann.ID).Want(t, 404)
		ben.GET("/files/"+file.ID).Want(t, 404)
		var left model.Post
		if ben.GET("/posts/"+post.ID).Want(t, 200).Into(t, &left); left.Message != "I was here" {
			t.Errorf("what was said to others: %+v", left)
		}
		if s.Admin.GET("/parley/deletions").Want(t, 200).Into(t, &list); len(list) != 0 {
			t.Errorf("requests left: %+v", list)
		}
		var back takeout.Request
		if ben.GET(mine).Want(t, 200).Into(t, &back); back.AskedAt != 0 {
			t.Errorf("a declined request: %+v", back)
		}
	})
}

// Two administrators can't both leave.
func TestAnAdministratorStays(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		s.Admin.PUT("/users/"+ann.ID+"/roles", map[string]string{"roles": "system_admin system_user"}).Want(t, 200)
		ask := map[string]string{"password": testkit.Password}
		ann.POST(mine, ask).Want(t, 201)
		s.Admin.POST(mine, ask).Want(t, 201)
		s.Admin.POST("/parley/deletions/"+s.Admin.ID+"/carry_out", nil).Refused(t, 400, "parley.takeout.own_request.app_error")
		s.Admin.POST("/parley/deletions/"+ann.ID+"/carry_out", nil).Want(t, 200)
		if r := s.Admin.GET("/users/me"); r.Status != http.StatusOK {
			t.Errorf("the other administrator: %d", r.Status)
		}
	})
}
