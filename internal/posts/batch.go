package posts

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/traces"
)

// Saving is a new post on its way into the database and, after the commit,
// what the topic Created tells.
type Saving struct {
	Post    *model.Post
	Channel *access.ChannelFacts
	Root    *Root // nil unless the post is a reply
	// Mentions are the people whom the text means.
	Mentions Mentions
	Urgent   bool // of priority urgent, as a root or by its root
	// Views says that the author has read the channel up to this post.
	Views bool
	// SetOnline says that writing shows the author as present.
	SetOnline bool
	// SessionID is the session that the post came with, "" for the server's own.
	SessionID string
	// ReplyCount and Followers are for the hook OnSaving to set: the replies
	// of the thread with this one, and who follows it without the author.
	ReplyCount int64
	Followers  []string

	secret     string                                       // of a burn-on-read post: the text, which posts doesn't hold
	also       []func(ctx context.Context, tx *db.Tx) error // of OnWriting
	unheard    bool                                         // no event tells of it
	keepTime   bool                                         // CreateAt was given by an administrator or an importer
	done       chan struct{}
	ctx        context.Context // of who asked, for its values
	err        error
	afterwards func(*Saving) // runs in the batch's goroutine for posts that nobody waits for
}

// Root is the first post of the thread that a reply belongs to.
type Root struct {
	ID, UserID, ChannelID string
	CreateAt              int64
	Urgent                bool
}

// stored is the text that the table posts gets.
func (s *Saving) stored() string {
	if s.Post.Type == model.PostTypeBurnOnRead {
		return ""
	}
	return s.Post.Message
}

// Bounds of the batcher.
const (
	maxBatch   = 128  // posts of one transaction
	maxFlying  = 2    // transactions at the same moment, of different channels
	maxWaiting = 4096 // posts that may wait; further writers wait to be let in
	batchTime  = 30 * time.Second
)

// batcher brings posts into the database. A post that comes alone goes at
// once; those that come while a batch of their channel is under way wait for
// it and go together. No two batches touch the same channel, so that posts of
// a channel commit in the order of their create_at and no rows are locked in a
// circle.
type batcher struct {
	db   *db.DB
	save func(ctx context.Context, batch []*Saving) error
	log  *slog.Logger

	room chan struct{} // one token a post between submit and its end

	mu      sync.Mutex
	waiting []*Saving
	busy    map[string]bool  // channels of the flying batches
	last    map[string]int64 // newest time given, by channel
	newest  int64            // of all channels
	flying  int
	quiet   map[string]int // posts of each channel that nobody waits for and that aren't saved yet
	settled *sync.Cond
}

func newBatcher(d *db.DB, save func(context.Context, []*Saving) error, log *slog.Logger) *batcher {
	b := &batcher{db: d, save: save, log: log, room: make(chan struct{}, maxWaiting),
		busy: map[string]bool{}, last: map[string]int64{}, quiet: map[string]int{}}
	b.settled = sync.NewCond(&b.mu)
	return b
}

var errSave = fault.New(fault.KindInternal, "app.post.save.app_error")

// submit brings s into the database and returns after the commit is durable.
// When ctx ends before s is taken into a batch it is withdrawn; after that the
// commit decides.
func (b *batcher) submit(ctx context.Context, s *Saving) error {
	select {
	case b.room <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-b.room }()
	ctx, span := traces.Start(ctx, "posts.save")
	defer func() { span.End(s.err) }()
	s.done, s.ctx = make(chan struct{}), ctx
	b.mu.Lock()
	b.waiting = append(b.waiting, s)
	batch := b.take()
	b.mu.Unlock()
	if batch != nil {
		b.fly(ctx, batch)
	}
	select {
	case <-s.done:
	case <-ctx.Done():
		if b.withdraw(s) {
			return ctx.Err()
		}
		<-s.done
	}
	return s.err
}

// hand brings s in without anybody waiting; afterwards runs when it is saved.
// Posts of the same channel handed one after another keep their order.
func (b *batcher) hand(ctx context.Context, s *Saving, afterwards func(*Saving)) {
	s.done, s.afterwards, s.ctx = make(chan struct{}), afterwards, ctx
	b.mu.Lock()
	b.waiting = append(b.waiting, s)
	b.quiet[s.Post.ChannelID]++
	batch := b.take()
	b.mu.Unlock()
	if batch != nil {
		go b.fly(context.WithoutCancel(ctx), batch)
	}
}

// settle waits until what was handed in for a channel is saved.
func (b *batcher) settle(channelID string) {
	b.mu.Lock()
	for b.quiet[channelID] > 0 {
		b.settled.Wait()
	}
	b.mu.Unlock()
}

// drain waits until nothing is under way.
func (b *batcher) drain(ctx context.Context) error {
	for {
		b.mu.Lock()
		idle := b.flying == 0 && len(b.waiting) == 0
		b.mu.Unlock()
		if idle {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.New("posts: posts were still being saved")
		case <-time.After(2 * time.Millisecond):
		}
	}
}

