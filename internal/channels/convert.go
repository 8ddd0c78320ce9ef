package channels

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

var (
	errNotYours = fault.Forbidden("api.channel.gm_to_channel_conversion.not_allowed_for_user.request_error")
	errNotGroup = fault.NotFound("app.channel.group_message_conversion.original_channel_not_gm")
)

// common returns the ids of the live teams that all of a conversation's active
// members are in.
func (c *Channels) common(ctx context.Context, channelID string) ([]string, error) {
	return db.List(ctx, c.db, db.One[string], `SELECT tm.teamid FROM channelmembers cm
		JOIN users u ON u.id = cm.userid AND u.deleteat = 0
		JOIN teammembers tm ON tm.userid = cm.userid AND tm.deleteat = 0
		JOIN teams t ON t.id = tm.teamid AND t.deleteat = 0
		WHERE cm.channelid = $1 GROUP BY tm.teamid
		HAVING count(*) = (SELECT count(*) FROM channelmembers m JOIN users x ON x.id = m.userid AND x.deleteat = 0 WHERE m.channelid = $1)
		ORDER BY tm.teamid LIMIT 1000`, channelID)
}

func (c *Channels) commonTeams(ctx context.Context, v access.Viewer, in channelIn) ([]*model.Team, error) {
	if v.Guest() {
		return nil, errNotYours
	}
	if err := v.NeedChannel(ctx, in.ChannelID, access.PermReadChannel); err != nil {
		return nil, err
	}
	ch, err := c.acc.Channel(ctx, in.ChannelID)
	if err != nil {
		return nil, err
	}
	if ch.Type != model.ChannelGroup {
		return nil, fault.Invalid("app.channel.get_common_teams.incorrect_channel_type")
	}
	ids, err := c.common(ctx, in.ChannelID)
	if err != nil {
		return nil, err
	}
	list := make([]*model.Team, 0, len(ids))
	for _, teamID := range ids {
		t, err := c.teams.Get(ctx, teamID)
		if err != nil {
			return nil, err
		}
		shown := t.Sanitized(v.CanTeam(ctx, t.ID, access.PermManageTeam), v.CanTeam(ctx, t.ID, access.PermInviteUser))
		list = append(list, &shown)
	}
	return list, nil
}

type convertIn struct {
	channelIn
	Body model.GroupMessageConversion `body:"json,body"`
}

// convert makes a private channel of a group message, with its history and its
// members, in a team that all of them are in.
func (c *Channels) convert(ctx context.Context, v access.Viewer, in convertIn) (*model.Channel, error) {
	b := &in.Body
	if b.ChannelID != "" && b.ChannelID != in.ChannelID {
		return nil, fault.InvalidParam("channel_id")
	}
	if !id.Valid(b.TeamID) {
		return nil, fault.InvalidParam("team_id")
	}
	if v.Guest() {
		return nil, errNotYours
	}
	if member, err := c.acc.InChannel(ctx, v.UserID, in.ChannelID); err != nil || !member {
		return nil, first(err, errNotYours)
	}
	if err := v.NeedTeam(ctx, b.TeamID, access.PermCreatePrivateChannel); err != nil {
		return nil, err
	}
	ids, err := c.common(ctx, in.ChannelID)
	if err != nil {
		return nil, err
	}
	ch := &model.Channel{ID: in.ChannelID}
	old, err := c.rewrite(ctx, ch, nil, func(ch *model.Channel) error {
		if ch.Type != model.ChannelGroup {
			return errNotGroup
		}
		if !slices.Contains(ids, b.TeamID) {
			return fault.Invalid("app.channel.group_message_conversion.incorrect_team")
		}
		ch.Type, ch.TeamID, ch.Name, ch.DisplayName = model.ChannelPrivate, b.TeamID, b.Name, b.DisplayName
		return nil
	})
	if err != nil {
		return nil, err
	}
	members, err := db.List(ctx, c.db, db.One[string], "SELECT userid FROM channelmembers WHERE channelid = $1 LIMIT 100", ch.ID)
	if err != nil {
		return nil, err
	}
	c.tellUpdated(ch)
	c.Converted.Publish(ctx, Converted{Channel: ch, Old: old, ByID: v.UserID, UserIDs: members})
	c.users.Audit(ctx, v, "/api/v4/channels/"+ch.ID+"/convert_to_channel", "name="+ch.Name)
	return ch, nil
}

