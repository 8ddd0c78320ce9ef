package dbcopy

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/parley-chat/parley/internal/db"
)

// Compare reads every row of both databases and returns the tables that differ,
// none when both hold the same. The order of rows doesn't matter, since engines
// sort texts each in their own way: a table's sum is that of the hashes of its
// rows.
func Compare(ctx context.Context, o Options) ([]Difference, error) {
	tables, _, err := tablesOf(ctx, o.From, o.To)
	if err != nil {
		return nil, err
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	of, err := countAll(ctx, o.From, tables)
	if err != nil {
		return nil, err
	}
	var out []Difference
	var done int64
	for _, t := range tables {
		from, err := sumOf(ctx, o.From, t, func(n int64) {
			o.Progress(Progress{Table: t.name, Rows: n, Total: done + n, Of: of, Comparing: true})
		})
		if err != nil {
			return nil, err
		}
		to, err := sumOf(ctx, o.To, t, func(int64) {})
		if err != nil {
			return nil, err
		}
		if from != to {
			out = append(out, Difference{t.name, from.rows, to.rows})
		}
		done += from.rows
	}
	return out, nil
}

// sum is the number of rows and the sum of their hashes, modulo 2^128.
type sum struct {
	rows      int64
	low, high uint64
}

type digest = [sha256.Size]byte

func digestOf(row []any) (out digest) {
	hash := sha256.New()
	var length [8]byte
	for _, v := range row {
		text, tag := encoded(v)
		binary.BigEndian.PutUint64(length[:], uint64(len(text)))
		hash.Write([]byte{tag})
		hash.Write(length[:])
		hash.Write(text)
	}
	hash.Sum(out[:0])
	return out
}

func (s *sum) add(row digest) {
	var carry uint64
	s.low, carry = bits.Add64(s.low, binary.BigEndian.Uint64(row[8:16]), 0)
	s.high, _ = bits.Add64(s.high, binary.BigEndian.Uint64(row[:8]), carry)
	s.rows++
}

func encoded(v any) (text []byte, tag byte) {
	switch v := v.(type) {
	case nil:
		return nil, 'n'
	case string:
		return []byte(v), 's'
	case []byte:
		return v, 'b'
	case bool:
		if v {
			return []byte{1}, 't'
		}
		return []byte{0}, 't'
	case float64:
		return binary.BigEndian.AppendUint64(nil, math.Float64bits(v)), 'f'
	case int64:
		return binary.BigEndian.AppendUint64(nil, uint64(v)), 'i'
	}
	return nil, '?'
}

// sumOf streams a table.
func sumOf(ctx context.Context, d db.Querier, t table, told func(int64)) (sum, error) {
	var s sum
	rows, err := d.Query(ctx, t.selection(d))
	if err != nil {
		return s, err
	}
	defer rows.Close()
	for rows.Next() {
		row, _, err := readRow(rows, t)
		if err != nil {
			return s, err
		}
		if s.add(digestOf(row)); s.rows%10_000 == 0 {
			told(s.rows)
		}
	}
	return s, rows.Err()
}
