package files_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/image/tiff"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// bombs are small files whose headers announce gigantic pictures.
func bombs(t *testing.T) map[string][]byte {
	t.Helper()
	var asTIFF bytes.Buffer
	if err := tiff.Encode(&asTIFF, image.NewGray(image.Rect(0, 0, 4, 4)), nil); err != nil {
		t.Fatal(err)
	}
	inPNG, inTIFF := drawn(t, 1, 1), asTIFF.Bytes()
	binary.BigEndian.PutUint32(inPNG[16:], 60_000)
	binary.BigEndian.PutUint32(inPNG[20:], 60_000)
	binary.BigEndian.PutUint32(inPNG[29:], crc32.ChecksumIEEE(inPNG[12:29]))
	at := binary.LittleEndian.Uint32(inTIFF[4:])
	for i := range uint32(binary.LittleEndian.Uint16(inTIFF[at:])) {
		if e := inTIFF[at+2+12*i:]; binary.LittleEndian.Uint16(e) == 256 || binary.LittleEndian.Uint16(e) == 257 {
			binary.LittleEndian.PutUint16(e[2:], 4)
			binary.LittleEndian.PutUint32(e[8:], 60_000)
		}
	}
	return map[string][]byte{"a.png": inPNG, "a.tiff": inTIFF, "a.gif": []byte("GIF89a\xff\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x00;"),
		"a.webp": []byte("RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\xff\x3f\x00\xff\x3f\x00")}
}

func TestHostilePictures(t *testing.T) {
	s := testkit.Start(t, "sqlite")
	alice := s.User("alice")
	room := s.Channel(alice, s.Team(alice))
	for name, content := range bombs(t) {
		t.Log(name)
		alice.Send(room, name, content).Refused(t, 400, "api.file.upload_file.large_image.app_error")
		us := begin(t, alice, room, name, len(content))
		alice.POST("/uploads/"+us.ID, content).Refused(t, 400, "app.upload.upload_data.large_image.app_error")
		alice.GET("/uploads/"+us.ID).Refused(t, 404, "app.upload.get.app_error")
	}
	whole := drawn(t, 300, 300)
	for name, content := range map[string][]byte{
		"cut.png": whole[:len(whole)/2], "text.png": []byte("no picture"), "exif.jpg": []byte("\xff\xd8\xff\xe1\xff\xffExif\x00\x00II*\x00\xff\xff\xff\xff"),
		"mark.jpg": []byte("\xff\xd8\xff"), "mark.tiff": []byte("II*\x00\xff\xff\xff\xff"), "mark.webp": []byte("RIFF\xff\xff\xff\xffWEBPVP8X"), "empty.gif": nil,
		"deep.svg": []byte(strings.Repeat("<g>", 100_000)), "entities.svg": []byte(`<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><svg width="&b;"/>`),
	} {
		f := alice.Upload(room, name, content)
		if f.Width != 0 || f.HasPreviewImage || f.MiniPreview != nil {
			t.Errorf("%s: %+v", name, f)
		}
		alice.GET("/files/"+f.ID+"/preview").Refused(t, 400, "api.file.get_file_preview.no_preview.app_error")
		alice.GET("/files/"+f.ID+"/thumbnail").Refused(t, 400, "api.file.get_file_thumbnail.no_thumbnail.app_error")
	}
}

