package posts

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/event"
	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// System writes a message of the server itself, in the name of post.UserID,
// and returns after its commit. Nobody has read anything by it.
func (p *Posts) System(ctx context.Context, post *model.Post) error {
	s, err := p.systemSaving(ctx, post)
	if err != nil {
		return err
	}
	if err := p.batcher.submit(ctx, s); err != nil {
		return err
	}
	p.saved(context.WithoutCancel(ctx), p.acting(ctx, s.Post.UserID), s)
	return nil
}

func (p *Posts) systemSaving(ctx context.Context, post *model.Post) (*Saving, error) {
	ch, err := p.acc.Channel(ctx, post.ChannelID)
	if err != nil {
		return nil, err
	}
	c := *post
	c.ID, c.Metadata, c.FileIDs = id.New(), &model.PostMetadata{}, noFiles
	s := &Saving{Post: &c, Channel: ch, SetOnline: true}
	if err := check(&c); err != nil {
		return nil, err
	}
	s.Mentions, err = p.resolve(ctx, access.Viewer{}, &c, ch)
	return s, err
}

// teller is tell or note.
type teller func(ctx context.Context, post *model.Post)

// tell hands a system message in without waiting for it, so that those of many
// people who come at once go together; the caller settles the channel at last.
func (p *Posts) tell(ctx context.Context, post *model.Post) { p.handIn(ctx, post, false) }

// note is tell without the event: the coming and going of a team is written
// down in its default channels, but calls nobody there.
func (p *Posts) note(ctx context.Context, post *model.Post) { p.handIn(ctx, post, true) }

func (p *Posts) handIn(ctx context.Context, post *model.Post, unheard bool) {
	s, err := p.systemSaving(ctx, post)
	if err != nil {
		p.log.Error("a change could not be told of", "type", post.Type, "channel", post.ChannelID, "error", err)
		return
	}
	s.unheard = unheard
	ctx = context.WithoutCancel(ctx)
	p.batcher.hand(ctx, s, func(s *Saving) {
		if s.err == nil {
			p.saved(ctx, p.acting(ctx, s.Post.UserID), s)
		}
	})
}

// acting is a viewer for metadata of posts that the server writes.
func (p *Posts) acting(ctx context.Context, userID string) access.Viewer {
	u, err := p.users.ByID(ctx, userID)
	if err != nil {
		return access.Viewer{}
	}
	return p.acc.Acting(u.ID, u.Username, u.Roles)
}

// writeSystemMessages has a message written for each change that members of a
// channel should know of (reference: system-posts.tsv).
func (p *Posts) writeSystemMessages() {
	c := p.channels
	telling(p, &c.Created, func(e channels.Created) string { return e.Channel.ID }, p.channelCreated)
	telling(p, &c.Joined, func(e *channels.Joined) string { return e.Channel.ID }, p.joined)
	telling(p, &c.Left, func(e *channels.Left) string { return e.Channel.ID }, p.left)
	telling(p, &c.Updated, func(e channels.Updated) string { return e.New.ID }, p.channelUpdated)
	telling(p, &c.Archived, func(e channels.Changed) string { return e.Channel.ID }, func(ctx context.Context, e channels.Changed) {
		p.report(ctx, e.ByID, e.Channel.ID, model.PostTypeChannelDeleted, "posts.system.channel_archived", nil)
	})
	telling(p, &c.Restored, func(e channels.Changed) string { return e.Channel.ID }, func(ctx context.Context, e channels.Changed) {
		p.report(ctx, e.ByID, e.Channel.ID, model.PostTypeChannelRestored, "posts.system.channel_restored", nil)
	})
	telling(p, &c.Moved, func(e channels.Moved) string { return e.Channel.ID }, func(ctx context.Context, e channels.Moved) {
		p.report(ctx, e.ByID, e.Channel.ID, model.PostTypeMoveChannel, "posts.system.channel_moved", nil)
	})
	telling(p, &c.Converted, func(e channels.Converted) string { return e.Channel.ID }, p.converted)
}