func (b *batcher) withdraw(s *Saving) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, w := range b.waiting {
		if w == s {
			b.waiting = append(b.waiting[:i], b.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// take forms the next batch out of the channels that are free, oldest first,
// and gives the posts their times; nil when none can go. b.mu is held.
func (b *batcher) take() []*Saving {
	if b.flying >= maxFlying || len(b.waiting) == 0 {
		return nil
	}
	var batch []*Saving
	rest := b.waiting[:0]
	for _, s := range b.waiting {
		if len(batch) < maxBatch && !b.busy[s.Post.ChannelID] {
			batch = append(batch, s)
			continue
		}
		rest = append(rest, s)
	}
	clear(b.waiting[len(rest):])
	b.waiting = rest
	if batch == nil {
		return nil
	}
	b.flying++
	now := id.Now()
	batch = inOrder(batch)
	for i, s := range batch {
		b.busy[s.Post.ChannelID] = true
		b.stamp(s, now, i > 0 && together(batch[i-1], s))
	}
	b.forgetOld(now)
	return batch
}

// inOrder puts the posts of a batch into the order that readers will see.
// Posts that people wait for at the same moment get the same create_at, which
// keeps times true however many come, and readers order them by id; so must
// the counters and the events. Others keep the order in which they came.
func inOrder(batch []*Saving) []*Saving {
	slices.SortStableFunc(batch, func(a, b *Saving) int { return strings.Compare(a.Post.ChannelID, b.Post.ChannelID) })
	for from := 0; from < len(batch); {
		to := from + 1
		for to < len(batch) && together(batch[from], batch[to]) {
			to++
		}
		slices.SortFunc(batch[from:to], func(a, b *Saving) int { return strings.Compare(a.Post.ID, b.Post.ID) })
		from = to
	}
	return batch
}

// together reports whether two posts of a batch get the same time.
func together(a, b *Saving) bool {
	return a.Post.ChannelID == b.Post.ChannelID && a.afterwards == nil && b.afterwards == nil && !a.keepTime && !b.keepTime
}

// stamp gives a post its time: that of the one before, or now, or a
// millisecond after the newest of its channel when that is later.
func (b *batcher) stamp(s *Saving, now int64, asBefore bool) {
	p := s.Post
	switch {
	case s.keepTime:
	case asBefore:
		p.CreateAt = b.last[p.ChannelID]
	default:
		p.CreateAt = b.give(p.ChannelID, now)
	}
	p.UpdateAt = p.CreateAt
}

func (b *batcher) give(channelID string, at int64) int64 {
	at = max(at, b.last[channelID]+1)
	b.last[channelID] = at
	b.newest = max(b.newest, at)
	return at
}

// tick is the time of a change of a post, which was last changed at before: it
// is later than anything that happened in the channel, so that who asks for
// what changed since then finds it.
func (b *batcher) tick(channelID string, before int64) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.give(channelID, max(id.Now(), before+1))
}

// now is a time later than all that were given.
func (b *batcher) now() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return max(id.Now(), b.newest+1)
}

// forgetOld keeps the map of times small: an entry in the past says nothing.
func (b *batcher) forgetOld(now int64) {
	if len(b.last) < 4096 {
		return
	}
	for channelID, at := range b.last {
		if at < now {
			delete(b.last, channelID)
		}
	}
}

// fly saves a batch in the caller's goroutine and sets the next one off. The
// caller's ctx carries values only: whoever leads a batch may go away without
// harm to the others. A trace that sees the statements is the leader's.
func (b *batcher) fly(ctx context.Context, batch []*Saving) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), batchTime)
	defer cancel()
	b.attempt(ctx, batch)
	b.mu.Lock()
	b.flying--
	for _, s := range batch {
		delete(b.busy, s.Post.ChannelID)
	}
	for next := b.take(); next != nil; next = b.take() {
		go b.fly(next[0].ctx, next)
	}
	b.mu.Unlock()
	for _, s := range batch {
		close(s.done)
	}
	b.afterwards(batch)
}

func (b *batcher) afterwards(batch []*Saving) {
	for _, s := range batch {
		if s.afterwards == nil {
			continue
		}
		if s.err != nil {
			b.log.Error("a message that tells of a change could not be saved", "type", s.Post.Type, "channel", s.Post.ChannelID, "error", s.err)
		}
		s.afterwards(s)
		b.mu.Lock()
		if b.quiet[s.Post.ChannelID]--; b.quiet[s.Post.ChannelID] <= 0 {
			delete(b.quiet, s.Post.ChannelID)
		}
		b.settled.Broadcast()
		b.mu.Unlock()
	}
}

// attempt saves a batch; when that fails it saves the posts one by one, so
// that only those that can't be saved fail.
func (b *batcher) attempt(ctx context.Context, batch []*Saving) {
	err := b.guard(ctx, batch)
	if err == nil {
		return
	}
	if len(batch) == 1 {
		batch[0].err = saveFault(err)
		return
	}
	b.log.Warn("a batch of posts could not be saved and is tried one by one", "posts", len(batch), "error", err)
	for _, s := range batch {
		if err := b.guard(ctx, []*Saving{s}); err != nil {
			s.err = saveFault(err)
		}
	}
}

// guard keeps a panic in a hook from taking the waiting posts with it.
func (b *batcher) guard(ctx context.Context, batch []*Saving) (err error) {
	defer func() {
		if p := recover(); p != nil {
			b.log.Error("panic while posts were saved", "panic", p)
			err = errors.New("posts: panic while saving")
		}
	}()
	return b.save(ctx, batch)
}

func saveFault(err error) error {
	var e *fault.Error
	if errors.As(err, &e) {
		return e
	}
	if db.IsDuplicate(err, "posts_pkey") {
		return fault.Invalid(ErrExists).Wrap(err)
	}
	return fault.Internal(errSave.ID, err)
}
