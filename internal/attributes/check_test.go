package attributes

import (
	"encoding/json"
	"testing"

	"github.com/parley-chat/parley/internal/model"
)

// Whatever is given, what is kept is JSON of the field's kind, fits again, and
// stays as it is then.
func FuzzClean(f *testing.F) {
	for _, s := range []string{`"x"`, `["a","b"]`, `null`, `{}`, `"2024-02-29"`, `"https://a.b"`, "\"\\u0000\"", `[`, `"+1"`} {
		f.Add(uint8(0), s)
		f.Add(uint8(3), s)
	}
	kinds := []model.Attribute{{}, {}, {}, {}, {}, {}, {}, {}}
	for i, kind := range []string{"text", "date", "select", "multiselect", "user", "multiuser", "text", "text"} {
		kinds[i].Type = kind
		kinds[i].Attrs.Options = []model.AttributeOption{{ID: "a"}}
	}
	kinds[6].Attrs.ValueType, kinds[7].Attrs.ValueType = model.AttributeURL, model.AttributeEmail
	f.Fuzz(func(t *testing.T, which uint8, raw string) {
		field := &kinds[int(which)%len(kinds)]
		kept, err := clean(field, json.RawMessage(raw))
		if err != nil {
			return
		}
		if !json.Valid(kept) {
			t.Fatalf("kept %q", kept)
		}
		if again, err := clean(field, kept); err != nil || string(again) != string(kept) {
			t.Fatalf("%s: %s is kept as %s, then as %s (%v)", field.Type, raw, kept, again, err)
		}
	})
}