// telling has fn hand in the messages about an event, and waits until they are
// saved and told: whoever made the change finds them.
func telling[E any](p *Posts, topic *event.Topic[E], where func(E) string, fn func(context.Context, E)) {
	topic.Subscribe(func(ctx context.Context, e E) {
		fn(ctx, e)
		p.batcher.settle(where(e))
	})
}

// report writes a message about what byID did. The props tell clients the same
// as the text, in their own language.
func (p *Posts) report(ctx context.Context, byID, channelID, postType, text string, props model.StringInterface) {
	p.reportWith(ctx, p.tell, byID, channelID, postType, text, props)
}

func (p *Posts) reportWith(ctx context.Context, tell teller, byID, channelID, postType, text string, props model.StringInterface) {
	u, err := p.users.ByID(ctx, byID)
	if err != nil {
		return // done by the server itself: nobody to name
	}
	if props == nil {
		props = model.StringInterface{}
	}
	props[model.PostPropUsername] = u.Username
	tell(ctx, &model.Post{UserID: byID, ChannelID: channelID, Type: postType, Props: props, Message: p.text(text, props)})
}

// text is a message in the language of the server.
func (p *Posts) text(key string, params map[string]any) string {
	return i18n.T(p.cfg.Get().LocalizationSettings.DefaultServerLocale, key, params)
}

func (p *Posts) channelCreated(ctx context.Context, e channels.Created) {
	if e.Channel.IsConversation() || e.ByID == "" {
		return
	}
	for _, userID := range e.UserIDs {
		p.entered(ctx, p.tell, e.Channel.ID, userID, "posts.system.join_channel", model.PostTypeJoinChannel)
	}
}

func (p *Posts) entered(ctx context.Context, tell teller, channelID, userID, text, postType string) {
	u, err := p.users.ByID(ctx, userID)
	if err != nil {
		return
	}
	if u.IsGuest() && postType == model.PostTypeJoinChannel {
		postType, text = model.PostTypeGuestJoinChannel, "posts.system.guest_join_channel"
	}
	p.reportWith(ctx, tell, userID, channelID, postType, text, nil)
}

// quietDefaults reports whether coming and going in the default channels of a
// team isn't told of.
func (p *Posts) quietDefaults(ch *access.ChannelFacts) bool {
	if p.cfg.Get().ServiceSettings.ExperimentalEnableDefaultChannelLeaveJoinMessages {
		return false
	}
	return ch.Name == model.ChannelTownSquare
}

// telling is how coming and going is told: aloud, unless it is the team's.
func (p *Posts) telling(withTeam bool) teller {
	if withTeam {
		return p.note
	}
	return p.tell
}

func (p *Posts) joined(ctx context.Context, e *channels.Joined) {
	if p.quietDefaults(e.Channel) {
		return
	}
	tell := p.telling(e.WithTeam)
	town := e.WithTeam && e.Channel.Name == model.ChannelTownSquare
	for _, userID := range e.UserIDs {
		byThemselves := e.ByID == "" || e.ByID == userID
		switch {
		case byThemselves && town:
			p.entered(ctx, tell, e.Channel.ID, userID, "posts.system.join_team", model.PostTypeJoinTeam)
		case byThemselves, e.WithTeam && !town: // nobody chose this channel for them
			p.entered(ctx, tell, e.Channel.ID, userID, "posts.system.join_channel", model.PostTypeJoinChannel)
		case town:
			p.added(ctx, tell, e, userID, "posts.system.add_to_team", model.PostTypeAddToTeam)
		default:
			p.added(ctx, tell, e, userID, "posts.system.add_to_channel", model.PostTypeAddToChannel)
		}
	}
}

