package db_test

import (
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
)

func TestFreshDatabase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if err := d.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		for table, want := range map[string]int64{"db_migrations": 158, "roles": 25, "systems": 72, "propertyfields": 11,
			"propertygroups": 2, "users": 1, "bots": 1, "parley_settings": 0} {
			if n, err := db.Value[int64](ctx, d, "SELECT count(*) FROM "+table); err != nil || n != want {
				t.Errorf("%s has %d rows (%v), want %d", table, n, err, want)
			}
		}
		r, err := d.Check(ctx)
		if err != nil || !r.Complete() {
			t.Errorf("check: %+v %v", r, err)
		}
	}, dbtest.Empty)
}
