package threads

import (
	"context"
	"log/slog"

	"github.com/parley-chat/parley/internal/bus"
	"github.com/parley-chat/parley/internal/db"
)

const (
	autoChannels = 20_000 // channels kept
	autoMembers  = 20_000 // people of one channel
)

// newAutoFollowers remembers, by channel, who follows every thread in it
// (notify prop channel_auto_follow_threads): hardly anybody, mostly.
func newAutoFollowers(b bus.Bus, log *slog.Logger) *bus.Memory[[]string] {
	return bus.NewMemory[[]string](b, "threads.autofollow", autoChannels, log)
}

// autoFollowers returns that list of a channel.
func (t *Threads) autoFollowers(ctx context.Context, q db.Querier, channelID string) ([]string, error) {
	return t.auto.Get(ctx, channelID, func(ctx context.Context) ([]string, error) {
		return db.List(ctx, q, db.One[string], `SELECT userid FROM channelmembers
			WHERE channelid = $1 AND notifyprops->>'channel_auto_follow_threads' = 'on' LIMIT $2`, channelID, autoMembers)
	})
}
