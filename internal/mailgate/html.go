package mailgate

import (
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/strikethrough"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"golang.org/x/net/html"
)

// Marks that html.go leaves for quote.go, on lines of their own. They are of the
// private use of Unicode, and are taken out of mail before.
const (
	markFirst, markLast = '\uE000', '\uE002'

	markCut         = "\uE000" // what follows was written before
	markAttribution = "\uE001" // says who wrote the quote that follows
	markSignature   = "\uE002"
)

// elementsMost bounds the elements of a page that are looked at.
const elementsMost = 50_000

// fromHTML returns the page of a mail as markdown, and the content ids of its
// pictures. Nothing is fetched for it: pictures of the web, by which senders see
// who reads, are left out.
func fromHTML(text string) (markdown string, pictures map[string]bool, err error) {
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return "", nil, err
	}
	c := cleaner{pictures: map[string]bool{}}
	c.clean(doc)
	out, err := converter.NewConverter(converter.WithPlugins(base.NewBasePlugin(), commonmark.NewCommonmarkPlugin(),
		strikethrough.NewStrikethroughPlugin(), table.NewTablePlugin())).ConvertNode(doc)
	return strings.TrimSpace(string(out)), c.pictures, err
}

type cleaner struct {
	pictures map[string]bool
	seen     int
}

// clean takes out what isn't for reading and marks what mail programs mark.
func (c *cleaner) clean(n *html.Node) {
	for child := n.FirstChild; child != nil; {
		next := child.NextSibling
		if c.seen++; c.seen > elementsMost || c.unread(child) {
			n.RemoveChild(child)
		} else {
			if m := markOf(child); m != "" {
				n.InsertBefore(paragraph(m), child)
			}
			c.clean(child)
		}
		child = next
	}
}

// unread reports whether an element is nothing to read.
func (c *cleaner) unread(n *html.Node) bool {
	if n.Type == html.CommentNode {
		return true
	}
	if n.Type != html.ElementNode {
		return false
	}
	switch n.Data {
	case "script", "style", "head", "title", "meta", "link", "object", "embed", "iframe", "svg", "form", "input", "button", "select", "textarea",
		"noscript", "template", "audio", "video", "base":
		return true
	case "img":
		if id, is := strings.CutPrefix(attribute(n, "src"), "cid:"); is {
			c.pictures[id] = true
		}
		return true
	case "a": // without its text there is nothing to press
		if to := strings.ToLower(strings.TrimSpace(attribute(n, "href"))); to != "" && !strings.HasPrefix(to, "http:") &&
			!strings.HasPrefix(to, "https:") && !strings.HasPrefix(to, "mailto:") {
			n.Data, n.Attr = "span", nil
		}
	}
	style := strings.ReplaceAll(strings.ToLower(attribute(n, "style")), " ", "")
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") || strings.Contains(style, "mso-hide:all")
}

// markOf is the mark that belongs before an element, by the names that Gmail,
// Outlook, Apple Mail, Thunderbird, Yahoo and Proton give to such.
func markOf(n *html.Node) string {
	if n.Type != html.ElementNode {
		return ""
	}
	switch id := strings.TrimPrefix(attribute(n, "id"), "x_"); id {
	case "divRplyFwdMsg", "appendonsend", "OLK_SRC_BODY_SECTION", "mail-editor-reference-message-container":
		return markCut
	case "Signature", "ms-outlook-mobile-signature":
		return markSignature
	}
	for _, class := range strings.Fields(attribute(n, "class")) {
		switch strings.TrimPrefix(class, "x_") {
		case "yahoo_quoted", "protonmail_quote", "OutlookMessageHeader", "tutanota_quote":
			return markCut
		case "gmail_attr", "moz-cite-prefix":
			return markAttribution
		case "gmail_signature", "moz-signature", "protonmail_signature_block":
			return markSignature
		}
	}
	return ""
}

func paragraph(text string) *html.Node {
	p := &html.Node{Type: html.ElementNode, Data: "p"}
	p.AppendChild(&html.Node{Type: html.TextNode, Data: text})
	return p
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
