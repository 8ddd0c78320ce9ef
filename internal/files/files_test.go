package files_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/server"
	"github.com/parley-chat/parley/internal/testkit"
)

const noPermission = "api.context.permissions.app_error"

// part is a field (without a name) or a file of a form.
type part struct{ field, name, content string }

func form(t *testing.T, a *testkit.Actor, parts ...part) *testkit.Response {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, p := range parts {
		out, err := w.CreateFormField(p.field)
		if p.name != "" {
			out, err = w.CreateFormFile(p.field, p.name)
		}
		if err == nil {
			_, err = out.Write([]byte(p.content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return a.Do(http.MethodPost, "/files", body.Bytes(), "Content-Type", w.FormDataContentType())
}

// stored lists the files of a data folder.
func stored(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, strings.TrimPrefix(path, dir+"/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func drawn(t *testing.T, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{uint8(x * 7), uint8(y * 5), uint8(x * y), 255})
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestFormsAndBodies(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		room := s.Channel(alice, s.Team(alice))
		channel := part{field: "channel_id", content: room.ID}
		var r model.FileUploadResponse
		// Files may come before the channel that they are for.
		form(t, alice, part{"files", "a.txt", "first"}, part{"files", `C:\dir\b.TXT`, "second"}, channel, part{field: "client_ids", content: "x"},
			part{field: "client_ids", content: "y"}, part{field: "client_ids", content: "z"}, part{"files", "../c", "third"}).Want(t, 201).Into(t, &r)
		if len(r.FileInfos) != 3 || fmt.Sprint(r.ClientIDs) != "[x y z]" {
			t.Fatalf("%+v", r)
		}
		for i, want := range []struct{ name, ext, content string }{{"a.txt", "txt", "first"}, {"b.TXT", "txt", "second"}, {"c", "", "third"}} {
			f := r.FileInfos[i]
			got := alice.GET("/files/"+f.ID).Want(t, 200)
			if f.Name != want.name || f.Extension != want.ext || string(got.Body) != want.content || f.Size != int64(len(want.content)) || f.ChannelID != room.ID {
				t.Errorf("%+v: %q, want %+v", f, got.Body, want)
			}
		}
		before, _ := db.Value[int64](t.Context(), s.DB, "SELECT count(*) FROM fileinfo")
		eleven := []part{channel}
		for range 11 {
			eleven = append(eleven, part{"files", "x.txt", "x"})
		}
		for what, c := range map[string]struct {
			parts  []part
			status int
			id     string
		}{
			"ids for other files": {[]part{channel, {"files", "a", "x"}, {"client_ids", "", "1"}, {"client_ids", "", "2"}}, 400, "api.file.upload_file.incorrect_number_of_client_ids.app_error"},
			"two channels":        {[]part{channel, {"files", "a", "x"}, {"channel_id", "", id.New()}}, 400, "api.file.upload_file.multiple_channel_ids.app_error"},
			"no such channel":     {[]part{{"channel_id", "", id.New()}, {"files", "a", "x"}}, 403, noPermission},
			"no channel":          {[]part{{"files", "a", "x"}}, 400, "api.context.invalid_body_param.app_error"},
			"eleven":              {eleven, 400, "api.context.invalid_body_param.app_error"},
			"long fields":         {[]part{channel, {"client_ids", "", strings.Repeat("x", 11<<10)}}, 400, "api.file.upload_file.read_form_value.app_error"},
		} {
			t.Log(what)
			form(t, alice, c.parts...).Refused(t, c.status, c.id)
		}
		alice.Do("POST", "/files?channel_id="+room.ID, "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a\"\r\n\r\nbroken off",
			"Content-Type", "multipart/form-data; boundary=x").Refused(t, 400, "api.file.upload_file.read_request.app_error")
		if after, _ := db.Value[int64](t.Context(), s.DB, "SELECT count(*) FROM fileinfo"); after != before {
			t.Errorf("refused, and yet %d files became %d", before, after)
		}
	})
}

func TestNames(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		room := s.Channel(alice, s.Team(alice))
		long := strings.Repeat("né", 300)
		for name, want := range map[string]string{
			"../../etc/passwd": "passwd", `..\..\boot.ini`: "boot.ini", "a\x00b\r\nc.txt": "abc.txt", "..": "file", "/": "file", "\xff.txt": "\ufffd.txt",
			"photo\u202egnp.exe": "photognp.exe", ".tmp": ".tmp", "  x  ": "x", long + ".jpg": string([]rune(long)[:252]) + ".jpg", "e\u0301.txt": "é.txt",
			`"quoted";x=1.txt`: `"quoted";x=1.txt`,
		} {
			f := alice.Upload(room, name, []byte("x"))
			got := alice.GET("/files/"+f.ID).Want(t, 200)
			if f.Name != want || string(got.Body) != "x" {
				t.Errorf("%q became %q, want %q", name, f.Name, want)
			}
			if d := got.Header.Get("Content-Disposition"); strings.ContainsAny(d, "\r\n") || strings.Count(d, `"`) != 2 {
				t.Errorf("%q: Content-Disposition %q", name, d)
			}
		}
		path, err := db.Value[string](t.Context(), s.DB, "SELECT path FROM fileinfo WHERE name = 'passwd'")
		if parts := strings.Split(path, "/"); err != nil || len(parts) != 9 || len(parts[0]) != 8 || strings.Join(parts[1:4], "/") != "teams/noteam/channels" ||
			parts[4] != room.ID || parts[5] != "users" || parts[6] != alice.ID || parts[8] != "passwd" {
			t.Errorf("lies at %s (%v)", path, err)
		}
	})
}

func TestWhoseFilesAPostTakes(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		room, other := s.Channel(alice, team, bob), s.Channel(alice, team, bob)
		mine, again, elsewhere, bobs := alice.Upload(room, "a.txt", []byte("a")), alice.Upload(room, "b.txt", []byte("b")),
			alice.Upload(other, "c.txt", []byte("c")), bob.Upload(room, "d.txt", []byte("d"))
		bob.Listen()
		post := alice.Show(room, again, bobs, elsewhere, mine)
		if fmt.Sprint(post.FileIDs) != fmt.Sprint([]string{again.ID, mine.ID}) || len(post.Metadata.Files) != 2 || post.Metadata.Files[0].ID != again.ID {
			t.Errorf("took %v: %+v", post.FileIDs, post.Metadata.Files)
		}
		bob.Expect("posted", func(f testkit.Frame) bool {
			return strings.Contains(fmt.Sprint(f.Data["post"]), mine.ID) && f.Data["otherFile"] == "true"
		})
		if second := alice.Show(room, mine); len(second.FileIDs) != 0 {
			t.Errorf("a file is in two posts: %v", second.FileIDs)
		}
		bob.GET("/files/"+mine.ID).Want(t, 200)
		bob.GET("/files/"+elsewhere.ID).Refused(t, 403, noPermission)
		var list []model.FileInfo
		bob.GET("/posts/"+post.ID+"/files/info").Want(t, 200).Into(t, &list)
		if len(list) != 2 || list[1].PostID != post.ID {
			t.Errorf("files of the post: %+v", list)
		}
		// Files of channels that one has left are gone, one's own too.
		bobs = bob.Upload(room, "e.txt", []byte("e"))
		shown := bob.Show(room, bobs)
		alice.POST("/channels/"+room.ID+"/privacy", map[string]string{"privacy": "P"})
		s.Admin.Do("PUT", "/channels/"+room.ID+"/privacy", map[string]string{"privacy": "P"}).Want(t, 200)
		bob.DELETE("/channels/"+room.ID+"/members/"+bob.ID).Want(t, 200)
		for _, f := range []string{mine.ID, bobs.ID, shown.FileIDs[0]} {
			for _, what := range []string{"", "/info", "/thumbnail", "/preview"} {
				bob.GET("/files/"+f+what).Refused(t, 403, noPermission)
			}
		}
	})
}

