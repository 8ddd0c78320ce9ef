package commands

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/model"
)

// builtin is one of the server's own commands. Its texts are those of the
// catalogue under commands.<trigger>: name, desc, hint.
type builtin struct {
	do func(ctx context.Context, r *run) (*model.CommandResponse, error)
	// silent ones aren't offered while one types, but run.
	silent bool
	// hidden ones aren't there for whom it says.
	hidden func(ctx context.Context, v access.Viewer, teamID string) bool
}

// builtins are the server's own commands (reference: slash-commands.tsv).
func (c *Commands) builtins() map[string]*builtin {
	plain := func(do func(context.Context, *run) (*model.CommandResponse, error)) *builtin { return &builtin{do: do} }
	say := func(key string) *builtin {
		return plain(func(_ context.Context, r *run) (*model.CommandResponse, error) { return r.says(key), nil })
	}
	lacks := func(p access.Permission) func(context.Context, access.Viewer, string) bool {
		return func(ctx context.Context, v access.Viewer, _ string) bool { return !v.Can(ctx, p) }
	}
	own := map[string]*builtin{
		"away": c.statusCommand(model.StatusAway), "dnd": c.statusCommand(model.StatusDND),
		"offline": c.statusCommand(model.StatusOffline), "online": c.statusCommand(model.StatusOnline),
		"status": {do: c.customStatus, hidden: func(context.Context, access.Viewer, string) bool {
			return !c.Settings.Get().TeamSettings.EnableCustomUserStatuses
		}},
		"code": plain(code), "me": plain(me), "shrug": plain(shrug), "echo": plain(c.echo), "help": plain(c.help),
		"collapse": c.previews("true"), "expand": c.previews("false"),
		"header": c.edits("header"), "purpose": c.edits("purpose"), "rename": c.edits("rename"),
		"join": plain(c.join), "open": plain(c.join), "leave": plain(c.leave), "mute": plain(c.mute),
		"invite": plain(c.invite), "kick": plain(c.kick), "remove": plain(c.kick),
		"invite_people": {do: c.invitePeople, hidden: func(ctx context.Context, v access.Viewer, teamID string) bool {
			return !c.mailsInvitations() || !v.CanTeam(ctx, teamID, access.PermInviteUser) || !v.CanTeam(ctx, teamID, access.PermAddUserToTeam)
		}},
		"msg": plain(c.message), "groupmsg": plain(c.groupMessage),
		"logout": plain(func(context.Context, *run) (*model.CommandResponse, error) {
			return &model.CommandResponse{GotoLocation: "/login"}, nil
		}),
		"search": say("commands.search.client"), "settings": say("commands.settings.client"), "shortcuts": say("commands.shortcuts.client"),
		"marketplace": say("commands.marketplace.none"), "exportlink": {do: c.exportLink, silent: true, hidden: lacks(access.PermManageSystem)},
		"secure-connection": say("commands.secure-connection.none"), "share-channel": say("commands.share-channel.none"),
		"test": {do: c.test, silent: true, hidden: func(ctx context.Context, v access.Viewer, _ string) bool {
			return !c.Settings.Get().ServiceSettings.EnableTesting || !v.Admin(ctx)
		}},
	}
	own["marketplace"].silent = true
	own["secure-connection"].hidden, own["share-channel"].hidden = lacks(access.PermManageSecureConnections), lacks(access.PermManageSharedChannels)
	return own
}

// shown is a built-in command as clients list it.
func (b *builtin) shown(trigger, locale string) *model.Command {
	about := func(what string) string {
		key := "commands." + trigger + "." + what
		if !i18n.Has(key) {
			return ""
		}
		return text(locale, key)
	}
	return &model.Command{Trigger: trigger, AutoComplete: true, DisplayName: about("name"), AutoCompleteDesc: about("desc"), AutoCompleteHint: about("hint")}
}

func inChannel(message string) *model.CommandResponse {
	return &model.CommandResponse{ResponseType: model.CommandResponseInChannel, Text: message}
}

// code posts a text as a block of code: four blanks before each line.
func code(_ context.Context, r *run) (*model.CommandResponse, error) {
	if r.text == "" {
		return r.says("commands.code.empty"), nil
	}
	answer := inChannel("    " + strings.ReplaceAll(r.text, "\n", "\n    "))
	answer.SkipSlackParsing = true
	return answer, nil
}

// me posts what somebody does, in their own name.
func me(_ context.Context, r *run) (*model.CommandResponse, error) {
	if r.text == "" {
		return r.says("commands.me.empty"), nil
	}
	answer := inChannel("*" + r.text + "*")
	answer.Type = model.PostTypeMe
	return answer, nil
}

func shrug(_ context.Context, r *run) (*model.CommandResponse, error) {
	return inChannel(strings.TrimSpace(r.text + ` ¯\\\_(ツ)\_/¯`)), nil
}

// help says where help is, and which commands there are.
func (c *Commands) help(ctx context.Context, r *run) (*model.CommandResponse, error) {
	list, err := c.offered(ctx, r.v, r.teamID(), r.locale)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, cmd := range list {
		lines = append(lines, strings.TrimSpace("`/"+cmd.Trigger+"` "+cmd.AutoCompleteDesc))
	}
	answer := r.says("commands.help.text", "Link", c.Settings.Get().SupportSettings.HelpLink, "Commands", "- "+strings.Join(lines, "\n- "))
	if c.Settings.Get().SupportSettings.HelpLink == "" {
		answer = r.says("commands.help.text_alone", "Commands", "- "+strings.Join(lines, "\n- "))
	}
	return answer, nil
}

// previews shows or hides pictures below messages.
func (c *Commands) previews(collapsed string) *builtin {
	key := map[string]string{"true": "commands.collapse.done", "false": "commands.expand.done"}[collapsed]
	return &builtin{do: func(ctx context.Context, r *run) (*model.CommandResponse, error) {
		err := c.Preferences.Put(ctx, r.v.UserID, []model.Preference{{UserID: r.v.UserID, Category: "display_settings", Name: "collapse_previews", Value: collapsed}})
		return r.says(key), err
	}}
}

// statusCommand chooses a status, by hand.
func (c *Commands) statusCommand(status string) *builtin {
	return &builtin{do: func(ctx context.Context, r *run) (*model.CommandResponse, error) {
		user, err := c.Users.ByID(ctx, r.v.UserID)
		if err != nil {
			return nil, err
		}
		return r.says("commands." + status + ".done"), c.Presence.Choose(ctx, user, status, 0)
	}}
}

// customStatus sets what somebody tells of themselves, or takes it away.
func (c *Commands) customStatus(ctx context.Context, r *run) (*model.CommandResponse, error) {
	switch strings.ToLower(r.text) {
	case "":
		return r.says("commands.status.empty"), nil
	case "clear":
		return r.says("commands.status.cleared"), c.Presence.ClearCustom(ctx, r.v)
	}
	emoji, words := statusOf(r.text)
	if err := c.Presence.SetCustom(ctx, r.v, model.CustomStatus{Emoji: emoji, Text: words}); err != nil {
		return nil, err
	}
	return r.says("commands.status.done", "Status", strings.TrimSpace(r.text)), nil
}

// exportLink answers that files of exports have no links of their own here.
func (c *Commands) exportLink(_ context.Context, r *run) (*model.CommandResponse, error) {
	return r.says("commands.exportlink.none"), nil
}
