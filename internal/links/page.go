package links

import (
	"io"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"github.com/parley-chat/parley/internal/model"
)

// Bounds of what is kept of a page, in letters.
const (
	maxTitle       = 300
	maxDescription = 1000
	maxName        = 100
	maxMetas       = 500 // marks that are looked at
)

// reading is a page's head on its way.
type reading struct {
	base  *url.URL
	og    model.OpenGraph
	metas int
	// What a page without Open Graph says of itself.
	title, description, image string
	inTitle                   bool
}

// readPage reads what a page says of itself: Open Graph, or else its title and
// description. It returns nil when that is nothing that could be shown. The
// body is whatever a stranger sends: no more than maxPage bytes of it are read.
func readPage(body io.Reader, contentType string, base *url.URL) *model.OpenGraph {
	text, err := charset.NewReader(io.LimitReader(body, maxPage), contentType)
	if err != nil {
		return nil
	}
	z := html.NewTokenizer(io.LimitReader(text, maxPage))
	z.SetMaxBuf(maxPage)
	p := &reading{base: base}
	for p.token(z) {
	}
	return p.result()
}

// token takes in the next piece of the page; false at its end.
func (p *reading) token(z *html.Tokenizer) bool {
	switch z.Next() {
	case html.ErrorToken:
		return false
	case html.TextToken:
		if p.inTitle && p.title == "" {
			p.title = string(clipBytes(z.Text()))
		}
	case html.EndTagToken:
		p.inTitle = false
		if name, _ := z.TagName(); atom.Lookup(name) == atom.Head {
			return p.og.Title == "" && p.title == "" // some say it in the body
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		name, more := z.TagName()
		p.inTitle = false
		switch atom.Lookup(name) {
		case atom.Title:
			p.inTitle = true
		case atom.Base:
			if href := attributes(z, more)["href"]; href != "" {
				if u, err := p.base.Parse(href); err == nil {
					p.base = u
				}
			}
		case atom.Meta:
			if p.metas++; p.metas > maxMetas {
				return false
			}
			a := attributes(z, more)
			key := a["property"]
			if key == "" {
				key = a["name"]
			}
			p.meta(strings.ToLower(strings.TrimSpace(key)), a["content"])
		}
	}
	return true
}

// attributes returns those of a mark that mean something here.
func attributes(z *html.Tokenizer, more bool) map[string]string {
	out := map[string]string{}
	for n := 0; more && n < 20; n++ {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch k := string(key); k {
		case "property", "name", "content", "href":
			if _, twice := out[k]; !twice {
				out[k] = string(clipBytes(value))
			}
		}
	}
	return out
}

// clipBytes keeps what could be shown of a text, however long it is.
func clipBytes(b []byte) []byte { return b[:min(len(b), 4*maxURL)] }

func (p *reading) meta(key, content string) {
	first := func(to *string, most int) {
		if *to == "" {
			*to = tidy(content, most)
		}
	}
	switch key {
	case "og:type":
		first(&p.og.Type, maxName)
	case "og:url":
		p.og.URL = p.absolute(content)
	case "og:title":
		first(&p.og.Title, maxTitle)
	case "og:description":
		first(&p.og.Description, maxDescription)
	case "og:determiner":
		first(&p.og.Determiner, maxName)
	case "og:site_name":
		first(&p.og.SiteName, maxName)
	case "og:locale":
		first(&p.og.Locale, maxName)
	case "og:locale:alternate":
		if len(p.og.LocalesAlternate) < maxImages {
			p.og.LocalesAlternate = append(p.og.LocalesAlternate, tidy(content, maxName))
		}
	case "twitter:title", "title":
		first(&p.title, maxTitle)
	case "twitter:description", "description":
		first(&p.description, maxDescription)
	case "twitter:image", "twitter:image:src":
		if p.image == "" {
			p.image = p.absolute(content)
		}
	default:
		for prefix, list := range map[string]*[]*model.OpenGraphMedia{"og:image": &p.og.Images, "og:audio": &p.og.Audios, "og:video": &p.og.Videos} {
			if rest, ok := strings.CutPrefix(key, prefix); ok {
				p.media(list, rest, content)
			}
		}
	}
}

// media takes in an image, sound or film, or more about the last one.
func (p *reading) media(list *[]*model.OpenGraphMedia, what, content string) {
	if what == "" || what == ":url" {
		if to := p.absolute(content); to != "" && len(*list) < maxImages {
			if last := len(*list) - 1; what == ":url" && last >= 0 && (*list)[last].URL == to {
				return
			}
			*list = append(*list, &model.OpenGraphMedia{URL: to})
		}
		return
	}
	if len(*list) == 0 {
		return
	}
	last := (*list)[len(*list)-1]
	switch what {
	case ":secure_url":
		if to := p.absolute(content); strings.HasPrefix(to, "https:") {
			last.SecureURL = to
		}
	case ":type":
		last.Type = tidy(content, maxName)
	case ":width":
		last.Width = pixels(content)
	case ":height":
		last.Height = pixels(content)
	}
}

func pixels(text string) uint64 {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 64)
	if err != nil || n > maxSide {
		return 0
	}
	return n
}

// absolute is a web address that a page names, "" when it is none.
func (p *reading) absolute(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > maxURL {
		return ""
	}
	u, err := p.base.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	if s := u.String(); len(s) <= maxURL {
		return s
	}
	return ""
}

func (p *reading) result() *model.OpenGraph {
	og := &p.og
	if og.Title == "" {
		og.Title = tidy(p.title, maxTitle)
	}
	if og.Description == "" {
		og.Description = p.description
	}
	if len(og.Images) == 0 && p.image != "" {
		og.Images = []*model.OpenGraphMedia{{URL: p.image}}
	}
	if og.Title == "" && og.Description == "" && len(og.Images) == 0 {
		return nil
	}
	return og
}

// tidy makes one line of a text, without what no line shows, of at most so
// many letters.
func tidy(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case r == unicode.ReplacementChar, unicode.Is(unicode.Cf, r) && r != '\u200d' && r != '\u200c':
			return -1 // marks of direction turn around what stands beside them
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	letters := []rune(strings.Join(strings.Fields(text), " "))
	if len(letters) > most {
		return strings.TrimSpace(string(letters[:most-1])) + "…"
	}
	return string(letters)
}
