// Package topics lets a thread carry a title. The titled threads of a channel
// are listed, the open ones and the resolved ones; one can follow all that a
// channel will have. A thread that is moved takes its title along.
//
// Whoever may write in a channel may give a title, change it, resolve a topic
// and open it again, as long as the channel isn't archived. The protocol's own
// clients see the messages as ever.
//
// Rules are in this file, routes in http.go, SQL in store.go.
package topics

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/threads"
	"github.com/parley-chat/parley/internal/users"
)

// Config is what the slice is made from.
type Config struct {
	DB       *db.DB
	Access   *access.Access
	Hub      *realtime.Hub
	Users    *users.Users
	Channels *channels.Channels
	Posts    *posts.Posts
	Threads  *threads.Threads
	Log      *slog.Logger
}

// Topics is the slice. Make it with New.
type Topics struct {
	db      *db.DB
	acc     *access.Access
	hub     *realtime.Hub
	posts   *posts.Posts
	threads *threads.Threads
	log     *slog.Logger
}

// New returns the slice over a migrated database. It takes part in the
// deletion of posts, and follows what moves and goes.
func New(c Config) *Topics {
	t := &Topics{db: c.DB, acc: c.Access, hub: c.Hub, posts: c.Posts, threads: c.Threads, log: c.Log}
	c.Posts.OnDeleting(t.postsDeleted)
	c.Posts.Moved.Subscribe(t.moved)
	c.Users.OnDeleting(func(ctx context.Context, tx *db.Tx, user *model.User) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM parley_topic_followers WHERE userid = $1`, user.ID)
		return err
	})
	c.Channels.Deleted.Subscribe(func(ctx context.Context, e channels.Changed) {
		for _, table := range []string{"parley_topics", "parley_topic_followers"} {
			if _, err := t.db.Exec(context.WithoutCancel(ctx), `DELETE FROM `+table+` WHERE channelid = $1`, e.Channel.ID); err != nil {
				t.log.Warn("topics of a channel that is gone are left", "channel_id", e.Channel.ID, "error", err)
			}
		}
	})
	c.Channels.Left.Subscribe(func(ctx context.Context, e *channels.Left) {
		for _, userID := range e.UserIDs {
			if err := t.setFollowing(context.WithoutCancel(ctx), e.Channel.ID, userID, false); err != nil {
				t.log.Warn("somebody who left a channel still follows its topics", "channel_id", e.Channel.ID, "error", err)
			}
		}
	})
	return t
}

// titleMost is how long a title may be, in characters.
const titleMost = 128

// followersMost bounds how many are told of a new topic.
const followersMost = 5000

// event tells a channel that a topic is new, changed or gone. Clients of the
// protocol leave aside what they don't know.
const event = "parley_topic_changed"

var (
	errNone     = fault.NotFound("parley.topics.none.app_error")
	errTitle    = fault.Invalid("parley.topics.title.app_error", "Max", titleMost)
	errArchived = fault.Invalid("parley.topics.archived.app_error")
	errSystem   = fault.Invalid("parley.topics.system.app_error")
	errWrite    = fault.Forbidden("api.context.permissions.app_error")
)

// Topic is a titled thread. An empty Title says that it has none any more.
type Topic struct {
	RootID      string `json:"root_id"`
	ChannelID   string `json:"channel_id"`
	Title       string `json:"title"`
	CreatorID   string `json:"creator_id"`
	CreateAt    int64  `json:"create_at"`
	UpdateAt    int64  `json:"update_at"`
	ResolvedAt  int64  `json:"resolved_at"`
	ResolvedBy  string `json:"resolved_by"`
	ReplyCount  int64  `json:"reply_count"`
	LastReplyAt int64  `json:"last_reply_at"`
}

// changeable returns the root of a thread whose topic v may change.
func (t *Topics) changeable(ctx context.Context, v access.Viewer, postID string) (*model.Post, *access.ChannelFacts, error) {
	root, err := t.posts.Visible(ctx, v, postID)
	if err == nil && root.RootID != "" {
		root, err = t.posts.Visible(ctx, v, root.RootID)
	}
	if err != nil {
		return nil, nil, err
	}
	ch, err := t.acc.Channel(ctx, root.ChannelID)
	switch {
	case err != nil:
		return nil, nil, err
	case ch.DeleteAt != 0:
		return nil, nil, errArchived
	case root.IsSystem():
		return nil, nil, errSystem
	case !t.posts.MayPost(ctx, v, ch):
		return nil, nil, errWrite
	}
	return root, ch, nil
}

// cleanTitle is one line of 1 to titleMost characters.
func cleanTitle(title string) (string, error) {
	if !utf8.ValidString(title) || utf8.RuneCountInString(title) > 4*titleMost {
		return "", errTitle
	}
	title = strings.Join(strings.FieldsFunc(title, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if title == "" || utf8.RuneCountInString(title) > titleMost {
		return "", errTitle
	}
	return title, nil
}

// name gives a thread a title, or another one.
func (t *Topics) name(ctx context.Context, v access.Viewer, postID, title string) (*Topic, error) {
	title, err := cleanTitle(title)
	if err != nil {
		return nil, err
	}
	root, ch, err := t.changeable(ctx, v, postID)
	if err != nil {
		return nil, err
	}
	made, err := put(ctx, t.db, &Topic{RootID: root.ID, ChannelID: ch.ID, Title: title, CreatorID: v.UserID, CreateAt: id.Now()})
	if err != nil {
		return nil, err
	}
	topic, err := t.get(ctx, root.ID)
	if err != nil {
		return nil, err
	}
	t.tell(topic)
	if made {
		t.followAll(context.WithoutCancel(ctx), root, ch)
	}
	return topic, nil
}

// followAll has those who follow the channel's topics follow a new one. One who
// can't is left out: the topic stands.
func (t *Topics) followAll(ctx context.Context, root *model.Post, ch *access.ChannelFacts) {
	ids, err := followers(ctx, t.db, ch.ID)
	for _, userID := range ids {
		if err = t.threads.Follow(ctx, userID, ch.TeamID, root); err != nil {
			break
		}
	}
	if err != nil {
		t.log.Warn("a new topic isn't followed by all who wish so", "root_id", root.ID, "error", err)
	}
}

// resolve marks a topic as dealt with, or opens it again.
func (t *Topics) resolve(ctx context.Context, v access.Viewer, postID string, resolved bool) (*Topic, error) {
	root, _, err := t.changeable(ctx, v, postID)
	if err != nil {
		return nil, err
	}
	if err := setResolved(ctx, t.db, root.ID, v.UserID, resolved); err != nil {
		return nil, err
	}
	topic, err := t.get(ctx, root.ID)
	if err == nil {
		t.tell(topic)
	}
	return topic, err
}

// unname takes the title away; the thread stays.
func (t *Topics) unname(ctx context.Context, v access.Viewer, postID string) error {
	root, _, err := t.changeable(ctx, v, postID)
	if err != nil {
		return err
	}
	n, err := t.db.Exec(ctx, `DELETE FROM parley_topics WHERE rootid = $1`, root.ID)
	if err == nil && n == 0 {
		return errNone
	}
	if err == nil {
		t.tell(&Topic{RootID: root.ID, ChannelID: root.ChannelID, UpdateAt: id.Now()})
	}
	return err
}

func (t *Topics) tell(topic *Topic) {
	raw, _ := json.Marshal(topic) // topics always encode
	t.hub.Publish(realtime.Event{Name: event, Data: map[string]string{"topic": string(raw)}, To: realtime.Audience{ChannelID: topic.ChannelID}})
}

// moved has a topic follow its thread to another channel.
func (t *Topics) moved(ctx context.Context, m posts.Moved) {
	n, err := t.db.Exec(ctx, `UPDATE parley_topics SET channelid = $2, updateat = $3 WHERE rootid = $1`, m.Root.ID, m.To.ID, id.Now())
	if err != nil {
		t.log.Error("a thread was moved without its title", "root_id", m.Root.ID, "error", err)
	}
	if n == 0 {
		return
	}
	t.tell(&Topic{RootID: m.Root.ID, ChannelID: m.From.ID, UpdateAt: id.Now()})
	if topic, err := t.get(ctx, m.Root.ID); err == nil {
		t.tell(topic)
	}
}

// postsDeleted forgets the titles of threads that are gone for good. Others wait
// for their thread to be restored.
func (t *Topics) postsDeleted(ctx context.Context, tx *db.Tx, gone []*model.Post, permanent bool) error {
	if !permanent {
		return nil
	}
	for _, p := range gone {
		if p.RootID == "" {
			if _, err := db.Exec(ctx, tx, `DELETE FROM parley_topics WHERE rootid = $1`, p.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *Topics) get(ctx context.Context, rootID string) (*Topic, error) {
	topic, err := db.Get(ctx, t.db, scan, `SELECT `+columns+from+`WHERE t.rootid = $1`, rootID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNone
	}
	return topic, err
}
