package posts

import (
	"context"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// maxRecount bounds how many posts are read again for mentions when somebody
// marks a channel unread.
const maxRecount = 5000

// setUnread makes a post and everything after it unread for a member.
func (p *Posts) setUnread(ctx context.Context, userID string, post *model.Post, ch *access.ChannelFacts, collapsed bool) (*model.ChannelUnreadAt, error) {
	from := channels.UnreadFrom{ChannelID: ch.ID, UserID: userID, At: post.CreateAt - 1, RootsToo: post.RootID == "" || !collapsed}
	if err := p.recount(ctx, userID, post, ch, &from); err != nil {
		return nil, err
	}
	got, err := p.channels.MarkUnread(ctx, from)
	if err != nil {
		return nil, err
	}
	got.TeamID = ch.TeamID
	p.hub.Publish(realtime.Event{Name: model.EventPostUnread, To: realtime.Audience{UserID: userID, ChannelID: ch.ID, TeamID: ch.TeamID},
		Data: map[string]any{"last_viewed_at": got.LastViewedAt, "mention_count": got.MentionCount, "mention_count_root": got.MentionCountRoot,
			"msg_count": got.MsgCount, "msg_count_root": got.MsgCountRoot, "post_id": post.ID, "urgent_mention_count": got.UrgentMentionCount}})
	p.MarkedUnread.Publish(ctx, MarkedUnread{UserID: userID, Post: post, Collapsed: collapsed})
	return got, nil
}

type later struct {
	userID, rootID, postType, message string
	props                             model.StringInterface
	urgent                            bool
}

// recount works out how many of the posts from one on are unread for a user,
// and how many of them mention them.
func (p *Posts) recount(ctx context.Context, userID string, post *model.Post, ch *access.ChannelFacts, from *channels.UnreadFrom) error {
	types := make([]string, 0, len(uncounted))
	for t := range uncounted {
		types = append(types, t)
	}
	slices.Sort(types)
	type counts struct{ posts, roots int64 }
	n, err := db.Get(ctx, p.db, func(r db.Row) (c counts, err error) { err = r.Scan(&c.posts, &c.roots); return c, err },
		`SELECT count(*), coalesce(sum(CASE WHEN rootid = '' THEN 1 ELSE 0 END),0) FROM posts
		WHERE channelid = $1 AND deleteat = 0 AND createat >= $2 AND type <> ALL($3)`, ch.ID, post.CreateAt, types)
	if err != nil {
		return err
	}
	from.Posts, from.Roots = n.posts, n.roots
	rows, err := db.List(ctx, p.db, func(r db.Row) (l later, err error) {
		err = r.Scan(&l.userID, &l.rootID, &l.postType, &l.message, db.ScanJSON(&l.props), &l.urgent)
		return l, err
	}, `SELECT coalesce(p.userid,''), coalesce(p.rootid,''), coalesce(p.type,''), coalesce(p.message,''), p.props, coalesce(pp.priority,'') = 'urgent'
		FROM posts p LEFT JOIN postspriority pp ON pp.postid = p.id
		WHERE p.channelid = $1 AND p.deleteat = 0 AND p.createat >= $2 ORDER BY p.createat LIMIT $3`, ch.ID, post.CreateAt, maxRecount)
	if err != nil {
		return err
	}
	mine, err := p.mine(ctx, userID, ch)
	if err != nil {
		return err
	}
	for i := range rows {
		if !mine.in(&rows[i]) {
			continue
		}
		from.Mentions++
		if rows[i].rootID == "" {
			from.RootMentions++
		}
		if rows[i].urgent {
			from.Urgent++
		}
	}
	return nil
}

// mine is what mentions one user in one channel.
type mine struct {
	userID, name string
	all          bool // every message: a conversation
	everybody    bool // @channel, @all
	keys         *keywords
}

func (p *Posts) mine(ctx context.Context, userID string, ch *access.ChannelFacts) (*mine, error) {
	u, err := p.users.ByID(ctx, userID)
	if err != nil {
		return nil, err
	}
	m := &mine{userID: userID, name: "@" + u.Username, all: ch.Direct(), everybody: u.NotifyProps[model.NotifyPropChannel] != "false"}
	member, err := p.channels.Member(ctx, ch.ID, userID)
	if err != nil {
		return nil, err
	}
	switch member.NotifyProps[model.NotifyPropIgnoreChannelMentions] {
	case model.IgnoreChannelMentionsOn:
		m.everybody = false
	case model.IgnoreChannelMentionsDefault, "":
		m.everybody = m.everybody && !member.Muted()
	}
	m.keys = &keywords{words: map[string][]string{}, firstNames: map[string][]string{}, inside: map[string][]string{}}
	m.keys.add(keywordRow{userID: userID, firstName: u.FirstName, useFirst: u.NotifyProps[model.NotifyPropFirstName],
		keys: u.NotifyProps[model.NotifyPropMentionKeys]})
	return m, nil
}

func (m *mine) in(l *later) bool {
	if l.userID == m.userID && l.props.String(model.PostPropFromWebhook) != "true" {
		return false
	}
	if m.all {
		return true
	}
	if strings.HasPrefix(l.postType, model.PostTypeSystemPrefix) {
		return l.postType == model.PostTypeAddToChannel && l.props.String(model.PostPropAddedUserID) == m.userID
	}
	found := false
	try := func(word string) bool {
		lower := strings.ToLower(word)
		hit := lower == m.name || len(m.keys.words[lower]) > 0 || len(m.keys.firstNames[word]) > 0 ||
			m.everybody && (lower == "@channel" || lower == "@all")
		found = found || hit
		return hit
	}
	for _, text := range textsOf(&model.Post{Message: l.message, Props: l.props}) {
		words(readable(text), func(word string) {
			forms(word, try)
			for k := range m.keys.inside {
				found = found || strings.Contains(strings.ToLower(word), k)
			}
		})
	}
	return found
}
