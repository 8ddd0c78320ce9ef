package backup

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// rowsIn reads lists of values, one after the other, each with a value a kind.
// Most are read here, some five times as fast as encoding/json does; what is
// unusual in any way is left to that.
type rowsIn struct {
	raw   []byte
	kinds []string
}

// next is the next row; nil after the last. It fails on what is no row of the kinds.
func (in *rowsIn) next() ([]any, error) {
	in.raw = bytes.TrimLeft(in.raw, " \t\r\n")
	if len(in.raw) == 0 {
		return nil, nil
	}
	if row, rest, ok := plainRow(in.raw, in.kinds); ok {
		in.raw = rest
		return row, nil
	}
	d := json.NewDecoder(bytes.NewReader(in.raw))
	d.UseNumber()
	var row []any
	if err := d.Decode(&row); err != nil {
		return nil, err
	}
	in.raw = in.raw[d.InputOffset():]
	if row == nil || len(row) != len(in.kinds) {
		return nil, errRow
	}
	for i := range row {
		var err error
		if row[i], err = value(in.kinds[i], row[i]); err != nil {
			return nil, err
		}
	}
	return row, nil
}

// plainRow reads a row of whole numbers, truths, nothings and texts; not ok for
// any other.
func plainRow(raw []byte, kinds []string) (row []any, rest []byte, ok bool) {
	if len(kinds) == 0 || raw[0] != '[' {
		return nil, nil, false
	}
	raw = raw[1:]
	row = make([]any, len(kinds))
	for i, kind := range kinds {
		if row[i], raw, ok = plainValue(raw, kind); !ok || len(raw) == 0 {
			return nil, nil, false
		}
		end := byte(',')
		if i == len(kinds)-1 {
			end = ']'
		}
		if raw[0] != end {
			return nil, nil, false
		}
		raw = raw[1:]
	}
	return row, raw, true
}

var words = [...]struct {
	text  []byte
	value any
}{{[]byte("null"), nil}, {[]byte("true"), true}, {[]byte("false"), false}}

func plainValue(raw []byte, kind string) (v any, rest []byte, ok bool) {
	if len(raw) == 0 {
		return nil, nil, false
	}
	switch c := raw[0]; {
	case c == '"' && kind != "bytes":
		text, rest, ok := plainText(raw)
		return text, rest, ok
	case c >= '1' && c <= '9' && kind != "real":
		n := 1
		for n < len(raw) && raw[n] >= '0' && raw[n] <= '9' {
			n++
		}
		number, err := strconv.ParseInt(string(raw[:n]), 10, 64)
		return number, raw[n:], err == nil && n < len(raw) && (raw[n] == ',' || raw[n] == ']')
	case c == '0' && kind != "real" && len(raw) > 1 && (raw[1] == ',' || raw[1] == ']'):
		return int64(0), raw[1:], true
	}
	for _, w := range words {
		if bytes.HasPrefix(raw, w.text) {
			return w.value, raw[len(w.text):], true
		}
	}
	return nil, nil, false
}

// plainText reads a text whose opening quote is raw[0].
func plainText(raw []byte) (text string, rest []byte, ok bool) {
	plain, end := true, 1
	for ; ; end++ {
		if end >= len(raw) {
			return "", nil, false
		}
		if c := raw[end]; c == '"' {
			break
		} else if c == '\\' {
			plain = false
			end++
		} else if c < ' ' {
			return "", nil, false
		}
	}
	if plain && utf8.Valid(raw[1:end]) {
		return string(raw[1:end]), raw[end+1:], true
	}
	err := json.Unmarshal(raw[:end+1], &text)
	return text, raw[end+1:], err == nil
}
