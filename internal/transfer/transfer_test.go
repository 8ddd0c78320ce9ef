package transfer_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
	"github.com/parley-chat/parley/internal/transfer"
)

// exported is an export as it comes: the archive, and its lines.
func exported(t *testing.T, s *testkit.Server, o transfer.ExportOptions) (archive []byte, lines []string) {
	t.Helper()
	var b bytes.Buffer
	if _, err := s.Transfer().Export(t.Context(), &b, o); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("import.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), strings.Split(strings.TrimSpace(string(raw)), "\n")
}

// imported imports an archive; nothing of it may be passed over.
func imported(t *testing.T, s *testkit.Server, archive []byte) transfer.Report {
	t.Helper()
	from, err := transfer.OpenZip(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	report, err := s.Transfer().ImportBulk(t.Context(), from, transfer.Options{Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// file writes lines to a file and opens it.
func file(t *testing.T, lines ...string) *transfer.Source {
	t.Helper()
	name := filepath.Join(t.TempDir(), "lines.jsonl")
	if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	from, err := transfer.OpenFile(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = from.Close() })
	return from
}

// taken imports lines and returns what was said of the others.
func taken(t *testing.T, s *testkit.Server, o transfer.Options, lines ...string) (transfer.Report, []string) {
	t.Helper()
	var told []string
	o.Skipped = func(p transfer.Problem) { told = append(told, p.Text("en")) }
	report, err := s.Transfer().ImportBulk(t.Context(), file(t, append([]string{`{"type":"version","version":1}`}, lines...)...), o)
	if err != nil {
		t.Fatal(err)
	}
	return report, told
}

// lively fills a server with everything that the format has a word for.
func lively(t *testing.T, s *testkit.Server) {
	t.Helper()
	ann, ben, cem := s.User("ann"), s.User("ben"), s.User("cem")
	team := s.Team(ann, ben, cem)
	room, secret, old := s.Channel(ann, team, ben, cem), s.Private(ann, team, ben), s.Channel(ann, team)
	root := ann.Say(room, "A root with #tags and **marks** & <signs>")
	for range 3 {
		ben.Reply(root, "the same words")
	}
	cem.Reply(root, "@"+ann.Username+" look")
	other := ben.Say(room, "To be edited")
	ben.PUT("/posts/"+other.ID+"/patch", map[string]string{"message": "Edited"}).Want(t, 200)
	gone := ben.Say(room, "Deleted")
	ben.DELETE("/posts/"+gone.ID).Want(t, 200)
	ann.POST("/posts/"+other.ID+"/pin", nil).Want(t, 200)
	ann.POST("/reactions", map[string]string{"user_id": ann.ID, "post_id": other.ID, "emoji_name": "tada"}).Want(t, 200)
	ann.PUT("/users/"+ann.ID+"/preferences", []model.Preference{
		{UserID: ann.ID, Category: "flagged_post", Name: other.ID, Value: "true"},
		{UserID: ann.ID, Category: "favorite_channel", Name: secret.ID, Value: "true"},
		{UserID: ann.ID, Category: "display_settings", Name: "use_military_time", Value: "true"},
		{UserID: ann.ID, Category: "notifications", Name: "email_interval", Value: "3600"},
	}).Want(t, 200)
	ann.PUT("/channels/"+room.ID+"/members/"+ann.ID+"/notify_props", map[string]string{"user_id": ann.ID, "channel_id": room.ID, "desktop": "all"}).Want(t, 200)
	ann.Show(secret, ann.Upload(secret, `a "plan".txt`, []byte("rows of beans")), ann.Upload(secret, "b.txt", []byte("more")))
	ann.Say(old, "in what is archived")
	ann.DELETE("/channels/"+old.ID).Want(t, 200)
	direct := s.Direct(ann, ben)
	ben.Reply(ann.Say(direct, "Between us"), "yes")
	s.Direct(cem, cem)
	var group model.Channel
	ann.POST("/channels/group", []string{ann.ID, ben.ID, cem.ID}).Want(t, 201).Into(t, &group)
	ann.Say(&group, "To both")
	ann.PUT("/users/"+ann.ID+"/status/custom", map[string]any{"emoji": "palm_tree", "text": "away"}).Want(t, 200)
	decorated(t, s, ann, team, room)
	s.Admin.PUT("/teams/"+team.ID+"/members/"+ben.ID+"/schemeRoles", map[string]bool{"scheme_admin": true, "scheme_user": true}).Want(t, 200)
	s.Admin.DELETE("/users/"+cem.ID).Want(t, 200)
}

// decorated adds a scheme, a channel with its own moderation, an emoji and a picture.
func decorated(t *testing.T, s *testkit.Server, ann *testkit.Actor, team *model.Team, room *model.Channel) {
	t.Helper()
	var scheme model.Scheme
	s.Admin.POST("/schemes", map[string]string{"name": "strict_one", "display_name": "Strict", "scope": "team"}).Want(t, 201).Into(t, &scheme)
	s.Admin.PUT("/teams/"+team.ID+"/scheme", map[string]string{"scheme_id": scheme.ID}).Want(t, 200)
	s.Admin.PUT("/channels/"+room.ID+"/moderations/patch", []map[string]any{{"name": "create_reactions", "roles": map[string]bool{"members": false}}}).Want(t, 200)
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 20, 20))); err != nil {
		t.Fatal(err)
	}
	for path, meta := range map[string]string{"/emoji": `{"name":"bean","creator_id":"` + ann.ID + `"}`, "/users/" + ann.ID + "/image": ""} {
		var b bytes.Buffer
		form := multipart.NewWriter(&b)
		if meta != "" {
			_ = form.WriteField("emoji", meta)
		}
		w, _ := form.CreateFormFile("image", "a.png")
		_, _ = w.Write(picture.Bytes())
		_ = form.Close()
		if r := ann.Do(http.MethodPost, path, b.Bytes(), "Content-Type", form.FormDataContentType()); r.Status > 201 {
			t.Fatal(r)
		}
	}
}

// What is exported, imported into an empty server on either engine, and exported
// again, is the same lines.
func TestThereAndBackAgain(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		lively(t, s)
		o := transfer.ExportOptions{Files: true, Archived: true}
		archive, lines := exported(t, s, o)
		for _, engine := range dbtest.Engines {
			t.Run("to "+string(engine), func(t *testing.T) {
				if k := kinds(lines); k["scheme"] != 2 || k["emoji"] != 1 || k["bot"] != 1 || k["direct_channel"] != 3 || k["direct_post"] != 2 {
					t.Errorf("%v", k)
				}
				to := testkit.Bare(t, dbtest.Options(t, engine))
				report := imported(t, to, archive)
				again, back := exported(t, to, o)
				compare(t, lines, back)
				if report.Files != 2 {
					t.Errorf("%d files", report.Files)
				}
				// Given again, it changes nothing and doubles nothing.
				report = imported(t, to, again)
				if report.Made["post"] != 0 {
					t.Errorf("made again: %v", report.Made)
				}
				_, back = exported(t, to, o)
				compare(t, lines, back)
			})
		}
	})
}

// compare leaves out the first line, which tells the time.
func compare(t *testing.T, want, got []string) {
	t.Helper()
	if len(want) != len(got) {
		t.Errorf("%d lines, then %d", len(want), len(got))
	}
	for i := 1; i < min(len(want), len(got)); i++ {
		if want[i] != got[i] {
			t.Errorf("line %d\nwas %s\nis  %s", i+1, want[i], got[i])
		}
	}
}

// kinds counts lines by their type.
func kinds(lines []string) map[string]int {
	out := map[string]int{}
	for _, raw := range lines {
		var l transfer.Line
		if json.Unmarshal([]byte(raw), &l) == nil {
			out[l.Type]++
		}
	}
	return out
}
