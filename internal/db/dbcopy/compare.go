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

// digestOf hashes a row; memory is what the last call returned, to be used again.
func digestOf(memory []byte, row []any) (digest, []byte) {
	memory = memory[:0]
	for _, v := range row {
		memory = appendValue(memory, v)
	}
	return sha256.Sum256(memory), memory
}

func (s *sum) add(row digest) {
	var carry uint64
	s.low, carry = bits.Add64(s.low, binary.BigEndian.Uint64(row[8:16]), 0)
	s.high, _ = bits.Add64(s.high, binary.BigEndian.Uint64(row[:8]), carry)
	s.rows++
}

// appendValue adds what is hashed of a value: its tag, its length, and its bytes.
func appendValue(to []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return appendLength(to, 'n', 0)
	case string:
		return append(appendLength(to, 's', len(v)), v...)
	case []byte:
		return append(appendLength(to, 'b', len(v)), v...)
	case bool:
		if v {
			return append(appendLength(to, 't', 1), 1)
		}
		return append(appendLength(to, 't', 1), 0)
	case float64:
		return binary.BigEndian.AppendUint64(appendLength(to, 'f', 8), math.Float64bits(v))
	case int64:
		return binary.BigEndian.AppendUint64(appendLength(to, 'i', 8), uint64(v))
	}
	return appendLength(to, '?', 0)
}

func appendLength(to []byte, tag byte, n int) []byte {
	return binary.BigEndian.AppendUint64(append(to, tag), uint64(n))
}

// sumOf streams a table.
func sumOf(ctx context.Context, q db.Querier, t table, told func(int64)) (sum, error) {
	var s sum
	rows, err := q.Query(ctx, t.selection(q))
	if err != nil {
		return s, err
	}
	defer rows.Close()
	var d digest
	var memory []byte
	for rows.Next() {
		row, _, err := readRow(rows, t)
		if err != nil {
			return s, err
		}
		d, memory = digestOf(memory, row)
		if s.add(d); s.rows%10_000 == 0 {
			told(s.rows)
		}
	}
	return s, rows.Err()
}
