package webhooks

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzReadPayload(f *testing.F) {
	for _, seed := range []string{`{"text":"x"}`, `{"attachments":[null,{"fields":[null,{"value":{}}],"actions":[null]}],"props":[],"priority":7}`,
		"{\"text\":\"a\nb\\\"\"}", `{"attachments":{"text":7,"ts":[]}}`, `null`, `{"text":"\u0000\ud800"}`} {
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
