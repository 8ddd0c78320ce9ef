package webhooks

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestBlocksBecomeText(t *testing.T) {
	for raw, want := range map[string]string{
		`null`: "", `7`: "", `[null,7,{},{"type":"section","text":true,"fields":{}},{"type":"header"}]`: "",
		`[{"type":"section","text":{"type":"mrkdwn","text":"*a* *b*, ~c~ 2*3*4 ` + "`*d*`" + `"}}]`:            "**a** **b**, ~~c~~ 2*3*4 `*d*`",
		`[{"type":"section","text":{"type":"plain_text","text":"*a* <https://x.example|b>"}}]`:                 `\*a\* &lt;https://x.example|b>`,
		`[{"type":"section","text":{"type":"mrkdwn","text":"**a** is *b*"}},{"type":"markdown","text":"*c*"}]`: "**a** is *b*\n\n*c*",
		`[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"[a]"},"url":"https://x.example/(b)"},
			{"type":"button","text":{"type":"plain_text","text":"c"},"url":"javascript:alert(1)"},{"type":"button","text":{"type":"plain_text","text":"d"}}]}]`: `[\[a\]](https://x.example/%28b%29)`,
		`[{"type":"image","image_url":"file:///etc/passwd","alt_text":"a"},{"type":"image","image_url":"https://x.example/i","alt_text":"a]b"}]`:                      `![a\]b](https://x.example/i)`,
		`[{"type":"context","elements":[{"type":"image","image_url":"https://x.example/i"},{"type":"mrkdwn","text":"by *Ann*"},{"type":"plain_text","text":"*x*"}]}]`: `by **Ann** \*x\*`,
		`[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"Notes ","style":{"bold":true,"italic":true}},{"type":"link","url":"https://x.example","text":"v2"},
			{"type":"emoji","name":"tada"},{"type":"user","user_id":"u1"},{"type":"broadcast","range":"here"},{"type":"text","text":"a*","style":{"code":true}}]},
			{"type":"rich_text_list","style":"ordered","indent":1,"elements":[{"elements":[{"type":"text","text":"one"}]},{"elements":[{"type":"text","text":"two","style":{"strike":true}}]}]},
			{"type":"rich_text_quote","elements":[{"type":"text","text":"a\nb"}]},{"type":"rich_text_preformatted","elements":[{"type":"text","text":"c\n` + "```" + `"}]}]}]`: "**_Notes_** [v2](https://x.example):tada:<@u1><!here>`a*`\n    1. one\n    1. ~~two~~\n\n> a\n> b\n\n````\nc\n```\n````",
	} {
		if got := fromBlocks(json.RawMessage(raw)); got != want {
			t.Errorf("%s:\n%q, want\n%q", raw, got, want)
		}
	}
	if got := fromBlocks(json.RawMessage("[" + strings.Repeat(`{"type":"divider"},`, 1000) + `{}]`)); strings.Count(got, "---") != blocksMost {
		t.Errorf("%d blocks", strings.Count(got, "---"))
	}
}

func FuzzReadPayload(f *testing.F) {
	for _, seed := range []string{`{"text":"x"}`, `{"attachments":[null,{"fields":[null,{"value":{}}],"actions":[null]}],"props":[],"priority":7}`,
		"{\"text\":\"a\nb\\\"\"}", `{"attachments":{"text":7,"ts":[]}}`, `null`, `{"text":"\u0000\ud800"}`,
		`{"blocks":[7,{"type":"rich_text","elements":[{"elements":[{"type":"text","text":" x ","style":{"bold":true}}]}]},{"type":"section","text":7,"fields":[null]}]}`,
		`{"blocks":{},"attachments":[{"blocks":[{"type":"header"}],"actions":[7,{"text":"x","url":"https://x.example"}]}]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := readPayload(raw)
		if err != nil {
			return
		}
		if !utf8.ValidString(m.Text) || strings.ContainsRune(m.Text, 0) {
			t.Errorf("%q", m.Text)
		}
		if _, err := json.Marshal(m.Attachments); err != nil {
			t.Error(err)
		}
		pieces := split(m.Text, 20)
		for _, piece := range pieces {
			if utf8.RuneCountInString(piece) > 20 {
				t.Errorf("%q is too long", piece)
			}
		}
		if got := strings.Join(pieces, ""); strings.ReplaceAll(got, "\n", "") != strings.ReplaceAll(m.Text, "\n", "") {
			t.Errorf("%q became %q", m.Text, got)
		}
	})
}
