package channels

import (
	"context"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

func (c *Channels) mountAdmin(r *access.Router) {
	api.Get(r, "/channels", access.Session, c.getAll)
	api.Post(r, "/channels/search", access.Reading, c.searchAll, api.Sheddable())
	api.Post(r, "/channels/{channel_id}/move", access.Needs(access.PermManageSystem), c.move)
	api.Put(r, "/channels/{channel_id}/scheme", access.Needs(access.PermManageSystem), c.setScheme)
	api.Get(r, "/channels/{channel_id}/moderations", access.Needs(access.PermSysconsoleReadUserManagementChannels), c.getModerations)
	api.Get(r, "/parley/channels/{channel_id}/moderations", access.Session, c.getOwnModerations)
	api.Put(r, "/parley/channels/{channel_id}/moderations", access.Session, c.patchOwnModerations)
	api.Put(r, "/channels/{channel_id}/moderations/patch", access.Needs(access.PermSysconsoleWriteUserManagementChannels), c.patchModerations)
	api.Get(r, "/channels/{channel_id}/members_minus_group_members", access.Needs(access.PermSysconsoleReadUserManagementChannels), c.membersMinusGroups)
	api.Get(r, "/channels/{channel_id}/member_counts_by_group", access.Session, c.countsByGroup)
}

// needConsole refuses who may neither see the console's list of channels nor
// edit groups, for which channels are looked up too.
func needConsole(ctx context.Context, v access.Viewer) error {
	return v.Need(ctx, access.PermSysconsoleReadUserManagementChannels, access.PermSysconsoleWriteUserManagementGroups)
}

// everywhere are the conditions of a list of channels of all teams.
func (c *Channels) everywhere(s *model.ChannelSearch) *query {
	q := &query{}
	switch {
	case s.Public && !s.Private:
		q.add("c.type = 'O'")
	case s.Private && !s.Public:
		q.add("c.type = 'P'")
	default:
		q.add("c.type IN ('O','P')")
	}
	switch {
	case s.Deleted:
		q.add("c.deleteat > 0")
	case !s.IncludeDeleted:
		q.add("c.deleteat = 0")
	}
	if s.ExcludeDefaultChannels {
		q.add("c.name <> ALL(%s)", c.defaultNames())
	}
	if len(s.TeamIDs) > 0 {
		q.add("c.teamid = ANY(%s)", s.TeamIDs)
	}
	if s.NotAssociatedToGroup != "" {
		q.add("NOT EXISTS (SELECT 1 FROM groupchannels gc WHERE gc.channelid = c.id AND gc.groupid = %s AND gc.deleteat = 0)", s.NotAssociatedToGroup)
	}
	if s.GroupConstrained {
		q.add("c.groupconstrained = true")
	} else if s.ExcludeGroupConstrained {
		q.add("coalesce(c.groupconstrained, false) = false")
	}
	if s.ExcludeRemote {
		q.add("coalesce(c.shared, false) = false")
	}
	if s.ExcludePolicyConstrained {
		q.add("rp.policyid IS NULL")
	}
	if s.AccessControlPolicyEnforced || s.ParentAccessControlPolicyID != "" {
		q.add("EXISTS (SELECT 1 FROM accesscontrolpolicies ap WHERE ap.id = c.id)")
	} else if s.ExcludeAccessControlPolicyEnforced {
		q.add("NOT EXISTS (SELECT 1 FROM accesscontrolpolicies ap WHERE ap.id = c.id)")
	}
	return q
}

const fromEverywhere = " FROM channels c JOIN teams t ON t.id = c.teamid LEFT JOIN retentionpolicieschannels rp ON rp.channelid = c.id "

// listEverywhere returns a page of the channels that q selects. Which retention
// policy holds is told to few.
func (c *Channels) listEverywhere(ctx context.Context, v access.Viewer, q *query, limit, offset int) (withTeamList, error) {
	args := append(q.args[:len(q.args):len(q.args)], limit, offset)
	list, err := db.List(ctx, c.db, scanWithTeam, "SELECT "+withTeamColumns+fromEverywhere+q.where()+
		" ORDER BY c.displayname, t.displayname, c.id LIMIT $"+strconv.Itoa(len(args)-1)+" OFFSET $"+strconv.Itoa(len(args)), args...)
	if err == nil && !v.Can(ctx, access.PermSysconsoleReadComplianceDataRetentionPolicy) {
		for _, ch := range list {
			ch.PolicyID = nil
		}
	}
	return list, err
}

func (c *Channels) countEverywhere(ctx context.Context, q *query) (int64, error) {
	return db.Value[int64](ctx, c.db, "SELECT count(*)"+fromEverywhere+q.where(), q.args...)
}

type getAllIn struct {
	api.Page
	NotInGroup      string `query:"not_associated_to_group"`
	NoDefaults      bool   `query:"exclude_default_channels"`
	IncludeDeleted  bool   `query:"include_deleted"`
	Count           bool   `query:"include_total_count"`
	NoPolicy        bool   `query:"exclude_policy_constrained"`
	Enforced        bool   `query:"access_control_policy_enforced"`
	ExcludeEnforced bool   `query:"exclude_access_control_policy_enforced"`
}

func (c *Channels) getAll(ctx context.Context, v access.Viewer, in getAllIn) (any, error) {
	if err := needConsole(ctx, v); err != nil {
		return nil, err
	}
	if in.NoPolicy {
		if err := v.Need(ctx, access.PermSysconsoleReadComplianceDataRetentionPolicy); err != nil {
			return nil, err
		}
	}
	q := c.everywhere(&model.ChannelSearch{NotAssociatedToGroup: in.NotInGroup, ExcludeDefaultChannels: in.NoDefaults, IncludeDeleted: in.IncludeDeleted,
		ExcludePolicyConstrained: in.NoPolicy, AccessControlPolicyEnforced: in.Enforced, ExcludeAccessControlPolicyEnforced: in.ExcludeEnforced})
	list, err := c.listEverywhere(ctx, v, q, in.PerPage, in.Offset())
	if err != nil || !in.Count {
		return list, err
	}
	total, err := c.countEverywhere(ctx, q)
	return &model.ChannelsWithCount{Channels: list, TotalCount: total}, err
}

type searchAllIn struct {
	Console        bool                `query:"system_console" default:"true"`
	IncludeDeleted bool                `query:"include_deleted"`
	Body           model.ChannelSearch `body:"json,channel_search"`
}

// searchAll finds channels of all teams: for the console, or, with
// system_console=false, those that the viewer may open.
func (c *Channels) searchAll(ctx context.Context, v access.Viewer, in searchAllIn) (any, error) {
	s := &in.Body
	if !in.Console {
		return c.searchMine(ctx, v, s.Term)
	}
	if err := needConsole(ctx, v); err != nil {
		return nil, err
	}
	if s.ExcludePolicyConstrained {
		if err := v.Need(ctx, access.PermSysconsoleReadComplianceDataRetentionPolicy); err != nil {
			return nil, err
		}
	}
	s.IncludeDeleted = s.IncludeDeleted || in.IncludeDeleted
	q := c.everywhere(s)
	if s.IncludeSearchByID && id.Valid(strings.TrimSpace(s.Term)) {
		q.add("c.id = %s", strings.TrimSpace(s.Term))
	} else {
		q.match(s.Term)
	}
	limit, offset, paged := searchLimit, 0, s.Page != nil && s.PerPage != nil
	if paged {
		limit = min(max(*s.PerPage, 0), 200)
		offset = min(max(*s.Page, 0), 1<<30) * limit
	}
	list, err := c.listEverywhere(ctx, v, q, limit, offset)
	if err != nil || !paged {
		return list, err
	}
	total, err := c.countEverywhere(ctx, q)
	return &model.ChannelsWithCount{Channels: list, TotalCount: total}, err
}

// searchMine finds, in all of the viewer's teams, the open channels and those
// private ones that they are in.
func (c *Channels) searchMine(ctx context.Context, v access.Viewer, term string) (withTeamList, error) {
	q := &query{}
	q.add("c.deleteat = 0 AND t.deleteat = 0")
	q.add("EXISTS (SELECT 1 FROM teammembers tm WHERE tm.teamid = c.teamid AND tm.userid = %s AND tm.deleteat = 0)", v.UserID)
	q.add("(c.type = 'O' AND %s OR EXISTS (SELECT 1 FROM channelmembers cm WHERE cm.channelid = c.id AND cm.userid = %s))", !v.Guest(), v.UserID)
	q.match(term)
	return c.listEverywhere(ctx, v, q, autocompleteMax, 0)
}

func (c *Channels) setScheme(ctx context.Context, v access.Viewer, in schemeIn) (api.OK, error) {
	ch, err := c.putScheme(ctx, v, in)
	if err == nil {
		c.users.Audit(ctx, v, "/api/v4/channels/"+ch.ID+"/scheme", "name="+ch.Name)
	}
	return api.Done(), err
}

type byGroupIn struct {
	channelIn
	Zones bool `query:"include_timezones"`
}

// countsByGroup tells how many members of a channel are in each group.
func (c *Channels) countsByGroup(ctx context.Context, v access.Viewer, in byGroupIn) ([]*model.ChannelMemberCountByGroup, error) {
	if err := v.NeedChannel(ctx, in.ChannelID, access.PermReadChannel); err != nil {
		return nil, err
	}
	type row struct {
		group string
		zone  model.StringMap
	}
	rows, err := db.List(ctx, c.db, func(r db.Row) (row, error) {
		var x row
		err := r.Scan(&x.group, db.ScanJSON(&x.zone))
		return x, err
	}, `SELECT gm.groupid, u.timezone FROM channelmembers cm JOIN groupmembers gm ON gm.userid = cm.userid AND gm.deleteat = 0
		JOIN usergroups g ON g.id = gm.groupid AND g.deleteat = 0 JOIN users u ON u.id = cm.userid AND u.deleteat = 0
		WHERE cm.channelid = $1 ORDER BY gm.groupid LIMIT 100000`, in.ChannelID)
	if err != nil {
		return nil, err
	}
	out := []*model.ChannelMemberCountByGroup{}
	var zones map[string]bool
	for _, x := range rows {
		if len(out) == 0 || out[len(out)-1].GroupID != x.group {
			out = append(out, &model.ChannelMemberCountByGroup{GroupID: x.group})
			zones = map[string]bool{}
		}
		last := out[len(out)-1]
		last.ChannelMemberCount++
		if z := zoneOf(x.zone); in.Zones && z != "" && !zones[z] {
			zones[z] = true
			last.ChannelMemberTimezonesCount++
		}
	}
	return out, nil
}

// pageNumber reads the number of a page; anything else is the first.
func pageNumber(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 1<<24 {
		return 0
	}
	return n
}

type minusGroupsIn struct {
	channelIn
	api.Page
	GroupIDs string `query:"group_ids"`
}

// membersMinusGroups lists the members of a channel who are in none of the
// groups: whom it would lose if its members came from these groups alone.
func (c *Channels) membersMinusGroups(ctx context.Context, v access.Viewer, in minusGroupsIn) (*model.UsersWithGroupsAndCount, error) {
	groups := strings.Split(in.GroupIDs, ",")
	if len(groups) > mostIDs {
		return nil, fault.InvalidParam("group_ids")
	}
	for _, g := range groups {
		if !id.Valid(g) {
			return nil, fault.InvalidParam("group_ids")
		}
	}
	const from = ` FROM channelmembers cm JOIN users u ON u.id = cm.userid AND u.deleteat = 0 LEFT JOIN bots b ON b.userid = u.id
		WHERE cm.channelid = $1 AND b.userid IS NULL AND NOT EXISTS
		(SELECT 1 FROM groupmembers gm WHERE gm.userid = cm.userid AND gm.groupid = ANY($2) AND gm.deleteat = 0)`
	total, err := db.Value[int64](ctx, c.db, "SELECT count(*)"+from, in.ChannelID, groups)
	if err != nil {
		return nil, err
	}
	out := &model.UsersWithGroupsAndCount{Count: total}
	out.Users, err = db.List(ctx, c.db, func(r db.Row) (*model.UserWithGroups, error) {
		var u model.UserWithGroups
		return &u, r.Scan(&u.ID, &u.SchemeGuest, &u.SchemeUser, &u.SchemeAdmin)
	}, `SELECT u.id, coalesce(cm.schemeguest,false), coalesce(cm.schemeuser,false), coalesce(cm.schemeadmin,false)`+from+`
		ORDER BY u.username LIMIT $3 OFFSET $4`, in.ChannelID, groups, in.PerPage, in.Offset())
	if err != nil {
		return nil, err
	}
	return out, c.teams.FillUsers(ctx, v, out.Users)
}
