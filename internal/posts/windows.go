package posts

import (
	"context"
	"strconv"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// windows remembers, of the channels that people look at, when something in
// them changed last (their ETags) and the newest page: what everybody who opens
// a channel asks for. A page is only kept when every reader sees the same posts
// alike, until anything in the channel changes, and for a few seconds at most,
// so that changes made behind the server's back show soon.
type windows struct {
	mu      sync.Mutex
	entries *lru.Cache[string, *window]
	bytes   int
}

type window struct {
	stamp   int64  // newest update_at; 0: not known
	version uint64 // counts the changes, so that nothing older is kept
	pages   map[pageKey]keptPage
}

type pageKey struct {
	perPage         int
	skip, collapsed bool
}

// keptPage is a page: encoded, or, where each reader's own marks are put in,
// as posts, which nobody changes.
type keptPage struct {
	body encoded
	list *model.PostList
	size int
	till time.Time
}

// view is a look at a window; it is handed back with what was loaded after it.
type view struct {
	entry   *window
	version uint64
	stamp   int64
	page    keptPage
}

const (
	windowsKept = 20_000 // channels
	pagesBytes  = 32 << 20
	pageAge     = 5 * time.Second
)

func newWindows() *windows {
	w := &windows{}
	entries, err := lru.NewWithEvict(windowsKept, func(_ string, e *window) { w.bytes -= e.size() })
	if err != nil {
		panic(err) // only for a size below one
	}
	w.entries = entries
	return w
}

func (e *window) size() int {
	n := 0
	for _, p := range e.pages {
		n += p.size
	}
	return n
}

// encoded is a JSON document that is ready to be sent.
type encoded []byte

// AppendJSON appends the document.
func (e encoded) AppendJSON(dst []byte) []byte { return append(dst, e...) }

// touch notes a change in a channel; updateAt 0 is one of unknown time.
func (w *windows) touch(channelID string, updateAt int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e, ok := w.entries.Peek(channelID)
	if !ok {
		return
	}
	w.bytes -= e.size()
	e.pages = nil
	e.version++
	if updateAt == 0 {
		e.stamp = 0
	} else if e.stamp != 0 {
		e.stamp = max(e.stamp+1, updateAt)
	}
}

// clear forgets everything.
func (w *windows) clear() {
	w.mu.Lock()
	w.entries.Purge()
	w.mu.Unlock()
}

// look returns what is known of a channel.
func (w *windows) look(channelID string, k pageKey) view {
	w.mu.Lock()
	defer w.mu.Unlock()
	e, ok := w.entries.Get(channelID)
	if !ok {
		e = &window{}
		w.entries.Add(channelID, e)
	}
	v := view{entry: e, version: e.version, stamp: e.stamp}
	if p, ok := e.pages[k]; ok && time.Now().Before(p.till) {
		v.page = p
	}
	return v
}

// know stores the stamp that was read after v, unless anything changed since.
func (w *windows) know(v view, stamp int64) {
	w.mu.Lock()
	if v.entry.version == v.version {
		v.entry.stamp = stamp
	}
	w.mu.Unlock()
}

// keep stores a page that was loaded after v, unless anything changed since.
func (w *windows) keep(channelID string, v view, k pageKey, page keptPage) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e, ok := w.entries.Peek(channelID)
	if !ok || e != v.entry || e.version != v.version {
		return
	}
	w.bytes -= e.size()
	if e.pages == nil || len(e.pages) >= 4 {
		e.pages = map[pageKey]keptPage{}
	}
	page.till = time.Now().Add(pageAge)
	e.pages[k] = page
	w.bytes += e.size()
	for w.bytes > pagesBytes && w.entries.Len() > 1 {
		w.entries.RemoveOldest()
	}
}

// newest reads the stamp of a channel from the database.
func (p *Posts) newest(ctx context.Context, channelID string) (int64, error) {
	at, err := db.List(ctx, p.db, db.One[int64],
		`SELECT updateat FROM posts WHERE channelid = $1 AND updateat IS NOT NULL ORDER BY updateat DESC LIMIT 1`, channelID)
	if err != nil || len(at) == 0 {
		return 1, err
	}
	return at[0], nil
}

// etag is what a page of a channel is known by.
func (a *ask) etag(stamp int64) string {
	tag := strconv.FormatInt(stamp, 36) + "." + strconv.Itoa(a.page) + "." + strconv.Itoa(a.perPage)
	if a.deleted {
		tag += "d"
	}
	if a.skipThreads {
		tag += "s"
	}
	return tag + "." + a.before + a.after
}

// changed tells this node and the others that something in a channel is new.
func (p *Posts) changed(channelID string, updateAt int64) {
	p.windows.touch(channelID, updateAt)
	p.tellNodes(forgetWindow, channelID)
	p.tellChanged(channelID)
}
