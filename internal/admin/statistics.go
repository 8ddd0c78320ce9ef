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

// busiest is how many authors or channels are named.
const busiest = 5

type channelIn struct {
	ChannelID string `path:"channel_id"`
}

// channelStatistics answers, to whoever may read a channel, how much is written there.
func (a *Admin) channelStatistics(ctx context.Context, v access.Viewer, in channelIn) (*model.Statistics, error) {
	refused := fault.NoPermission(string(access.PermReadChannel))
	ch, err := a.acc.Channel(ctx, in.ChannelID)
	if fault.IsNotFound(err) || err == nil && !v.MayRead(ctx, ch) {
		return nil, refused
	}
	if err != nil {
		return nil, err
	}
	return remembered(ctx, &a.figures, "channel "+ch.ID, func(ctx context.Context) (*model.Statistics, error) {
		return a.countPlace(ctx, placeOf{
			counts: `SELECT (SELECT count(*) FROM channelmembers m JOIN users u ON u.id = m.userid WHERE m.channelid = $1 AND u.deleteat = 0),
				(SELECT count(*) FROM channelmembers m JOIN users u ON u.id = m.userid WHERE m.channelid = $1 AND u.deleteat = 0 AND m.schemeguest),
				c.totalmsgcount, c.totalmsgcountroot,
				(SELECT count(*) FROM fileinfo f WHERE f.channelid = $1 AND f.deleteat = 0 AND f.postid <> ''), 0, 0 FROM channels c WHERE c.id = $1`,
			posts: `p.channelid = $1`,
			busiest: `SELECT p.userid, '', count(*) AS n FROM posts p WHERE p.channelid = $1 AND ` + written + `
				GROUP BY p.userid ORDER BY n DESC, p.userid LIMIT $4`,
		}, ch.ID, func(s *model.Statistics, userID, _ string, n int64) {
			s.Authors = append(s.Authors, model.StatisticsAuthor{UserID: userID, Messages: n})
		})
	})
}

type teamIn struct {
	TeamID string `path:"team_id"`
}

// teamStatistics answers the same of all channels of a team, to those who
// manage it. Private channels count, and stay without a name.
func (a *Admin) teamStatistics(ctx context.Context, v access.Viewer, in teamIn) (*model.Statistics, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermManageTeam); err != nil {
		return nil, err
	}
	return remembered(ctx, &a.figures, "team "+in.TeamID, func(ctx context.Context) (*model.Statistics, error) {
		return a.countPlace(ctx, placeOf{
			counts: `SELECT (SELECT count(*) FROM teammembers m JOIN users u ON u.id = m.userid WHERE m.teamid = $1 AND m.deleteat = 0 AND u.deleteat = 0),
				(SELECT count(*) FROM teammembers m JOIN users u ON u.id = m.userid WHERE m.teamid = $1 AND m.deleteat = 0 AND u.deleteat = 0 AND m.schemeguest),
				coalesce(sum(c.totalmsgcount),0), coalesce(sum(c.totalmsgcountroot),0),
				(SELECT count(*) FROM fileinfo f JOIN channels fc ON fc.id = f.channelid WHERE fc.teamid = $1 AND f.deleteat = 0 AND f.postid <> ''),
				coalesce(sum(CASE WHEN c.type = 'O' AND c.deleteat = 0 THEN 1 ELSE 0 END),0),
				coalesce(sum(CASE WHEN c.type = 'P' AND c.deleteat = 0 THEN 1 ELSE 0 END),0) FROM channels c WHERE c.teamid = $1`,
			posts: `p.channelid IN (SELECT c.id FROM channels c WHERE c.teamid = $1)`,
			busiest: `SELECT c.id, c.displayname, count(*) AS n FROM posts p JOIN channels c ON c.id = p.channelid
				WHERE c.teamid = $1 AND c.type = 'O' AND c.deleteat = 0 AND ` + written + ` GROUP BY c.id, c.displayname ORDER BY n DESC, c.id LIMIT $4`,
		}, in.TeamID, func(s *model.Statistics, channelID, name string, n int64) {
			s.Channels = append(s.Channels, model.StatisticsBusy{ChannelID: channelID, DisplayName: name, Messages: n})
		})
	})
}

// written picks the messages of the last days: from $2 until before $3.
const written = `p.deleteat = 0 AND p.createat >= $2 AND p.createat < $3 AND p.type NOT LIKE 'system\_%' ESCAPE '\'`

// placeOf is how something is counted whose id is $1.
type placeOf struct{ counts, posts, busiest string }

func (a *Admin) countPlace(ctx context.Context, p placeOf, placeID string, busy func(s *model.Statistics, id, name string, n int64)) (*model.Statistics, error) {
	s, err := db.Get(ctx, a.db.Replica(), func(r db.Row) (*model.Statistics, error) {
		s := &model.Statistics{Days: []model.StatisticsDay{}}
		return s, r.Scan(&s.Members, &s.Guests, &s.Messages, &s.Threads, &s.Files, &s.OpenChannels, &s.PrivateChannels)
	}, p.counts, placeID)
	if err != nil {
		return nil, err
	}
	const perDay = int64(day / time.Millisecond)
	today := id.Now() / perDay
	from, to := (today-analysedDays+1)*perDay, (today+1)*perDay
	days, err := db.List(ctx, a.db.Replica(), func(r db.Row) (model.StatisticsDay, error) {
		var number int64
		var d model.StatisticsDay
		err := r.Scan(&number, &d.Messages, &d.Authors)
		d.Day = time.UnixMilli(number * perDay).UTC().Format(time.DateOnly)
		return d, err
	}, `SELECT p.createat / 86400000 AS day, count(*), count(DISTINCT p.userid) FROM posts p WHERE `+p.posts+` AND `+written+`
		GROUP BY p.createat / 86400000 ORDER BY day DESC LIMIT $4`, placeID, from, to, analysedDays)
	if err != nil {
		return nil, err
	}
	s.Days = append(s.Days, days...)
	_, err = db.List(ctx, a.db.Replica(), func(r db.Row) (_ struct{}, err error) {
		var placeID, name string
		var n int64
		if err = r.Scan(&placeID, &name, &n); err == nil {
			busy(s, placeID, name, n)
		}
		return struct{}{}, err
	}, p.busiest, placeID, from, to, busiest)
	return s, err
}
