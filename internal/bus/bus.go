// Package bus carries messages from one node of a cluster to the others.
//
// A message has a topic and a body. Publish hands it to every other node that
// subscribed to the topic, never back to the node that published: a publisher
// does its own part directly. Messages of one node arrive in the order in which
// it published them; between nodes there is no order. Delivery is best effort
// (a node that is away misses what passes), so what travels is news about
// durable state (an event, an invalidation), never the state itself. A node that
// may have missed something is told so, and reads that state again.
//
// Alone is the bus of a single node. Loop joins several nodes of one process,
// bus/nats those of several hosts.
package bus

import "errors"

// ErrClosed is returned by Publish on a bus that was closed.
var ErrClosed = errors.New("bus: closed")

// Bus is one node's end of the bus.
type Bus interface {
	// Publish hands body to the subscribers of topic on all other nodes. The
	// body must not be changed afterwards.
	Publish(topic string, body []byte) error
	// Subscribe has fn called, one message at a time for each publishing node,
	// with what other nodes publish to topic. fn must not block and must not
	// keep or change body. cancel ends the subscription.
	Subscribe(topic string, fn func(body []byte)) (cancel func())
	// OnGap has fn called when messages of other nodes may have been missed:
	// what is remembered of durable state is doubtful then, and so is what
	// clients were told. The functions are called one after the other, in the
	// order in which they were given, and not at the same time as themselves.
	OnGap(fn func())
	// Close leaves the bus; subscriptions end.
	Close() error
	// Peers reports whether other nodes may be listening. While it is false a
	// publisher can spare itself the encoding.
	Peers() bool
}

// Alone is the bus of a node without others: Publish drops what it is given,
// since there is nobody to hear it, and subscribers are never called.
type Alone struct{}

// Publish drops the message.
func (Alone) Publish(string, []byte) error { return nil }

// Subscribe returns a cancel that has nothing to do.
func (Alone) Subscribe(string, func([]byte)) (cancel func()) { return func() {} }

// OnGap does nothing: there is nobody to miss anything of.
func (Alone) OnGap(func()) {}

// Close does nothing.
func (Alone) Close() error { return nil }

// Peers is always false.
func (Alone) Peers() bool { return false }
