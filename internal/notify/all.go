package notify

import (
	"context"
	"log/slog"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/parley-chat/parley/internal/bus"
	"github.com/parley-chat/parley/internal/db"
)

// allChannels bounds the memory of who wants to hear of everything.
const allChannels = 5000

// allTopic tells other nodes in which channel, "" for all, that has changed.
const allTopic = "notify.all"

// wantAll remembers, by channel, who wants to be pushed about every post.
type wantAll struct {
	bus   bus.Bus
	log   *slog.Logger
	mu    sync.Mutex
	lists *lru.Cache[string, []string]
	epoch uint64 // counts the forgettings: an older answer isn't kept
}

func newWantAll(b bus.Bus, log *slog.Logger) *wantAll {
	lists, err := lru.New[string, []string](allChannels)
	if err != nil {
		panic(err) // only for a size below one
	}
	w := &wantAll{bus: b, log: log, lists: lists}
	b.Subscribe(allTopic, func(body []byte) { w.forget(string(body)) })
	b.OnGap(func() { w.forget("") })
	return w
}

func (w *wantAll) forget(channelID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.epoch++
	if channelID == "" {
		w.lists.Purge()
		return
	}
	w.lists.Remove(channelID)
}

// changed forgets a channel, "" for all, here and on the other nodes.
func (w *wantAll) changed(channelID string) {
	w.forget(channelID)
	if !w.bus.Peers() {
		return
	}
	if err := w.bus.Publish(allTopic, []byte(channelID)); err != nil {
		w.log.Error("other nodes were not told who wants to hear of everything", "channel", channelID, "error", err)
	}
}

// of returns the list of a channel. What a person wants is read anew for the
// decision: the list may be of a moment ago.
func (w *wantAll) of(ctx context.Context, q db.Querier, channelID string) ([]string, error) {
	w.mu.Lock()
	ids, ok := w.lists.Get(channelID)
	epoch := w.epoch
	w.mu.Unlock()
	if ok {
		return ids, nil
	}
	ids, err := db.List(ctx, q, db.One[string], `SELECT cm.userid FROM channelmembers cm JOIN users u ON u.id = cm.userid
		WHERE cm.channelid = $1 AND u.deleteat = 0 AND (cm.notifyprops->>'push' = 'all'
			OR coalesce(cm.notifyprops->>'push','default') = 'default' AND u.notifyprops->>'push' = 'all') LIMIT $2`, channelID, maxPeople)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.epoch == epoch {
		w.lists.Add(channelID, ids)
	}
	return ids, nil
}
