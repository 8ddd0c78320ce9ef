package transfer

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/preferences"
	"github.com/parley-chat/parley/internal/users"
)

// user takes in an account, then what it is in: what can't be taken of that is
// told of, and the rest stays.
func (l *loader) user(ctx context.Context, at string, in *User) error {
	row, made, err := l.account(ctx, in.Username, in.Email)
	if err != nil {
		return err
	}
	if err := l.fill(ctx, row, in); err != nil {
		return err
	}
	if err := l.signIn(ctx, row, in, made); err != nil {
		return err
	}
	if err := users.Check(row); err != nil {
		return err
	}
	list, bad := in.preferences(row.ID)
	for _, err := range bad {
		if err := l.note(at, kindUser, err); err != nil {
			return err
		}
	}
	err = l.write(ctx, func(tx *db.Tx) error {
		if err := storeUser(ctx, tx, row, made); err != nil {
			return err
		}
		return l.prefs.PutTx(ctx, tx, list)
	})
	if err != nil {
		return err
	}
	l.names.users[row.Username] = &person{id: row.ID, guest: row.IsGuest(), deleted: row.DeleteAt != 0}
	l.counted(kindUser, made)
	if err := l.portrait(ctx, at, kindUser, row.ID, in.ProfileImage); err != nil {
		return err
	}
	for i := range in.Teams {
		if err := l.joinTeam(ctx, at, l.names.users[row.Username], &in.Teams[i], made); err != nil {
			if err = l.note(at, kindUser, err); err != nil {
				return err
			}
		}
	}
	return nil
}

// account returns the row of a username, or a new one.
func (l *loader) account(ctx context.Context, username, email string) (*model.User, bool, error) {
	name := strings.ToLower(strings.TrimSpace(username))
	row, err := l.users.ByUsername(ctx, name)
	made, err := isNew(err)
	if err != nil {
		return nil, false, err
	}
	if !made {
		c := *row
		c.Props, c.NotifyProps = row.Props.Clone(), row.NotifyProps.Clone()
		return &c, false, nil
	}
	email = strings.ToLower(strings.TrimSpace(email))
	if by, err := usernameOf(ctx, l.db, email); err != nil {
		return nil, false, err
	} else if by != "" {
		return nil, false, fault.Invalid("parley.transfer.email_taken.app_error", "Email", cut(email, 80), "Username", by)
	}
	now := id.Now()
	userID := id.New()
	if known := l.names.users[name]; known != nil { // a dry run made it
		userID = known.id
	}
	return &model.User{ID: userID, CreateAt: now, UpdateAt: now, Username: name, Email: email, EmailVerified: true, RemoteID: new(string),
		Roles: model.RoleSystemUser, Locale: l.cfg.Get().LocalizationSettings.DefaultClientLocale, NotifyProps: model.DefaultUserNotifyProps()}, true, nil
}

// fill writes what a line says into a row.
func (l *loader) fill(ctx context.Context, row *model.User, in *User) error {
	row.Username, row.Email = in.Username, in.Email
	row.UpdateAt = max(id.Now(), row.UpdateAt+1)
	for to, from := range map[*string]*string{&row.Nickname: in.Nickname, &row.FirstName: in.FirstName, &row.LastName: in.LastName,
		&row.Position: in.Position, &row.Locale: in.Locale} {
		set(to, from)
	}
	set(&row.DeleteAt, in.DeleteAt)
	if row.DeleteAt < 0 || row.DeleteAt > latest {
		return errTime
	}
	if in.Roles != nil {
		roles := strings.Fields(*in.Roles)
		if !slices.Contains(roles, model.RoleSystemUser) && !slices.Contains(roles, model.RoleSystemGuest) {
			roles = append(roles, model.RoleSystemUser)
		}
		for _, r := range roles {
			if err := l.names.knowsRole(ctx, r); err != nil {
				return err
			}
		}
		row.Roles = strings.Join(roles, " ")
	}
	if row.NotifyProps == nil {
		row.NotifyProps = model.DefaultUserNotifyProps()
	}
	in.NotifyProps.each(func(key string, value **string) {
		if *value != nil {
			row.NotifyProps[key] = **value
		}
	})
	if len(in.CustomStatus) > 0 && string(in.CustomStatus) != "null" {
		if row.Props == nil {
			row.Props = model.StringMap{}
		}
		row.Props[customStatus] = compact(in.CustomStatus)
	}
	return nil
}

// customStatus is where an account keeps it, as text.
const customStatus = "customStatus"

