package transfer

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/teams"
)

// write runs fn in a transaction, unless nothing is to be written.
func (l *loader) write(ctx context.Context, fn func(tx *db.Tx) error) error {
	if l.o.DryRun {
		return nil
	}
	return l.db.Tx(ctx, fn)
}

// isNew turns the fault about something that isn't there into an answer.
func isNew(err error) (bool, error) {
	if e := publicFault(err); e != nil {
		return true, nil
	}
	return false, err
}

// role takes in a role. That of administrators stays what it is: a file can't
// lock them out.
func (l *loader) role(ctx context.Context, r *Role) error {
	if r.Name == model.RoleSystemAdmin {
		l.counted(kindRole, false)
		return nil
	}
	return l.putRole(ctx, r, "")
}

func (l *loader) putRole(ctx context.Context, r *Role, schemeID string) error {
	made, err := isNew(l.names.knowsRole(ctx, r.Name))
	if err != nil {
		return err
	}
	if r.Permissions != nil && slices.ContainsFunc(*r.Permissions, func(p string) bool { return !model.ValidRoleName(p) }) {
		return errRole
	}
	if err := l.write(ctx, func(tx *db.Tx) error { return storeRole(ctx, tx, r, schemeID) }); err != nil {
		return err
	}
	l.names.roles[r.Name] = true
	l.counted(kindRole, made)
	return nil
}

// schemeSeat pairs a role of a scheme's line with the seat it gives.
type schemeSeat struct {
	role **Role
	seat *string
}

func (s *Scheme) roles() []schemeSeat { return s.seats(&seats{}) }

func (s *Scheme) seats(to *seats) []schemeSeat {
	return []schemeSeat{{&s.TeamGuest, &to.team[0]}, {&s.TeamUser, &to.team[1]}, {&s.TeamAdmin, &to.team[2]},
		{&s.ChannelGuest, &to.channel[0]}, {&s.ChannelUser, &to.channel[1]}, {&s.ChannelAdmin, &to.channel[2]}}
}

// scheme takes in a scheme with its roles. One that is there keeps the names of
// its roles.
func (l *loader) scheme(ctx context.Context, s *Scheme) error {
	schemeID, err := l.names.schemeID(ctx, s.Name)
	made, err := isNew(err)
	if err != nil {
		return err
	}
	in := builtIn
	if made {
		schemeID = id.New()
	} else if in, err = l.names.seatsOf(ctx, schemeID); err != nil {
		return err
	}
	for _, one := range s.seats(&in) {
		r := *one.role
		if r == nil {
			continue
		}
		if made {
			*one.seat = r.Name
		} else if *one.seat != r.Name {
			l.names.aliases[r.Name] = *one.seat
			r.Name = *one.seat
		}
		if err := l.putRole(ctx, r, schemeID); err != nil {
			return err
		}
	}
	if err := l.write(ctx, func(tx *db.Tx) error { return storeScheme(ctx, tx, schemeID, s, in) }); err != nil {
		return err
	}
	l.names.schemes[s.Name], l.names.schemeRoles[schemeID] = schemeID, in
	l.counted(kindScheme, made)
	return nil
}

// schemeNamed is the id of the scheme that a line names; nil leaves what is there.
func (l *loader) schemeNamed(ctx context.Context, name *string, there string) (string, error) {
	switch {
	case name == nil:
		return there, nil
	case *name == "":
		return "", nil
	}
	return l.names.schemeID(ctx, *name)
}

func (l *loader) putEmoji(ctx context.Context, e *Emoji) error {
	raw, err := l.small(e.Image, model.EmojiFileMaxSize)
	if err != nil || l.o.DryRun {
		return err
	}
	if l.owner == "" {
		if l.owner, err = firstAdmin(ctx, l.db); err != nil {
			return err
		}
	}
	made, err := l.emoji.Put(ctx, l.owner, e.Name, raw)
	if err == nil {
		l.counted(kindEmoji, made)
	}
	return err
}

