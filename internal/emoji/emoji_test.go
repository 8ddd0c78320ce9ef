package emoji_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/http"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const noPermission = "api.context.permissions.app_error"

func create(a *testkit.Actor, name string, picture []byte) *testkit.Response {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, _ := m.CreateFormFile("image", "e.bin")
	_, _ = part.Write(picture)
	meta, _ := json.Marshal(map[string]string{"name": name, "creator_id": a.ID})
	_ = m.WriteField("emoji", string(meta))
	_ = m.Close()
	return a.Do("POST", "/emoji", b.Bytes(), "Content-Type", m.FormDataContentType())
}

func pngOf(w, h int) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewRGBA(image.Rect(0, 0, w, h)))
	return b.Bytes()
}

func gifOf(frames, side int) []byte {
	g := &gif.GIF{}
	for i := range frames {
		f := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.Black, color.White})
		f.SetColorIndex(i, i, 1)
		g.Image, g.Delay = append(g.Image, f), append(g.Delay, 10)
	}
	var b bytes.Buffer
	_ = gif.EncodeAll(&b, g)
	return b.Bytes()
}

func names(t *testing.T, r *testkit.Response) string {
	t.Helper()
	var list []model.Emoji
	r.Want(t, 200).Into(t, &list)
	out := []string{}
	for _, e := range list {
		out = append(out, e.Name)
	}
	return fmt.Sprint(out)
}

func TestAnEmojiIsMadeFoundUsedAndDeleted(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		room := s.Channel(alice, s.Team(alice, bob), bob)
		stem := "x" + id.New()[:8]
		// Before there is one, its name means nothing; that is forgotten when it is made.
		post := alice.Say(room, "look :"+stem+"_b:")
		bob.POST("/reactions", map[string]string{"user_id": bob.ID, "post_id": post.ID, "emoji_name": stem + "_b"}).Want(t, 404)
		bob.Listen()
		var b, a model.Emoji
		create(alice, stem+"_b", pngOf(40, 20)).Want(t, 200).Into(t, &b)
		create(bob, stem+"_a", pngOf(400, 200)).Want(t, 200).Into(t, &a)
		f := bob.Expect("emoji_added", nil)
		var told model.Emoji
		f.JSON(t, "emoji", &told)
		if told != b {
			t.Errorf("told %+v, made %+v", told, b)
		}
		for path, want := range map[string]string{
			"/emoji?sort=name":                     "[" + stem + "_a " + stem + "_b]",
			"/emoji?sort=name&page=1&per_page=1":   "[" + stem + "_b]",
			"/emoji/autocomplete?name=" + stem:     "[" + stem + "_a " + stem + "_b]",
			"/emoji/autocomplete?name=" + stem[1:]: "[]",
			"/emoji/autocomplete?name=%25":         "[]",
		} {
			if got := names(t, bob.GET(path)); got != want {
				t.Errorf("%s: %s, want %s", path, got, want)
			}
		}
		if got := names(t, bob.POST("/emoji/search", map[string]any{"term": stem[1:]})); got != "["+stem+"_a "+stem+"_b]" {
			t.Errorf("searched: %s", got)
		}
		if got := names(t, bob.POST("/emoji/search", map[string]any{"term": stem[1:], "prefix_only": true})); got != "[]" {
			t.Errorf("searched from the start: %s", got)
		}
		if got := names(t, bob.POST("/emoji/names", []string{stem + "_b", "nothing", stem + "_b", "../x"})); got != "["+stem+"_b]" {
			t.Errorf("by names: %s", got)
		}

		// Messages and reactions carry it, and lose it with it.
		bob.POST("/reactions", map[string]string{"user_id": bob.ID, "post_id": post.ID, "emoji_name": stem + "_b"}).Want(t, 200)
		var shown model.Post
		bob.GET("/posts/"+post.ID).Want(t, 200).Into(t, &shown)
		if len(shown.Metadata.Emojis) != 1 || shown.Metadata.Emojis[0].ID != b.ID || len(shown.Metadata.Reactions) != 1 {
			t.Errorf("metadata %+v", shown.Metadata)
		}
		bob.DELETE("/emoji/"+b.ID).Refused(t, 403, noPermission)
		alice.DELETE("/emoji/"+b.ID).Want(t, 200)
		alice.DELETE("/emoji/"+b.ID).Refused(t, 404, "app.emoji.get.no_result")
		bob.GET("/emoji/"+b.ID+"/image").Refused(t, 404, "app.emoji.get.no_result")
		shown = model.Post{}
		bob.GET("/posts/"+post.ID).Want(t, 200).Into(t, &shown)
		if len(shown.Metadata.Emojis) != 0 || shown.HasReactions {
			t.Errorf("after deleting: %+v", shown.Metadata)
		}
		s.Admin.DELETE("/emoji/"+a.ID).Want(t, 200)
		create(bob, stem+"_b", pngOf(1, 1)).Want(t, 200)
	})
}

