// Package groups is about groups of people: those that people make themselves
// (custom groups) and, once a directory names some, those of the directory.
//
// A group that may be referenced is mentioned by @name, which the posts slice
// resolves. A group may be linked with teams and channels: whoever is in it is
// then added to them, or, where a team or channel is for its groups alone, kept
// out when they are in none.
//
// What a group is and who is in it stands in groups.go and members.go, links in
// links.go and what follows from them in sync.go, lists in lists.go, SQL in
// store.go, routes in http.go and http_links.go.
package groups

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/teams"
	"github.com/parley-chat/parley/internal/users"
)

// Config is what the slice is made from.
type Config struct {
	DB       *db.DB
	Settings *config.Store
	Access   *access.Access
	Hub      *realtime.Hub
	Users    *users.Users
	Teams    *teams.Teams
	Channels *channels.Channels
	Log      *slog.Logger
}

// Groups is the slice. Make it with New.
type Groups struct {
	db       *db.DB
	cfg      *config.Store
	acc      *access.Access
	hub      *realtime.Hub
	users    *users.Users
	teams    *teams.Teams
	channels *channels.Channels
	log      *slog.Logger
}

// New returns the slice over a migrated database. Its rows of people, teams
// and channels that are removed for good go with them.
func New(c Config) *Groups {
	g := &Groups{db: c.DB, cfg: c.Settings, acc: c.Access, hub: c.Hub, users: c.Users, teams: c.Teams, channels: c.Channels, log: c.Log}
	c.Users.OnDeleting(func(ctx context.Context, tx *db.Tx, user *model.User) error {
		_, err := tx.Exec(ctx, `DELETE FROM groupmembers WHERE userid = $1`, user.ID)
		return err
	})
	c.Teams.Deleted.Subscribe(func(ctx context.Context, e teams.Changed) {
		g.forget(ctx, `DELETE FROM groupteams WHERE teamid = $1`, e.Team.ID)
	})
	c.Channels.Deleted.Subscribe(func(ctx context.Context, e channels.Changed) {
		g.forget(ctx, `DELETE FROM groupchannels WHERE channelid = $1`, e.Channel.ID)
	})
	return g
}

func (g *Groups) forget(ctx context.Context, query, of string) {
	if _, err := g.db.Exec(context.WithoutCancel(ctx), query, of); err != nil {
		g.log.Error("links of groups were left behind", "of", of, "error", err)
	}
}

var (
	errNoGroup   = fault.NotFound("app.group.no_rows")
	errCustom    = fault.Invalid("app.group.crud_permission")
	errSwitched  = fault.Invalid("api.custom_groups.feature_disabled")
	errMention   = fault.Invalid("api.custom_groups.must_be_referenceable")
	errRemote    = fault.Invalid("api.custom_groups.no_remote_id")
	errSameName  = fault.Invalid("app.custom_group.unique_name")
	errUserName  = fault.Invalid("app.group.username_conflict")
	errNoUser    = fault.Invalid("app.group.user_not_found")
	errLdapName  = fault.Invalid("api.ldap_groups.existing_group_name_error")
	errLdapUser  = fault.Invalid("api.ldap_groups.existing_user_name_error")
	errLdapTaken = fault.Invalid("api.ldap_groups.existing_reserved_name_error")
)

// reads tells whether v manages groups and so sees those too that can't be
// mentioned.
func reads(ctx context.Context, v access.Viewer) bool {
	return v.Can(ctx, access.PermSysconsoleReadUserManagementGroups)
}

// visible returns a group that v may see: those that can be mentioned, and all
// for who manages groups.
func (g *Groups) visible(ctx context.Context, v access.Viewer, groupID string) (*model.Group, error) {
	gr, err := g.get(ctx, g.db, groupID)
	if err != nil {
		return nil, err
	}
	if !gr.AllowReference && !reads(ctx, v) {
		return nil, fault.NoPermission(string(access.PermSysconsoleReadUserManagementGroups))
	}
	return gr, g.switchedOn(gr.Source)
}

func (g *Groups) switchedOn(source string) error {
	if source == model.GroupSourceCustom && !g.cfg.Get().ServiceSettings.EnableCustomGroups {
		return errSwitched
	}
	return nil
}

