package groups

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// listIn are the questions that lists of groups answer.
type listIn struct {
	api.Page
	Q               string `query:"q"`
	MemberCount     bool   `query:"include_member_count"`
	MemberIDs       bool   `query:"include_member_ids"`
	AllowReference  bool   `query:"filter_allow_reference"`
	IncludeArchived bool   `query:"include_archived"`
	Archived        bool   `query:"filter_archived"`
	HasMember       string `query:"filter_has_member"`
	ParentPermitted bool   `query:"filter_parent_team_permitted"`
	Source          string `query:"group_source"`
	Since           int64  `query:"since"`
	TotalCount      bool   `query:"include_total_count"`
	OnlySyncable    bool   `query:"only_syncable_sources"`
	NotTeam         string `query:"not_associated_to_team"`
	NotChannel      string `query:"not_associated_to_channel"`
	OfChannel       string `query:"include_channel_member_count"`
	Timezones       bool   `query:"include_timezones"`
}

// allow refuses questions about teams and channels that v has no say in, and
// narrows the list to what v may see.
func (g *Groups) allow(ctx context.Context, v access.Viewer, in *listIn) error {
	for name, value := range map[string]string{"not_associated_to_team": in.NotTeam, "not_associated_to_channel": in.NotChannel,
		"filter_has_member": in.HasMember, "include_channel_member_count": in.OfChannel} {
		if value != "" && !id.Valid(value) {
			return fault.InvalidParam(name)
		}
	}
	if in.Source != "" {
		if err := g.switchedOn(in.Source); err != nil {
			return err
		}
	}
	if reads(ctx, v) {
		return nil
	}
	in.AllowReference = true
	if in.HasMember != "" {
		if ok, err := g.users.CanSee(ctx, v, in.HasMember); err != nil || !ok {
			return cmp.Or(err, error(fault.NoPermission(string(access.PermViewMembers))))
		}
	}
	if in.NotTeam != "" {
		if err := v.NeedTeam(ctx, in.NotTeam, access.PermManageTeam); err != nil {
			return err
		}
	}
	if in.NotChannel != "" {
		if err := g.needChannel(ctx, v, in.NotChannel); err != nil {
			return err
		}
	}
	if in.OfChannel != "" {
		return v.NeedChannel(ctx, in.OfChannel, access.PermReadChannel)
	}
	return nil
}

// filter collects the conditions of a list over usergroups g.
type filter struct {
	where []string
	args  []any
}

func (f *filter) and(cond string, args ...any) {
	for _, a := range args {
		f.args = append(f.args, a)
		cond = strings.Replace(cond, "?", fmt.Sprintf("$%d", len(f.args)), 1)
	}
	f.where = append(f.where, cond)
}

func (f *filter) sql() string {
	if len(f.where) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(f.where, " AND ")
}

// filterOf makes the conditions that a question states.
func (g *Groups) filterOf(in *listIn) *filter {
	f := &filter{}
	switch {
	case in.Since > 0:
		f.and("coalesce(g.updateat,0) > ?", in.Since) // changes, archiving among them
	case in.Archived:
		f.and("g.deleteat > 0")
	case !in.IncludeArchived:
		f.and("g.deleteat = 0")
	}
	if in.Q != "" {
		like := "%" + db.LikeEscape(strings.ToLower(strings.TrimPrefix(in.Q, "@"))) + "%"
		f.and(`(lower(g.name) LIKE ? ESCAPE '\' OR lower(g.displayname) LIKE ? ESCAPE '\')`, like, like)
	}
	if in.AllowReference {
		f.and("g.allowreference = true")
	}
	if in.HasMember != "" {
		f.and("EXISTS (SELECT 1 FROM groupmembers m WHERE m.groupid = g.id AND m.userid = ? AND coalesce(m.deleteat,0) = 0)", in.HasMember)
	}
	if in.Source != "" {
		f.and("g.source = ?", in.Source)
	}
	if !g.cfg.Get().ServiceSettings.EnableCustomGroups {
		f.and("g.source <> ?", model.GroupSourceCustom)
	}
	if in.OnlySyncable {
		f.and(`(g.source = ? OR g.source LIKE ? ESCAPE '\')`, model.GroupSourceLDAP, db.LikeEscape(model.GroupSourcePlugin)+"%")
	}
	if in.NotTeam != "" {
		f.and("NOT EXISTS (SELECT 1 FROM groupteams t WHERE t.groupid = g.id AND t.teamid = ? AND coalesce(t.deleteat,0) = 0)", in.NotTeam)
	}
	if in.NotChannel != "" {
		f.and("NOT EXISTS (SELECT 1 FROM groupchannels c WHERE c.groupid = g.id AND c.channelid = ? AND coalesce(c.deleteat,0) = 0)", in.NotChannel)
		if in.ParentPermitted {
			f.and(`NOT EXISTS (SELECT 1 FROM channels c JOIN teams t ON t.id = c.teamid AND t.groupconstrained = true WHERE c.id = ?
				AND NOT EXISTS (SELECT 1 FROM groupteams gt WHERE gt.teamid = t.id AND gt.groupid = g.id AND coalesce(gt.deleteat,0) = 0))`, in.NotChannel)
		}
	}
	return f
}

