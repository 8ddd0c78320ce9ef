package admin_test

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"testing"

	"github.com/parley-chat/parley/internal/testkit"
)

// TestBrandImage sets the picture that strangers see, drawn anew and made small
// enough, refuses what is none, and removes it.
func TestBrandImage(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		send := func(a *testkit.Actor, files ...[]byte) *testkit.Response {
			var body bytes.Buffer
			form := multipart.NewWriter(&body)
			for _, file := range files {
				part, _ := form.CreateFormFile("image", "logo.png")
				_, _ = part.Write(file)
			}
			_ = form.Close()
			return a.Do(http.MethodPost, "/brand/image", body.Bytes(), "Content-Type", form.FormDataContentType())
		}
		var large bytes.Buffer
		if err := png.Encode(&large, image.NewRGBA(image.Rect(0, 0, 3000, 1500))); err != nil {
			t.Fatal(err)
		}
		stranger := s.Nobody()
		stranger.GET("/brand/image").Refused(t, 404, "api.admin.get_brand_image.storage.app_error")
		send(s.User("alice"), large.Bytes()).Want(t, 403)
		send(s.Admin, []byte("no picture")).Refused(t, 400, "api.admin.upload_brand_image.parse.app_error")
		send(s.Admin).Refused(t, 400, "api.admin.upload_brand_image.no_file.app_error")
		send(s.Admin, large.Bytes(), large.Bytes()).Refused(t, 400, "api.admin.upload_brand_image.array.app_error")
		send(s.Admin, large.Bytes()).Want(t, 201)
		shown := stranger.GET("/brand/image").Want(t, 200)
		c, err := png.DecodeConfig(bytes.NewReader(shown.Body))
		if err != nil || c.Width != 1000 || c.Height != 500 {
			t.Errorf("%dx%d, %v", c.Width, c.Height, err)
		}
		s.Admin.DELETE("/brand/image").Want(t, 200)
		s.Admin.DELETE("/brand/image").Refused(t, 404, "api.admin.delete_brand_image.storage.not_found")
	})
}
