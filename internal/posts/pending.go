package posts

import (
	"context"
	"sync"
	"time"

	"github.com/parley-chat/parley/internal/model"
)

// How long and how many creations are remembered by the id that a client gave
// them, so that a client that repeats a request after a lost answer doesn't
// post twice.
const (
	pendingTime = 10 * time.Minute
	pendingKept = 20_000
)

type pendingKey struct{ userID, pendingID string }

// pendingPost is one creation; done is closed when it is decided, and postID
// is "" when it failed.
type pendingPost struct {
	done   chan struct{}
	postID string
	at     time.Time
}

type pendingPosts struct {
	mu      sync.Mutex
	entries map[pendingKey]*pendingPost
	order   []pendingKey // oldest first; may hold keys that are gone
}

func newPendingPosts() *pendingPosts {
	return &pendingPosts{entries: map[pendingKey]*pendingPost{}}
}

// begin claims a key. When somebody else has claimed it, begin waits for their
// outcome: the id of the post that they made, or, when they failed, the claim.
func (d *pendingPosts) begin(ctx context.Context, key pendingKey) (made string, mine *pendingPost, err error) {
	for {
		d.mu.Lock()
		e := d.entries[key]
		if e == nil || e.stale() {
			e = &pendingPost{done: make(chan struct{}), at: time.Now()}
			d.entries[key] = e
			d.order = append(d.order, key)
			d.prune()
			d.mu.Unlock()
			return "", e, nil
		}
		d.mu.Unlock()
		select {
		case <-e.done:
		case <-ctx.Done():
			return "", nil, ctx.Err()
		}
		if e.postID != "" {
			return e.postID, nil, nil
		}
	}
}

func (e *pendingPost) stale() bool {
	select {
	case <-e.done:
		return time.Since(e.at) > pendingTime
	default:
		return false
	}
}

// end decides a claim: post is nil when the creation failed.
func (d *pendingPosts) end(key pendingKey, e *pendingPost, post *model.Post) {
	d.mu.Lock()
	if post != nil {
		e.postID = post.ID
	} else if d.entries[key] == e {
		delete(d.entries, key)
	}
	d.mu.Unlock()
	close(e.done)
}

// prune drops old entries from the front. d.mu is held.
func (d *pendingPosts) prune() {
	for len(d.order) > 0 {
		e := d.entries[d.order[0]]
		if e != nil && !e.stale() && len(d.order) <= pendingKept {
			return
		}
		if e != nil {
			delete(d.entries, d.order[0])
		}
		d.order = d.order[1:]
	}
}
