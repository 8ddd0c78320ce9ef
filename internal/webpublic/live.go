package webpublic

import (
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/parley-chat/parley/internal/api"
)

// A stream tells a page that something in its channel changed, and nothing of
// what: the page asks for itself again, under all its rules. So a stream has no
// content that could outlive a deletion.

const (
	streamsEach    = 8                // of an address
	streamBeat     = 20 * time.Second // how often it is looked whether both ends are still there
	streamLife     = 15 * time.Minute // browsers come back by themselves
	streamPatience = 10 * time.Second
)

// streams are the open ones, by channel.
type streams struct {
	mu      sync.Mutex
	byPlace map[string]map[chan struct{}]bool
	byIP    map[string]int
	total   int
	done    chan struct{}
	closed  bool
}

func newStreams() *streams {
	return &streams{byPlace: map[string]map[chan struct{}]bool{}, byIP: map[string]int{}, done: make(chan struct{})}
}

// changed wakes the streams of a channel. News that come faster than they are
// sent are one.
func (s *streams) changed(channelID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for ch := range s.byPlace[channelID] {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

// open counts one in, unless there are too many; leave counts it out.
func (s *streams) open(channelID, ip string, most int) (news chan struct{}, leave func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.total >= most || s.byIP[ip] >= streamsEach {
		return nil, nil, false
	}
	news = make(chan struct{}, 1)
	if s.byPlace[channelID] == nil {
		s.byPlace[channelID] = map[chan struct{}]bool{}
	}
	s.byPlace[channelID][news] = true
	s.byIP[ip]++
	s.total++
	return news, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.byPlace[channelID], news)
		if len(s.byPlace[channelID]) == 0 {
			delete(s.byPlace, channelID)
		}
		if s.byIP[ip]--; s.byIP[ip] == 0 {
			delete(s.byIP, ip)
		}
		s.total--
	}, true
}

func (s *streams) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.closed = true
		close(s.done)
	}
}

// live is the stream of a channel's page (text/event-stream, by the HTML
// standard): "changed" when the page should ask for itself again, "gone" when
// the channel is no longer shown.
func (w *WebPublic) live(rw http.ResponseWriter, r *http.Request, v *view) error {
	pl, err := w.place(r.Context(), r.PathValue("team_name"), r.PathValue("channel_name"))
	if err != nil {
		return err
	}
	news, leave, ok := w.streams.open(pl.ChannelID, neighbourhood(api.MetaOf(r.Context()).IP), w.cfg.Get().WebPublicSettings.MaximumStreams)
	if !ok {
		rw.Header().Set("Retry-After", "60")
		return w.refuse(rw, r, v, http.StatusTooManyRequests, "too_many")
	}
	defer leave()
	h := rw.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // a proxy must not wait for more
	control := http.NewResponseController(rw)
	say := func(text string) bool {
		_ = control.SetWriteDeadline(time.Now().Add(streamPatience))
		if _, err := io.WriteString(rw, text); err != nil {
			return false
		}
		return control.Flush() == nil
	}
	if r.Method == http.MethodHead || !say("retry: 5000\n\n") {
		return nil
	}
	w.follow(r, pl.ChannelID, news, say)
	return nil
}

func (w *WebPublic) follow(r *http.Request, channelID string, news chan struct{}, say func(string) bool) {
	beat := time.NewTicker(streamBeat)
	defer beat.Stop()
	end := time.NewTimer(streamLife)
	defer end.Stop()
	for {
		text := ": here\n\n"
		select {
		case <-r.Context().Done():
			return
		case <-w.streams.done:
			return
		case <-end.C:
			return
		case <-beat.C:
		case <-news:
			text = "event: changed\ndata: 1\n\n"
		}
		if shown, err := w.isOn(r, channelID); err != nil {
			return
		} else if !shown {
			say("event: gone\ndata: 1\n\n")
			return
		}
		if !say(text) {
			return
		}
	}
}
