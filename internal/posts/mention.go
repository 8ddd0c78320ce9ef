package posts

import (
	"context"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// Mentions are the people whom a post means (reference: notify-props.json).
type Mentions struct {
	// Users are all of them, in the order of their ids: their counters rise
	// and the event tells them. Never the author, unless a webhook wrote.
	Users []string
	// Explicit are those meant by name, by a word of their own or by a group,
	// not by @channel, @all or @here.
	Explicit []string
	// Here, Channel and All say which of these words the text has.
	Here, Channel, All bool

	outside  []string // names of people who aren't members of the channel
	tooMany  bool     // Here, Channel or All without effect: the channel is too big
	highlite bool     // such a word was written without the right to use it
	groups   bool     // a group was named without the right to
}

// maxNames bounds how many different @names of one post are looked up.
const maxNames = 200

// tally collects the mentions of one text.
type tally struct {
	p        *Posts
	ctx      context.Context
	channel  *access.ChannelFacts
	keys     *keywords
	bearers  map[string]named
	groupIDs map[string]string
	explicit map[string]bool
	all      map[string]bool
	m        Mentions
	err      error
}

// resolve works out whom a post mentions. A text without @ in a channel where
// nobody has words of their own costs nothing.
func (p *Posts) resolve(ctx context.Context, v access.Viewer, post *model.Post, ch *access.ChannelFacts) (Mentions, error) {
	t := &tally{p: p, ctx: ctx, channel: ch, explicit: map[string]bool{}, all: map[string]bool{}}
	if ch.Type == model.ChannelDirect || ch.Type == model.ChannelGroup {
		ids, err := p.mentions.members(ctx, ch.ID, ch.Type, ch.Name)
		if err != nil {
			return t.m, err
		}
		for _, id := range ids {
			t.all[id] = true
		}
	}
	switch {
	case post.Type == model.PostTypeAddToChannel || post.Type == model.PostTypeAddGuestToChannel:
		t.explicit[post.Props.String(model.PostPropAddedUserID)] = true
	case !post.IsSystem():
		t.read(v, textsOf(post))
	}
	return t.result(post), t.err
}

// textsOf are the texts of a post that people can be mentioned in.
func textsOf(post *model.Post) []string {
	texts := []string{post.Message}
	for _, a := range attachmentsOf(post) {
		texts = append(texts, a.String("pretext"), a.String("text"))
	}
	return texts
}

func (t *tally) read(v access.Viewer, texts []string) {
	if t.keys, t.err = t.p.mentions.of(t.ctx, t.channel.ID); t.err != nil {
		return
	}
	at := slices.ContainsFunc(texts, func(s string) bool { return strings.IndexByte(s, '@') >= 0 })
	if !at && t.keys.empty() {
		return
	}
	for i := range texts {
		texts[i] = readable(texts[i])
	}
	if at && !t.look(texts) {
		return
	}
	for _, text := range texts {
		words(text, t.word)
	}
	t.judge(v)
}

// look finds the bearers of all names of the texts at once.
func (t *tally) look(texts []string) bool {
	seen := map[string]bool{}
	var names []string
	for _, text := range texts {
		words(text, func(word string) {
			if strings.IndexByte(word, '@') < 0 {
				return
			}
			forms(word, func(w string) bool {
				name, ok := strings.CutPrefix(strings.ToLower(w), "@")
				if ok && name != "" && len(name) <= model.UserNameMaxLength && !seen[name] && len(names) < maxNames {
					seen[name] = true
					names = append(names, name)
				}
				return false
			})
		})
	}
	if t.bearers, t.err = t.p.names.find(t.ctx, names); t.err != nil {
		return false
	}
	names = slices.DeleteFunc(names, func(n string) bool { return t.bearers[n].ID != "" || special(n) })
	t.groupIDs, t.err = t.p.groupsNamed(t.ctx, names)
	return t.err == nil
}

func special(name string) bool { return name == "here" || name == "channel" || name == "all" }

func (t *tally) word(word string) {
	forms(word, t.try)
	if t.keys.empty() || ascii(word) {
		return
	}
	lower := strings.ToLower(word)
	for k, ids := range t.keys.inside {
		if strings.Contains(lower, k) {
			t.mean(ids)
		}
	}
}

// try counts a word that means somebody, and reports whether it does.
func (t *tally) try(word string) bool {
	lower := strings.ToLower(word)
	if name, ok := strings.CutPrefix(lower, "@"); ok {
		switch name {
		case "here":
			t.m.Here = true
			return true
		case "channel":
			t.m.Channel = true
			return true
		case "all":
			t.m.All = true
			return true
		}
		if who := t.bearers[name]; who.ID != "" {
			t.bearer(name, who)
			return true
		}
		if t.groupIDs[name] != "" {
			t.m.groups = true
			return true
		}
	}
	if t.keys.empty() {
		return false
	}
	ids := slices.Concat(t.keys.words[lower], t.keys.firstNames[word])
	t.mean(ids)
	return len(ids) > 0
}

func (t *tally) mean(ids []string) {
	for _, id := range ids {
		t.explicit[id] = true
	}
}

func (t *tally) bearer(name string, who named) {
	if who.Closed {
		return
	}
	in, err := t.p.acc.InChannel(t.ctx, who.ID, t.channel.ID)
	switch {
	case err != nil:
		t.err = err
	case in:
		t.explicit[who.ID] = true
	case !slices.Contains(t.m.outside, name):
		t.m.outside = append(t.m.outside, name)
	}
}

// judge takes what the author may not do back, and finds the people behind
// groups and words for the whole channel.
func (t *tally) judge(v access.Viewer) {
	if t.m.groups && t.err == nil {
		if t.m.groups = !v.CanChannel(t.ctx, t.channel.ID, access.PermUseGroupMentions); !t.m.groups {
			t.groupMembers()
		}
	}
	if !t.m.Here && !t.m.Channel && !t.m.All || t.err != nil {
		return
	}
	if !v.CanChannel(t.ctx, t.channel.ID, access.PermUseChannelMentions) {
		t.m.Here, t.m.Channel, t.m.All, t.m.highlite = false, false, false, true
		return
	}
	t.everybody()
}

type reachable struct{ userID, channel, ignore, markUnread string }

// everybody adds the members whom @channel, @all or @here reaches, unless the
// channel has more of them than the setting allows.
func (t *tally) everybody() {
	limit := int(t.p.cfg.Get().TeamSettings.MaxNotificationsPerChannel)
	rows, err := db.List(t.ctx, t.p.db, func(r db.Row) (m reachable, err error) {
		err = r.Scan(&m.userID, &m.channel, &m.ignore, &m.markUnread)
		return m, err
	}, `SELECT u.id, coalesce(u.notifyprops->>'channel','true'), coalesce(cm.notifyprops->>'ignore_channel_mentions','default'),
			coalesce(cm.notifyprops->>'mark_unread','all')
		FROM channelmembers cm JOIN users u ON u.id = cm.userid
		WHERE cm.channelid = $1 AND u.deleteat = 0 LIMIT $2`, t.channel.ID, limit+1)
	if err != nil {
		t.err = err
		return
	}
	if len(rows) > limit {
		t.m.Here, t.m.Channel, t.m.All, t.m.tooMany = false, false, false, true
		return
	}
	for _, m := range rows {
		ignored := m.ignore == model.IgnoreChannelMentionsOn ||
			m.ignore == model.IgnoreChannelMentionsDefault && m.markUnread == model.ChannelMarkUnreadMention
		if m.channel != "true" || ignored {
			continue
		}
		if t.m.Channel || t.m.All || t.p.IsOnline(m.userID) {
			t.all[m.userID] = true
		}
	}
}

func (t *tally) result(post *model.Post) Mentions {
	delete(t.all, "")
	delete(t.explicit, "")
	if post.Props.String(model.PostPropFromWebhook) != "true" {
		delete(t.all, post.UserID)
		delete(t.explicit, post.UserID)
	}
	for id := range t.explicit {
		t.all[id] = true
		t.m.Explicit = append(t.m.Explicit, id)
	}
	for id := range t.all {
		t.m.Users = append(t.m.Users, id)
	}
	slices.Sort(t.m.Users)
	slices.Sort(t.m.Explicit)
	return t.m
}
