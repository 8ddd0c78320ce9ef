package webpublic

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/url"
	"regexp"
	"strings"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// emojiTable pairs the short names of Unicode emojis with their characters: a
// pair a line, made from the open data of emojibase (MIT).
//
//go:embed emoji.txt
var emojiTable string

var emojiChars = sync.OnceValue(func() map[string]string {
	m := make(map[string]string, 2000)
	for line := range strings.Lines(emojiTable) {
		name, char, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		m[name] = char
	}
	return m
})

// tones are how the names of emojis with a skin tone end.
var tones = strings.NewReplacer("_medium_light_skin_tone", "", "_medium_dark_skin_tone", "", "_light_skin_tone", "", "_medium_skin_tone", "", "_dark_skin_tone", "")

// markup turns messages into HTML. It knows no raw HTML, neither as a block nor
// within a line: what looks like a tag is text, as it is in the client. A
// picture by its address becomes a link, so that reading tells nobody else.
var markup = goldmark.New(
	goldmark.WithParser(parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100), util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300), util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500), util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700), util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000)),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100), util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300), util.Prioritized(parser.NewEmphasisParser(), 500)),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...))),
	goldmark.WithExtensions(extension.Table, extension.Strikethrough,
		extension.NewLinkify(extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"}), extension.WithLinkifyEmailRegexp(regexp.MustCompile(`[^\s\S]`)))),
	goldmark.WithRendererOptions(html.WithHardWraps(), renderer.WithNodeRenderers(util.Prioritized(links{}, 1))),
)

// links renders what leads elsewhere: addresses of the web only.
type links struct{}

func (l links) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindLink, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		return anchor(w, string(n.(*ast.Link).Destination), entering)
	})
	r.Register(ast.KindImage, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		return anchor(w, string(n.(*ast.Image).Destination), entering)
	})
	r.Register(ast.KindAutoLink, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		a := n.(*ast.AutoLink)
		to := string(a.URL(source))
		_, _ = anchor(w, to, true)
		_, _ = w.Write(util.EscapeHTML(a.Label(source)))
		return anchor(w, to, false)
	})
	r.Register(ast.KindHeading, func(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
		// The page's own headings are its outline; those of messages are loud text.
		if entering {
			_, _ = w.WriteString(`<p class="loud">`)
		} else {
			_, _ = w.WriteString("</p>\n")
		}
		return ast.WalkContinue, nil
	})
}

func anchor(w util.BufWriter, to string, entering bool) (ast.WalkStatus, error) {
	u, err := url.Parse(to)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ast.WalkContinue, nil
	}
	if !entering {
		_, _ = w.WriteString("</a>")
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString(`<a href="` + template.HTMLEscapeString(u.String()) + `" rel="nofollow ugc noopener">`)
	return ast.WalkContinue, nil
}

// mention is a name of somebody in a text; shortName an emoji's.
var (
	mention   = regexp.MustCompile(`(^|[^A-Za-z0-9_@.\-])@([a-zA-Z0-9][a-zA-Z0-9._\-]{0,63})`)
	shortName = regexp.MustCompile(`:([a-zA-Z0-9_+\-]{1,64}):`)
)

// drawer draws texts of one page: who isn't named in them, and which emojis
// have a picture of their own.
type drawer struct {
	somebody string
	unnamed  map[string]bool   // by username
	pictures map[string]string // emoji name → id
}

// words replaces who isn't to be named.
func (d *drawer) words(text string) string {
	if len(d.unnamed) == 0 {
		return text
	}
	return mention.ReplaceAllStringFunc(text, func(m string) string {
		g := mention.FindStringSubmatch(m)
		for name := strings.ToLower(g[2]); name != ""; name = name[:len(name)-1] {
			if d.unnamed[name] {
				return g[1] + "@" + d.somebody + g[2][len(name):]
			}
			if !strings.ContainsAny(name[len(name)-1:], ".-_") {
				break
			}
		}
		return m
	})
}

// html renders a message.
func (d *drawer) html(text string) template.HTML {
	text = d.words(text)
	html, ok := rendered.Get(text)
	if !ok {
		var out bytes.Buffer
		if err := markup.Convert([]byte(text), &out); err != nil {
			return template.HTML(template.HTMLEscapeString(text)) //nolint:gosec // escaped
		}
		html = out.String()
		rendered.Add(text, html)
	}
	return template.HTML(d.emojis(html)) //nolint:gosec // markup writes no tag that a message holds
}

// rendered keeps what texts became, so that a message that is slow to read, by
// accident or made so, costs once and not with each request.
var rendered = func() *lru.Cache[string, string] {
	c, err := lru.New[string, string](1000)
	if err != nil {
		panic(err) // only for a size below one
	}
	return c
}()

// emojis puts characters and pictures in the place of names, outside of tags
// and code.
func (d *drawer) emojis(html string) string {
	if !strings.Contains(html, ":") {
		return html
	}
	var out strings.Builder
	code := 0
	for html != "" {
		open := strings.IndexByte(html, '<')
		text := html
		if open >= 0 {
			text = html[:open]
		}
		if code == 0 {
			text = shortName.ReplaceAllStringFunc(text, d.emojiOrName)
		}
		out.WriteString(text)
		if open < 0 {
			break
		}
		end := open + strings.IndexByte(html[open:], '>') + 1 // a > in an attribute is escaped
		tag := html[open:end]
		switch {
		case strings.HasPrefix(tag, "<code"), strings.HasPrefix(tag, "<pre"):
			code++
		case tag == "</code>", tag == "</pre>":
			code--
		}
		out.WriteString(tag)
		html = html[end:]
	}
	return out.String()
}

func (d *drawer) emojiOrName(name string) string {
	if e := d.emoji(strings.Trim(name, ":")); e != "" {
		return string(e)
	}
	return name
}

// emoji is one by name: a character, a picture, or "" for none.
func (d *drawer) emoji(name string) template.HTML {
	char, ok := emojiChars()[name]
	if !ok {
		char, ok = emojiChars()[tones.Replace(name)]
	}
	if ok {
		return template.HTML(template.HTMLEscapeString(char)) //nolint:gosec // escaped
	}
	if id := d.pictures[name]; id != "" {
		return template.HTML(`<img class="emoji" src="/public/-/emoji/` + id + `" alt=":` + name + `:" title=":` + name + `:" loading="lazy">`) //nolint:gosec // an id and a name of plain letters
	}
	return ""
}

// plain is a message in one line, for descriptions and titles.
func plain(text string, most int) string {
	text = strings.Join(strings.Fields(strings.NewReplacer("*", "", "`", "", "#", "", ">", "", "|", " ", "~~", "").Replace(text)), " ")
	if r := []rune(text); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return text
}
