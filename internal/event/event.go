// Package event carries news from an earlier slice to later ones inside the
// process: a slice owns a Topic of its own type and publishes to it after the
// transaction has committed; later slices subscribe when the server is built.
//
// Delivery is synchronous, in the order of subscription, on the publisher's
// goroutine, so that what a subscriber does (a counter, a websocket frame) has
// happened when the request is answered. A subscriber that has slow work hands
// it to a job. Subscribing while requests run is not supported.
//
// What must be stored together with the news or not at all, a subscriber adds to
// the publisher's transaction: Within.
package event

import (
	"context"

	"github.com/parley-chat/parley/internal/db"
)

// Topic is one kind of news. The zero value is ready to use.
type Topic[T any] struct {
	subscribers []func(context.Context, T)
	within      []func(context.Context, T) Part
}

// Part is what subscribers add to a transaction; nil adds nothing.
type Part func(ctx context.Context, tx *db.Tx) error

// In does the part inside tx. A failure must undo tx.
func (p Part) In(ctx context.Context, tx *db.Tx) error {
	if p == nil {
		return nil
	}
	return p(ctx, tx)
}

// Within has fn asked about each of the news before it happens. What fn returns is
// done at the end of the transaction in which it does; what e points to is complete
// then. Call it while the server is being built. A topic says which of its news are
// asked about.
func (t *Topic[T]) Within(fn func(context.Context, T) Part) {
	t.within = append(t.within, fn)
}

// Parts asks about e, which is about to happen; nil when nobody adds anything.
func (t *Topic[T]) Parts(ctx context.Context, e T) Part {
	var parts []Part
	for _, fn := range t.within {
		if part := fn(ctx, e); part != nil {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return func(ctx context.Context, tx *db.Tx) error {
		for _, part := range parts {
			if err := part(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	}
}

// Subscribe has fn called for each later Publish. Call it while the server is
// being built.
func (t *Topic[T]) Subscribe(fn func(context.Context, T)) {
	t.subscribers = append(t.subscribers, fn)
}

// Publish calls every subscriber with e.
func (t *Topic[T]) Publish(ctx context.Context, e T) {
	for _, fn := range t.subscribers {
		fn(ctx, e)
	}
}