// own returns a custom group on which v has the permission p, by a role of the
// system or by being in the group.
func (g *Groups) own(ctx context.Context, v access.Viewer, groupID string, p access.Permission) (*model.Group, error) {
	gr, err := g.visible(ctx, v, groupID)
	if err != nil {
		return nil, err
	}
	if gr.Source != model.GroupSourceCustom {
		return nil, errCustom
	}
	return gr, g.permit(ctx, v, groupID, p)
}

func (g *Groups) permit(ctx context.Context, v access.Viewer, groupID string, p access.Permission) error {
	if v.Can(ctx, p) {
		return nil
	}
	ok, err := g.acc.Grants(ctx, []string{model.RoleCustomGroupUser}, p)
	if err == nil && ok {
		ok, err = g.has(ctx, groupID, v.UserID)
	}
	if err == nil && !ok {
		err = fault.NoPermission(string(p))
	}
	return err
}

// create makes a custom group of some people.
func (g *Groups) create(ctx context.Context, v access.Viewer, in *model.GroupWithUserIDs) (*model.Group, error) {
	if in.Source != model.GroupSourceCustom {
		return nil, errCustom
	}
	if err := g.switchedOn(in.Source); err != nil {
		return nil, err
	}
	if err := v.Need(ctx, access.PermCreateCustomGroup); err != nil {
		return nil, err
	}
	if !in.AllowReference {
		return nil, errMention
	}
	if in.RemoteID != nil && *in.RemoteID != "" {
		return nil, errRemote
	}
	now := id.Now()
	made := &model.Group{ID: id.New(), Name: in.Name, DisplayName: strings.TrimSpace(in.DisplayName), Description: in.Description,
		Source: model.GroupSourceCustom, CreateAt: now, UpdateAt: now, AllowReference: true}
	if err := g.check(ctx, made); err != nil {
		return nil, err
	}
	people, err := g.people(ctx, v, in.UserIDs)
	if err != nil {
		return nil, err
	}
	var members []*model.GroupMember
	err = g.db.Tx(ctx, func(tx *db.Tx) (err error) {
		if err = insert(ctx, tx, made); err != nil {
			return err
		}
		members, err = enter(ctx, tx, made.ID, people, now)
		return err
	})
	if err != nil {
		return nil, nameFault(made, err)
	}
	g.tell(ctx, made)
	for _, m := range members {
		g.tellMember(model.EventGroupMemberAdd, m)
	}
	return made, nil
}

// check refuses a group whose fields the rules forbid.
func (g *Groups) check(ctx context.Context, gr *model.Group) error {
	custom := gr.Source == model.GroupSourceCustom
	switch {
	case gr.DisplayName == "" || len(gr.DisplayName) > model.GroupDisplayNameMaxLength:
		return fault.Invalid("model.group.display_name.app_error", "Max", model.GroupDisplayNameMaxLength)
	case len(gr.Description) > model.GroupDescriptionMaxLength:
		return fault.Invalid("model.group.description.app_error", "Max", model.GroupDescriptionMaxLength)
	case gr.Name == nil && !gr.AllowReference:
		return nil
	case gr.Name == nil:
		return fault.Invalid("model.group.name.app_error")
	case *gr.Name == "" || len(*gr.Name) > model.GroupNameMaxLength:
		return fault.Invalid("model.group.name.invalid_length.app_error", "Max", model.GroupNameMaxLength)
	case !model.ValidGroupName(*gr.Name):
		return fault.Invalid("model.group.name.invalid_chars.app_error")
	case model.ReservedGroupName(*gr.Name) && !custom:
		return errLdapTaken
	case model.ReservedGroupName(*gr.Name):
		return fault.Invalid("model.group.name.reserved_name.app_error")
	}
	_, err := g.users.ByUsername(ctx, *gr.Name)
	switch {
	case fault.IsNotFound(err):
		return nil
	case err != nil:
		return err
	case custom:
		return errUserName
	}
	return errLdapUser
}

// nameFault says which group's name was taken already.
func nameFault(gr *model.Group, err error) error {
	switch {
	case !db.IsDuplicate(err, "usergroups_name_key"):
		return err
	case gr.Source == model.GroupSourceCustom:
		return errSameName
	}
	return errLdapName
}

