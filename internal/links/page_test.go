package links

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-chat/parley/internal/model"
)

var base = &url.URL{Scheme: "https", Host: "site.example", Path: "/a/b"}

func TestReadPage(t *testing.T) {
	for name, c := range map[string]struct {
		kind, body string
		want       *model.OpenGraph
	}{
		"nothing":            {"text/html", "<p>words</p>", nil},
		"empty":              {"text/html", "", nil},
		"a title":            {"text/html", "<title>\n A  title </title>", &model.OpenGraph{Title: "A title"}},
		"a description":      {"text/html", `<meta name="Description" content="Words">`, &model.OpenGraph{Description: "Words"}},
		"in the body":        {"text/html", `<head></head><body><meta property=og:title content="Late"></body>`, &model.OpenGraph{Title: "Late"}},
		"not in the body":    {"text/html", `<head><title>T</title></head><body><meta property=og:description content="Late"></body>`, &model.OpenGraph{Title: "T"}},
		"first wins":         {"text/html", `<meta property=og:title content=One><meta property=og:title content=Two>`, &model.OpenGraph{Title: "One"}},
		"open graph wins":    {"text/html", `<title>Plain</title><meta property=og:title content=Graph>`, &model.OpenGraph{Title: "Graph"}},
		"twitter":            {"text/html", `<meta name=twitter:title content=T><meta name=twitter:image content=/p.png>`, &model.OpenGraph{Title: "T", Images: []*model.OpenGraphMedia{{URL: "https://site.example/p.png"}}}},
		"latin 1":            {"text/html; charset=iso-8859-1", "<title>caf\xe9</title>", &model.OpenGraph{Title: "café"}},
		"latin 1, in mark":   {"text/html", "<meta charset=iso-8859-1><title>caf\xe9</title>", &model.OpenGraph{Title: "café"}},
		"shift jis":          {"text/html", "<meta charset=shift_jis><title>\x93\xfa\x96{</title>", &model.OpenGraph{Title: "日本"}},
		"unknown charset":    {"text/html; charset=klingon", "<title>ok</title>", &model.OpenGraph{Title: "ok"}},
		"script":             {"text/html", `<script>"<title>No</title>"</script><title>Yes</title>`, &model.OpenGraph{Title: "Yes"}},
		"marks of direction": {"text/html", "<title>safe\u202egpj.exe\x00</title>", &model.OpenGraph{Title: "safegpj.exe"}},
		"base":               {"text/html", `<base href="https://cdn.example/x/"><meta property=og:title content=T><meta property=og:image content=p.png>`, &model.OpenGraph{Title: "T", Images: []*model.OpenGraphMedia{{URL: "https://cdn.example/x/p.png"}}}},
		"images": {"text/html", `<meta property=og:title content=T><meta property=og:image content=p.png><meta property=og:image:width content=120><meta property=og:image:height content=-5>
			<meta property=og:image:secure_url content=http://x.example/q.png><meta property=og:image content=javascript:alert(1)><meta property=og:image content="data:image/png;base64,xx">
			<meta property=og:image:url content=p.png><meta property=og:image content=//cdn.example/r.png>`,
			&model.OpenGraph{Title: "T", Images: []*model.OpenGraphMedia{{URL: "https://site.example/a/p.png", Width: 120}, {URL: "https://cdn.example/r.png"}}}},
	} {
		if diff := cmp.Diff(c.want, readPage(strings.NewReader(c.body), c.kind, base)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got := readPage(strings.NewReader("<title>"+strings.Repeat("é", 5000)+"</title>"), "text/html", base).Title; utf8.RuneCountInString(got) != maxTitle {
		t.Errorf("a long title has %d letters", utf8.RuneCountInString(got))
	}
	many := readPage(strings.NewReader(strings.Repeat("<meta property=og:image content=/p.png>", 400)), "text/html", base)
	if len(many.Images) != maxImages {
		t.Errorf("%d images", len(many.Images))
	}
}

// FuzzReadPage holds whatever a page says to the bounds.
func FuzzReadPage(f *testing.F) {
	for _, seed := range []string{"<title>x", "<meta property=og:image content=//a/b><base href=::>", "<meta charset=utf-16>\xff\xfe<\x00", "<script><!--<script>", "<title>&#0;&#x110000;&amp", "<meta name='og:locale:alternate' content=x/>"} {
		f.Add([]byte(seed), "text/html")
	}
	f.Fuzz(func(t *testing.T, body []byte, kind string) {
		og := readPage(bytes.NewReader(body), kind, base)
		if og == nil {
			return
		}
		for _, s := range append([]string{og.Title, og.Description, og.SiteName, og.Type, og.Locale, og.Determiner}, og.LocalesAlternate...) {
			if !utf8.ValidString(s) || utf8.RuneCountInString(s) > maxDescription || strings.ContainsAny(s, "\x00\n\u202e") {
				t.Fatalf("%q from %q", s, body)
			}
		}
		for _, list := range [][]*model.OpenGraphMedia{og.Images, og.Audios, og.Videos} {
			if len(list) > maxImages {
				t.Fatalf("%d of a kind", len(list))
			}
			for _, m := range list {
				u, err := url.Parse(m.URL)
				if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || len(m.URL) > maxURL {
					t.Fatalf("address %q", m.URL)
				}
			}
		}
	})
}

// FuzzMeasure reads broken images.
func FuzzMeasure(f *testing.F) {
	for _, seed := range []string{"GIF89a\x05\x00\x05\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,", "\x89PNG\r\n\x1a\n", "\xff\xd8\xff\xe1\x00\x10Exif\x00\x00MM", "RIFF\x00\x00\x00\x00WEBPVP8 ", "BM"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		size := measure(bytes.NewReader(body))
		if size != nil && (size.Width < 1 || size.Width > maxSide || size.Height < 1 || size.Height > maxSide || size.Format == "gif" && size.FrameCount < 1) {
			t.Fatalf("%+v", size)
		}
		_ = pictureType(body)
	})
}
