package webpublic

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// allowed are the tags that a message may become, with their attributes.
var allowed = map[string]string{"p": "class", "strong": "", "em": "", "del": "", "code": "class", "pre": "", "blockquote": "", "ul": "", "ol": "start", "li": "",
	"table": "", "thead": "", "tbody": "", "tr": "", "th": "style align", "td": "style align", "hr": "", "br": "", "a": "href rel", "img": "class src alt title loading"}

// harmless fails for HTML that holds anything else.
func harmless(t *testing.T, source, out string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(out))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return
		}
		if kind == html.CommentToken || kind == html.DoctypeToken {
			t.Fatalf("%q becomes a comment: %q", source, out)
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		tag := z.Token()
		attributes, ok := allowed[tag.Data]
		if !ok {
			t.Fatalf("%q becomes a tag %s: %q", source, tag.Data, out)
		}
		for _, a := range tag.Attr {
			if !strings.Contains(" "+attributes+" ", " "+a.Key+" ") {
				t.Fatalf("%q gets an attribute %s: %q", source, a.Key, out)
			}
			if a.Key == "href" && !strings.HasPrefix(a.Val, "http://") && !strings.HasPrefix(a.Val, "https://") {
				t.Fatalf("%q leads to %s", source, a.Val)
			}
			if a.Key == "src" && !strings.HasPrefix(a.Val, "/public/-/emoji/") {
				t.Fatalf("%q loads %s", source, a.Val)
			}
			if a.Key == "style" && !strings.HasPrefix(a.Val, "text-align:") {
				t.Fatalf("%q has a style %s", source, a.Val)
			}
		}
	}
}

func testDrawer() *drawer {
	return &drawer{somebody: "Somebody", unnamed: map[string]bool{"cleo": true}, pictures: map[string]string{"party_parrot": strings.Repeat("a", 26)}}
}

func TestMarkup(t *testing.T) {
	for source, want := range map[string]string{
		"**a** _b_ ~~c~~ `d`":                "<p><strong>a</strong> <em>b</em> <del>c</del> <code>d</code></p>\n",
		"one\ntwo":                           "<p>one<br>\ntwo</p>\n",
		"<b>x</b> <script>alert(1)</script>": "<p>&lt;b&gt;x&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;</p>\n",
		"[x](javascript:alert(1)) [y](/a)":   "<p>x y</p>\n",
		"![cat](https://e.org/cat.png)":      `<p><a href="https://e.org/cat.png" rel="nofollow ugc noopener">cat</a></p>` + "\n",
		"see https://e.org/?a=1&b=2.":        `<p>see <a href="https://e.org/?a=1&amp;b=2" rel="nofollow ugc noopener">https://e.org/?a=1&amp;b=2</a>.</p>` + "\n",
		"ann@example.org":                    "<p>ann@example.org</p>\n",
		"@cleo, @Cleo. @cleopatra x@cleo":    "<p>@Somebody, @Somebody. @cleopatra x@cleo</p>\n",
		":tada: :nothing: `:tada:`":          "<p>🎉 :nothing: <code>:tada:</code></p>\n",
		":wave_dark_skin_tone:":              "<p>👋</p>\n",
		":party_parrot:":                     `<p><img class="emoji" src="/public/-/emoji/aaaaaaaaaaaaaaaaaaaaaaaaaa" alt=":party_parrot:" title=":party_parrot:" loading="lazy"></p>` + "\n",
		"# Loud":                             "<p class=\"loud\">Loud</p>\n",
	} {
		if got := strings.ReplaceAll(string(testDrawer().html(source)), "👋️", "👋"); got != want {
			t.Errorf("%q\n got %q\nwant %q", source, got, want)
		}
	}
}

// Messages as long as they may be, made to be slow.
func TestHostileMarkupIsQuick(t *testing.T) {
	for _, unit := range []string{">", "- ", "*", "[", "![", "`", "|a", "[a](", "**a ", "<", ":a:", "~~", "> - ", "@cleo.", "https://a ", "1. "} {
		source := strings.Repeat(unit, 16383/len(unit))
		begun := time.Now()
		harmless(t, source, string(testDrawer().html(source)))
		if took := time.Since(begun); took > 3*time.Second {
			t.Errorf("%q repeated takes %s", unit, took)
		} else {
			t.Logf("%q %s", unit, took)
		}
	}
}

func FuzzMarkup(f *testing.F) {
	for _, seed := range []string{"**a**", "<img src=x onerror=alert(1)>", "[a](javascript:x \"t\")", "![a](data:text/html,x)", "<javascript:alert(1)>", "```js\" onload=x\nx\n```",
		"|a|b|\n|:-|-:|\n|<b>|c|", "[a]: javascript:x\n[a]", ":\"onload=x:", "@cleo@cleo", "&lt;script&gt;", "[x](http://a\"onclick=b)", "<http://a.b/\"c>", "# a <b\n===", "https://x.y/<script>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		harmless(t, source, string(testDrawer().html(source)))
	})
}
