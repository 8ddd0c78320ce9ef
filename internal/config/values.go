package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/fault"
)

// errUnset marks a null where the key can't be null: it means "not set", as in Mattermost's files.
var errUnset = errors.New("not set")

// ValueError is a value that a key can't have. It carries the fault that the API answers with.
type ValueError struct {
	Key     string
	Value   string // as given; masked for secrets
	Source  string // where it was read: a file, a variable, the console
	Allowed string
	id      string
}

// Error names the key, the value, where it came from and what is allowed.
func (e *ValueError) Error() string {
	s := e.Key + " = " + e.Value
	if e.Source != "" {
		s += " (" + e.Source + ")"
	}
	return s + ": allowed is " + e.Allowed
}

// Unwrap gives the error for the API: 400 with the id that clients know for the key.
func (e *ValueError) Unwrap() error {
	if e.id == "" {
		return fault.InvalidParam("config").WithDetail(e.Key)
	}
	return fault.Invalid(e.id, "Key", e.Key, "Value", e.Value, "Allowed", e.Allowed)
}

func (k *Key) invalid(v any, source, allowed, id string) *ValueError {
	text := render(v)
	if k.Secret {
		text = Mask
	}
	if len(text) > 200 {
		text = text[:200] + "…"
	}
	return &ValueError{Key: k.Name, Value: text, Source: source, Allowed: allowed, id: id}
}

// typeNames says in words what a JSON type of the table is.
var typeNames = map[string]string{
	"string": "a string", "boolean": "true or false", "integer": "a whole number",
	"array<string>": "a list of strings",
}

func (k *Key) wrongType(v any, source string) *ValueError {
	name := typeNames[k.Type]
	if name == "" {
		name = k.Type
	}
	return k.invalid(v, source, name, "")
}

// convert makes of a decoded JSON or TOML value the Go value of the key's field.
// It fails with a *ValueError for another type, and with errUnset for a null that says nothing.
func (k *Key) convert(v any, source string) (any, error) {
	t := k.goType()
	if v == nil && t.Kind() != reflect.Pointer {
		return nil, errUnset
	}
	switch t.Kind() {
	case reflect.String:
		if s, ok := v.(string); ok {
			return s, nil
		}
		return nil, k.wrongType(v, source)
	case reflect.Bool:
		if b, ok := v.(bool); ok {
			return b, nil
		}
		return nil, k.wrongType(v, source)
	case reflect.Int:
		if n, ok := toInt(v); ok {
			return n, nil
		}
		return nil, k.wrongType(v, source)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, k.wrongType(v, source)
	}
	if t == reflect.TypeFor[json.RawMessage]() {
		return compact(raw), nil
	}
	out := reflect.New(t)
	if err := json.Unmarshal(raw, out.Interface()); err != nil {
		return nil, k.wrongType(v, source)
	}
	return out.Elem().Interface(), nil
}

func compact(raw []byte) json.RawMessage {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return raw
	}
	return b.Bytes()
}

func toInt(v any) (int, bool) {
	switch n := v.(type) {
	case int:
		return n, true
	case int64:
		return int(n), true
	case float64:
		if n == math.Trunc(n) && math.Abs(n) < 1<<53 {
			return int(n), true
		}
	case json.Number:
		if i, err := n.Int64(); err == nil {
			return int(i), true
		}
		if f, err := n.Float64(); err == nil && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
			return int(f), true
		}
	}
	return 0, false
}

// parse makes a field value of a text, as environment variables and command lines give it.
// Lists are JSON, or words apart by spaces, or (where no space is in them) by commas.
func (k *Key) parse(text, source string) (any, error) {
	switch k.Type {
	case "string":
		return text, nil
	case "boolean":
		b, err := strconv.ParseBool(strings.TrimSpace(text))
		if err != nil {
			return nil, k.wrongType(text, source)
		}
		return k.convert(b, source)
	case "integer":
		n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil {
			return nil, k.wrongType(text, source)
		}
		return k.convert(n, source)
	case "array<string>":
		if !strings.HasPrefix(strings.TrimSpace(text), "[") {
			return k.splitList(text), nil
		}
	}
	v, err := decodeJSON([]byte(text))
	if err != nil {
		return nil, k.wrongType(text, source)
	}
	out, err := k.convert(v, source)
	if errors.Is(err, errUnset) {
		return nil, k.wrongType(text, source)
	}
	return out, err
}

// splitList splits at spaces, as Mattermost does, or at commas. A connection string may contain commas.
func (k *Key) splitList(text string) []string {
	words := strings.Fields(text)
	if len(words) == 1 && k.Section() != "SqlSettings" {
		words = strings.Split(words[0], ",")
	}
	out := make([]string, 0, len(words))
	for _, w := range words {
		if w != "" {
			out = append(out, w)
		}
	}
	return out
}

// decodeJSON decodes one JSON value and keeps numbers exact.
func decodeJSON(raw []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, fmt.Errorf("more than one JSON value")
	}
	return v, nil
}