func (p *Posts) added(ctx context.Context, tell teller, e *channels.Joined, userID, text, postType string) {
	by, err := p.users.ByID(ctx, e.ByID)
	if err != nil {
		return
	}
	u, err := p.users.ByID(ctx, userID)
	if err != nil {
		return
	}
	if u.IsGuest() && postType == model.PostTypeAddToChannel {
		postType, text = model.PostTypeAddGuestToChannel, "posts.system.add_guest_to_channel"
	}
	props := model.StringInterface{model.PostPropUserID: by.ID, model.PostPropUsername: by.Username,
		model.PostPropAddedUserID: u.ID, model.PostPropAddedUsername: u.Username}
	tell(ctx, &model.Post{UserID: by.ID, ChannelID: e.Channel.ID, RootID: e.RootID, Type: postType, Props: props, Message: p.text(text, props)})
}

func (p *Posts) left(ctx context.Context, e *channels.Left) {
	if p.quietDefaults(e.Channel) || e.Channel.Direct() {
		return
	}
	tell := p.telling(e.WithTeam)
	town := e.WithTeam && e.Channel.Name == model.ChannelTownSquare
	if e.WithTeam && !town {
		return // told once, where the team meets
	}
	for _, userID := range e.UserIDs {
		byThemselves := e.ByID == "" || e.ByID == userID
		switch {
		case byThemselves && town:
			p.reportWith(ctx, tell, userID, e.Channel.ID, model.PostTypeLeaveTeam, "posts.system.leave_team", nil)
		case byThemselves:
			p.reportWith(ctx, tell, userID, e.Channel.ID, model.PostTypeLeaveChannel, "posts.system.leave_channel", nil)
		case town:
			p.removed(ctx, tell, userID, userID, e.Channel.ID, "posts.system.remove_from_team", model.PostTypeRemoveFromTeam)
		default:
			p.removed(ctx, tell, e.ByID, userID, e.Channel.ID, "posts.system.remove_from_channel", model.PostTypeRemoveFromChannel)
		}
	}
}

func (p *Posts) removed(ctx context.Context, tell teller, byID, userID, channelID, text, postType string) {
	u, err := p.users.ByID(ctx, userID)
	if err != nil {
		return
	}
	props := model.StringInterface{model.PostPropRemovedUserID: u.ID, model.PostPropRemovedUsername: u.Username}
	if postType == model.PostTypeRemoveFromTeam {
		props = model.StringInterface{model.PostPropUsername: u.Username}
	}
	tell(ctx, &model.Post{UserID: byID, ChannelID: channelID, Type: postType, Props: props, Message: p.text(text, props)})
}

func (p *Posts) channelUpdated(ctx context.Context, e channels.Updated) {
	o, n := e.Old, e.New
	if o.DisplayName != n.DisplayName {
		p.report(ctx, e.ByID, n.ID, model.PostTypeDisplayNameChange, "posts.system.displayname_change",
			model.StringInterface{model.PostPropOldDisplayName: o.DisplayName, model.PostPropNewDisplayName: n.DisplayName})
	}
	if o.Header != n.Header {
		p.report(ctx, e.ByID, n.ID, model.PostTypeHeaderChange, changeText("posts.system.header", o.Header, n.Header),
			model.StringInterface{model.PostPropOldHeader: o.Header, model.PostPropNewHeader: n.Header})
	}
	if o.Purpose != n.Purpose {
		p.report(ctx, e.ByID, n.ID, model.PostTypePurposeChange, changeText("posts.system.purpose", o.Purpose, n.Purpose),
			model.StringInterface{model.PostPropOldPurpose: o.Purpose, model.PostPropNewPurpose: n.Purpose})
	}
	if o.Type != n.Type || e.Privacy {
		text := "posts.system.made_private"
		if n.Type == model.ChannelOpen {
			text = "posts.system.made_public"
		}
		p.report(ctx, e.ByID, n.ID, model.PostTypePrivacyChange, text, nil)
	}
}

func changeText(key, old, now string) string {
	switch {
	case now == "":
		return key + "_removed"
	case old == "":
		return key + "_set"
	}
	return key + "_changed"
}

func (p *Posts) converted(ctx context.Context, e channels.Converted) {
	p.report(ctx, e.ByID, e.Channel.ID, model.PostTypeGMConverted, "posts.system.gm_converted",
		model.StringInterface{"convertedByUserId": e.ByID, "gmMembersDuringConversionIDs": e.UserIDs})
}
