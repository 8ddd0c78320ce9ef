package realtime

// eventLog is a connection's numbered stream: the newest of the frames that
// were sent, for resuming, and the frames that wait. The zero value is empty;
// it holds memory only once something was pushed.
//
// Kept are the numbers first ≤ n < next, of which those below sent went out.
// Number 0 is the hello, which is never kept: it can be made again.
type eventLog struct {
	ring              []entry // number n is at n & (len-1); the length is a power of two
	first, sent, next int64
	bytes             int // of the frames that wait
}

func newLog() eventLog { return eventLog{first: 1, sent: 1, next: 1} }

func (l *eventLog) at(n int64) *entry { return &l.ring[n&int64(len(l.ring)-1)] }

func (l *eventLog) pending() int { return int(l.next - l.sent) }

func (l *eventLog) push(e entry) {
	if n := int(l.next - l.first); n == len(l.ring) {
		l.resize(max(4, 2*n))
	}
	*l.at(l.next) = e
	l.next++
	l.bytes += e.size()
}

func (l *eventLog) resize(size int) {
	old := *l
	l.ring = make([]entry, size)
	for n := l.first; n < l.next; n++ {
		*l.at(n) = *old.at(n)
	}
}

// take returns the oldest waiting frame and its number, and counts it as sent.
func (l *eventLog) take() (entry, int64) {
	e, n := *l.at(l.sent), l.sent
	l.sent++
	l.bytes -= e.size()
	return e, n
}

// trim forgets sent frames below number n, and gives memory back once most of
// the ring is empty.
func (l *eventLog) trim(n int64) {
	for n = min(n, l.sent); l.first < n; l.first++ {
		*l.at(l.first) = entry{}
	}
	switch kept := int(l.next - l.first); {
	case kept == 0:
		l.ring = nil
	case kept <= len(l.ring)/8:
		size := 4
		for size < kept {
			size *= 2
		}
		l.resize(size)
	}
}

// rewind makes n the next number to be sent. It reports false, changing
// nothing, when n isn't kept and isn't the number of the next event either.
func (l *eventLog) rewind(n int64) bool {
	if n < l.first || n > l.next {
		return false
	}
	for ; l.sent > n; l.sent-- {
		l.bytes += l.at(l.sent - 1).size()
	}
	for ; l.sent < n; l.sent++ {
		l.bytes -= l.at(l.sent).size()
	}
	return true
}
