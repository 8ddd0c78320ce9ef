package teams

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

func (t *Teams) mountUnread(r *access.Router) {
	api.Get(r, "/users/{user_id}/teams/unread", access.Session, t.getUnreads)
	api.Get(r, "/users/{user_id}/teams/{team_id}/unread", access.Session, t.getUnread)
}

type getUnreadsIn struct {
	userIn
	Without string `query:"exclude_team"`
	Threads bool   `query:"include_collapsed_threads"`
}

func (t *Teams) getUnreads(ctx context.Context, v access.Viewer, in getUnreadsIn) (any, error) {
	if v.UserID != in.UserID {
		if err := v.Need(ctx, access.PermManageSystem); err != nil {
			return nil, err
		}
	}
	if in.Without == "" && !in.Threads {
		return t.acc.Answers.Get(access.AnswerKey{What: "teams unread", User: in.UserID}, func() (any, []access.Fact, error) {
			list, channels, err := t.unreadChannels(ctx, in.UserID, "c.teamid <> $2", "")
			from := []access.Fact{access.UserFact(in.UserID), access.ReadingFact(in.UserID)}
			for _, channelID := range channels {
				from = append(from, access.ChannelFact(channelID), access.CountFact(channelID))
			}
			return list, from, err
		})
	}
	list, _, err := t.unreadChannels(ctx, in.UserID, "c.teamid <> $2", in.Without)
	if err == nil && in.Threads {
		err = t.addThreads(ctx, in.UserID, list)
	}
	return list, err
}

type getUnreadIn struct {
	memberIn
	Threads bool `query:"include_collapsed_threads"`
}

func (t *Teams) getUnread(ctx context.Context, v access.Viewer, in getUnreadIn) (*model.TeamUnread, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return nil, err
	}
	if err := v.NeedTeam(ctx, in.TeamID, access.PermViewTeam); err != nil {
		return nil, err
	}
	list, _, err := t.unreadChannels(ctx, in.UserID, "c.teamid = $2", in.TeamID)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		list = []*model.TeamUnread{{TeamID: in.TeamID}}
	}
	if in.Threads {
		err = t.addThreads(ctx, in.UserID, list)
	}
	return list[0], err
}

// unreadChannels sums up what a user has not read in the live channels of the
// teams that cond (over c, with arg as $2) chooses. Muted channels count with
// their mentions alone. It also returns the channels that it looked at.
func (t *Teams) unreadChannels(ctx context.Context, userID, cond, arg string) (list []*model.TeamUnread, channels []string, err error) {
	list, err = db.List(ctx, t.db, func(r db.Row) (*model.TeamUnread, error) {
		var u model.TeamUnread
		var ids string
		err := r.Scan(&u.TeamID, &u.MsgCount, &u.MsgCountRoot, &u.MentionCount, &u.MentionCountRoot, &ids)
		channels = append(channels, strings.Fields(ids)...)
		return &u, err
	}, `SELECT x.teamid, CAST(sum(CASE WHEN x.muted THEN 0 ELSE x.msgs END) AS bigint), CAST(sum(CASE WHEN x.muted THEN 0 ELSE x.roots END) AS bigint),
		CAST(sum(x.mentions) AS bigint), CAST(sum(x.mentionroots) AS bigint), string_agg(x.id, ' ')
		FROM (SELECT c.id, c.teamid, greatest(coalesce(c.totalmsgcount,0) - coalesce(cm.msgcount,0), 0) AS msgs,
			greatest(coalesce(c.totalmsgcountroot,0) - coalesce(cm.msgcountroot,0), 0) AS roots,
			coalesce(cm.mentioncount,0) AS mentions, coalesce(cm.mentioncountroot,0) AS mentionroots,
			coalesce(cm.notifyprops->>'mark_unread','') = 'mention' AS muted
			FROM channelmembers cm JOIN channels c ON c.id = cm.channelid
			WHERE cm.userid = $1 AND c.teamid <> '' AND c.deleteat = 0 AND `+cond+`) x
		GROUP BY x.teamid ORDER BY x.teamid LIMIT $3`, userID, arg, most)
	return list, channels, err
}

// addThreads fills in the unread threads that the user follows.
func (t *Teams) addThreads(ctx context.Context, userID string, list []*model.TeamUnread) error {
	ids := make([]string, len(list))
	of := make(map[string]*model.TeamUnread, len(list))
	for i, u := range list {
		ids[i], of[u.TeamID] = u.TeamID, u
	}
	counts, err := db.List(ctx, t.db, func(r db.Row) (model.TeamUnread, error) {
		var u model.TeamUnread
		err := r.Scan(&u.TeamID, &u.ThreadCount, &u.ThreadMentionCount, &u.ThreadUrgentMentionCount)
		return u, err
	}, `SELECT th.threadteamid, count(*), CAST(sum(coalesce(tm.unreadmentions,0)) AS bigint),
		CAST(sum(CASE WHEN pp.priority = 'urgent' THEN coalesce(tm.unreadmentions,0) ELSE 0 END) AS bigint)
		FROM threadmemberships tm JOIN threads th ON th.postid = tm.postid LEFT JOIN postspriority pp ON pp.postid = th.postid
		WHERE tm.userid = $1 AND tm.following = true AND th.threadteamid = ANY($2) AND coalesce(th.threaddeleteat,0) = 0
			AND th.lastreplyat > coalesce(tm.lastviewed,0)
		GROUP BY th.threadteamid LIMIT $3`, userID, ids, len(ids))
	for _, c := range counts {
		u := of[c.TeamID]
		u.ThreadCount, u.ThreadMentionCount, u.ThreadUrgentMentionCount = c.ThreadCount, c.ThreadMentionCount, c.ThreadUrgentMentionCount
	}
	return err
}
