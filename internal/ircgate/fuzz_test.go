package ircgate

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ergochat/irc-go/ircmsg"
)

func FuzzParse(f *testing.F) {
	for _, s := range []string{"PRIVMSG #a :b", "@a=b;c :x!y@z NICK w", "@", ":", " ", "@a=\\s\\:\\\\ TAGMSG x", "A\x00B", "a :\r"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m := parse(s)
		if m.err == nil && m.command == "" {
			t.Errorf("%q has no command and no error", s)
		}
		for _, p := range m.params {
			if m.err == nil && strings.ContainsAny(p, "\r\n\x00") {
				t.Errorf("%q: a parameter with the end of a line: %q", s, p)
			}
		}
	})
}

// FuzzEncode makes sure that nothing that is written into a line can end it, or be another command.
func FuzzEncode(f *testing.F) {
	f.Add("k", "v", "nick", "middle", "last")
	f.Add("+draft/reply", "a\r\nQUIT", "x\nERROR :", ":colon", "\r\n\x00QUIT :\n")
	f.Add("time", "\xff", " ", "", strings.Repeat("é", 400))
	f.Fuzz(func(t *testing.T, tag, value, source, middle, last string) {
		raw, err := encode(map[string]string{tag: value}, source, "PRIVMSG", []string{middle, last})
		if err != nil {
			return // refused as a whole: nothing is written
		}
		text, ok := strings.CutSuffix(string(raw), "\r\n")
		if !ok || strings.ContainsAny(text, "\r\n\x00") {
			t.Fatalf("%q can be more than one line", raw)
		}
		m, err := ircmsg.ParseLine(text)
		if err != nil || m.Command != "PRIVMSG" || len(m.Params) != 2 {
			t.Fatalf("%q is read as %+v %v", raw, m, err)
		}
		body := text
		if strings.HasPrefix(body, "@") {
			_, body, _ = strings.Cut(body, " ")
		}
		if len(body)+2 > maxBody {
			t.Fatalf("%d bytes", len(body)+2)
		}
	})
}

func FuzzFormats(f *testing.F) {
	for _, s := range []string{"**a** *b* ~~c~~ `d` [e](f) :smile:", "\x02b\x1d i\x02 x", "\x0304,05red\x03", "```\ncode\n```", "_a_b_", "# head", "\x04ff00ff", "\\*x\\*", "[](", "`", "**"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, l := range toIRC(s) {
			if strings.ContainsAny(l, "\r\n\x00\x01\x07\x1b") || !utf8.ValidString(l) {
				t.Errorf("%q becomes the line %q", s, l)
			}
			if joined := strings.Join(pieces(l, 50), ""); joined != l {
				t.Errorf("%q is cut into %q", l, joined)
			}
			for _, piece := range split(l, 50) {
				if len(piece) > 50 || !utf8.ValidString(piece) {
					t.Errorf("%q has the piece %q", l, piece)
				}
			}
		}
		if back := fromIRC(s); utf8.ValidString(s) && (strings.ContainsAny(back, "\x00\x02\x03\r") || !utf8.ValidString(back)) {
			t.Errorf("%q becomes %q", s, back)
		}
	})
}

func TestFormats(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "**bold** and *it*": "\x02bold\x02 and \x1dit\x1d", "a_b_c snake_case": "a_b_c snake_case", "_it_": "\x1dit\x1d",
		"~~gone~~ `a*b*c`": "\x1egone\x1e \x11a*b*c\x11", "[Parley](https://x.org/a_b_)": "Parley (https://x.org/a_b_)", "![pic](https://x.org/p.png)": "pic (https://x.org/p.png)",
		"2 * 3 * 4": "2 * 3 * 4", ":+1: :tada: :no_such: 10:30:45": "👍️ 🎉 :no_such: 10:30:45", "# Title": "\x02Title\x02", `\*not\*`: "*not*", "https://x.org/_a_": "https://x.org/_a_",
	} {
		if got := strings.Join(toIRC(in), "\n"); got != want {
			t.Errorf("toIRC(%q) = %q, want %q", in, got, want)
		}
	}
	if got := toIRC("a\n```go\nx := 1\n\n```\nb"); strings.Join(got, "|") != "a|\x11x := 1\x11||b" {
		t.Errorf("code: %q", got)
	}
	for in, want := range map[string]string{
		"plain": "plain", "\x02bold\x02 x": "**bold** x", "\x1dit\x0f x": "*it* x", "\x11code\x11": "`code`", "\x1egone": "~~gone~~", "\x0304,12red\x03 1": "red 1",
		"\x02a\x1db\x02c\x1d": "**a*b****c*", "\x1funder\x1f": "under", "\x02\x02": "", "\x04ff0000hex": "hex", "\x03,no": ",no",
	} {
		if got := fromIRC(in); got != want {
			t.Errorf("fromIRC(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestEmojis(t *testing.T) {
	for name, glyph := range map[string]string{"smile": "😄", "wave_dark_skin_tone": "👋🏿", "tada": "🎉", "no_such": ""} {
		if got := glyphOf(name); got != glyph {
			t.Errorf("glyphOf(%s) = %s", name, got)
		}
	}
	for in, want := range map[string]string{"👍": "+1", "👍️": "+1", "❤": "heart", "👋🏿": "wave_dark_skin_tone", ":party_parrot:": "party_parrot", "tada": "tada"} {
		if got, ok := emojiName(in); !ok || got != want {
			t.Errorf("emojiName(%s) = %s %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "two words", "😀😀", "a/b", "../x"} {
		if got, ok := emojiName(in); ok {
			t.Errorf("emojiName(%q) = %s", in, got)
		}
	}
}

// The table of emojis says what the web client's says.
func TestGlyphsAreThoseOfTheWeb(t *testing.T) {
	raw, err := os.ReadFile("../../web/src/markdown/glyphs.json")
	if err != nil {
		t.Fatal(err)
	}
	var data struct {
		Groups [][]string `json:"groups"`
		Hidden []string   `json:"hidden"`
	}
	if err := json.Unmarshal(raw, &data); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, l := range append(slices.Concat(data.Groups...), data.Hidden...) {
		words := strings.Fields(l)
		if last := words[len(words)-1]; len(words) > 2 && (last == "1" || last == "2") {
			words = words[:len(words)-1]
		}
		for _, name := range words[1:] {
			if n++; glyphs().byName[name] != words[0] {
				t.Errorf("%s is %q, on the web %q", name, glyphs().byName[name], words[0])
			}
		}
	}
	if n != len(glyphs().byName) {
		t.Errorf("%d names, on the web %d", len(glyphs().byName), n)
	}
}
