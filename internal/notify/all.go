package notify

import (
	"context"
	"log/slog"

	"github.com/parley-chat/parley/internal/bus"
	"github.com/parley-chat/parley/internal/db"
)

// allChannels bounds the memory of who wants to hear of everything.
const allChannels = 5000

// newWantAll remembers, by channel, who wants to be pushed about every post.
func newWantAll(b bus.Bus, log *slog.Logger) *bus.Memory[[]string] {
	return bus.NewMemory[[]string](b, "notify.all", allChannels, log)
}

// wantAll returns that list of a channel. What a person wants is read anew for the
// decision: the list may be of a moment ago.
func (n *Notify) wantAll(ctx context.Context, channelID string) ([]string, error) {
	return n.all.Get(ctx, channelID, func(ctx context.Context) ([]string, error) {
		return db.List(ctx, n.db, db.One[string], `SELECT cm.userid FROM channelmembers cm JOIN users u ON u.id = cm.userid
			WHERE cm.channelid = $1 AND u.deleteat = 0 AND (cm.notifyprops->>'push' = 'all'
				OR coalesce(cm.notifyprops->>'push','default') = 'default' AND u.notifyprops->>'push' = 'all') LIMIT $2`, channelID, maxPeople)
	})
}
