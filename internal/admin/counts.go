package admin

import (
	"context"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/metrics"
)

// What there is, by kind. Messages are counted by their channels, so that sixty million of them cost no walk.
const (
	usersByState = `SELECT CASE WHEN EXISTS (SELECT 1 FROM bots b WHERE b.userid = u.id) THEN 'bot' WHEN u.deleteat > 0 THEN 'inactive'
		WHEN u.roles LIKE '%system\_guest%' ESCAPE '\' THEN 'guest' ELSE 'active' END AS kind, count(*) FROM users u GROUP BY 1`
	teamsByState   = `SELECT CASE WHEN deleteat > 0 THEN 'archived' ELSE 'active' END AS kind, count(*) FROM teams GROUP BY 1`
	channelsByType = `SELECT CASE WHEN deleteat > 0 THEN 'archived' WHEN type = 'O' THEN 'open' WHEN type = 'P' THEN 'private'
		WHEN type = 'D' THEN 'direct' ELSE 'group' END AS kind, count(*) FROM channels GROUP BY 1`
	postsByChannels = `SELECT CAST(coalesce(sum(totalmsgcount), 0) AS bigint) FROM channels`
)

// Counts counts what there is, for the metrics.
func (a *Admin) Counts(ctx context.Context) (metrics.Counts, error) {
	var out metrics.Counts
	for _, of := range []struct {
		to    *map[string]int64
		sql   string
		kinds []string
	}{
		{&out.Users, usersByState, []string{"active", "inactive", "guest", "bot"}},
		{&out.Teams, teamsByState, []string{"active", "archived"}},
		{&out.Channels, channelsByType, []string{"open", "private", "direct", "group", "archived"}},
	} {
		counted, err := a.byKind(ctx, of.sql, of.kinds)
		if err != nil {
			return out, err
		}
		*of.to = counted
	}
	out.Active = map[string]int64{}
	for period, span := range map[string]time.Duration{"day": day, "week": 7 * day, "month": monthDays * day} {
		n, err := db.Value[int64](ctx, a.db.Replica(), activeSince, time.Now().Add(-span).UnixMilli())
		if err != nil {
			return out, err
		}
		out.Active[period] = n
	}
	var err error
	out.Posts, err = db.Value[int64](ctx, a.db.Replica(), postsByChannels)
	return out, err
}

// byKind counts rows by kind; a kind without any counts zero, so that its line doesn't come and go.
func (a *Admin) byKind(ctx context.Context, sql string, kinds []string) (map[string]int64, error) {
	out := make(map[string]int64, len(kinds))
	for _, kind := range kinds {
		out[kind] = 0
	}
	type count struct {
		kind string
		n    int64
	}
	list, err := db.List(ctx, a.db.Replica(), func(r db.Row) (c count, err error) {
		err = r.Scan(&c.kind, &c.n)
		return c, err
	}, sql)
	for _, c := range list {
		out[c.kind] = c.n
	}
	return out, err
}
