package threads

import (
	"context"
	"log/slog"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/parley-chat/parley/internal/bus"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

const (
	autoTopic    = "threads.autofollow"
	autoChannels = 20_000 // channels kept
	autoMembers  = 20_000 // people of one channel
)

// autoFollowers remembers, by channel, who follows every thread in it
// (notify prop channel_auto_follow_threads): hardly anybody, mostly.
type autoFollowers struct {
	bus   bus.Bus
	log   *slog.Logger
	mu    sync.Mutex
	lists *lru.Cache[string, []string]
	epoch uint64
}

func newAutoFollowers(b bus.Bus, log *slog.Logger) *autoFollowers {
	lists, err := lru.New[string, []string](autoChannels)
	if err != nil {
		panic(err) // only for a size below one
	}
	a := &autoFollowers{bus: b, log: log, lists: lists}
	b.Subscribe(autoTopic, func(body []byte) { a.forget(string(body)) })
	b.OnGap(a.forgetAll)
	return a
}

// load returns the list of a channel, reading it when it isn't known.
func (a *autoFollowers) load(ctx context.Context, q db.Querier, channelID string) ([]string, error) {
	a.mu.Lock()
	list, ok := a.lists.Get(channelID)
	epoch := a.epoch
	a.mu.Unlock()
	if ok {
		return list, nil
	}
	list, err := db.List(ctx, q, db.One[string], `SELECT userid FROM channelmembers
		WHERE channelid = $1 AND notifyprops->>'channel_auto_follow_threads' = 'on' LIMIT $2`, channelID, autoMembers)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	if a.epoch == epoch {
		a.lists.Add(channelID, list)
	}
	a.mu.Unlock()
	return list, nil
}

func (a *autoFollowers) forget(channelID string) {
	a.mu.Lock()
	a.epoch++
	a.lists.Remove(channelID)
	a.mu.Unlock()
}

func (a *autoFollowers) forgetAll() {
	a.mu.Lock()
	a.epoch++
	a.lists.Purge()
	a.mu.Unlock()
}

func (a *autoFollowers) memberChanged(_ context.Context, m *model.ChannelMember) {
	a.changed(m.ChannelID)
}

// changed forgets the list of a channel here and on the other nodes.
func (a *autoFollowers) changed(channelID string) {
	a.forget(channelID)
	if !a.bus.Peers() {
		return
	}
	if err := a.bus.Publish(autoTopic, []byte(channelID)); err != nil {
		a.log.Error("other nodes were not told who follows a channel's threads", "channel", channelID, "error", err)
	}
}