// patch changes the fields that p names.
func (g *Groups) patch(ctx context.Context, v access.Viewer, groupID string, p *model.GroupPatch) (*model.Group, error) {
	gr, err := g.visible(ctx, v, groupID)
	if err != nil {
		return nil, err
	}
	custom := gr.Source == model.GroupSourceCustom
	if custom {
		err = g.permit(ctx, v, groupID, access.PermEditCustomGroup)
	} else {
		err = v.Need(ctx, access.PermSysconsoleWriteUserManagementGroups)
	}
	if err != nil {
		return nil, err
	}
	if custom && p.AllowReference != nil && !*p.AllowReference {
		return nil, errMention
	}
	apply(gr, p)
	if err := g.check(ctx, gr); err != nil {
		return nil, err
	}
	gr.UpdateAt = max(id.Now(), gr.UpdateAt+1)
	if err := update(ctx, g.db, gr); err != nil {
		return nil, nameFault(gr, err)
	}
	return gr, g.retell(ctx, gr)
}

func apply(gr *model.Group, p *model.GroupPatch) {
	if p.Name != nil {
		gr.Name = p.Name
	}
	if p.DisplayName != nil {
		gr.DisplayName = strings.TrimSpace(*p.DisplayName)
	}
	if p.Description != nil {
		gr.Description = *p.Description
	}
	if p.AllowReference != nil {
		gr.AllowReference = *p.AllowReference
	}
	if gr.AllowReference && gr.Name == nil {
		// A directory's group is named only by what people read.
		name := strings.Join(strings.Fields(strings.ToLower(gr.DisplayName)), "-")
		gr.Name = &name
	}
}

// archive hides a custom group: it is no longer mentioned nor listed. Its
// members stay, for restore.
func (g *Groups) archive(ctx context.Context, v access.Viewer, groupID string) (*model.Group, error) {
	gr, err := g.own(ctx, v, groupID, access.PermDeleteCustomGroup)
	if err != nil {
		return nil, err
	}
	if gr.DeleteAt != 0 {
		return nil, errNoGroup
	}
	gr.UpdateAt = id.Now()
	gr.DeleteAt = gr.UpdateAt
	if err := update(ctx, g.db, gr); err != nil {
		return nil, err
	}
	g.expelOutside(ctx, gr.ID)
	return gr, g.retell(ctx, gr)
}

func (g *Groups) restore(ctx context.Context, v access.Viewer, groupID string) (*model.Group, error) {
	gr, err := g.own(ctx, v, groupID, access.PermRestoreCustomGroup)
	if errors.Is(err, errCustom) {
		return nil, fault.NotImplemented("app.group.crud_permission")
	}
	if err != nil {
		return nil, err
	}
	if gr.DeleteAt == 0 {
		return nil, errNoGroup
	}
	gr.DeleteAt, gr.UpdateAt = 0, id.Now()
	if err := update(ctx, g.db, gr); err != nil {
		return nil, err
	}
	g.addToLinked(ctx, gr.ID, nil)
	return gr, g.retell(ctx, gr)
}

// retell counts the members of a group that changed and tells everybody.
func (g *Groups) retell(ctx context.Context, gr *model.Group) error {
	n, err := g.count(ctx, gr.ID)
	if err == nil {
		gr.MemberCount = &n
		g.tell(ctx, gr)
	}
	return err
}

// tell says what a group is now: to everybody when it can be mentioned, else
// to administrators.
func (g *Groups) tell(_ context.Context, gr *model.Group) {
	c := *gr
	c.MemberIDs = nil
	g.hub.Publish(realtime.Event{Name: model.EventReceivedGroup, Data: jsonOf("group", c),
		To: realtime.Audience{Everyone: true, Sensitive: !gr.AllowReference}})
}

func (g *Groups) tellMember(event string, m *model.GroupMember) {
	g.hub.Publish(realtime.Event{Name: event, Data: jsonOf("group_member", m), To: realtime.Audience{UserID: m.UserID}})
}

// people returns the ids given, each once; it refuses ids that nobody has whom
// v may see.
func (g *Groups) people(ctx context.Context, v access.Viewer, ids []string) ([]string, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) > mostMembers {
		return nil, fault.InvalidParam("user_ids")
	}
	seen, err := g.users.Seen(ctx, v, ids)
	if err != nil {
		return nil, err
	}
	found, err := g.users.ByIDs(ctx, seen)
	if err != nil {
		return nil, err
	}
	if len(found) < len(ids) {
		return nil, errNoUser
	}
	return ids, nil
}