// Pictures are drawn anew, no larger than 128 pixels; what could be something
// else than a picture, or fill the memory, is refused.
func TestPictures(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		var photo bytes.Buffer
		_ = jpeg.Encode(&photo, image.NewRGBA(image.Rect(0, 0, 300, 600)), nil)
		hidden := append(pngOf(50, 50), []byte("<script>alert(1)</script>")...)
		for name, c := range map[string]struct {
			picture []byte
			kind    string
			w, h    int
			frames  int
		}{
			"png":    {hidden, "image/png", 50, 50, 0},
			"large":  {pngOf(1028, 514), "image/png", 128, 64, 0},
			"jpeg":   {photo.Bytes(), "image/png", 64, 128, 0},
			"moving": {gifOf(3, 300), "image/gif", 128, 128, 3},
			"small":  {gifOf(2, 30), "image/gif", 30, 30, 2},
		} {
			var e model.Emoji
			create(alice, name+id.New()[:8], c.picture).Want(t, 200).Into(t, &e)
			got := alice.GET("/emoji/"+e.ID+"/image").Want(t, 200)
			kind := got.Header.Get("Content-Type")
			config, _, err := image.DecodeConfig(bytes.NewReader(got.Body))
			if err != nil || kind != c.kind || config.Width != c.w || config.Height != c.h || bytes.Contains(got.Body, []byte("<script>")) {
				t.Errorf("%s: %s, %d by %d (%v)", name, kind, config.Width, config.Height, err)
			}
			if got.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: browsers may guess what it is", name)
			}
			if c.frames > 0 {
				g, err := gif.DecodeAll(bytes.NewReader(got.Body))
				if err != nil || len(g.Image) != c.frames {
					t.Errorf("%s: %d frames (%v)", name, len(g.Image), err)
				}
			}
		}
		const tooLarge = "api.emoji.upload.large_image.too_large.app_error"
		for name, c := range map[string]struct {
			picture []byte
			status  int
			id      string
		}{
			"wide":        {pngOf(1029, 4), 400, tooLarge},
			"a long film": {gifOf(60, 1000), 400, tooLarge},
			"svg":         {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>`), 400, "api.emoji.upload.image.app_error"},
			"cut":         {pngOf(90, 90)[:60], 400, "api.emoji.upload.large_image.decode_error"},
			"cut moving":  {gifOf(2, 90)[:40], 400, "api.emoji.upload.large_image.gif_decode_error"},
			"heavy":       {append(pngOf(4, 4), make([]byte, model.EmojiFileMaxSize)...), http.StatusRequestEntityTooLarge, "api.emoji.create.too_large.app_error"},
			"endless":     {append(pngOf(4, 4), make([]byte, 2<<20)...), http.StatusRequestEntityTooLarge, "api.emoji.create.too_large.app_error"},
		} {
			if got := create(alice, "n"+id.New()[:8], c.picture); got.Status != c.status || got.ErrorID() != c.id {
				t.Errorf("%s: %v", name, got)
			}
		}
	})
}

func TestWhatListsAreAskedFor(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		alice.GET("/emoji?sort=age").Refused(t, 400, "api.context.invalid_url_param.app_error")
		alice.GET("/emoji/autocomplete").Refused(t, 400, "api.context.invalid_url_param.app_error")
		alice.POST("/emoji/search", map[string]string{"term": ""}).Refused(t, 400, "api.context.invalid_body_param.app_error")
		if got := names(t, alice.POST("/emoji/names", []string{})); got != "[]" {
			t.Errorf("by no names: %s", got)
		}
		many := make([]string, model.EmojiNamesMax+1)
		for i := range many {
			many[i] = fmt.Sprint("e", i)
		}
		alice.POST("/emoji/names", many).Refused(t, 400, "api.emoji.get_multiple_by_name_too_many.request_error")
	})
}

func TestCustomEmojisCanBeOff(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		const off = "api.emoji.disabled.app_error"
		create(alice, "mine", pngOf(4, 4)).Refused(t, 501, off)
		alice.GET("/emoji").Refused(t, 501, off)
		alice.GET("/emoji/autocomplete?name=a").Refused(t, 501, off)
		alice.POST("/emoji/search", map[string]string{"term": "a"}).Refused(t, 501, off)
		alice.GET("/emoji/"+id.New()+"/image").Refused(t, 501, off)
	}, testkit.Env("MM_SERVICESETTINGS_ENABLECUSTOMEMOJI=false"))
}
