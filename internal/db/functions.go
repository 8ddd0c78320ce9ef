package db

import (
	"bytes"
	"database/sql/driver"
	"slices"
	"strings"
	"sync"

	"modernc.org/sqlite"
)

// sqliteDriver is a driver of our own, so that the functions below reach only
// our connections. They make PostgreSQL's spelling work on SQLite.
var sqliteDriver = sync.OnceValue(func() *sqlite.Driver {
	d := &sqlite.Driver{}
	add := func(name string, args int32, fn func([]driver.Value) driver.Value) {
		d.MustRegisterFunction(name, &sqlite.FunctionImpl{
			NArgs: args, Deterministic: true, VolatileArgs: true,
			Scalar: func(_ *sqlite.FunctionContext, a []driver.Value) (driver.Value, error) { return fn(a), nil },
		})
	}
	add("lower", 1, onText(strings.ToLower))
	add("upper", 1, onText(strings.ToUpper))
	add("greatest", -1, func(a []driver.Value) driver.Value { return pick(a, 1) })
	add("least", -1, func(a []driver.Value) driver.Value { return pick(a, -1) })
	add("strpos", 2, func(a []driver.Value) driver.Value {
		s, ok1 := a[0].(string)
		sub, ok2 := a[1].(string)
		if !ok1 || !ok2 {
			return nil
		}
		n := strings.Index(s, sub)
		if n < 0 {
			return int64(0)
		}
		return int64(len([]rune(s[:n])) + 1)
	})
	add("starts_with", 2, func(a []driver.Value) driver.Value {
		s, ok1 := a[0].(string)
		sub, ok2 := a[1].(string)
		if !ok1 || !ok2 {
			return nil
		}
		return strings.HasPrefix(s, sub)
	})
	add("translate", 3, func(a []driver.Value) driver.Value {
		s, ok1 := a[0].(string)
		from, ok2 := a[1].(string)
		to, ok3 := a[2].(string)
		if !ok1 || !ok2 || !ok3 {
			return nil
		}
		return translate(s, []rune(from), []rune(to))
	})
	return d
})

// translate replaces each letter of s that is in from by the one at the same
// place in to, and leaves out those for which to is too short.
func translate(s string, from, to []rune) string {
	return strings.Map(func(r rune) rune {
		switch i := slices.Index(from, r); {
		case i < 0:
			return r
		case i >= len(to):
			return -1
		default:
			return to[i]
		}
	}, strings.Clone(s))
}

// onText applies fn to a text; the argument's memory belongs to SQLite, so a
// result that shares it is copied.
func onText(fn func(string) string) func([]driver.Value) driver.Value {
	return func(a []driver.Value) driver.Value {
		if s, ok := a[0].(string); ok {
			return strings.Clone(fn(s))
		}
		return a[0]
	}
}

// pick returns the largest (sign 1) or smallest (sign -1) value that is not
// NULL, as PostgreSQL does.
func pick(a []driver.Value, sign int) driver.Value {
	var best driver.Value
	for _, v := range a {
		if v != nil && (best == nil || sign*compare(v, best) > 0) {
			best = v
		}
	}
	switch v := best.(type) {
	case string:
		return strings.Clone(v)
	case []byte:
		return bytes.Clone(v)
	}
	return best
}

// compare orders numbers before texts before blobs, as SQLite does.
func compare(a, b driver.Value) int {
	ra, rb := rank(a), rank(b)
	if ra != rb {
		return ra - rb
	}
	switch x := a.(type) {
	case string:
		return strings.Compare(x, b.(string))
	case []byte:
		return bytes.Compare(x, b.([]byte))
	case int64:
		if y, ok := b.(int64); ok {
			switch {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		}
	}
	x, y := number(a), number(b)
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func rank(v driver.Value) int {
	switch v.(type) {
	case string:
		return 1
	case []byte:
		return 2
	}
	return 0
}

func number(v driver.Value) float64 {
	switch x := v.(type) {
	case int64:
		return float64(x)
	case float64:
		return x
	}
	return 0
}
