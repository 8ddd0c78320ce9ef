package admin

import (
	"context"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

const (
	day          = 24 * time.Hour
	monthDays    = 31
	analysedDays = 31 // how far the figures by day go back
)

type analyticsIn struct {
	Name   string `query:"name" default:"standard"`
	TeamID string `query:"team_id"`
}

// analytics answers the figures of the site or, with a team, of that team.
func (a *Admin) analytics(ctx context.Context, _ access.Viewer, in analyticsIn) ([]model.AnalyticsRow, error) {
	if in.TeamID != "" && !id.Valid(in.TeamID) {
		return nil, fault.InvalidParam("team_id")
	}
	ask := map[string]func(context.Context, string) ([]model.AnalyticsRow, error){
		"standard":                   a.standardFigures,
		"extra_counts":               a.extraFigures,
		"post_counts_day":            a.postsByDay,
		"bot_post_counts_day":        a.botPostsByDay,
		"user_counts_with_posts_day": a.authorsByDay,
	}[in.Name]
	if ask == nil {
		return nil, fault.InvalidParam("name")
	}
	return a.figures.remember(ctx, in.Name+" "+in.TeamID, func(ctx context.Context) ([]model.AnalyticsRow, error) { return ask(ctx, in.TeamID) })
}

// figure is a number and how it is counted; $1 is the team, "" for the site.
type figure struct{ name, sql string }

// standard are the figures of the first page. Bots count as nobody.
var standard = []figure{
	{"channel_open_count", `SELECT count(*) FROM channels WHERE type = 'O' AND ($1 = '' OR teamid = $1)`},
	{"channel_private_count", `SELECT count(*) FROM channels WHERE type = 'P' AND ($1 = '' OR teamid = $1)`},
	{"inactive_user_count", `SELECT count(*) FROM users u WHERE u.deleteat > 0 AND ($1 = '' OR EXISTS (SELECT 1 FROM teammembers m WHERE m.teamid = $1 AND m.userid = u.id))
		AND NOT EXISTS (SELECT 1 FROM bots b WHERE b.userid = u.id)`},
	{"single_channel_guest_count", `SELECT count(*) FROM (SELECT m.userid FROM channelmembers m JOIN users u ON u.id = m.userid JOIN channels c ON c.id = m.channelid
		WHERE u.deleteat = 0 AND u.roles LIKE '%system\_guest%' ESCAPE '\' AND c.type IN ('O', 'P') AND c.deleteat = 0 AND ($1 = '' OR c.teamid = $1)
		GROUP BY m.userid HAVING count(*) = 1) AS single`},
	{"team_count", `SELECT count(*) FROM teams WHERE deleteat = 0 AND ($1 = '' OR id = $1)`},
	{"unique_user_count", `SELECT count(*) FROM users u WHERE u.deleteat = 0 AND ($1 = '' OR EXISTS (SELECT 1 FROM teammembers m WHERE m.teamid = $1 AND m.userid = u.id AND m.deleteat = 0))
		AND NOT EXISTS (SELECT 1 FROM bots b WHERE b.userid = u.id)`},
}

const postCount = `SELECT count(*) FROM posts p WHERE p.deleteat = 0 AND ($1 = '' OR EXISTS (SELECT 1 FROM channels c WHERE c.id = p.channelid AND c.teamid = $1))`

// activeSince counts people seen since $1.
const activeSince = `SELECT count(*) FROM status s WHERE s.lastactivityat > $1 AND NOT EXISTS (SELECT 1 FROM bots b WHERE b.userid = s.userid)`

func (a *Admin) standardFigures(ctx context.Context, teamID string) ([]model.AnalyticsRow, error) {
	rows, err := a.count(ctx, standard, teamID)
	if err != nil {
		return nil, err
	}
	add := func(name string, n int64) { rows = append(rows, model.AnalyticsRow{Name: name, Value: float64(n)}) }
	people := rows[len(rows)-1].Value
	posts := int64(-1) // clients show it as not counted
	if most := a.cfg.Get().AnalyticsSettings.MaxUsersForStatistics; most <= 0 || people <= float64(most) {
		if posts, err = db.Value[int64](ctx, a.db.Replica(), postCount, teamID); err != nil {
			return nil, err
		}
	}
	add("post_count", posts)
	for name, span := range map[string]time.Duration{"daily_active_users": day, "monthly_active_users": monthDays * day} {
		n, err := db.Value[int64](ctx, a.db.Replica(), activeSince, id.Now()-span.Milliseconds())
		if err != nil {
			return nil, err
		}
		add(name, n)
	}
	add("total_websocket_connections", a.hub.Stats.Live.Load())
	add("total_master_db_connections", int64(a.db.Stats().OpenConnections))
	add("total_read_db_connections", 0)
	return rows, nil
}

// extra are figures about what hangs on channels and accounts.
var extra = []figure{
	{"file_post_count", `SELECT count(*) FROM fileinfo f WHERE f.deleteat = 0 AND f.postid <> '' AND ($1 = '' OR EXISTS (SELECT 1 FROM channels c WHERE c.id = f.channelid AND c.teamid = $1))`},
	{"hashtag_post_count", `SELECT count(*) FROM posts p WHERE p.deleteat = 0 AND p.hashtags <> '' AND ($1 = '' OR EXISTS (SELECT 1 FROM channels c WHERE c.id = p.channelid AND c.teamid = $1))`},
	{"incoming_webhook_count", `SELECT count(*) FROM incomingwebhooks WHERE deleteat = 0 AND ($1 = '' OR teamid = $1)`},
	{"outgoing_webhook_count", `SELECT count(*) FROM outgoingwebhooks WHERE deleteat = 0 AND ($1 = '' OR teamid = $1)`},
	{"command_count", `SELECT count(*) FROM commands WHERE deleteat = 0 AND ($1 = '' OR teamid = $1)`},
	{"session_count", `SELECT count(*) FROM sessions s WHERE (s.expiresat = 0 OR s.expiresat > $2) AND ($1 = '' OR EXISTS (SELECT 1 FROM teammembers m WHERE m.teamid = $1 AND m.userid = s.userid AND m.deleteat = 0))`},
}

func (a *Admin) extraFigures(ctx context.Context, teamID string) ([]model.AnalyticsRow, error) {
	rows, err := a.count(ctx, extra[:len(extra)-1], teamID)
	if err != nil {
		return nil, err
	}
	sessions := extra[len(extra)-1]
	n, err := db.Value[int64](ctx, a.db.Replica(), sessions.sql, teamID, id.Now())
	return append(rows, model.AnalyticsRow{Name: sessions.name, Value: float64(n)}), err
}

func (a *Admin) count(ctx context.Context, list []figure, teamID string) ([]model.AnalyticsRow, error) {
	rows := make([]model.AnalyticsRow, 0, len(list)+8)
	for _, f := range list {
		n, err := db.Value[int64](ctx, a.db.Replica(), f.sql, teamID)
		if err != nil {
			return nil, err
		}
		rows = append(rows, model.AnalyticsRow{Name: f.name, Value: float64(n)})
	}
	return rows, nil
}

// byDay counts something of the posts of each of the last days, in UTC, the
// newest day first; days without posts are left out.
func (a *Admin) byDay(ctx context.Context, what, where, teamID string) ([]model.AnalyticsRow, error) {
	const perDay = int64(day / time.Millisecond)
	today := id.Now() / perDay
	return db.List(ctx, a.db.Replica(), func(r db.Row) (model.AnalyticsRow, error) {
		var number, n int64
		err := r.Scan(&number, &n)
		return model.AnalyticsRow{Name: time.UnixMilli(number * perDay).UTC().Format(time.DateOnly), Value: float64(n)}, err
	}, `SELECT p.createat / 86400000 AS day, `+what+` FROM posts p WHERE p.createat >= $2 AND p.createat < $3
		AND ($1 = '' OR EXISTS (SELECT 1 FROM channels c WHERE c.id = p.channelid AND c.teamid = $1))`+where+`
		GROUP BY p.createat / 86400000 ORDER BY day DESC LIMIT $4`,
		teamID, (today-analysedDays)*perDay, (today+1)*perDay, analysedDays)
}

const byBots = ` AND EXISTS (SELECT 1 FROM bots b WHERE b.userid = p.userid)`

func (a *Admin) postsByDay(ctx context.Context, teamID string) ([]model.AnalyticsRow, error) {
	return a.byDay(ctx, `count(*)`, "", teamID)
}

func (a *Admin) botPostsByDay(ctx context.Context, teamID string) ([]model.AnalyticsRow, error) {
	return a.byDay(ctx, `count(*)`, byBots, teamID)
}

func (a *Admin) authorsByDay(ctx context.Context, teamID string) ([]model.AnalyticsRow, error) {
	return a.byDay(ctx, `count(DISTINCT p.userid)`, "", teamID)
}
