package users_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/testkit"
)

func pngOf(t *testing.T, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		img.Set(x, h/2, color.RGBA{200, 10, 10, 255})
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// bomb is a PNG whose header says that it is huge.
func bomb(t *testing.T) []byte {
	b := pngOf(t, 1, 1)
	binary.BigEndian.PutUint32(b[16:], 60_000)
	binary.BigEndian.PutUint32(b[20:], 60_000)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

func upload(t *testing.T, a *testkit.Actor, userID, field string, content []byte) *testkit.Response {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile(field, "picture.png")
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return a.Do(http.MethodPost, "/users/"+userID+"/image", body.Bytes(), "Content-Type", form.FormDataContentType())
}

func TestPictures(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		size := func(r *testkit.Response) image.Point {
			t.Helper()
			img, err := png.Decode(bytes.NewReader(r.Want(t, 200).Body))
			if err != nil || r.Header.Get("Content-Type") != "image/png" {
				t.Fatalf("%s: %v %s", r.Call, err, r.Header)
			}
			return img.Bounds().Size()
		}
		drawn := bob.GET("/users/" + alice.ID + "/image")
		if size(drawn) != image.Pt(128, 128) {
			t.Error("the drawn picture isn't 128 by 128")
		}
		bob.Listen()
		upload(t, alice, "me", "image", pngOf(t, 300, 200)).Want(t, 200)
		bob.Expect("user_updated", nil)
		r := bob.GET("/users/" + alice.ID + "/image")
		if size(r) != image.Pt(128, 128) || bytes.Equal(r.Body, drawn.Body) {
			t.Error("the picture isn't the one uploaded")
		}
		etag := r.Header.Get("Etag")
		if etag == drawn.Header.Get("Etag") {
			t.Error("the new picture has the old ETag")
		}
		bob.Do(http.MethodGet, "/users/"+alice.ID+"/image", nil, "If-None-Match", etag).Want(t, 304)
		if u := userOf(t, bob, alice.ID); u.LastPictureUpdate <= 0 {
			t.Error("last_picture_update isn't set")
		}

		upload(t, bob, alice.ID, "image", pngOf(t, 9, 9)).Refused(t, 403, "api.context.permissions.app_error")
		upload(t, alice, "me", "picture", pngOf(t, 9, 9)).Refused(t, 400, "api.user.upload_profile_user.no_file.app_error")
		upload(t, alice, "me", "image", []byte("<svg onload=alert(1)/>")).Refused(t, 400, "api.user.upload_profile_user.decode.app_error")
		upload(t, alice, "me", "image", pngOf(t, 99, 99)[:60]).Refused(t, 400, "api.user.upload_profile_user.decode.app_error")
		upload(t, alice, "me", "image", bomb(t)).Refused(t, 400, "api.user.upload_profile_user.check_image_limits.app_error")
		upload(t, alice, "me", "image", make([]byte, 300_000)).Refused(t, 413, "api.user.upload_profile_user.too_large.app_error")
		alice.POST("/users/me/image", "no form").Refused(t, 500, "api.user.upload_profile_user.parse.app_error")
		bob.GET("/users/"+id.New()+"/image").Refused(t, 404, "app.user.missing_account.const")
		s.Nobody().GET("/users/"+alice.ID+"/image").Refused(t, 401, "api.context.session_expired.app_error")

		bob.DELETE("/users/"+alice.ID+"/image").Refused(t, 403, "api.context.permissions.app_error")
		alice.DELETE("/users/me/image").Want(t, 200)
		if r := bob.GET("/users/" + alice.ID + "/image"); !bytes.Equal(r.Body, drawn.Body) || r.Header.Get("Etag") == etag {
			t.Error("the drawn picture isn't back")
		}
		if r := bob.GET("/users/" + alice.ID + "/image/default"); !bytes.Equal(r.Body, drawn.Body) {
			t.Error("the default picture differs")
		}
	}, testkit.Env("MM_FILESETTINGS_MAXFILESIZE=200000"))
}