// signIn sets how an account signs in. One that comes without a password gets
// none: nobody signs in before a new one was asked for by mail.
func (l *loader) signIn(ctx context.Context, row *model.User, in *User, made bool) error {
	if in.AuthService != nil && *in.AuthService != "" {
		if in.AuthData == nil || *in.AuthData == "" || len(*in.AuthService) > 32 {
			return fault.Invalid("parley.transfer.auth.app_error")
		}
		row.AuthService, row.AuthData, row.Password = *in.AuthService, in.AuthData, ""
		return nil
	}
	if in.Password == nil || *in.Password == "" || l.o.DryRun {
		return nil
	}
	if err := l.acc.CheckPasswordRules(*in.Password); err != nil {
		return err
	}
	if !made && row.AuthService == "" {
		if same, _, err := l.acc.CheckPassword(ctx, row.Password, *in.Password); err != nil || same {
			return err
		}
	}
	hash, err := l.acc.HashPassword(ctx, *in.Password)
	row.Password, row.AuthService, row.AuthData, row.LastPasswordUpdate = hash, "", nil, id.Now()
	return err
}

// each calls fn with the keys of notify props and the fields of the line.
func (n *UserNotify) each(fn func(key string, value **string)) {
	if n == nil {
		return
	}
	fn(model.NotifyPropDesktop, &n.Desktop)
	fn(model.NotifyPropDesktopSound, &n.DesktopSound)
	fn(model.NotifyPropEmail, &n.Email)
	fn(model.NotifyPropPush, &n.Mobile)
	fn(model.NotifyPropPushStatus, &n.MobilePushStatus)
	fn(model.NotifyPropChannel, &n.Channel)
	fn(model.NotifyPropComments, &n.Comments)
	fn(model.NotifyPropMentionKeys, &n.MentionKeys)
}

func (n *ChannelNotify) each(fn func(key string, value **string)) {
	if n == nil {
		return
	}
	fn(model.NotifyPropDesktop, &n.Desktop)
	fn(model.NotifyPropPush, &n.Mobile)
	fn(model.NotifyPropMarkUnread, &n.MarkUnread)
	fn(model.NotifyPropEmail, &n.Email)
	fn(model.NotifyPropIgnoreChannelMentions, &n.IgnoreMentions)
	fn(model.NotifyPropAutoFollowThreads, &n.AutoFollow)
}

// portrait gives an account the picture that its line names. A bad one is told of.
func (l *loader) portrait(ctx context.Context, at, kind, userID string, name *string) error {
	if name == nil || *name == "" {
		return nil
	}
	raw, err := l.small(*name, int64(l.cfg.Get().FileSettings.MaxFileSize))
	if err == nil && !l.o.DryRun {
		if raw, err = l.users.DrawPicture(ctx, bytes.NewReader(raw)); err == nil {
			err = l.users.SetPicture(ctx, userID, raw)
		}
	}
	if err != nil {
		return l.note(at, kind, err)
	}
	return nil
}

// joinTeam makes somebody a member of a team and of channels in it.
func (l *loader) joinTeam(ctx context.Context, at string, p *person, in *UserTeam, fresh bool) error {
	t, err := l.names.team(ctx, in.Name)
	if err != nil {
		return err
	}
	seat, err := l.names.seatsOf(ctx, t.scheme)
	if err != nil {
		return err
	}
	stand, err := l.names.standingOf(ctx, in.Roles, seat.team, p)
	if err != nil {
		return err
	}
	var tastes []model.Preference
	if in.Theme != nil && *in.Theme != "" {
		tastes = append(tastes, model.Preference{UserID: p.id, Category: model.PreferenceCategoryTheme, Name: t.id, Value: *in.Theme})
		if err := preferences.Check(&tastes[0]); err != nil {
			return err
		}
	}
	members, favourites, err := l.joinChannels(ctx, at, p, in)
	if err != nil {
		return err
	}
	if fresh {
		tastes, favourites = append(tastes, favourites...), nil
	}
	err = l.write(ctx, func(tx *db.Tx) error {
		if err := storeTeamMember(ctx, tx, t.id, p.id, stand); err != nil {
			return err
		}
		tx.AfterCommit(func() { l.hub.JoinedTeam(p.id, t.id) })
		if err := l.putMembers(ctx, tx, members); err != nil {
			return err
		}
		return l.prefs.PutTx(ctx, tx, tastes)
	})
	if err != nil {
		return err
	}
	return l.prefer(ctx, p.id, favourites)
}