// moving is a GIF of some frames.
func moving(t *testing.T, frames int) []byte {
	t.Helper()
	g := &gif.GIF{}
	for range frames {
		g.Image, g.Delay = append(g.Image, image.NewPaletted(image.Rect(0, 0, 40, 30), palette.Plan9)), append(g.Delay, 10)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, g); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestSmallPictures(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		room := s.Channel(alice, s.Team(alice))
		size := func(path string) image.Point {
			t.Helper()
			c, _, err := image.DecodeConfig(bytes.NewReader(alice.GET(path).Want(t, 200).Body))
			if err != nil {
				t.Fatal(path, err)
			}
			return image.Pt(c.Width, c.Height)
		}
		for name, c := range map[string]struct {
			content                  []byte
			width, height            int
			preview, thumbnail, mini image.Point
		}{
			"wide.png":  {drawn(t, 3000, 1000), 3000, 1000, image.Pt(1920, 640), image.Pt(120, 40), image.Pt(16, 16)},
			"tall.png":  {drawn(t, 50, 900), 50, 900, image.Pt(50, 900), image.Pt(5, 100), image.Pt(16, 16)},
			"line.png":  {drawn(t, 4000, 1), 4000, 1, image.Pt(1920, 1), image.Pt(120, 1), image.Pt(16, 16)},
			"still.gif": {moving(t, 1), 40, 30, image.Pt(40, 30), image.Pt(40, 30), image.Pt(16, 16)},
			"moves.gif": {moving(t, 5), 40, 30, image.Point{}, image.Pt(40, 30), image.Pt(16, 16)},
		} {
			f := alice.Upload(room, name, c.content)
			if f.Width != c.width || f.Height != c.height || f.HasPreviewImage != (c.preview.X > 0) {
				t.Errorf("%s: %+v", name, f)
			}
			mini, err := jpeg.DecodeConfig(bytes.NewReader(f.MiniPreview))
			if err != nil || image.Pt(mini.Width, mini.Height) != c.mini {
				t.Errorf("%s: %v %v", name, mini, err)
			}
			if got := size("/files/" + f.ID + "/thumbnail"); got != c.thumbnail {
				t.Errorf("%s: thumbnail %v", name, got)
			}
			if f.HasPreviewImage {
				if got := size("/files/" + f.ID + "/preview"); got != c.preview {
					t.Errorf("%s: preview %v", name, got)
				}
			} else if !bytes.Equal(alice.GET("/files/"+f.ID).Body, c.content) {
				t.Errorf("%s no longer moves", name)
			}
		}
	})
}

