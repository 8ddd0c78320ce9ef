package db

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// JSON is the argument form of v for a json or jsonb column (text on SQLite).
// A nil v is NULL; a nil map or slice inside an interface is written as null.
func JSON(v any) driver.Valuer { return jsonValue{v} }

type jsonValue struct{ v any }

func (j jsonValue) Value() (driver.Value, error) {
	if j.v == nil {
		return nil, nil
	}
	if raw, ok := j.v.(json.RawMessage); ok {
		if len(raw) == 0 {
			return nil, nil
		}
		return string(raw), nil
	}
	b, err := json.Marshal(j.v)
	if err != nil {
		return nil, err
	}
	return string(b), nil
}

// ScanJSON decodes a json column into dst, a pointer. NULL and empty text
// leave dst as it is.
func ScanJSON(dst any) sql.Scanner { return jsonScan{dst} }

type jsonScan struct{ dst any }

func (j jsonScan) Scan(src any) error {
	b, err := text(src)
	if err != nil || len(b) == 0 {
		return err
	}
	return json.Unmarshal(b, j.dst)
}

func text(src any) ([]byte, error) {
	switch v := src.(type) {
	case nil:
		return nil, nil
	case string:
		return []byte(v), nil
	case []byte:
		return v, nil
	}
	return nil, fmt.Errorf("db: can't read %T as text", src)
}

// NullString scans NULL as "".
func NullString(dst *string) sql.Scanner { return zeroIfNull[string]{dst} }

// NullInt64 scans NULL as 0.
func NullInt64(dst *int64) sql.Scanner { return zeroIfNull[int64]{dst} }

// NullBool scans NULL as false.
func NullBool(dst *bool) sql.Scanner { return zeroIfNull[bool]{dst} }

type zeroIfNull[T any] struct{ dst *T }

func (z zeroIfNull[T]) Scan(src any) error {
	var n sql.Null[T]
	if err := n.Scan(src); err != nil {
		return err
	}
	*z.dst = n.V
	return nil
}

// Strings scans a text[] column (a JSON array on SQLite) of values that hold
// no quotes or commas, such as ids. Pass a []string to write one.
func Strings(dst *[]string) sql.Scanner { return stringsScan{dst} }

type stringsScan struct{ dst *[]string }

func (s stringsScan) Scan(src any) error {
	b, err := text(src)
	*s.dst = []string{}
	if err != nil || len(b) == 0 {
		return err
	}
	if b[0] == '[' {
		return json.Unmarshal(b, s.dst)
	}
	for _, v := range strings.Split(strings.Trim(string(b), "{}"), ",") {
		if v = strings.Trim(v, `"`); v != "" {
			*s.dst = append(*s.dst, v)
		}
	}
	return nil
}

// NotEmpty is the argument form of a nullable text column: "" is NULL.
func NotEmpty(s string) any {
	if s == "" {
		return nil
	}
	return s
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// likeMost is how many bytes of a text LIKE looks for: no name is as long, and
// SQLite fails on patterns of more than 50,000 bytes.
const likeMost = 4_000

// LikeEscape escapes % _ and \ in s for LIKE … ESCAPE '\'. Of an endless s only
// the beginning is looked for.
func LikeEscape(s string) string {
	if len(s) > likeMost {
		s = strings.ToValidUTF8(s[:likeMost], "")
	}
	return likeEscaper.Replace(s)
}

// arguments prepares args for the engine: Valuers are asked for their value,
// lists become arrays (a JSON text on SQLite), a nil list an empty one, since
// `<> ALL(NULL)` would match nothing where an empty list matches all.
func arguments(args []any, sqlite bool) ([]any, error) {
	for i := range args {
		if special(args[i]) {
			return convert(args, sqlite)
		}
	}
	return args, nil
}

func special(a any) bool {
	switch a.(type) {
	case nil, string, int, int64, bool, float64:
		return false
	case []byte:
		return false
	}
	return true
}

func convert(args []any, sqlite bool) ([]any, error) {
	out := make([]any, len(args))
	for i, a := range args {
		v, err := convertOne(a, sqlite)
		if err != nil {
			return nil, fmt.Errorf("db: argument $%d: %w", i+1, err)
		}
		out[i] = v
	}
	return out, nil
}

func convertOne(a any, sqlite bool) (any, error) {
	switch v := a.(type) {
	case nil, string, int, int64, bool, float64, []byte:
		return v, nil
	case json.RawMessage:
		return JSON(v).Value()
	case driver.Valuer:
		if rv := reflect.ValueOf(v); rv.Kind() == reflect.Pointer && rv.IsNil() {
			return nil, nil
		}
		return v.Value()
	}
	rv := reflect.ValueOf(a)
	switch rv.Kind() {
	case reflect.String:
		return rv.String(), nil
	case reflect.Pointer:
		if rv.IsNil() {
			return nil, nil
		}
		return convertOne(rv.Elem().Interface(), sqlite)
	case reflect.Slice:
		return listValue(rv, sqlite)
	}
	return a, nil
}

func listValue(rv reflect.Value, sqlite bool) (any, error) {
	var out any
	switch rv.Type().Elem().Kind() {
	case reflect.String:
		s := make([]string, rv.Len())
		for i := range s {
			s[i] = rv.Index(i).String()
		}
		out = s
	case reflect.Int, reflect.Int64, reflect.Int32:
		n := make([]int64, rv.Len())
		for i := range n {
			n[i] = rv.Index(i).Int()
		}
		out = n
	default:
		return nil, fmt.Errorf("a list of %s can't be an argument", rv.Type().Elem())
	}
	if !sqlite {
		return out, nil
	}
	b, err := json.Marshal(out)
	return string(b), err
}