func TestFilesFollowTheirPost(t *testing.T) {
	for _, permanent := range []bool{false, true} {
		testkit.Each(t, func(t *testing.T, s *testkit.Server) {
			alice := s.User("alice")
			room := s.Channel(alice, s.Team(alice))
			kept, dropped := alice.Upload(room, "kept.png", drawn(t, 2500, 50)), alice.Upload(room, "dropped.txt", []byte("x"))
			post := alice.Show(room, kept, dropped)
			var edited model.Post
			alice.PUT("/posts/"+post.ID+"/patch", map[string]any{"file_ids": []string{kept.ID}}).Want(t, 200).Into(t, &edited)
			if len(edited.FileIDs) != 1 || len(edited.Metadata.Files) != 1 {
				t.Errorf("after taking one away: %v %+v", edited.FileIDs, edited.Metadata)
			}
			alice.GET("/files/"+dropped.ID).Refused(t, 404, "api.file.get_file_info.app_error")
			var history []model.Post
			alice.GET("/posts/"+post.ID+"/edit_history").Want(t, 200).Into(t, &history)
			if len(history) != 1 || len(history[0].Metadata.Files) != 2 {
				t.Fatalf("history: %+v", history)
			}
			var back model.Post
			alice.POST("/posts/"+post.ID+"/restore/"+history[0].ID, nil).Want(t, 200).Into(t, &back)
			if len(back.FileIDs) != 2 {
				t.Errorf("restored with %v", back.FileIDs)
			}
			alice.GET("/files/"+dropped.ID).Want(t, 200)
			path := "/posts/" + post.ID
			if permanent {
				path += "?permanent=true"
			}
			s.Admin.DELETE(path).Want(t, 200)
			for _, f := range []*model.FileInfo{kept, dropped} {
				alice.GET("/files/"+f.ID).Refused(t, 404, "api.file.get_file_info.app_error")
			}
			rows, _ := db.Value[int64](t.Context(), s.DB, "SELECT count(*) FROM fileinfo")
			loose, _ := db.Value[int64](t.Context(), s.DB, "SELECT count(*) FROM parley_loose_blobs")
			if permanent && rows != 0 || !permanent && rows != 2 || loose != 0 {
				t.Errorf("permanent %v: %d rows, %d loose", permanent, rows, loose)
			}
		}, testkit.Env("MM_SERVICESETTINGS_ENABLEAPIPOSTDELETION=true"))
	}
}

