package nats

import "time"

// gapPause is the shortest time between two gaps. Those that come together, as
// at the end of an outage, make clients load again once.
const gapPause = time.Second

// OnGap has fn called when messages of other nodes may have been missed.
func (b *Bus) OnGap(fn func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gaps = append(b.gaps, fn)
}

// doubt notes that something may have been missed. It doesn't block.
func (b *Bus) doubt(why string) {
	select {
	case b.gap <- why:
	default: // one waits to be told, which covers this as well
	}
}

// gapLoop tells of gaps, on a goroutine of its own: the functions may take a
// while, and messages go on meanwhile.
func (b *Bus) gapLoop() {
	for {
		select {
		case <-b.ended:
			return
		case why := <-b.gap:
			b.Stats.Gaps.Add(1)
			b.mu.Lock()
			fns := b.gaps
			b.mu.Unlock()
			b.log.Warn("messages of other nodes may have been missed: everything is read again, and clients load again", "why", why)
			for _, fn := range fns {
				fn()
			}
		}
		select {
		case <-b.ended:
			return
		case <-time.After(gapPause):
		}
	}
}
