package transfer

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

var slackWords = &vocabulary{users: map[string]string{"U1": "ann"}, channels: map[string]string{"C1": "town-square"}}

func TestSlackText(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                                   "plain",
		"<@U1> <@U1|x> <@U9|dee> <@U9>":           "@ann @ann @dee @U9",
		"<#C1|general> <#C9|beans>":               "~town-square ~beans",
		"<!here> <!channel|channel> <!everyone>":  "@here @channel @all",
		"<!subteam^S1|@crew> <!date^1^{d}|May 4>": "@crew May 4",
		"<http://x.example> <http://x.example|x.example> <http://x.example|X [y]>": `http://x.example http://x.example [X \[y\]](http://x.example)`,
		"<mailto:a@b.example|a@b.example> <javascript:alert(1)|click>":             "a@b.example click",
		"*bold* and *two words*, not 2*3*4 nor * a *":                              "**bold** and **two words**, not 2*3*4 nor * a *",
		"*a* *b*": "**a** **b**", "~gone~ _so_": "~~gone~~ _so_", "*<@U1> hi*": "**@ann hi**",
		"`*x* &lt; <http://y.example|y>` *z*": "`*x* < http://y.example` **z**", "```*a*\n<@U1>```": "```*a*\n@U1```",
		"a &lt;b&gt; &amp;amp;": "a <b> &amp;", "&gt; quoted": "> quoted",
		":wave::skin-tone-2: :nope::skin-tone-2:": ":wave_light_skin_tone: :nope:",
		"<": "<", "<>": "<>", "*": "*", "**": "**", "<!>": "", "": "",
	} {
		if got := slackWords.text(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzSlackText(f *testing.F) {
	for _, s := range []string{"*a* <@U1> `x`", "<!date^1|x> ~y~ &lt;", "\x000\x00 <a|b> \x00", ":a::skin-tone-3:", "```", "*\xff*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out := slackWords.text(in)
		if !utf8.ValidString(out) || strings.ContainsRune(out, 0) {
			t.Errorf("%q became %q", in, out)
		}
	})
}

func FuzzLine(f *testing.F) {
	for _, s := range []string{`{"type":"version","version":1}`, `{"type":"post","post":{"team":"a","channel":"b","user":"c","message":"d","create_at":1,"replies":[{"create_at":0}]}}`,
		`{"type":"direct_channel","direct_channel":{"members":["a","b"],"participants":[{"username":"c"}]}}`, `{"type":"scheme","scheme":{"scope":"team"}}`,
		`{"type":"user","user":{"custom_status":{"emoji":1},"notify_props":{}}}`, `{"type":"post"}`, `{"type":"x","a":"\\u0000\u0000"}`, `[]`, `{"type":"version","version":null}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, why := parseLine(raw)
		if why != nil {
			return
		}
		if why := checkLine(l); why != nil || l.User == nil {
			return
		}
		_, _ = l.User.preferences("u")
	})
}

func TestLongLinesArePassedOver(t *testing.T) {
	r := newLineReader(strings.NewReader("one\n" + strings.Repeat("x", maxLine+10) + "\nthree"))
	first, _ := r.next()
	if string(first) != "one" {
		t.Errorf("%q", first)
	}
	if _, err := r.next(); err != errLongLine {
		t.Error(err)
	}
	third, err := r.next()
	if string(third) != "three" || err != nil || r.n != 3 {
		t.Errorf("%q %v %d", third, err, r.n)
	}
	if cap(r.line) > 2*maxLine {
		t.Errorf("a line took %d bytes", cap(r.line))
	}
}

func TestNUL(t *testing.T) {
	for raw, want := range map[string]bool{`"a\u0000"`: true, `"\\u0000"`: false, `"\\\u0000"`: true, `"u0000"`: false, `"\\u0000\u0000"`: true} {
		if holdsNUL([]byte(raw)) != want {
			t.Errorf("%s: %v", raw, !want)
		}
	}
}

// A thread too long for a line goes out as several, which together are whole.
func TestLongThreads(t *testing.T) {
	var b bytes.Buffer
	e := &exporter{lines: json.NewEncoder(&b)}
	p := &Post{Team: "acme", Channel: "beans", Entry: Entry{User: "ann", Text: "root", CreateAt: 1}, Followers: &[]Follower{}}
	for i := range 1500 {
		p.Replies = append(p.Replies, Entry{User: "ben", Text: strings.Repeat("x", 16_000), CreateAt: int64(2 + i)})
	}
	if err := e.putPost(kindPost, p); err != nil {
		t.Fatal(err)
	}
	r, replies := newLineReader(&b), 0
	for {
		raw, err := r.next()
		if err != nil {
			if err != io.EOF {
				t.Error(err)
			}
			break
		}
		l, why := parseLine(raw)
		if why != nil || l.Post.Text != "root" || l.Post.Followers == nil {
			t.Fatal(why)
		}
		replies += len(l.Post.Replies)
	}
	if replies != 1500 || r.n < 3 {
		t.Errorf("%d replies in %d lines", replies, r.n)
	}
}
