package files_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func begin(t *testing.T, a *testkit.Actor, c *model.Channel, name string, size int) *model.UploadSession {
	t.Helper()
	var us model.UploadSession
	a.POST("/uploads", map[string]any{"channel_id": c.ID, "filename": name, "file_size": size}).Want(t, 201).Into(t, &us)
	return &us
}

func arrived(t *testing.T, a *testkit.Actor, us *model.UploadSession) int64 {
	t.Helper()
	var now model.UploadSession
	a.GET("/uploads/"+us.ID).Want(t, 200).Into(t, &now)
	return now.FileOffset
}

// breakOff sends a part of an upload and cuts the connection before it is whole.
func breakOff(t *testing.T, s *testkit.Server, a *testkit.Actor, us *model.UploadSession, announced int, sent []byte) {
	t.Helper()
	conn, err := net.Dial("tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "POST /api/v4/uploads/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n", us.ID, a.Token, announced)
	if _, err := conn.Write(sent); err != nil {
		t.Fatal(err)
	}
	_ = conn.(*net.TCPConn).CloseWrite()
	_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	_, _ = io.ReadAll(conn)
	_ = conn.Close()
}

func TestUploadInParts(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		room := s.Channel(alice, s.Team(alice, bob), bob)
		content := bytes.Repeat([]byte("0123456789"), 30_000)
		us := begin(t, alice, room, "../../big.txt", len(content))
		if us.Filename != "big.txt" || us.FileOffset != 0 || us.UserID != alice.ID || us.Type != "attachment" {
			t.Errorf("session %+v", us)
		}
		send := func(from, to int) *testkit.Response {
			return alice.POST("/uploads/"+us.ID, content[from:to])
		}
		send(0, 100_000).Want(t, 204)
		bob.POST("/uploads/"+us.ID, content[:10]).Refused(t, 403, noPermission)
		bob.GET("/uploads/"+us.ID).Refused(t, 403, "api.upload.get_upload.forbidden.app_error")
		bob.GET("/users/"+alice.ID+"/uploads").Refused(t, 403, "api.user.get_uploads_for_user.forbidden.app_error")
		alice.POST("/uploads/"+us.ID, append(content[100_000:], 'x')).Refused(t, 400, "api.upload.upload_data.invalid_content_length")
		alice.POST("/uploads/"+us.ID, nil).Refused(t, 400, "api.upload.upload_data.invalid_content_length")
		alice.Do("POST", "/uploads/"+us.ID, "x", "Content-Type", "multipart/form-data; boundary=y").Refused(t, 400, "api.upload.upload_data.multipart_error")
		// What came before the connection broke is kept.
		breakOff(t, s, alice, us, 150_000, content[100_000:170_000])
		testkit.Eventually(t, "the broken part is kept", func() bool { return arrived(t, alice, us) == 170_000 })
		var open []model.UploadSession
		alice.GET("/users/me/uploads").Want(t, 200).Into(t, &open)
		if len(open) != 1 || open[0].FileOffset != 170_000 {
			t.Errorf("open uploads %+v", open)
		}
		// Of several that go on at once one does; nothing is taken twice.
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { send(170_000, 200_000) })
		}
		wg.Wait()
		if n := arrived(t, alice, us); n != 200_000 && n != 230_000 && n != 260_000 && n != 290_000 {
			t.Errorf("%d bytes after a race", n)
		}
		rest := int(arrived(t, alice, us))
		var info model.FileInfo
		send(rest, len(content)).Want(t, 200).Into(t, &info)
		got := alice.GET("/files/"+info.ID).Want(t, 200).Body
		if len(got) != len(content) || rest == 200_000 && !bytes.Equal(got, content) || info.Size != int64(len(content)) {
			t.Errorf("%d bytes came back of %d; the same: %v", len(got), len(content), bytes.Equal(got, content))
		}
		alice.GET("/uploads/"+us.ID).Refused(t, 404, "app.upload.get.app_error")
		if post := alice.Show(room, &info); len(post.FileIDs) != 1 {
			t.Error("the file can't be posted")
		}
		for _, table := range []string{"parley_upload_parts", "parley_loose_blobs", "uploadsessions"} {
			if n, err := db.Value[int64](t.Context(), s.DB, "SELECT count(*) FROM "+table); n != 0 || err != nil {
				t.Errorf("%s has %d rows (%v)", table, n, err)
			}
		}
	})
}

func TestWhatIsNoUpload(t *testing.T) {
	s := testkit.Start(t, "sqlite", testkit.Env("MM_FILESETTINGS_MAXFILESIZE=1000"))
	alice, bob := s.User("alice"), s.User("bob")
	team := s.Team(bob, alice)
	room, secret := s.Channel(alice, team), s.Private(bob, team)
	for what, c := range map[string]struct {
		body   map[string]any
		status int
		id     string
	}{
		"type":    {map[string]any{"type": "other", "channel_id": room.ID, "filename": "a", "file_size": 1}, 400, "model.upload_session.is_valid.type.app_error"},
		"import":  {map[string]any{"type": "import", "filename": "a", "file_size": 1}, 403, noPermission},
		"name":    {map[string]any{"channel_id": room.ID, "file_size": 1}, 400, "model.upload_session.is_valid.filename.app_error"},
		"size":    {map[string]any{"channel_id": room.ID, "filename": "a", "file_size": -1}, 400, "model.upload_session.is_valid.file_size.app_error"},
		"large":   {map[string]any{"channel_id": room.ID, "filename": "a", "file_size": 1001}, 413, "api.upload.create.upload_too_large.app_error"},
		"channel": {map[string]any{"channel_id": "x", "filename": "a", "file_size": 1}, 400, "model.upload_session.is_valid.channel_id.app_error"},
		"secret":  {map[string]any{"channel_id": secret.ID, "filename": "a", "file_size": 1}, 403, noPermission},
	} {
		t.Log(what)
		alice.POST("/uploads", c.body).Refused(t, c.status, c.id)
	}
	first := begin(t, alice, room, "a", 10)
	for range 99 {
		begin(t, alice, room, "a", 10)
	}
	alice.POST("/uploads", map[string]any{"channel_id": room.ID, "filename": "a", "file_size": 1}).Refused(t, 429, "api.context.rate_limited.app_error")
	alice.GET("/uploads/"+id.New()).Refused(t, 404, "app.upload.get.app_error")
	alice.DELETE("/channels/"+room.ID).Want(t, 200)
	alice.POST("/uploads/"+first.ID, strings.Repeat("x", 10)).Refused(t, 400, "app.upload.create.cannot_upload_to_deleted_channel.app_error")
}
