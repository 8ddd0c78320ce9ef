package notify

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/threads"
)

// Bounds of the feed.
const (
	maxFeed   = 4096             // posts, and readings, that wait in memory; the rest is found in the database
	margin    = 30 * time.Second // a post may be committed so long before the feed hears of it
	lookBack  = 12 * time.Hour   // how old a post may be that is still decided upon after a halt
	markEvery = 5 * time.Second
	catchUp   = 200 // posts read at once after a halt
)

// news is one post to decide upon.
type news struct {
	post      *model.Post
	mentioned []string // sorted
	followers []string
}

// reading is what somebody has read: a channel, or with rootID a thread. With
// badge it is only that what they haven't read is another number now.
type reading struct {
	userID, channelID, rootID string
	badge                     bool
}

// feed holds what waits for the decision.
type feed struct {
	wake chan struct{}

	mu       sync.Mutex
	posts    []news
	now      int64 // create_at of the post being decided upon, 0 for none
	behind   int64 // create_at of the first post that found no room, 0 for none
	readings map[reading]struct{}
	decided  bool // something was since the mark was written
}

func newFeed() *feed {
	return &feed{wake: make(chan struct{}, 1), readings: map[reading]struct{}{}}
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// poke has the loop of a kind look at the queue.
func (n *Notify) poke(kind string) { poke(n.wakes[kind]) }

// created takes in a new post. It costs the author nothing.
func (n *Notify) created(_ context.Context, s *posts.Saving) {
	if s.Post.IsSystem() {
		return
	}
	f := n.feed
	f.mu.Lock()
	if len(f.posts) < maxFeed && f.behind == 0 {
		f.posts = append(f.posts, news{s.Post, s.Mentions.Users, s.Followers})
	} else if f.behind == 0 {
		f.behind = s.Post.CreateAt
	}
	f.mu.Unlock()
	poke(f.wake)
}

// read takes in what somebody has read. When too much waits the devices are
// told with the next thing that is read.
func (n *Notify) read(r reading) {
	if !n.pushes() {
		return
	}
	n.feed.mu.Lock()
	if len(n.feed.readings) < maxFeed {
		n.feed.readings[r] = struct{}{}
	}
	n.feed.mu.Unlock()
	poke(n.feed.wake)
}

func (n *Notify) viewed(_ context.Context, v channels.Viewed) {
	for _, channelID := range v.Unread {
		n.read(reading{userID: v.UserID, channelID: channelID})
	}
}

func (n *Notify) threadRead(_ context.Context, r threads.Read) {
	n.read(reading{userID: r.UserID, rootID: r.RootID, badge: r.RootID == ""})
}

// next is the post to decide upon, and what was read since.
func (f *feed) next() (one news, some bool, read []reading) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for r := range f.readings {
		read = append(read, r)
	}
	clear(f.readings)
	if len(f.posts) == 0 {
		f.now = 0
		return one, false, read
	}
	one = f.posts[0]
	f.posts = f.posts[1:]
	f.now = one.post.CreateAt
	return one, true, read
}

// took notes that a post was decided upon, or puts it back.
func (f *feed) took(one news, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = 0
	if ok {
		f.decided = true
		return
	}
	f.posts = append([]news{one}, f.posts...)
}

// decide is the loop of decisions.
func (n *Notify) decide(ctx context.Context) {
	n.retrying(ctx, "posts written before the server stopped", n.recover)
	mark := time.NewTicker(markEvery)
	defer mark.Stop()
	for ctx.Err() == nil {
		one, some, read := n.feed.next()
		for _, r := range read {
			if err := n.clear(ctx, r); err != nil && ctx.Err() == nil {
				n.log.Error("devices were not told what was read", "user", r.userID, "error", err)
			}
		}
		if some {
			n.retrying(ctx, "a new post", func(ctx context.Context) error { return n.tell(ctx, one) })
			n.feed.took(one, ctx.Err() == nil)
		} else {
			n.catchUpAfterOverflow(ctx)
		}
		select {
		case <-mark.C:
			n.mark(ctx, margin)
		default:
		}
		if some {
			continue
		}
		select {
		case <-ctx.Done():
		case <-n.feed.wake:
		case <-mark.C:
			n.mark(ctx, margin)
		}
	}
	n.mark(context.WithoutCancel(ctx), 0)
}

