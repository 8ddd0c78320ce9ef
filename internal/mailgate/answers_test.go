package mailgate

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAnswers reads answers in the forms of many mail programs; what is written
// above, below and between quotes is left of them.
func TestAnswers(t *testing.T) {
	mails, err := filepath.Glob("testdata/answers/*.eml")
	if err != nil || len(mails) == 0 {
		t.Fatal("no mails", err)
	}
	for _, path := range mails {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".eml"), func(t *testing.T) {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = f.Close() }()
			l, err := read(f)
			if err != nil {
				t.Fatal(err)
			}
			p := posting{l: l, rootID: "root"}
			got, _ := p.text()
			want, err := os.ReadFile(strings.TrimSuffix(path, ".eml") + ".md")
			if err != nil {
				t.Fatal(err)
			}
			if got != strings.TrimSuffix(string(want), "\n") {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestQuiet keeps outsiders from calling whole channels, whatever stands before: the small form of Ⱥ is longer.
func TestQuiet(t *testing.T) {
	for text, want := range map[string]string{
		"@all":              "@\u2060all",
		"ȺȺȺȺ@ALL and @All": "ȺȺȺȺ@\u2060ALL and @\u2060All",
		"İİ @here@channel":  "İİ @\u2060here@\u2060channel",
		"@alice, somewhere": "@alice, somewhere",
		"nobody@example":    "nobody@example",
	} {
		if got := quiet(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