// first returns err, or other when it is nil.
func first(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

type moveIn struct {
	channelIn
	Body struct {
		TeamID string `json:"team_id"`
		Force  bool   `json:"force"`
	} `body:"json,body"`
}

// move brings a channel into another team. Members who aren't in that team stop
// it, unless force takes them out of the channel.
func (c *Channels) move(ctx context.Context, v access.Viewer, in moveIn) (*model.Channel, error) {
	target := in.Body.TeamID
	if !id.Valid(target) {
		return nil, fault.InvalidParam("team_id")
	}
	if _, err := c.acc.Team(ctx, target); err != nil {
		return nil, err
	}
	facts, err := c.acc.Channel(ctx, in.ChannelID)
	if err != nil {
		return nil, err
	}
	if facts.Direct() || facts.Name == model.ChannelTownSquare {
		return nil, fault.Forbidden("api.channel.move_channel.type.invalid")
	}
	strangers, err := db.List(ctx, c.db, db.One[string], `SELECT cm.userid FROM channelmembers cm JOIN users u ON u.id = cm.userid
		LEFT JOIN teammembers tm ON tm.userid = cm.userid AND tm.teamid = $2 AND tm.deleteat = 0
		WHERE cm.channelid = $1 AND tm.userid IS NULL AND ($3 OR u.deleteat = 0) LIMIT 100000`, in.ChannelID, target, in.Body.Force)
	if err != nil {
		return nil, err
	}
	if len(strangers) > 0 {
		if !in.Body.Force {
			return nil, fault.Internal("app.channel.move_channel.members_do_not_match.error", nil)
		}
		if err := c.expel(ctx, facts, strangers, v.UserID, false); err != nil {
			return nil, err
		}
	}
	ch := &model.Channel{ID: in.ChannelID}
	old, err := c.rewrite(ctx, ch, nil, func(ch *model.Channel) error {
		ch.TeamID = target
		return nil
	})
	if err != nil {
		return nil, err
	}
	c.tellUpdated(ch)
	c.Moved.Publish(ctx, Moved{Channel: ch, FromTeamID: old.TeamID, ByID: v.UserID})
	c.users.Audit(ctx, v, "/api/v4/channels/"+ch.ID+"/move", "team_id="+target)
	return ch, nil
}

type schemeIn struct {
	channelIn
	Body model.SchemeIDPatch `body:"json,scheme_id"`
}

// putScheme gives a channel a scheme of its own, or with "" its team's again.
func (c *Channels) putScheme(ctx context.Context, v access.Viewer, in schemeIn) (*model.Channel, error) {
	schemeID := in.Body.SchemeID
	if schemeID == nil || *schemeID != "" && !id.Valid(*schemeID) {
		return nil, fault.InvalidParam("scheme_id")
	}
	if *schemeID == "" {
		schemeID = nil
	} else {
		scopes, err := db.List(ctx, c.db, db.One[string], "SELECT scope FROM schemes WHERE id = $1 AND deleteat = 0 LIMIT 1", *schemeID)
		if err != nil {
			return nil, err
		}
		if len(scopes) == 0 {
			return nil, fault.NotFound("app.scheme.get.app_error")
		}
		if scopes[0] != model.SchemeScopeChannel {
			return nil, fault.Invalid("api.channel.update_channel_scheme.scheme_scope.error")
		}
	}
	ch := &model.Channel{ID: in.ChannelID}
	_, err := c.rewrite(ctx, ch, nil, func(ch *model.Channel) error {
		ch.SchemeID = schemeID
		return nil
	})
	if err != nil {
		return nil, err
	}
	c.hub.Publish(realtime.Event{Name: model.EventChannelSchemeUpdated, To: realtime.Audience{ChannelID: ch.ID}})
	return ch, nil
}
