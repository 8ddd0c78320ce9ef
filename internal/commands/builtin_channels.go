package commands

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

// edits changes a text of the channel that the command is typed in.
func (c *Commands) edits(what string) *builtin {
	return &builtin{do: func(ctx context.Context, r *run) (*model.CommandResponse, error) {
		if r.text == "" {
			return r.says("commands." + what + ".empty"), nil
		}
		patch := model.ChannelPatch{}
		switch what {
		case "header":
			patch.Header = &r.text
		case "purpose":
			patch.Purpose = &r.text
		default:
			patch.DisplayName = &r.text
		}
		return &model.CommandResponse{}, c.Channels.Edit(ctx, r.v, r.ch.ID, patch)
	}}
}

// room finds a channel by its name, "~room" or "room". One that v can't see
// isn't there.
func (c *Commands) room(ctx context.Context, r *run, word string) (*model.Channel, error) {
	missing := fault.NotFound("commands.channel_missing", "Name", strings.TrimPrefix(word, "~"))
	if r.team == nil {
		return nil, missing
	}
	ch, err := c.Channels.FindByName(ctx, r.v, r.team.ID, named("~", word))
	if err != nil && fault.As(err).Kind != fault.KindInternal {
		return nil, missing
	}
	return ch, err
}

// person finds somebody by their username, "@ann" or "ann". Whom v may not know
// of isn't there.
func (c *Commands) person(ctx context.Context, r *run, word string) (*model.User, error) {
	missing := fault.NotFound("commands.user_missing", "Name", strings.TrimPrefix(word, "@"))
	u, err := c.Users.ByUsername(ctx, named("@", word))
	if fault.IsNotFound(err) {
		return nil, missing
	}
	if err != nil {
		return nil, err
	}
	sees, err := c.Users.CanSee(ctx, r.v, u.ID)
	if err == nil && (!sees || u.DeleteAt != 0) {
		err = missing
	}
	return u, err
}

func (c *Commands) join(ctx context.Context, r *run) (*model.CommandResponse, error) {
	name, _ := word(r.text)
	if name == "" {
		return r.says("commands.join.empty"), nil
	}
	ch, err := c.room(ctx, r, name)
	if err != nil {
		return nil, err
	}
	if in, err := c.Access.InChannel(ctx, r.v.UserID, ch.ID); err != nil {
		return nil, err
	} else if !in {
		if err := c.Channels.Admit(ctx, r.v, ch.ID, r.v.UserID); err != nil {
			return nil, err
		}
	}
	return &model.CommandResponse{GotoLocation: r.place("channels", ch.Name)}, nil
}

// leave ends the typist's membership of the channel.
func (c *Commands) leave(ctx context.Context, r *run) (*model.CommandResponse, error) {
	if r.ch.Direct() {
		return r.says("commands.leave.direct"), nil
	}
	if err := c.Channels.Remove(ctx, r.v, r.ch.ID, r.v.UserID); err != nil {
		return nil, err
	}
	return &model.CommandResponse{GotoLocation: r.place("channels", model.ChannelTownSquare)}, nil
}

// mute toggles whether a channel calls its member.
func (c *Commands) mute(ctx context.Context, r *run) (*model.CommandResponse, error) {
	channelID, name := r.ch.ID, r.ch.DisplayName
	if first, _ := word(r.text); first != "" {
		ch, err := c.room(ctx, r, first)
		if err != nil {
			return nil, err
		}
		channelID, name = ch.ID, ch.DisplayName
	}
	m, err := c.Channels.Member(ctx, channelID, r.v.UserID)
	if fault.IsNotFound(err) {
		return r.says("commands.mute.outside", "Channel", name), nil
	}
	if err != nil {
		return nil, err
	}
	muted := m.NotifyProps[model.NotifyPropMarkUnread] != model.ChannelMarkUnreadMention
	key := map[bool]string{true: "commands.mute.done", false: "commands.mute.undone"}[muted]
	if r.ch.Direct() && channelID == r.ch.ID {
		key += "_here"
	}
	return r.says(key, "Channel", name), c.Channels.Mute(ctx, r.v.UserID, []string{channelID}, muted)
}

// invite adds people to channels; each of them gets a line of the answer.
func (c *Commands) invite(ctx context.Context, r *run) (*model.CommandResponse, error) {
	users, rooms := invited(r.text)
	if len(users) == 0 {
		return r.says("commands.invite.empty"), nil
	}
	if len(users)*max(len(rooms), 1) > inviteMost {
		return r.says("commands.invite.many", "Max", inviteMost), nil
	}
	targets := []*model.Channel{{ID: r.ch.ID, Name: r.ch.Name}}
	var lines []string
	if len(rooms) > 0 {
		targets = nil
	}
	for _, name := range rooms {
		ch, err := c.room(ctx, r, name)
		if err != nil {
			answer := c.explained(ctx, r, err)
			if answer == nil {
				return nil, err
			}
			lines = append(lines, answer.Text)
			continue
		}
		targets = append(targets, ch)
	}
	for _, name := range users {
		said, err := c.inviteOne(ctx, r, name, targets)
		if err != nil {
			return nil, err
		}
		lines = append(lines, said...)
	}
	return &model.CommandResponse{ResponseType: model.CommandResponseEphemeral, Text: strings.Join(lines, "\n")}, nil
}

// inviteMost bounds the memberships that one command makes.
const inviteMost = 100

