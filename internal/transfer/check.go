package transfer

import (
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// latest is a moment in the year 9999: no time of a message is later.
const latest = 253_402_300_799_000

var (
	errTime        = fault.Invalid("parley.transfer.time.app_error")
	errReplyTime   = fault.Invalid("parley.transfer.reply_time.app_error")
	errReaction    = fault.Invalid("parley.transfer.reaction.app_error")
	errMembers     = fault.Invalid("parley.transfer.members.app_error", "Most", model.ChannelGroupMaxUsers)
	errBurn        = fault.Invalid("parley.transfer.burn_on_read.app_error")
	errScope       = fault.Invalid("parley.transfer.scope.app_error")
	errRole        = fault.Invalid("parley.transfer.role.app_error")
	errVersion     = fault.Invalid("parley.transfer.version.app_error", "Version", formatVersion)
	errOutsiders   = fault.Invalid("parley.transfer.outsiders.app_error")
	errAttachments = fault.Invalid("parley.transfer.attachments.app_error", "Max", model.PostFilesMax)
	errChannelType = fault.Invalid("parley.transfer.channel_type.app_error")
)

// checkLine holds a line against what can be told without the database. What
// the fields of an account, a team, a channel and a message may hold is asked of
// their slices when the rows are made.
func checkLine(l *Line) *fault.Error {
	switch l.Type {
	case kindVersion:
		if *l.Version != formatVersion {
			return errVersion
		}
	case kindRole:
		return checkRole(l.Role)
	case kindScheme:
		return checkScheme(l.Scheme)
	case kindEmoji:
		if !model.ValidEmojiName(l.Emoji.Name) || l.Emoji.Image == "" {
			return fault.Invalid("model.emoji.name.app_error")
		}
	case kindChannel:
		if l.Channel.Type != model.ChannelOpen && l.Channel.Type != model.ChannelPrivate {
			return errChannelType
		}
	case kindBot:
		if l.Bot.Owner == "" || len(l.Bot.Owner) > model.BotOwnerIDMaxRunes {
			return fault.Invalid("parley.transfer.owner.app_error", "Max", model.BotOwnerIDMaxRunes)
		}
	case kindPost:
		if l.Post.Team == "" || l.Post.Channel == "" {
			return named("parley.transfer.unknown_channel.app_error", l.Post.Team+"/"+l.Post.Channel)
		}
		return checkPost(l.Post)
	case kindDirectPost:
		if e := checkMembers(l.DirectPost.ChannelMembers); e != nil {
			return e
		}
		return checkPost(l.DirectPost)
	case kindDirectChannel:
		return checkConversation(l.DirectChannel)
	}
	return nil
}

func checkPost(p *Post) *fault.Error {
	if e := checkEntry(&p.Entry); e != nil {
		return e
	}
	for i := range p.Replies {
		if e := checkEntry(&p.Replies[i]); e != nil {
			return e
		}
		if p.Replies[i].CreateAt < p.CreateAt {
			return errReplyTime
		}
	}
	return nil
}

func checkEntry(e *Entry) *fault.Error {
	switch {
	case e.CreateAt <= 0 || e.CreateAt > latest || e.EditAt < 0 || e.EditAt > latest:
		return errTime
	case e.Type == model.PostTypeBurnOnRead:
		return errBurn
	case len(e.Attachments) > model.PostFilesMax:
		return errAttachments
	}
	for _, r := range e.Reactions {
		if r.CreateAt < e.CreateAt || r.CreateAt > latest || !model.ValidEmojiName(r.EmojiName) {
			return errReaction
		}
	}
	return nil
}

func checkRole(r *Role) *fault.Error {
	if !model.ValidRoleName(r.Name) || r.DisplayName == "" || len(r.DisplayName) > model.RoleDisplayNameMaxLength ||
		r.Description != nil && len(*r.Description) > model.RoleDescriptionMaxLength {
		return errRole
	}
	return nil
}

func checkScheme(s *Scheme) *fault.Error {
	team := s.Scope == model.SchemeScopeTeam
	switch {
	case !model.ValidSchemeName(s.Name) || s.DisplayName == "" || len(s.DisplayName) > model.SchemeDisplayNameMaxLength ||
		len(s.Description) > model.SchemeDescriptionMaxLength:
		return errRole
	case !team && s.Scope != model.SchemeScopeChannel, s.ChannelAdmin == nil || s.ChannelUser == nil,
		team && (s.TeamAdmin == nil || s.TeamUser == nil), !team && (s.TeamAdmin != nil || s.TeamUser != nil):
		return errScope
	}
	for _, r := range s.roles() {
		if *r.role != nil {
			if e := checkRole(*r.role); e != nil {
				return e
			}
		}
	}
	return nil
}

// people are the names of a conversation's members, each once.
func (d *DirectChannel) people() []string {
	names := d.Members
	for _, p := range d.Participants {
		names = append(names[:len(names):len(names)], p.Username)
	}
	return once(names)
}

func once(names []string) []string {
	seen := make(map[string]bool, len(names))
	var out []string
	for _, n := range names {
		if n = strings.ToLower(n); !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}

func checkConversation(d *DirectChannel) *fault.Error {
	if len(d.Members)+len(d.Participants) > 4*model.ChannelGroupMaxUsers {
		return errMembers
	}
	people := d.people()
	if e := checkMembers(people); e != nil {
		return e
	}
	in := make(map[string]bool, len(people))
	for _, n := range people {
		in[n] = true
	}
	for _, n := range append(d.FavoritedBy[:len(d.FavoritedBy):len(d.FavoritedBy)], d.ShownBy...) {
		if !in[strings.ToLower(n)] {
			return errOutsiders
		}
	}
	return nil
}

// checkMembers holds the number of a conversation's people against what there
// can be: one with themselves, two, or a group.
func checkMembers(names []string) *fault.Error {
	if n := len(once(names)); n < 1 || n > model.ChannelGroupMaxUsers {
		return errMembers
	}
	return nil
}

// lineNumber is where a line stands, for a message.
func lineNumber(n int) string { return strconv.Itoa(n) }
