package threads

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/realtime"
)

// update is what the followers of a thread hear of one reply.
type update struct {
	reply        *model.Post
	root         *posts.Root
	team         string
	replies      int64
	participants []string
	urgent       bool
	followers    []follower
	beside       int64 // replies of the same time that stand before it
	ahead        int64 // and those that stand after it
	author       *reader
}

// reader is how far the author has read by writing, and the mentions beyond: in
// company not everything. Nil when they didn't write it by themselves.
type reader struct{ viewed, mentions int64 }

// follower is a membership as it was just before the reply's author read it,
// mentions of the reply included.
type follower struct {
	userID    string
	viewed    int64
	mentions  int64
	fresh     bool // follows by this reply
	mentioned bool
}

// replied tells the followers' clients of a committed reply.
func (t *Threads) replied(ctx context.Context, s *posts.Saving) {
	got, ok := t.updates.LoadAndDelete(s)
	if !ok {
		return
	}
	u := got.(*update)
	peers := t.bus.Peers() // somebody who isn't here may be connected to another node
	u.followers = slices.DeleteFunc(u.followers, func(f follower) bool {
		return !peers && !t.hub.Online(f.userID) || !t.collapsed(ctx, f.userID)
	})
	if len(u.followers) == 0 {
		return
	}
	if err := t.tellUpdated(ctx, u); err != nil {
		t.log.Error("followers were not told of a reply", "post", s.Post.ID, "error", err)
	}
}

func (t *Threads) tellUpdated(ctx context.Context, u *update) error {
	shared, err := t.sharedPart(ctx, u)
	if err != nil {
		return err
	}
	unread, err := t.unreadAt(ctx, u)
	if err != nil {
		return err
	}
	for _, f := range u.followers {
		n, m := unread(f.viewed), f.mentions
		var before struct{ replies, mentions int64 }
		if !f.fresh {
			before.replies, before.mentions = max(n-1, 0), m
			if f.mentioned {
				before.mentions = max(m-1, 0)
			}
		}
		if f.userID == u.reply.UserID && u.author != nil { // writing is reading
			n, m = unread(u.author.viewed), u.author.mentions
		}
		t.hub.Publish(realtime.Event{Name: model.EventThreadUpdated, To: realtime.Audience{UserID: f.userID, TeamID: u.team},
			Data: updatedData{shared, f.viewed, n, m, before.replies, before.mentions}})
	}
	return nil
}

// updatedData is the event's data. It is written only for those who hear it,
// around what is the same for all followers.
type updatedData struct {
	shared                        []byte // JSON text, escaped as in a string, up to a member's value
	viewed, replies, mentions     int64
	repliesBefore, mentionsBefore int64
}

// MarshalJSON writes the data.
func (d updatedData) MarshalJSON() ([]byte, error) {
	dst := make([]byte, 0, len(d.shared)+200)
	dst = append(append(dst, `{"thread":`...), d.shared...)
	for _, f := range [...]struct {
		key   string
		value int64
	}{{`,\"last_viewed_at\":`, d.viewed}, {`,\"unread_replies\":`, d.replies}, {`,\"unread_mentions\":`, d.mentions},
		{`}","previous_unread_replies":`, d.repliesBefore}, {`,"previous_unread_mentions":`, d.mentionsBefore}} {
		dst = strconv.AppendInt(append(dst, f.key...), f.value, 10)
	}
	return append(dst, '}'), nil
}

// sharedPart is the thread without what differs between followers: the
// beginning of a JSON string that holds JSON.
func (t *Threads) sharedPart(ctx context.Context, u *update) ([]byte, error) {
	root, err := db.Get(ctx, t.db, func(r db.Row) (*model.Post, error) { return posts.ScanPost(r) },
		`SELECT `+posts.Columns+` FROM posts p WHERE p.id = $1`, u.root.ID)
	if err != nil {
		return nil, err
	}
	people, err := t.people(ctx, [][]string{u.participants}, true)
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(struct {
		ID           string        `json:"id"`
		ReplyCount   int64         `json:"reply_count"`
		LastReplyAt  int64         `json:"last_reply_at"`
		Participants []*model.User `json:"participants"`
		Post         *model.Post   `json:"post"`
		IsUrgent     bool          `json:"is_urgent"`
		DeleteAt     int64         `json:"delete_at"`
	}{u.root.ID, u.replies, u.reply.CreateAt, people(u.participants), posts.Bare(root), u.urgent && t.priorities(), 0})
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(string(raw[:len(raw)-1]))
	return text[:len(text)-1], err
}

// unreadAt returns how many replies, up to the one told of, are later than a
// time. Most followers have read everything, or nothing: only for others the
// times of replies are read.
func (t *Threads) unreadAt(ctx context.Context, u *update) (func(viewed int64) int64, error) {
	at, oldest := u.reply.CreateAt, int64(0)
	for _, f := range u.followers {
		if f.viewed > 0 && f.viewed < at-1 && (oldest == 0 || f.viewed < oldest) {
			oldest = f.viewed
		}
	}
	var times []int64
	if oldest > 0 {
		var err error
		times, err = db.List(ctx, t.db, db.One[int64], `SELECT createat FROM posts
			WHERE rootid = $1 AND deleteat = 0 AND createat > $2 AND createat <= $3 ORDER BY createat LIMIT $4`,
			u.root.ID, oldest, at, maxSeats)
		if err != nil {
			return nil, err
		}
	}
	return func(viewed int64) int64 {
		switch {
		case viewed == 0:
			return u.replies
		case viewed >= at:
			return 0
		case viewed == at-1:
			return 1 + u.beside
		}
		i, _ := slices.BinarySearch(times, viewed+1)
		return int64(len(times)-i) - u.ahead
	}, nil
}

// maxParticipants bounds how many of those who replied a thread is shown with:
// the latest ones.
const maxParticipants = 100

// people returns a function that turns ids of participants into what clients
// get: the profile that everybody may see, or only the id.
func (t *Threads) people(ctx context.Context, lists [][]string, full bool) (func(ids []string) []*model.User, error) {
	var nobody access.Viewer
	known := map[string]*model.User{}
	if full {
		var ids []string
		for _, l := range lists {
			ids = append(ids, latest(l)...)
		}
		found, err := t.users.ByIDs(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, u := range found {
			known[u.ID] = t.users.Shown(ctx, nobody, u)
		}
	}
	return func(ids []string) []*model.User {
		out := make([]*model.User, 0, len(ids))
		for _, userID := range latest(ids) {
			u := known[userID]
			if u == nil {
				bare := model.User{ID: userID}.ForOthers(model.Visibility{})
				u = &bare
			}
			out = append(out, u)
		}
		return out
	}, nil
}

func latest(ids []string) []string { return ids[max(0, len(ids)-maxParticipants):] }

// priorities reports whether posts can be urgent.
func (t *Threads) priorities() bool { return t.cfg.Get().ServiceSettings.PostPriority }
