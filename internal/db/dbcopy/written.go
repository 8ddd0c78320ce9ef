package dbcopy

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/db"
)

// readForms are the forms of values that appendField reads, whatever a database's own settings say.
var readForms = []string{`SET LOCAL bytea_output = 'hex'`, `SET LOCAL extra_float_digits = 1`}

// written is the sum of a table as the target holds it. PostgreSQL gives its
// rows by COPY, which takes a fraction of the time of a query's.
func (l *Loader) written(ctx context.Context, tx *db.Tx, t table) (sum, error) {
	if tx.SQLite() || !l.copies(t) {
		return sumOf(ctx, tx, t, func(int64) {})
	}
	var s sum
	var memory []byte
	err := tx.Unload(ctx, t.selection(tx), func(line []byte) error {
		memory = memory[:0]
		for i, c := range t.columns {
			field, rest, more := bytes.Cut(line, tab)
			if more == (i == len(t.columns)-1) {
				return errLine
			}
			var err error
			if memory, err = appendField(memory, c.kind, field); err != nil {
				return err
			}
			line = rest
		}
		s.add(sha256.Sum256(memory))
		return nil
	})
	return s, err
}

// copies reports whether the text that COPY gives of a table says all of it: what
// comes as bytes must be kept as bytes.
func (l *Loader) copies(t table) bool {
	for _, c := range t.columns {
		for _, own := range l.tables[t.name].columns {
			if own.name == c.name && (own.kind == kindBytes) != (c.kind == kindBytes) {
				return false
			}
		}
	}
	return len(t.columns) > 0
}

var (
	tab     = []byte{'\t'}
	null    = []byte(`\N`)
	errLine = errors.New("a row was read back that has other columns")
)

// appendField adds what is hashed of a value, out of the text that COPY gives of it.
func appendField(to []byte, k kind, field []byte) ([]byte, error) {
	if bytes.Equal(field, null) {
		return appendValue(to, nil), nil
	}
	plain := bytes.IndexByte(field, '\\') < 0
	if plain && k == kindText && utf8.Valid(field) {
		return append(appendLength(to, 's', len(field)), field...), nil
	}
	text := string(field)
	if !plain {
		text = unescaped(field)
	}
	v, err := fieldValue(k, text)
	if err != nil {
		return to, err
	}
	if v, err = canonical(k, v); err != nil {
		return to, err
	}
	return appendValue(to, v), nil
}

// fieldValue is what a query would have given of a column of the kind.
func fieldValue(k kind, text string) (any, error) {
	switch {
	case k == kindBool && (text == "t" || text == "f"):
		return text == "t", nil
	case k == kindInt || k == kindBool:
		if text == "t" || text == "f" {
			return text == "t", nil
		}
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n, nil
		}
		return strconv.ParseFloat(text, 64)
	case k == kindReal:
		return strconv.ParseFloat(text, 64)
	case k == kindBytes:
		if len(text) < 2 || text[:2] != `\x` {
			return nil, errLine
		}
		return hex.DecodeString(text[2:])
	}
	return text, nil
}

var escapes = [256]byte{'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v'}

// unescaped takes back what COPY's text format does to a value.
func unescaped(field []byte) string {
	out := make([]byte, 0, len(field))
	for i := 0; i < len(field); i++ {
		c := field[i]
		if c == '\\' && i+1 < len(field) {
			i++
			if c = field[i]; escapes[c] != 0 {
				c = escapes[c]
			}
		}
		out = append(out, c)
	}
	return string(out)
}
