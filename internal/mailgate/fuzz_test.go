package mailgate

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzRead(f *testing.F) {
	mails, err := filepath.Glob("testdata/answers/*.eml")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range mails {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, err := read(bytes.NewReader(raw))
		if err != nil {
			return
		}
		for _, s := range []string{l.subject, l.from.Name, l.from.Address} {
			if !utf8.ValidString(s) || strings.ContainsAny(s, "\r\n\x00") {
				t.Errorf("a header became %q", s)
			}
		}
		for _, root := range []string{"", "root"} {
			p := posting{l: l, rootID: root}
			if text, _ := p.text(); !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\r"+markCut+markAttribution+markSignature) {
				t.Errorf("the text became %q", text)
			}
		}
		if _, err := walk(bytes.NewReader(raw), func(p *part) error { p.fileName(1); return nil }); err != nil {
			t.Errorf("the second time: %v", err)
		}
	})
}

func FuzzAnswer(f *testing.F) {
	for _, text := range []string{"", ">", "a\n> b\nc", "On 1 x wrote:\n> b", "-- \nx", "From: a\nTo: b\nSubject: c", "╌╌ x ╌╌", "a:\n>\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = printable(text)
		got := answer(text)
		if len(got) > len(text) {
			t.Errorf("%q became more: %q", text, got)
		}
		for _, line := range strings.Split(got, "\n") { // nothing is made up
			if !strings.Contains(text, strings.TrimSpace(line)) {
				t.Errorf("%q isn't of %q", line, text)
			}
		}
		_ = quiet(escape(unflow(text, true)))
	})
}
