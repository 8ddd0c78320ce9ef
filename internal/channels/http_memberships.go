package channels

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

type myMembershipsIn struct {
	UserID string `path:"user_id"`
	TeamID string `path:"team_id"`
}

// getMyMemberships lists somebody's memberships of the channels that getMine
// lists. Clients ask for it whenever they start.
func (c *Channels) getMyMemberships(ctx context.Context, v access.Viewer, in myMembershipsIn) (any, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermViewTeam); err != nil {
		return nil, err
	}
	if in.UserID != v.UserID {
		if err := v.NeedTeam(ctx, in.TeamID, access.PermManageSystem); err != nil {
			return nil, err
		}
		return c.memberships(ctx, v, in)
	}
	return c.acc.Answers.Get(access.AnswerKey{What: "memberships", User: v.UserID, Of: in.TeamID}, func() (any, []access.Fact, error) {
		list, err := c.memberships(ctx, v, in)
		from := make([]access.Fact, 0, 3+len(list))
		from = append(from, access.UserFact(v.UserID), access.ReadingFact(v.UserID), access.TeamFact(in.TeamID))
		for _, m := range list {
			from = append(from, access.ChannelFact(m.ChannelID))
		}
		return list, from, err
	})
}

func (c *Channels) memberships(ctx context.Context, v access.Viewer, in myMembershipsIn) (memberList, error) {
	list, err := db.List(ctx, c.db, scanMembership, "SELECT "+memberColumns+`, coalesce(c.schemeid,''), coalesce(c.teamid,'') FROM channelmembers cm
		JOIN channels c ON c.id = cm.channelid WHERE cm.userid = $1 AND c.deleteat = 0 AND (c.teamid = $2 OR c.teamid = '')
		ORDER BY c.createat, c.id LIMIT $3`, in.UserID, in.TeamID, mostMine)
	if err != nil {
		return nil, err
	}
	out := make(memberList, len(list))
	for i := range list {
		if out[i], err = c.nameMembership(ctx, v, list[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// membership is a membership with what says which scheme names its roles.
type membership struct {
	model.ChannelMember
	schemeID, teamID string
}

func scanMembership(r db.Row) (*membership, error) {
	m := &membership{}
	return m, r.Scan(append(memberFields(&m.ChannelMember), &m.schemeID, &m.teamID)...)
}

// nameMembership names the roles of a membership that was read with its
// schemes, so that no channel has to be looked up, and hides from v the times
// of others.
func (c *Channels) nameMembership(ctx context.Context, v access.Viewer, m *membership) (*model.ChannelMember, error) {
	roles, err := c.acc.MembershipRoles(ctx, access.Member{Present: true, SchemeGuest: m.SchemeGuest, SchemeUser: m.SchemeUser,
		SchemeAdmin: m.SchemeAdmin, Explicit: m.ExplicitRoles}, m.teamID, m.schemeID)
	m.Roles = roles
	if m.UserID != v.UserID {
		m.LastViewedAt, m.LastUpdateAt = -1, -1
	}
	return &m.ChannelMember, err
}

type membershipsIn struct {
	UserID  string `path:"user_id"`
	Page    string `query:"page"`
	PerPage int    `query:"per_page" default:"60" max:"200"`
}

// getMembershipsEverywhere lists somebody's memberships in all teams: a page of
// them, or all with page -1.
func (c *Channels) getMembershipsEverywhere(ctx context.Context, v access.Viewer, in membershipsIn) (memberWithTeamList, error) {
	if err := v.NeedUser(ctx, in.UserID); err != nil {
		return nil, err
	}
	limit, offset := in.PerPage, 0
	if in.Page == "-1" {
		limit = mostMine
	} else {
		offset = pageNumber(in.Page) * in.PerPage
	}
	type row struct {
		member membership
		out    model.ChannelMemberWithTeamData
	}
	rows, err := db.List(ctx, c.db, func(r db.Row) (*row, error) {
		var m row
		return &m, r.Scan(append(memberFields(&m.member.ChannelMember), db.NullString(&m.member.schemeID), db.NullString(&m.member.teamID),
			db.NullString(&m.out.TeamDisplayName), db.NullString(&m.out.TeamName), db.NullInt64(&m.out.TeamUpdateAt))...)
	}, "SELECT "+memberColumns+`, c.schemeid, c.teamid, t.displayname, t.name, t.updateat FROM channelmembers cm
		JOIN channels c ON c.id = cm.channelid LEFT JOIN teams t ON t.id = c.teamid
		WHERE cm.userid = $1 AND c.deleteat = 0 ORDER BY cm.channelid LIMIT $2 OFFSET $3`, in.UserID, limit, offset)
	if err != nil {
		return nil, err
	}
	out := make(memberWithTeamList, len(rows))
	for i, m := range rows {
		named, err := c.nameMembership(ctx, v, &m.member)
		if err != nil {
			return nil, err
		}
		out[i] = &m.out
		out[i].ChannelMember = *named
	}
	return out, nil
}

// memberWithTeamList encodes itself.
type memberWithTeamList []*model.ChannelMemberWithTeamData

// AppendJSON appends the list as JSON.
func (l memberWithTeamList) AppendJSON(dst []byte) []byte { return model.AppendList(dst, l) }

func (c *Channels) timezones(ctx context.Context, v access.Viewer, in channelIn) ([]string, error) {
	if err := v.NeedChannel(ctx, in.ChannelID, access.PermReadChannel); err != nil {
		return nil, err
	}
	zones, err := db.List(ctx, c.db, func(r db.Row) (string, error) {
		var tz model.StringMap
		err := r.Scan(db.ScanJSON(&tz))
		return zoneOf(tz), err
	}, `SELECT u.timezone FROM channelmembers cm JOIN users u ON u.id = cm.userid WHERE cm.channelid = $1 LIMIT 100000`, in.ChannelID)
	if err != nil {
		return nil, err
	}
	slices.Sort(zones)
	return slices.DeleteFunc(slices.Compact(zones), func(z string) bool { return z == "" }), nil
}

// zoneOf is the time zone that a user is in, "" when it isn't known.
func zoneOf(tz model.StringMap) string {
	if tz[model.TimezoneUseAutomatic] == "true" {
		return tz[model.TimezoneAutomatic]
	}
	return tz[model.TimezoneManual]
}

type statsIn struct {
	channelIn
	ExcludeFiles bool `query:"exclude_files_count"`
}

func (c *Channels) stats(ctx context.Context, v access.Viewer, in statsIn) (*model.ChannelStats, error) {
	if err := v.NeedChannel(ctx, in.ChannelID, access.PermReadChannel); err != nil {
		return nil, err
	}
	s := &model.ChannelStats{ChannelID: in.ChannelID}
	// coalesce keeps the planners from walking all posts of the channel: pinned
	// ones are few on the whole server.
	err := c.db.QueryRow(ctx, `SELECT
		(SELECT count(*) FROM channelmembers cm JOIN users u ON u.id = cm.userid AND u.deleteat = 0 WHERE cm.channelid = $1),
		(SELECT count(*) FROM channelmembers cm JOIN users u ON u.id = cm.userid AND u.deleteat = 0 WHERE cm.channelid = $1 AND cm.schemeguest = true),
		(SELECT count(*) FROM posts p WHERE p.ispinned = true AND coalesce(p.channelid,'') = $1 AND p.deleteat = 0),
		CASE WHEN $2 THEN -1 ELSE (SELECT count(*) FROM fileinfo f WHERE f.channelid = $1 AND f.postid <> '' AND f.deleteat = 0) END`,
		in.ChannelID, in.ExcludeFiles).Scan(&s.MemberCount, &s.GuestCount, &s.PinnedPostCount, &s.FilesCount)
	return s, err
}

// memberCounts tells how many members several channels have.
func (c *Channels) memberCounts(ctx context.Context, v access.Viewer, in idsIn) (map[string]int64, error) {
	ids, err := in.ids("channel_ids")
	if err != nil {
		return nil, err
	}
	for _, channelID := range ids {
		ch, err := c.acc.Channel(ctx, channelID)
		if err != nil && !fault.IsNotFound(err) {
			return nil, err
		}
		open := err == nil && ch.Type == model.ChannelOpen && v.CanTeam(ctx, ch.TeamID, access.PermListTeamChannels)
		if !open {
			if err := v.NeedChannel(ctx, channelID, access.PermReadChannelContent); err != nil {
				return nil, err
			}
		}
	}
	counts := make(map[string]int64, len(ids))
	for _, channelID := range ids {
		counts[channelID] = 0
	}
	_, err = db.List(ctx, c.db, func(r db.Row) (struct{}, error) {
		var channelID string
		var n int64
		err := r.Scan(&channelID, &n)
		counts[channelID] = n
		return struct{}{}, err
	}, `SELECT cm.channelid, count(*) FROM channelmembers cm JOIN users u ON u.id = cm.userid AND u.deleteat = 0
		WHERE cm.channelid = ANY($1) GROUP BY cm.channelid LIMIT $2`, ids, len(ids))
	return counts, err
}