func TestWhatBrowsersAreTold(t *testing.T) {
	s := testkit.Start(t, "sqlite")
	alice := s.User("alice")
	room := s.Channel(alice, s.Team(alice))
	const script = `<html><script>alert(1)</script></html>`
	for name, c := range map[string]struct {
		content, mediaType, disposition string
	}{
		"a.svg":  {`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, "image/svg+xml", "attachment"},
		"a.html": {script, "text/plain; charset=utf-8", "attachment"},
		"b.html": {"plain words", "text/plain; charset=utf-8", "attachment"},
		"a.png":  {script, "text/plain; charset=utf-8", "attachment"},
		"a.txt":  {script, "text/plain; charset=utf-8", "attachment"},
		"b.txt":  {"words", "text/plain; charset=utf-8", "inline"},
		"a.js":   {"alert(1)", "text/plain; charset=utf-8", "inline"},
		"a.json": {"{}", "text/plain; charset=utf-8", "inline"},
		"README": {"words", "text/plain; charset=utf-8", "inline"},
		"l1.txt": {"na\xefve", "text/plain", "inline"},
		"a.xml":  {"<?xml version='1.0'?><a/>", "text/plain; charset=utf-8", "attachment"},
		"a.pdf":  {"%PDF-1.4", "application/pdf", "inline"},
		"b.pdf":  {"words", "application/octet-stream", "attachment"},
		"a.mp4":  {"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "video/mp4", "inline"},
		"b.mp4":  {script, "text/plain; charset=utf-8", "attachment"},
		"a.zip":  {"PK\x03\x04", "application/zip", "attachment"},
		"a.swf":  {"FWS", "text/plain; charset=utf-8", "attachment"},
		"a.bin":  {"\x00\x01\x02", "application/octet-stream", "attachment"},
		"a.jpg":  {string(drawn(t, 4, 4)), "image/png", "inline"},
	} {
		r := alice.GET("/files/"+alice.Upload(room, name, []byte(c.content)).ID).Want(t, 200)
		h := r.Header
		if got, _, _ := strings.Cut(h.Get("Content-Disposition"), ";"); h.Get("Content-Type") != c.mediaType || got != c.disposition {
			t.Errorf("%s: %s, %s; want %s, %s", name, h.Get("Content-Type"), got, c.mediaType, c.disposition)
		}
		policy := strings.Join(h.Values("Content-Security-Policy"), "; ")
		if h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(policy, "ancestors 'none'") || strings.Contains(policy, "sandbox") == (c.mediaType == "application/pdf") {
			t.Errorf("%s: %v", name, h)
		}
	}
}

func TestRangesAndConditions(t *testing.T) {
	s := testkit.Start(t, "sqlite")
	alice := s.User("alice")
	room := s.Channel(alice, s.Team(alice))
	var f *model.FileInfo = alice.Upload(room, "a.txt", []byte("0123456789"))
	path := "/files/" + f.ID
	whole := alice.GET(path).Want(t, 200)
	etag := whole.Header.Get("Etag")
	if !strings.HasPrefix(etag, `"`) || whole.Header.Get("Cache-Control") != "private, max-age=86400" || whole.Header.Get("Expires") != "" {
		t.Errorf("%v", whole.Header)
	}
	for _, c := range []struct {
		method, header, value string
		status                int
		body                  string
	}{
		{"GET", "Range", "bytes=2-4", 206, "234"}, {"GET", "Range", "bytes=-3", 206, "789"}, {"GET", "Range", "bytes=8-", 206, "89"}, {"GET", "Range", "bytes=10-", 416, ""},
		{"GET", "If-None-Match", etag, 304, ""}, {"GET", "If-None-Match", `"other"`, 200, "0123456789"}, {"HEAD", "Range", "bytes=0-1", 206, ""}, {"HEAD", "Accept", "*/*", 200, ""},
	} {
		r := alice.Do(c.method, path, nil, c.header, c.value).Want(t, c.status)
		if c.status != 416 && string(r.Body) != c.body {
			t.Errorf("%s %s %s: %q", c.method, c.header, c.value, r.Body)
		}
	}
	if r := alice.Do(http.MethodHead, path, nil).Want(t, 200); r.Header.Get("Content-Length") != "10" || r.Header.Get("Accept-Ranges") != "bytes" {
		t.Errorf("HEAD: %v", r.Header)
	}
}

func TestPublicLinks(t *testing.T) {
	s := testkit.Start(t, "sqlite", testkit.Env("MM_FILESETTINGS_ENABLEPUBLICLINK=true", "MM_SERVICESETTINGS_SITEURL=http://chat.example.com"))
	alice, nobody := s.User("alice"), s.Nobody()
	room := s.Channel(alice, s.Team(alice))
	f, other := alice.Upload(room, "a.txt", []byte("shared")), alice.Upload(room, "b.txt", []byte("not shared"))
	alice.GET("/files/"+f.ID+"/link").Refused(t, 400, "api.file.get_public_link.no_post.app_error")
	post := alice.Show(room, f, other)
	var link struct{ Link string }
	alice.GET("/files/"+f.ID+"/link").Want(t, 200).Into(t, &link)
	path, ok := strings.CutPrefix(link.Link, "http://chat.example.com")
	if !ok {
		t.Fatalf("link %s", link.Link)
	}
	if r := nobody.GET("<site>"+path).Want(t, 200); string(r.Body) != "shared" {
		t.Errorf("%q", r.Body)
	}
	for _, wrong := range []string{strings.Replace(path, f.ID, other.ID, 1), path + "x", strings.Split(path, "?")[0], strings.Split(path, "?")[0] + "?h="} {
		if r := nobody.GET("<site>"+wrong).Want(t, 400); !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") || !strings.Contains(string(r.Body), "<h1") {
			t.Errorf("%s: %v", wrong, r)
		}
	}
	alice.DELETE("/posts/"+post.ID).Want(t, 200)
	nobody.GET("<site>"+path).Want(t, 404)
	off := testkit.Start(t, "sqlite")
	off.Nobody().GET("<site>"+path).Want(t, 403)
}
