package links

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"hash/fnv"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// load returns the newest rows of addresses.
func (l *Links) load(ctx context.Context, addresses []string) (map[string]*Link, error) {
	type row struct {
		address string
		link    *Link
	}
	rows, err := db.List(ctx, l.db, func(r db.Row) (row, error) {
		var out row
		var data json.RawMessage
		out.link = &Link{}
		err := r.Scan(&out.address, &out.link.At, &out.link.Kind, db.ScanJSON(&data))
		out.link.read(data)
		return out, err
	}, `SELECT url, coalesce("timestamp",0), coalesce(type,''), data FROM linkmetadata m WHERE url = ANY($1)
		AND "timestamp" = (SELECT max("timestamp") FROM linkmetadata n WHERE n.url = m.url) LIMIT $2`, addresses, 2*len(addresses))
	if err != nil {
		return nil, err
	}
	out := make(map[string]*Link, len(rows))
	for _, r := range rows {
		if out[r.address] == nil {
			out[r.address] = r.link
		}
	}
	return out, nil
}

// read takes in the data of a row. What can't be read is nothing to show.
func (k *Link) read(data json.RawMessage) {
	var err error
	switch k.Kind {
	case KindPage:
		k.Page = &model.OpenGraph{}
		err = json.Unmarshal(data, k.Page)
	case KindImage:
		k.Image = &model.PostImage{}
		err = json.Unmarshal(data, k.Image)
	}
	if err != nil || k.Kind != KindPage && k.Kind != KindImage {
		k.Kind, k.Page, k.Image = KindNone, nil, nil
	}
}

// save keeps the newest row of an address, and only that.
func (l *Links) save(ctx context.Context, address string, k *Link) error {
	var data any
	switch k.Kind {
	case KindPage:
		data = k.Page
	case KindImage:
		data = k.Image
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	return l.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM linkmetadata WHERE url = $1`, address); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO linkmetadata (hash, url, "timestamp", type, data) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (hash) DO UPDATE SET url = excluded.url, "timestamp" = excluded."timestamp", type = excluded.type, data = excluded.data`,
			rowKey(address, k.At), address, k.At, k.Kind, string(raw))
		return err
	})
}

// rowKey is the key of an address in one hour.
func rowKey(address string, at int64) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(address))
	_ = binary.Write(h, binary.BigEndian, at/fresh.Milliseconds())
	return int64(h.Sum64())
}
