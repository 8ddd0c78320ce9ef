package search

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func at(text string) int64 {
	d, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return d.UnixMilli()
}

func TestParse(t *testing.T) {
	w := func(text string) Term { return Term{Kind: word, Text: text} }
	for text, want := range map[string]Query{
		"apple pie":                          {Terms: []Term{w("apple"), w("pie")}},
		"  Apple,  (pie)!  ":                 {Terms: []Term{w("Apple"), w("pie")}},
		`"apple  pie" tart`:                  {Terms: []Term{{Kind: phrase, Text: "apple pie"}, w("tart")}},
		`“apple pie”`:                        {Terms: []Term{{Kind: phrase, Text: "apple pie"}}},
		`apple "pie`:                         {Terms: []Term{w("apple"), w("pie")}},
		`-"apple pie" -tart x`:               {Terms: []Term{w("x")}, Excluded: []Term{{Kind: phrase, Text: "apple pie"}, w("tart")}},
		"app* *ple b*":                       {Terms: []Term{{Kind: word, Text: "app", Prefix: true}, w("ple"), w("b")}},
		"#Fruit #big-tag* #1":                {Terms: []Term{{Kind: tag, Text: "#fruit"}, {Kind: tag, Text: "#big-tag", Prefix: true}, w("1")}},
		"-#fruit x":                          {Terms: []Term{w("x")}, Excluded: []Term{{Kind: tag, Text: "#fruit"}}},
		"the cherry":                         {Terms: []Term{w("cherry")}},
		"the of":                             {Never: true},
		"the -x":                             {Never: true, Excluded: []Term{w("x")}},
		"well-known a-1":                     {Terms: []Term{w("well-known"), w("a-1")}},
		"- -- --x":                           {Excluded: []Term{w("x")}},
		"@alice ~town":                       {Terms: []Term{w("alice"), w("town")}},
		"https://a.b/c?d=e":                  {Terms: []Term{w("https://a.b/c?d=e")}},
		"from:@Bob From:carol, -from:dave":   {From: []string{"bob", "carol"}, NotFrom: []string{"dave"}},
		"in:one channel:~two -in:@bob":       {In: []string{"one", "two"}, NotIn: []string{"@bob"}},
		"from: bob in: one":                  {From: []string{"bob"}, In: []string{"one"}},
		`from:"bob" x`:                       {From: []string{"bob"}, Terms: []Term{w("x")}},
		"ext:.PDF -ext:png":                  {Ext: []string{"pdf"}, NotExt: []string{"png"}},
		"from:":                              {},
		"***":                                {},
		`""`:                                 {},
		"before:2024-02-01":                  {Until: at("2024-02-01 00:00")},
		"after:2024-2-1":                     {Since: at("2024-02-02 00:00")},
		"on:2024-02-29":                      {Since: at("2024-02-29 00:00"), Until: at("2024-03-01 00:00")},
		"-before:2024-02-01":                 {Since: at("2024-02-01 00:00")},
		"-after:2024-02-01":                  {Until: at("2024-02-02 00:00")},
		"-on:2024-02-01":                     {Except: []Span{{at("2024-02-01 00:00"), at("2024-02-02 00:00")}}},
		"on:2024-02-30":                      {Never: true},
		"-on:yesterday":                      {},
		"after:2024-02-01 before:2024-01-01": {Since: at("2024-02-02 00:00"), Until: at("2024-01-01 00:00"), Never: true},
	} {
		if want.Until == 0 {
			want.Until = never
		}
		if diff := cmp.Diff(want, *Parse(text, false, 0)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
	if q := Parse("on:2024-02-01", false, -5*3600); q.Since != at("2024-02-01 05:00") || q.Until != at("2024-02-02 05:00") {
		t.Errorf("five hours west: %+v", q)
	}
}

// FuzzParse holds any text to the bounds, and what is made of it for the
// engines to texts in quotes.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`"`, `-"a`, "a*b*", "from:", "#", "-", "\x00'\\", "in:@a,b", "中文 *", "é́", "on:9999-12-31", "x:y:z", `"'"`, "a-1-b*"} {
		f.Add(seed, true, 3600)
	}
	f.Fuzz(func(t *testing.T, text string, anyTerm bool, zone int) {
		q := Parse(text, anyTerm, zone)
		if len(q.Terms)+len(q.Excluded) > maxTerms || len(q.From) > maxNames || len(q.In) > maxNames || len(q.Except) > maxNames {
			t.Fatalf("%q: more than allowed: %+v", text, q)
		}
		for _, term := range append(q.Terms, q.Excluded...) {
			if !utf8.ValidString(term.Text) || len(term.Text) > 4*maxText {
				t.Fatalf("%q: term %q", text, term.Text)
			}
			e := term.expr()
			if e.empty() { // a lone accent
				e = phraseOf(inWords, false, "x")
			}
			for name, out := range map[string]string{"FTS5": e.match(), "tsvector": e.tsquery(), "tsquery": hyphenated(term.Text, term.Prefix), "operand": operand(term.Text)} {
				quotes := 0
				for _, c := range out {
					if c == '"' && name == "FTS5" || c == '\'' && name != "FTS5" {
						quotes++
					}
					if c == 0 || c == '\\' {
						t.Fatalf("%q: %s %q", text, name, out)
					}
				}
				if name == "tsvector" && strings.ContainsFunc(strings.NewReplacer("'", "", "(", "", ")", "", " & ", "", " | ", "", " <-> ", "", ":*", "").Replace(out), func(c rune) bool {
					return c < 0x80 && !inWord(c) && !strings.ContainsRune("#@._-~=^", c)
				}) {
					t.Fatalf("%q: what could end a constant in %q", text, out)
				}
				if quotes%2 != 0 || strings.Contains(out, `""`) || strings.Contains(out, "()") {
					t.Fatalf("%q: %s %q", text, name, out)
				}
			}
		}
	})
}

func TestWords(t *testing.T) {
	for text, want := range map[string][]string{
		"Releases, released!": {"releas", "releas"},
		"Été ÉLÈVE naïve":     {"ete", "elev", "naiv"},
		"don't v1.2.3-rc":     {"don", "t", "v1", "2", "3", "rc"},
		"中文字 テスト 한국":          {"中", "文", "字", "テ", "ス", "ト", "한", "국"},
		"abc中文def":            {"abc", "中", "文", "def"},
		"ё слово":             {"е", "слово"},
		"--- !!! …":           nil,
		"user@example.org":    {"user", "exampl", "org"},
	} {
		if diff := cmp.Diff(want, wordsOf(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
	if diff := cmp.Diff([]string{"user@example.org", "v1.2.3-rc", "a.b"}, wholesOf("Mail user@example.org. v1.2.3-rc https://a.b/c well-known")); diff != "" {
		t.Error(diff)
	}
}
