// Package event carries news from an earlier slice to later ones inside the
// process: a slice owns a Topic of its own type and publishes to it after the
// transaction has committed; later slices subscribe when the server is built.
//
// Delivery is synchronous, in the order of subscription, on the publisher's
// goroutine, so that what a subscriber does (a counter, a websocket frame) has
// happened when the request is answered. A subscriber that has slow work hands
// it to a job. Subscribing while requests run is not supported.
package event

import "context"

// Topic is one kind of news. The zero value is ready to use.
type Topic[T any] struct {
	subscribers []func(context.Context, T)
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