// retrying does something until it succeeds or ctx ends: the database may be
// away for a while.
func (n *Notify) retrying(ctx context.Context, what string, do func(context.Context) error) {
	for failures := 1; ctx.Err() == nil; failures++ {
		err := do(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		n.log.Error("nobody is notified yet of "+what, "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(backoff(failures)):
		}
	}
}

func (n *Notify) catchUpAfterOverflow(ctx context.Context) {
	n.feed.mu.Lock()
	from := n.feed.behind
	n.feed.behind = 0 // what comes from now on waits in memory again
	n.feed.mu.Unlock()
	if from != 0 {
		n.retrying(ctx, "many new posts", func(ctx context.Context) error { return n.since(ctx, from-1) })
	}
}

const markName = "decided"

// mark notes up to when all posts are decided upon.
func (n *Notify) mark(ctx context.Context, back time.Duration) {
	f := n.feed
	f.mu.Lock()
	at := n.now() - back.Milliseconds()
	if len(f.posts) > 0 {
		at = min(at, f.posts[0].post.CreateAt-1)
	}
	if f.now != 0 {
		at = min(at, f.now-1)
	}
	if f.behind != 0 {
		at = min(at, f.behind-1)
	}
	todo := f.decided || back == 0
	f.decided = false
	f.mu.Unlock()
	if !todo {
		return
	}
	if err := n.setState(ctx, markName, strconv.FormatInt(at, 10)); err != nil && ctx.Err() == nil {
		n.log.Error("how far posts are decided upon could not be noted", "error", err)
	}
}

// recover decides on the posts that were written but not decided upon when the
// server stopped. A database that is new to Parley has none.
func (n *Notify) recover(ctx context.Context) error {
	value, err := n.state(ctx, markName)
	if errors.Is(err, db.ErrNotFound) {
		return n.setState(ctx, markName, strconv.FormatInt(n.now(), 10))
	}
	if err != nil {
		return err
	}
	at, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		at = n.now()
	}
	return n.since(ctx, max(at, n.now()-lookBack.Milliseconds()))
}

// since decides on the posts written after a time, Unix ms.
func (n *Notify) since(ctx context.Context, at int64) error {
	lastID := ""
	for {
		list, err := db.List(ctx, n.db, scanRef, `SELECT id, createat FROM posts WHERE createat >= $1 AND (createat > $1 OR id > $2)
			AND coalesce(deleteat,0) = 0 AND coalesce(originalid,'') = '' ORDER BY createat, id LIMIT $3`, at, lastID, catchUp)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, r := range list {
			if err := n.tellStored(ctx, r.id); err != nil {
				return err
			}
		}
		at, lastID = list[len(list)-1].at, list[len(list)-1].id
	}
}

type ref struct {
	id string
	at int64
}

func scanRef(r db.Row) (x ref, err error) {
	err = r.Scan(&x.id, &x.at)
	return x, err
}

// tellStored decides on a post from the database.
func (n *Notify) tellStored(ctx context.Context, postID string) error {
	p, err := n.load(ctx, postID)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil || p.IsSystem() {
		return err
	}
	one := news{post: p}
	if one.mentioned, err = n.posts.Mentioned(ctx, p); err != nil {
		n.log.Warn("the mentions of a post are unknown", "post", p.ID, "error", err)
		return ctx.Err()
	}
	if p.RootID != "" {
		one.followers, err = db.List(ctx, n.db, db.One[string], `SELECT userid FROM threadmemberships
			WHERE postid = $1 AND following = true ORDER BY userid LIMIT $2`, p.RootID, maxPeople)
		if err != nil {
			return err
		}
	}
	return n.tell(ctx, one)
}
