package dbcopy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// canonical gives each value of a row its canonical form, and says whether any had another.
func (t table) canonical(row []any) (changed bool, err error) {
	for i, c := range t.columns {
		v, err := canonical(c.kind, row[i])
		if err != nil {
			return changed, fmt.Errorf("column %s: %w", c.name, err)
		}
		changed = changed || !same(v, row[i])
		row[i] = v
	}
	return changed, nil
}

func same(a, b any) bool {
	if x, ok := a.([]byte); ok {
		y, ok := b.([]byte)
		return ok && bytes.Equal(x, y)
	}
	return a == b
}

// canonical gives a value of a column the form that is the same whatever engine
// it was read from: nil, int64, bool, float64, string or []byte. What PostgreSQL
// can't hold, NUL and broken UTF-8 in texts, is left out.
func canonical(k kind, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	switch k {
	case kindInt:
		return integer(v)
	case kindBool:
		if b, ok := v.(bool); ok {
			return b, nil
		}
		n, err := integer(v)
		return n != 0, err
	case kindReal:
		return real(v)
	case kindBytes:
		if s, ok := v.(string); ok {
			return []byte(s), nil
		}
		if b, ok := v.([]byte); ok {
			return bytes.Clone(b), nil
		}
	case kindJSON, kindTexts:
		if s, ok := asText(v); ok {
			return canonicalJSON(s), nil
		}
	case kindText, kindPadded:
		if s, ok := asText(v); ok {
			s = withoutNUL(strings.ToValidUTF8(s, "\uFFFD"))
			if k == kindPadded {
				s = strings.TrimRight(s, " ")
			}
			return s, nil
		}
	}
	return nil, fmt.Errorf("can't read %T", v)
}

func withoutNUL(s string) string { return strings.ReplaceAll(s, "\x00", "") }

func integer(v any) (int64, error) {
	switch n := v.(type) {
	case int64:
		return n, nil
	case int32:
		return int64(n), nil
	case int16:
		return int64(n), nil
	case bool:
		if n {
			return 1, nil
		}
		return 0, nil
	case float64:
		if n == math.Trunc(n) {
			return int64(n), nil
		}
	}
	return 0, fmt.Errorf("can't read %T %v as a whole number", v, v)
}

// real has the precision of PostgreSQL's real, which is the lower one.
func real(v any) (float64, error) {
	switch n := v.(type) {
	case float64:
		return float64(float32(n)), nil
	case float32:
		return float64(n), nil
	case int64:
		return float64(float32(n)), nil
	case string:
		f, err := strconv.ParseFloat(n, 32)
		return f, err
	}
	return 0, fmt.Errorf("can't read %T as a number", v)
}

func asText(v any) (string, bool) {
	switch s := v.(type) {
	case string:
		return s, true
	case []byte:
		return string(s), true
	case int64: // SQLite keeps what looks like a number in a column without a type
		return strconv.FormatInt(s, 10), true
	}
	return "", false
}

// canonicalJSON sorts keys and drops blanks, as PostgreSQL does in its own way.
// What is no JSON stays as it is, for the target to refuse.
func canonicalJSON(text string) string {
	if text == "{}" || text == "[]" { // most are
		return text
	}
	var v any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if d.Decode(&v) != nil || d.More() {
		return text
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if e.Encode(plain(v)) != nil {
		return text
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// plain writes numbers that have an exponent or a fraction in one way, and texts without NUL.
func plain(v any) any {
	switch v := v.(type) {
	case string:
		return withoutNUL(v)
	case json.Number:
		if !strings.ContainsAny(v.String(), ".eE") {
			return v
		}
		if f, err := v.Float64(); err == nil {
			return f
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, one := range v {
			out[withoutNUL(key)] = plain(one)
		}
		return out
	case []any:
		for i, one := range v {
			v[i] = plain(one)
		}
	}
	return v
}

// written gives a value the form that an engine takes it in. Only a list of texts has one of its own.
func written(k kind, v any, sqlite bool) (any, error) {
	text, ok := v.(string)
	if k != kindTexts || sqlite || !ok {
		return v, nil
	}
	var list []string
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("a list of texts: %w", err)
	}
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	for i, one := range list {
		list[i] = `"` + quote.Replace(one) + `"`
	}
	return "{" + strings.Join(list, ",") + "}", nil
}