// small reads a picture that a line names.
func (l *loader) small(name string, most int64) ([]byte, error) {
	r, size, err := l.from.open(name)
	if errors.Is(err, errNoFile) {
		return nil, named("parley.transfer.no_file.app_error", name)
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	if size > most {
		return nil, fault.Invalid("parley.transfer.large_file.app_error", "Name", cut(name, 80), "Max", most>>10)
	}
	var b bytes.Buffer
	_, err = io.Copy(&b, io.LimitReader(r, most))
	return b.Bytes(), err
}

func (l *loader) team(ctx context.Context, in *Team) error {
	t, err := l.names.team(ctx, in.Name)
	made, err := isNew(err)
	if err != nil {
		return err
	}
	if made {
		t = &team{id: id.New(), fresh: true}
	}
	row := &model.Team{ID: t.id, Name: in.Name, DisplayName: in.DisplayName, Type: in.Type, InviteID: id.New(), CreateAt: id.Now()}
	set(&row.Description, in.Description)
	set(&row.AllowOpenInvite, in.AllowOpenInvite)
	if err := teams.Check(row); err != nil {
		return err
	}
	if t.scheme, err = l.schemeNamed(ctx, in.Scheme, t.scheme); err != nil {
		return err
	}
	if err := l.write(ctx, func(tx *db.Tx) error { return storeTeam(ctx, tx, row, in, t, made) }); err != nil {
		return err
	}
	l.names.teams[in.Name] = t
	l.counted(kindTeam, made)
	if !made {
		return nil
	}
	for _, c := range []Channel{{Name: model.ChannelTownSquare, DisplayName: "Town Square"}, {Name: model.ChannelOffTopic, DisplayName: "Off-Topic"}} {
		c.Team, c.Type = in.Name, model.ChannelOpen
		if err := l.channel(ctx, &c); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) channel(ctx context.Context, in *Channel) error {
	c, err := l.names.channel(ctx, in.Team, in.Name)
	made, err := isNew(err)
	if err != nil {
		return err
	}
	t, err := l.names.team(ctx, in.Team)
	if err != nil {
		return err
	}
	if made {
		c = &channel{id: id.New(), teamID: t.id, kind: in.Type}
	}
	row := &model.Channel{ID: c.id, TeamID: t.id, Type: in.Type, Name: in.Name, DisplayName: in.DisplayName, CreateAt: id.Now()}
	set(&row.Header, in.Header)
	set(&row.Purpose, in.Purpose)
	set(&row.DeleteAt, in.DeletedAt)
	if row.DisplayName == "" {
		row.DisplayName = row.Name
	}
	if err := channels.Check(row); err != nil {
		return err
	}
	if in.Name == model.ChannelTownSquare && (row.Type != model.ChannelOpen || row.DeleteAt != 0) {
		return errChannelType
	}
	if c.scheme, err = l.schemeNamed(ctx, in.Scheme, c.scheme); err != nil {
		return err
	}
	if err := l.write(ctx, func(tx *db.Tx) error {
		return storeChannel(ctx, tx, row, in.Header != nil, in.Purpose != nil, in.DeletedAt != nil, c.scheme, made)
	}); err != nil {
		return err
	}
	c.kind = row.Type
	l.names.channels[[2]string{t.id, in.Name}] = c
	l.counted(kindChannel, made)
	return nil
}

// conversation takes in a direct or group channel.
func (l *loader) conversation(ctx context.Context, d *DirectChannel) error {
	c, err := l.converse(ctx, d)
	if err != nil {
		return err
	}
	shows := model.PreferenceCategoryGroupChannelShow
	if c.kind == model.ChannelDirect {
		shows = model.PreferenceCategoryDirectChannelShow
	}
	var shown []model.Preference
	for _, n := range once(d.ShownBy) {
		p, err := l.names.user(ctx, n)
		if err != nil {
			return err
		}
		one := model.Preference{UserID: p.id, Category: shows, Name: c.id, Value: "true"}
		if c.kind == model.ChannelDirect {
			one.Name = model.DirectChannelPartner(c.name, p.id)
		}
		shown = append(shown, one)
	}
	l.touched[c.id] = true
	if err := l.write(ctx, func(tx *db.Tx) error { return l.prefs.PutTx(ctx, tx, shown) }); err != nil {
		return err
	}
	for _, n := range once(d.FavoritedBy) {
		p, err := l.names.user(ctx, n)
		if err == nil {
			err = l.prefer(ctx, p.id, []model.Preference{{Category: model.PreferenceCategoryFavoriteChannel, Name: c.id, Value: "true"}})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// converse finds the conversation of some people, or makes it.
func (l *loader) converse(ctx context.Context, d *DirectChannel) (*channel, error) {
	row := &model.Channel{ID: id.New(), CreateAt: id.Now()}
	members, err := l.talkers(ctx, d, row)
	if err != nil {
		return nil, err
	}
	set(&row.Header, d.Header)
	c, err := l.names.conversation(ctx, row.Name)
	made, err := isNew(err)
	if err != nil || !made && d.Header == nil && len(d.Participants) == 0 {
		return c, err
	}
	if !made {
		row.ID = c.id
	}
	if err := channels.Check(row); err != nil {
		return nil, err
	}
	for i := range members {
		members[i].channelID = row.ID
	}
	err = l.write(ctx, func(tx *db.Tx) error {
		if err := storeChannel(ctx, tx, row, d.Header != nil, false, false, "", made); err != nil {
			return err
		}
		return l.putMembers(ctx, tx, members)
	})
	if err != nil {
		return nil, err
	}
	c = &channel{id: row.ID, kind: row.Type, name: row.Name}
	l.names.conversations[row.Name] = c
	l.counted(kindDirectChannel, made)
	return c, nil
}

// talkers are the memberships of a conversation's people. Its kind and its names
// follow from them.
func (l *loader) talkers(ctx context.Context, d *DirectChannel, row *model.Channel) ([]membership, error) {
	people := d.people()
	slices.Sort(people)
	ids := make([]string, len(people))
	members := make([]membership, len(people))
	for i, n := range people {
		p, err := l.names.user(ctx, n)
		if err != nil {
			return nil, err
		}
		ids[i] = p.id
		members[i] = membership{userID: p.id, standing: standing{guest: p.guest, user: !p.guest}}
		for j := range d.Participants {
			if strings.EqualFold(d.Participants[j].Username, n) {
				members[i].notify, members[i].Reading = d.Participants[j].NotifyProps, d.Participants[j].Reading
			}
		}
	}
	row.Type, row.Name, row.CreatorID = model.ChannelDirect, model.DirectChannelName(ids[0], ids[len(ids)-1]), ids[0]
	if len(ids) > 2 {
		runes := []rune(strings.Join(people, ", "))
		row.Type, row.Name, row.DisplayName = model.ChannelGroup, model.GroupChannelName(ids), string(runes[:min(len(runes), model.ChannelDisplayNameMaxRunes)])
	}
	return members, nil
}

// set writes a field that a line has.
func set[T any](dst, v *T) {
	if v != nil {
		*dst = *v
	}
}
