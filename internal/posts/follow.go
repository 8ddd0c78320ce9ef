package posts

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/users"
)

const forgetTopic = "posts.forget"

// What can be forgotten; the words travel on the bus.
const (
	forgetWindow   = "window"
	forgetKeywords = "keywords" // of a channel, "" for all
	forgetName     = "name"
	forgetEmoji    = "emoji"
	forgetPriority = "priority" // the first post with a priority was written
)

// forget drops something here and on the other nodes.
func (p *Posts) forget(what, key string) {
	p.drop(what, key)
	p.tellNodes(what, key)
}

func (p *Posts) tellNodes(what, key string) {
	if !p.bus.Peers() {
		return
	}
	if err := p.bus.Publish(forgetTopic, []byte(what+" "+key)); err != nil {
		p.log.Error("other nodes were not told what to forget", "what", what, "error", err)
	}
}

func (p *Posts) drop(what, key string) {
	switch what {
	case forgetWindow:
		p.windows.touch(key, 0)
		p.tellChanged(key)
	case forgetKeywords:
		if key == "" {
			p.mentions.forgetAll()
		} else {
			p.mentions.forget(key)
		}
	case forgetName:
		p.names.forget(key)
	case forgetEmoji:
		p.emojis.forget(key)
		p.windows.clear()
	case forgetPriority:
		p.anyPriority.Store(true)
	}
}

// Touch says that something that belongs to the posts of a channel changed
// other than through this slice, such as a file.
func (p *Posts) Touch(channelID string) { p.changed(channelID, 0) }

// OnChanged has fn called, on every node, when posts of a channel are new,
// changed or gone, after the commit. It must return at once. Call it while the
// server is being built.
func (p *Posts) OnChanged(fn func(channelID string)) { p.onChanged = append(p.onChanged, fn) }

func (p *Posts) tellChanged(channelID string) {
	for _, fn := range p.onChanged {
		fn(channelID)
	}
}

// listen hears what other nodes forget.
func (p *Posts) listen() {
	p.bus.Subscribe(forgetTopic, func(body []byte) {
		what, key, _ := strings.Cut(string(body), " ")
		p.drop(what, key)
	})
	p.bus.OnGap(p.forgetAll)
	p.cfg.OnChange(func(_, _ *config.Config) { p.windows.clear() })
}

// forgetAll drops everything: what other nodes forgot meanwhile is unknown.
func (p *Posts) forgetAll() {
	p.windows.clear()
	p.mentions.forgetAll()
	p.names.forgetAll()
	p.emojis.forgetAll()
	p.anyPriority.Store(true) // costs a statement a page, and is never wrong
}

// follow has the caches keep up with accounts and memberships, and has system
// messages written for what happens to channels.
func (p *Posts) follow() {
	p.users.Created.Subscribe(func(_ context.Context, u *model.User) { p.forget(forgetName, u.Username) })
	p.users.Updated.Subscribe(p.userChanged)
	for _, topic := range []interface {
		Subscribe(func(context.Context, *model.User))
	}{&p.users.Deactivated, &p.users.Activated, &p.users.Deleted} {
		topic.Subscribe(func(_ context.Context, u *model.User) {
			p.forget(forgetName, u.Username)
			p.forget(forgetKeywords, "")
		})
	}
	p.channels.Joined.Subscribe(func(_ context.Context, e *channels.Joined) { p.forget(forgetKeywords, e.Channel.ID) })
	p.channels.Left.Subscribe(func(_ context.Context, e *channels.Left) { p.forget(forgetKeywords, e.Channel.ID) })
	p.writeSystemMessages()
}

func (p *Posts) userChanged(_ context.Context, c users.Change) {
	if c.Old.Username != c.New.Username {
		p.forget(forgetName, c.Old.Username)
		p.forget(forgetName, c.New.Username)
	}
	if wordsOf(c.Old) != wordsOf(c.New) {
		p.forget(forgetKeywords, "")
	}
}

// wordsOf is what of a user the keywords of their channels depend on.
func wordsOf(u *model.User) string {
	s := u.NotifyProps[model.NotifyPropMentionKeys]
	if u.NotifyProps[model.NotifyPropFirstName] == "true" {
		s += "\x00" + u.FirstName
	}
	return s
}