// joinChannels works out the memberships of a team's channels, and which of them
// are favourites. Members are in Town Square, whatever the line says.
func (l *loader) joinChannels(ctx context.Context, at string, p *person, in *UserTeam) (members []membership, favourites []model.Preference, err error) {
	list := in.Channels
	if !p.guest && !slices.ContainsFunc(list, func(c UserChannel) bool { return c.Name == model.ChannelTownSquare }) {
		list = append(list[:len(list):len(list)], UserChannel{Name: model.ChannelTownSquare})
	}
	for i := range list {
		c := &list[i]
		m, err := l.joinChannel(ctx, p, in.Name, c)
		if err != nil {
			if err := l.note(at, kindUser, err); err != nil {
				return nil, nil, err
			}
			continue
		}
		l.touched[m.channelID] = true
		members = append(members, m)
		if c.Favorite != nil && *c.Favorite {
			favourites = append(favourites, model.Preference{UserID: p.id, Category: model.PreferenceCategoryFavoriteChannel, Name: m.channelID, Value: "true"})
		}
	}
	return members, favourites, nil
}

// prefer writes preferences of somebody who may have a sidebar already, which
// lists favourites too.
func (l *loader) prefer(ctx context.Context, userID string, list []model.Preference) error {
	if l.o.DryRun {
		return nil
	}
	for part := range slices.Chunk(list, model.PreferencesPerRequest) {
		if err := l.prefs.Put(ctx, userID, part); err != nil {
			return err
		}
	}
	return nil
}

// putMembers writes memberships; those who are connected hear of the channels
// from then on.
func (l *loader) putMembers(ctx context.Context, tx *db.Tx, members []membership) error {
	tx.AfterCommit(func() {
		for i := range members {
			l.hub.JoinedChannel(members[i].userID, members[i].channelID)
		}
	})
	return storeMembers(ctx, tx, members)
}

// membership is a member of a channel as a line has it.
type membership struct {
	channelID, userID string
	standing
	notify *ChannelNotify
	Reading
}

func (l *loader) joinChannel(ctx context.Context, p *person, teamName string, in *UserChannel) (membership, error) {
	m := membership{userID: p.id, notify: in.NotifyProps, Reading: in.Reading}
	c, err := l.names.channel(ctx, teamName, in.Name)
	if err != nil {
		return m, err
	}
	scheme := c.scheme
	if scheme == "" {
		t, err := l.names.team(ctx, teamName)
		if err != nil {
			return m, err
		}
		scheme = t.scheme
	}
	seat, err := l.names.seatsOf(ctx, scheme)
	if err != nil {
		return m, err
	}
	m.channelID = c.id
	m.standing, err = l.names.standingOf(ctx, in.Roles, seat.channel, p)
	return m, err
}

// bot takes in an account of a program. Its owner is an account, else kept as it
// stands: the name of an extension.
func (l *loader) bot(ctx context.Context, at string, in *Bot) error {
	row, made, err := l.account(ctx, in.Username, in.Username+"@localhost")
	if err != nil {
		return err
	}
	if !made && !row.IsBot {
		return named("parley.transfer.no_bot.app_error", in.Username)
	}
	row.Username, row.RemoteID = in.Username, nil
	set(&row.FirstName, in.DisplayName)
	set(&row.DeleteAt, in.DeleteAt)
	row.UpdateAt = max(id.Now(), row.UpdateAt+1)
	bot := &model.Bot{UserID: row.ID, OwnerID: in.Owner, CreateAt: row.CreateAt, UpdateAt: row.UpdateAt, DeleteAt: row.DeleteAt, Description: row.BotDescription}
	set(&bot.Description, in.Description)
	if len([]rune(bot.Description)) > model.BotDescriptionMaxRunes {
		return fault.Invalid("parley.transfer.bot_description.app_error", "Max", model.BotDescriptionMaxRunes)
	}
	if err := users.Check(row); err != nil {
		return err
	}
	switch owner, err := l.names.user(ctx, in.Owner); {
	case strings.EqualFold(in.Owner, in.Username):
		bot.OwnerID = row.ID
	case err == nil:
		bot.OwnerID = owner.id
	case publicFault(err) == nil:
		return err
	}
	err = l.write(ctx, func(tx *db.Tx) error {
		if err := storeUser(ctx, tx, row, made); err != nil {
			return err
		}
		return storeBot(ctx, tx, bot)
	})
	if err != nil {
		return err
	}
	l.names.users[row.Username] = &person{id: row.ID, deleted: row.DeleteAt != 0}
	l.counted(kindBot, made)
	return l.portrait(ctx, at, kindBot, row.ID, in.ProfileImage)
}
