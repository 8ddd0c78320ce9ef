package nats

import (
	"sync"

	"github.com/parley-chat/parley/internal/bus"
)

// Bounds of sending.
const (
	// partBytes is the longest frame, if the server of NATS takes that much.
	partBytes = 256 << 10
	// messageBytes is the longest message: no event comes near it.
	messageBytes = 32 << 20
	// queueBytes is how much waits to be sent. As much again may wait in the
	// client of NATS while it is not connected.
	queueBytes = 8 << 20
)

// queue holds numbered frames for the one goroutine that sends them, so that a
// publisher never waits for the network.
type queue struct {
	mu     sync.Mutex
	number uint64 // of the newest frame
	frames [][]byte
	bytes  int
	closed bool
	full   bool // frames were dropped since the queue was last empty
	wake   chan struct{}
}

// put numbers frames and queues them. If they find no room they are dropped
// with their numbers, which is how the other nodes learn that something is missing.
func (q *queue) put(node string, frames []frame) (fits, first bool, err error) {
	size := 0
	for i := range frames {
		size += headBytes + len(frames[i].topic) + len(frames[i].body)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false, false, bus.ErrClosed
	}
	fits = q.bytes+size <= queueBytes || q.bytes == 0 && size <= messageBytes
	for i := range frames {
		q.number++
		frames[i].number, frames[i].node = q.number, node
		if fits {
			q.frames = append(q.frames, frames[i].encode())
		}
	}
	if !fits {
		first, q.full = !q.full, true
		return false, first, nil
	}
	q.bytes += size
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return true, false, nil
}

// take returns what waits.
func (q *queue) take() [][]byte {
	q.mu.Lock()
	defer q.mu.Unlock()
	out := q.frames
	q.frames, q.bytes, q.full = nil, 0, false
	return out
}

// close ends the queue with a last frame.
func (q *queue) close() (already bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	already = q.closed
	q.closed = true
	return already
}

// Publish queues a message for all other nodes.
func (b *Bus) Publish(topic string, body []byte) error {
	b.Stats.count(topic)
	return b.send(split(topic, body, b.room(topic)))
}

func (b *Bus) send(frames []frame) error {
	fits, first, err := b.queue.put(b.id, frames)
	if err == nil && !fits {
		b.Stats.Dropped.Add(1)
		if first {
			b.log.Error("more waits for the other nodes than is kept; they will read everything again")
		}
	}
	return err
}

// room is how much of a body fits into one frame.
func (b *Bus) room(topic string) int {
	most := int64(partBytes)
	if limit := b.conn.MaxPayload(); limit > headBytes+topicBytes {
		most = min(most, limit)
	}
	return int(most) - headBytes - len(topic)
}

// sendLoop hands frames to the connection, in their order.
func (b *Bus) sendLoop() {
	for {
		select {
		case <-b.ended:
			return
		case <-b.queue.wake:
			b.flush()
		}
	}
}

func (b *Bus) flush() {
	b.sending.Lock()
	defer b.sending.Unlock()
	for _, raw := range b.queue.take() {
		if err := b.conn.Publish(b.subject, raw); err != nil {
			b.Stats.Dropped.Add(1)
			continue
		}
		b.Stats.Sent.Add(1)
	}
}
