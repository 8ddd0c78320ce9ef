package model

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

// The functions below append JSON as encoding/json writes it with HTML escaping on. The field functions take
// the key with its punctuation (`{"id":`, `,"name":`), so that a key costs one copy.

const hexDigits = "0123456789abcdef"

// plain marks the bytes that stand for themselves inside a JSON string.
var plain = func() (t [256]bool) {
	for b := 0x20; b < utf8.RuneSelf; b++ {
		t[b] = true
	}
	for _, b := range []byte("\"\\<>&") {
		t[b] = false
	}
	return t
}()

// appendString appends s as a JSON string: control characters, quotes, <, > and & escaped, invalid UTF-8 as
// \ufffd, and U+2028 and U+2029 escaped because they end a line in JavaScript.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		b := s[i]
		if plain[b] {
			i++
			continue
		}
		if b < utf8.RuneSelf {
			dst = appendEscape(append(dst, s[start:i]...), b)
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			dst = append(append(dst, s[start:i]...), `\ufffd`...)
		case r == '\u2028' || r == '\u2029':
			dst = append(append(dst, s[start:i]...), `\u202`...)
			dst = append(dst, hexDigits[r&0xf])
		default:
			i += size
			continue
		}
		i += size
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}

func appendEscape(dst []byte, b byte) []byte {
	switch b {
	case '"', '\\':
		return append(dst, '\\', b)
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[b>>4], hexDigits[b&0xf])
}

func fieldString(dst []byte, key, v string) []byte { return appendString(append(dst, key...), v) }

func fieldInt(dst []byte, key string, v int64) []byte {
	return strconv.AppendInt(append(dst, key...), v, 10)
}

func fieldBool(dst []byte, key string, v bool) []byte {
	return strconv.AppendBool(append(dst, key...), v)
}

// fieldMap writes null for a nil map.
func fieldMap(dst []byte, key string, m map[string]string) []byte {
	dst = append(dst, key...)
	if m == nil {
		return append(dst, "null"...)
	}
	return appendStringMap(dst, m)
}

// The opt functions leave the field out when it holds its zero value (omitempty).

func optString(dst []byte, key, v string) []byte {
	if v == "" {
		return dst
	}
	return fieldString(dst, key, v)
}

func optInt(dst []byte, key string, v int64) []byte {
	if v == 0 {
		return dst
	}
	return fieldInt(dst, key, v)
}

func optBool(dst []byte, key string, v bool) []byte {
	if !v {
		return dst
	}
	return fieldBool(dst, key, v)
}

func optStringPtr(dst []byte, key string, v *string) []byte {
	if v == nil {
		return dst
	}
	return fieldString(dst, key, *v)
}

func optBoolPtr(dst []byte, key string, v *bool) []byte {
	if v == nil {
		return dst
	}
	return fieldBool(dst, key, *v)
}

func optMap(dst []byte, key string, m map[string]string) []byte {
	if len(m) == 0 {
		return dst
	}
	return fieldMap(dst, key, m)
}

// The null functions write null for a nil pointer.

func nullString(dst []byte, key string, v *string) []byte {
	if v == nil {
		return append(append(dst, key...), "null"...)
	}
	return fieldString(dst, key, *v)
}

func nullBool(dst []byte, key string, v *bool) []byte {
	if v == nil {
		return append(append(dst, key...), "null"...)
	}
	return fieldBool(dst, key, *v)
}

// appendList writes a list of strings; nil becomes [].
func appendList(dst []byte, l []string) []byte {
	dst = append(dst, '[')
	for i, s := range l {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, s)
	}
	return append(dst, ']')
}

// appendNullableList writes null for a nil list.
func appendNullableList(dst []byte, l []string) []byte {
	if l == nil {
		return append(dst, "null"...)
	}
	return appendList(dst, l)
}

// AppendList appends list as a JSON array of elements that write themselves; nil becomes null.
func AppendList[T interface{ AppendJSON([]byte) []byte }](dst []byte, list []T) []byte {
	if list == nil {
		return append(dst, "null"...)
	}
	dst = append(dst, '[')
	for i, e := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = e.AppendJSON(dst)
	}
	return append(dst, ']')
}

// appendSorted writes the map's members in the order of their keys, as encoding/json does.
func appendSorted[V any](dst []byte, m map[string]V, value func([]byte, V) []byte) []byte {
	if len(m) == 0 {
		return append(dst, "{}"...)
	}
	var room [64]string
	keys := room[:0]
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	sep := byte('{')
	for _, k := range keys {
		dst = append(appendString(append(dst, sep), k), ':')
		dst = value(dst, m[k])
		sep = ','
	}
	return append(dst, '}')
}

func appendStringMap(dst []byte, m map[string]string) []byte {
	return appendSorted(dst, m, appendString)
}

// appendObject writes a map of JSON values; nil becomes {}.
func appendObject(dst []byte, m map[string]any) []byte { return appendSorted(dst, m, appendValue) }

// appendValue writes any value that a decoded JSON document can hold without reflection, and everything else
// through encoding/json. A value that has no JSON form (a channel, NaN) becomes null: props come from
// decoded JSON, and a message that can't be shown is worse than a prop that is missing.
func appendValue(dst []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...)
	case string:
		return appendString(dst, v)
	case bool:
		return strconv.AppendBool(dst, v)
	case int:
		return strconv.AppendInt(dst, int64(v), 10)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case float64:
		return appendFloat(dst, v)
	case map[string]any:
		if v == nil {
			return append(dst, "null"...)
		}
		return appendObject(dst, v)
	case map[string]string:
		return fieldMap(dst, "", v)
	case []string:
		return appendNullableList(dst, v)
	case []any:
		return appendValues(dst, v)
	}
	return appendMarshaled(dst, v)
}

func appendValues(dst []byte, list []any) []byte {
	if list == nil {
		return append(dst, "null"...)
	}
	dst = append(dst, '[')
	for i, e := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendValue(dst, e)
	}
	return append(dst, ']')
}

func appendMarshaled(dst []byte, v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return append(dst, "null"...)
	}
	return append(dst, b...)
}

// appendFloat follows ECMAScript's number format like encoding/json: an exponent below 1e-6 and from 1e21 on,
// without a leading zero in it.
func appendFloat(dst []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(dst, "null"...)
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	from := len(dst)
	dst = strconv.AppendFloat(dst, f, format, -1, 64)
	if format == 'e' {
		if n := len(dst); n-from >= 4 && bytes.HasSuffix(dst[:n-1], []byte("e-0")) {
			dst[n-2] = dst[n-1]
			dst = dst[:n-1]
		}
	}
	return dst
}
