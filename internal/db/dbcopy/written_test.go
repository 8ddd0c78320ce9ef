package dbcopy

import (
	"bytes"
	"crypto/sha256"
	"testing"
)

// FuzzAppendField asserts that no text of COPY makes reading it fail otherwise than by an error.
func FuzzAppendField(f *testing.F) {
	for _, seed := range []string{`a\tb\\c\n\r\b\f\v`, `\N`, `\\x6869`, "t", "-12", "3.5", `{"b":1,"a":"\\u0000"}`, "\xff", `\`, ""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, field []byte) {
		for k := range kindNames {
			before := bytes.Clone(field)
			_, _ = appendField(nil, kind(k), field)
			if !bytes.Equal(before, field) {
				t.Error("the line was changed")
			}
		}
	})
}

// What COPY gives of a value is hashed as the value is.
func TestFieldsAreHashedAsTheirValues(t *testing.T) {
	for _, one := range []struct {
		k     kind
		field string
		v     any
	}{
		{kindText, `\N`, nil}, {kindText, `\\N`, `\N`}, {kindText, `a\tb\\c\nd\re\bf\f\v`, "a\tb\\c\nd\re\bf\f\v"}, {kindText, "é", "é"}, {kindText, "", ""},
		{kindInt, "-12", int64(-12)}, {kindInt, "t", int64(1)}, {kindBool, "t", true}, {kindBool, "f", false}, {kindBool, "1", true},
		{kindReal, "0.1", float64(float32(0.1))}, {kindReal, "1e+20", float64(float32(1e20))}, {kindBytes, `\\x6869`, []byte("hi")}, {kindBytes, `\\x`, []byte{}},
		{kindJSON, `{"b": 1, "a": "x\\ny"}`, `{"a":"x\ny","b":1}`}, {kindTexts, `["a", "b"]`, `["a","b"]`}, {kindPadded, "a  ", "a"},
	} {
		got, err := appendField(nil, one.k, []byte(one.field))
		want := appendValue(nil, one.v)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s %q: %q %v, want %q", kindNames[one.k], one.field, got, err, want)
		}
	}
	sum, _ := digestOf(nil, []any{"a", nil, int64(1)})
	if sum != sha256.Sum256([]byte("s\x00\x00\x00\x00\x00\x00\x00\x01an\x00\x00\x00\x00\x00\x00\x00\x00i\x00\x00\x00\x00\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x01")) {
		t.Error("rows are hashed otherwise than those of earlier archives")
	}
}
