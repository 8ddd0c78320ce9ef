package teams_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"mime/multipart"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// form is an upload of files under their fields.
func form(t *testing.T, files ...[2]string) (body, kind string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range files {
		part, err := w.CreateFormFile(f[0], "../../../etc/passwd")
		if err == nil {
			_, err = io.WriteString(part, f[1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

func picture(t *testing.T, width, height int) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	img.Set(0, 0, color.White)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestIcons(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		owner, member, stranger := s.User("owner"), s.User("member"), s.User("stranger")
		team := s.Team(owner, member)
		path := "/teams/" + team.ID + "/image"
		send := func(by *testkit.Actor, files ...[2]string) *testkit.Response {
			body, kind := form(t, files...)
			return by.Do("POST", path, body, "Content-Type", kind)
		}
		member.GET(path).Refused(t, 404, "api.team.get_team_icon.read_file.app_error")
		good := [2]string{"image", picture(t, 300, 120)}
		send(member, good).Refused(t, 403, noPermission)
		send(stranger, good).Refused(t, 403, noPermission)
		send(owner).Refused(t, 400, "api.team.set_team_icon.no_file.app_error")
		send(owner, [2]string{"other", "x"}).Refused(t, 400, "api.team.set_team_icon.no_file.app_error")
		send(owner, good, good).Refused(t, 400, "api.team.set_team_icon.array.app_error")
		send(owner, [2]string{"image", "<svg onload='alert(1)'/>"}).Refused(t, 400, "api.team.set_team_icon.decode.app_error")
		send(owner, [2]string{"image", picture(t, 2000, 1000)}).Refused(t, 400, "api.team.set_team_icon.check_image_limits.app_error")
		send(owner, [2]string{"image", string(make([]byte, 200_001))}).Refused(t, 400, "api.team.set_team_icon.too_large.app_error")
		send(owner, [2]string{"image", string(make([]byte, 500_000))}).Refused(t, 400, "api.team.set_team_icon.too_large.app_error")
		owner.Do("POST", path, "{}", "Content-Type", "application/json").Refused(t, 400, "api.team.set_team_icon.parse.app_error")

		heard := member.Listen()
		send(owner, good).Want(t, 200)
		e := heard.Expect("update_team", nil)
		var told model.Team
		e.JSON(t, "team", &told)
		if told.LastTeamIconUpdate == 0 {
			t.Errorf("told %+v", told)
		}
		r := member.GET(path).Want(t, 200)
		img, err := png.Decode(bytes.NewReader(r.Body))
		if err != nil || img.Bounds().Dx() != 128 || img.Bounds().Dy() != 128 || r.Header.Get("Content-Type") != "image/png" {
			t.Errorf("the icon: %v %v", err, r.Header)
		}
		member.Do("GET", path, nil, "If-None-Match", r.Header.Get("Etag")).Want(t, 304)
		stranger.GET(path).Refused(t, 403, noPermission)
		s.Admin.Do("POST", "/teams/"+id.New()+"/image", func() string { b, _ := form(t, good); return b }()).Want(t, 400)

		member.DELETE(path).Refused(t, 403, noPermission)
		for range 2 {
			owner.DELETE(path).Want(t, 200)
		}
		member.GET(path).Refused(t, 404, "api.team.get_team_icon.read_file.app_error")
	}, testkit.Env("MM_FILESETTINGS_MAXFILESIZE=200000", "MM_FILESETTINGS_MAXIMAGERESOLUTION=1000000"))
}