// inviteOne adds one to each of the channels, and says what became of it.
func (c *Commands) inviteOne(ctx context.Context, r *run, name string, targets []*model.Channel) (lines []string, err error) {
	told := func(err error) error {
		answer := c.explained(ctx, r, err)
		if answer != nil {
			lines = append(lines, answer.Text)
			return nil
		}
		return err
	}
	u, err := c.person(ctx, r, name)
	if err != nil {
		return lines, told(err)
	}
	for _, ch := range targets {
		in, err := c.Access.InChannel(ctx, u.ID, ch.ID)
		if err != nil {
			return nil, err
		}
		key := "commands.invite.already"
		if !in {
			if err := c.Channels.Admit(ctx, r.v, ch.ID, u.ID); err != nil {
				if err := told(err); err != nil {
					return nil, err
				}
				continue
			}
			key = "commands.invite.done"
		}
		lines = append(lines, text(r.locale, key, "User", "@"+u.Username, "Channel", "~"+ch.Name))
	}
	return lines, nil
}

// kick takes somebody out of the channel.
func (c *Commands) kick(ctx context.Context, r *run) (*model.CommandResponse, error) {
	name, _ := word(r.text)
	if name == "" {
		return r.says("commands.remove.empty"), nil
	}
	if r.ch.Direct() {
		return r.says("commands.remove.direct"), nil
	}
	u, err := c.person(ctx, r, name)
	if err != nil {
		return nil, err
	}
	if err := c.Channels.Remove(ctx, r.v, r.ch.ID, u.ID); err != nil {
		return nil, err
	}
	return r.says("commands.remove.done", "User", "@"+u.Username), nil
}

func (c *Commands) mailsInvitations() bool {
	set := c.Settings.Get()
	return set.EmailSettings.SendEmailNotifications && set.TeamSettings.EnableUserCreation && set.ServiceSettings.EnableEmailInvitations
}

// invitePeople mails invitations into the team.
func (c *Commands) invitePeople(ctx context.Context, r *run) (*model.CommandResponse, error) {
	var emails []string
	for _, w := range strings.FieldsFunc(r.text, func(r rune) bool { return strings.ContainsRune(" ,\t\n", r) }) {
		if strings.Contains(w, "@") && !strings.HasPrefix(w, "@") {
			emails = append(emails, strings.ToLower(w))
		}
	}
	switch {
	case len(emails) == 0 || r.team == nil:
		return r.says("commands.invite_people.empty"), nil
	case len(emails) > inviteMost:
		return r.says("commands.invite.many", "Max", inviteMost), nil
	}
	sent, err := c.Teams.InviteByMail(ctx, r.v, r.team.ID, emails)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, one := range sent {
		if one.Error != nil {
			lines = append(lines, text(r.locale, "commands.invite_people.failed", "Email", one.Email, "Why", one.Error.Message))
			continue
		}
		lines = append(lines, text(r.locale, "commands.invite_people.done", "Email", one.Email))
	}
	return &model.CommandResponse{ResponseType: model.CommandResponseEphemeral, Text: strings.Join(lines, "\n"), SkipSlackParsing: true}, nil
}

// message opens a conversation with one other, and says something there.
func (c *Commands) message(ctx context.Context, r *run) (*model.CommandResponse, error) {
	name, rest := word(r.text)
	if name == "" {
		return r.says("commands.msg.empty"), nil
	}
	u, err := c.person(ctx, r, name)
	if err != nil {
		return nil, err
	}
	ch, err := c.Channels.OpenDirect(ctx, r.v, u.ID)
	if err != nil {
		return nil, err
	}
	return &model.CommandResponse{GotoLocation: r.place("messages", "@"+u.Username)}, c.saySomething(ctx, r, ch.ID, unquote(rest))
}

// groupMessage opens a conversation with several others, and says something
// there. With one other it is an ordinary conversation.
func (c *Commands) groupMessage(ctx context.Context, r *run) (*model.CommandResponse, error) {
	names, rest := people(r.text)
	var ids []string
	for _, name := range names {
		u, err := c.person(ctx, r, name)
		if err != nil {
			return nil, err
		}
		if u.ID != r.v.UserID {
			ids = append(ids, u.ID)
		}
	}
	switch {
	case len(ids) == 0:
		return r.says("commands.groupmsg.empty"), nil
	case len(ids) == 1:
		r.text = names[0] + " " + rest
		return c.message(ctx, r)
	case len(ids)+1 > model.ChannelGroupMaxUsers:
		return r.says("commands.groupmsg.many", "Max", model.ChannelGroupMaxUsers-1), nil
	}
	ch, err := c.Channels.OpenGroup(ctx, r.v, ids)
	if err != nil {
		return nil, err
	}
	return &model.CommandResponse{GotoLocation: r.place("messages", ch.Name)}, c.saySomething(ctx, r, ch.ID, unquote(rest))
}

// saySomething posts in the typist's name; nothing for an empty message.
func (c *Commands) saySomething(ctx context.Context, r *run, channelID, message string) error {
	if message == "" {
		return nil
	}
	if err := r.v.NeedChannel(ctx, channelID, access.PermCreatePost); err != nil {
		return err
	}
	_, err := c.Posts.Create(ctx, r.v, &model.Post{ChannelID: channelID, Message: message}, posts.CreateOptions{SetOnline: true})
	return err
}