// list answers a question that allow let pass; a limit of 0 means the page.
func (g *Groups) list(ctx context.Context, v access.Viewer, in *listIn) ([]*model.Group, int64, error) {
	f := g.filterOf(in)
	var total int64
	if in.TotalCount {
		var err error
		if total, err = db.Value[int64](ctx, g.db, `SELECT count(*) FROM usergroups g`+f.sql(), f.args...); err != nil {
			return nil, 0, err
		}
	}
	cols, read := columns, scan
	if in.MemberCount {
		cols, read = counted, scanCounted
	}
	n := len(f.args)
	found, err := db.List(ctx, g.db, read, fmt.Sprintf(`SELECT %s FROM usergroups g%s ORDER BY g.displayname, g.id LIMIT $%d OFFSET $%d`,
		cols, f.sql(), n+1, n+2), append(slices.Clone(f.args), in.PerPage, in.Offset())...)
	if err != nil {
		return nil, 0, err
	}
	if in.MemberIDs {
		if err := g.fillMembers(ctx, v, found); err != nil {
			return nil, 0, err
		}
	}
	if in.OfChannel != "" {
		err = g.fillChannel(ctx, found, in.OfChannel, in.Timezones)
	}
	return found, total, err
}

func idsOf(list []*model.Group) []string {
	ids := make([]string, len(list))
	for i, gr := range list {
		ids[i] = gr.ID
	}
	return ids
}

func (g *Groups) fillMembers(ctx context.Context, v access.Viewer, list []*model.Group) error {
	members, err := g.memberIDs(ctx, v, idsOf(list))
	for _, gr := range list {
		if gr.MemberIDs = members[gr.ID]; gr.MemberIDs == nil {
			gr.MemberIDs = []string{}
		}
	}
	return err
}

// fillChannel counts how many of each group's people are in a channel, and in
// how many time zones.
func (g *Groups) fillChannel(ctx context.Context, list []*model.Group, channelID string, zones bool) error {
	type row struct {
		group string
		zone  map[string]string
	}
	rows, err := db.List(ctx, g.db, func(r db.Row) (x row, err error) { return x, r.Scan(&x.group, db.ScanJSON(&x.zone)) },
		`SELECT gm.groupid, u.timezone FROM channelmembers cm JOIN groupmembers gm ON gm.userid = cm.userid AND coalesce(gm.deleteat,0) = 0
		JOIN users u ON u.id = cm.userid AND u.deleteat = 0 WHERE cm.channelid = $1 AND gm.groupid = ANY($2) LIMIT $3`,
		channelID, idsOf(list), mostIDs)
	if err != nil {
		return err
	}
	people, places := map[string]int64{}, map[string]map[string]bool{}
	for _, x := range rows {
		people[x.group]++
		zone := x.zone["manualTimezone"]
		if x.zone["useAutomaticTimezone"] == "true" {
			zone = x.zone["automaticTimezone"]
		}
		if zone == "" {
			continue
		}
		if places[x.group] == nil {
			places[x.group] = map[string]bool{}
		}
		places[x.group][zone] = true
	}
	for _, gr := range list {
		n := people[gr.ID]
		gr.ChannelMemberCount = &n
		if zones {
			z := int64(len(places[gr.ID]))
			gr.ChannelMemberTimezonesCount = &z
		}
	}
	return nil
}

// byNames returns the groups of names that v may see.
func (g *Groups) byNames(ctx context.Context, v access.Viewer, names []string) ([]*model.Group, error) {
	f := g.filterOf(&listIn{AllowReference: !reads(ctx, v)})
	f.and("g.name = ANY(?)", names)
	n := len(f.args)
	return db.List(ctx, g.db, scanCounted, fmt.Sprintf(`SELECT %s FROM usergroups g%s ORDER BY g.displayname, g.id LIMIT $%d`, counted, f.sql(), n+1),
		append(f.args, len(names))...)
}

// ofUser returns the groups that somebody is in.
func (g *Groups) ofUser(ctx context.Context, v access.Viewer, userID string) ([]*model.Group, error) {
	f := g.filterOf(&listIn{HasMember: userID, AllowReference: !reads(ctx, v)})
	n := len(f.args)
	return db.List(ctx, g.db, scanCounted, fmt.Sprintf(`SELECT %s FROM usergroups g%s ORDER BY g.displayname, g.id LIMIT $%d`, counted, f.sql(), n+1),
		append(f.args, mostGroups)...)
}

// page answers GET /groups: a list, or one with its whole length.
type page struct {
	groups []*model.Group
	count  *int64
}

// MarshalJSON writes the form that was asked for.
func (p page) MarshalJSON() ([]byte, error) {
	if p.count != nil {
		return json.Marshal(model.GroupsWithCount{Groups: p.groups, Count: *p.count})
	}
	return json.Marshal(p.groups)
}