func TestNothingIsLeftOfARefusedUpload(t *testing.T) {
	dir := t.TempDir()
	s := testkit.Start(t, "sqlite", func(o *server.Options) { o.Data = dir }, testkit.Env("MM_FILESETTINGS_MAXFILESIZE=1000"))
	alice := s.User("alice")
	room := s.Channel(alice, s.Team(alice))
	alice.Upload(room, "fits.txt", bytes.Repeat([]byte("x"), 1000))
	had := stored(t, filepath.Join(dir, "files"))
	if len(had) != 1 {
		t.Fatalf("stored %v", had)
	}
	const tooLarge = "api.context.request_body_too_large.app_error"
	alice.Send(room, "long.txt", bytes.Repeat([]byte("x"), 1001)).Refused(t, 413, tooLarge)
	form(t, alice, part{field: "channel_id", content: room.ID}, part{"files", "a", "fits"}, part{"files", "b", strings.Repeat("x", 1001)}).Refused(t, 413, tooLarge)
	form(t, alice, part{"files", "b", strings.Repeat("x", 1001)}, part{field: "channel_id", content: room.ID}).Refused(t, 413, tooLarge)
	if now := stored(t, filepath.Join(dir, "files")); len(now) != 1 {
		t.Errorf("left behind: %v", now)
	}
	alice.DELETE("/channels/"+room.ID).Want(t, 200)
	alice.Send(room, "late.txt", []byte("x")).Refused(t, 400, "api.file.upload_file.incorrect_channelId.app_error")
	if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
		for _, e := range left {
			if strings.HasPrefix(e.Name(), "parley-upload-") {
				t.Errorf("a temporary file was left: %s", e.Name())
			}
		}
	}
}
