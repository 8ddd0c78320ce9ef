package ircgate

import (
	"context"
	"net"
	"sync"
	"time"
)

// queue holds the lines that wait for a client, bounded in bytes. One goroutine pushes, another
// writes.
type queue struct {
	most int

	mu    sync.Mutex
	buf   []byte
	ended bool          // nothing is taken any more
	over  bool          // there was no room
	wake  chan struct{} // something waits, or it has ended
	room  chan struct{} // something was written
}

func newQueue(most int) *queue {
	return &queue{most: most, wake: make(chan struct{}, 1), room: make(chan struct{}, 1)}
}

func nudge(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// push adds a line; false when there is no room, which ends the queue.
func (q *queue) push(line []byte) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ended || q.over {
		return false
	}
	if len(q.buf)+len(line) > q.most {
		q.over, q.buf = true, nil
		nudge(q.wake)
		return false
	}
	q.buf = append(q.buf, line...)
	nudge(q.wake)
	return true
}

// end has the writer stop after what waits; last is added even when there is no room.
func (q *queue) end(last []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.ended {
		q.ended = true
		q.buf = append(q.buf, last...)
	}
	nudge(q.wake)
}

// await waits until less than half of the room is taken: whoever has much to send does it bit by bit.
func (q *queue) await(ctx context.Context) error {
	for {
		q.mu.Lock()
		ok, dead := len(q.buf) < q.most/2, q.ended || q.over
		q.mu.Unlock()
		if dead {
			return net.ErrClosed
		}
		if ok {
			return nil
		}
		select {
		case <-q.room:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// write sends what waits until the queue has ended, and returns whether it ended for lack of room.
func (q *queue) write(nc net.Conn, patience time.Duration) (over bool, err error) {
	var spare []byte
	for {
		q.mu.Lock()
		out, ended, over := q.buf, q.ended, q.over
		if len(out) > 0 { // what is being written is not the buffer that is pushed to
			q.buf, spare = spare[:0], nil
		}
		q.mu.Unlock()
		if len(out) > 0 && !over {
			_ = nc.SetWriteDeadline(time.Now().Add(patience))
			if _, err := nc.Write(out); err != nil {
				return false, err
			}
			spare = out
			if cap(spare) > 64<<10 {
				spare = nil
			}
			nudge(q.room)
			continue
		}
		if over || ended {
			return over, nil
		}
		<-q.wake
	}
}
