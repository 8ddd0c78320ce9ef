package preferences

import (
	"context"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// modesTopic tells other nodes whose choice of threads has changed.
const modesTopic = "preferences.threads"

// modes remembers who chose collapsed threads: it is asked for every channel
// that is looked at.
type modes struct {
	mu     sync.Mutex
	chosen *lru.Cache[string, string] // user id → value, "" for no choice
	epoch  uint64                     // counts the forgettings: an older answer isn't kept
}

func newModes() *modes {
	chosen, err := lru.New[string, string](20_000)
	if err != nil {
		panic(err) // only for a size below one
	}
	return &modes{chosen: chosen}
}

func (m *modes) forget(userID string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.epoch++
	m.chosen.Remove(userID)
}

func (m *modes) forgetAll() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.epoch++
	m.chosen.Purge()
}

func (m *modes) peek(userID string) (value string, ok bool, epoch uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, ok = m.chosen.Get(userID)
	return value, ok, m.epoch
}

func (m *modes) keep(userID, value string, epoch uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.epoch == epoch {
		m.chosen.Add(userID, value)
	}
}

// CollapsedThreads reports whether a user sees replies in threads only: as the
// server's setting says, or as they chose when it leaves the choice to them.
func (p *Preferences) CollapsedThreads(ctx context.Context, userID string) bool {
	set := p.cfg.Get().ServiceSettings.CollapsedThreads
	if set == "always_on" || set == "disabled" || userID == "" {
		return set == "always_on"
	}
	value, ok, epoch := p.modes.peek(userID)
	if !ok {
		one, err := p.Get(ctx, userID, model.PreferenceCategoryDisplaySettings, model.PreferenceNameCollapsedThreadsEnabled)
		switch {
		case err == nil || fault.IsNotFound(err):
			value = one.Value
			p.modes.keep(userID, value, epoch)
		case ctx.Err() == nil:
			p.log.Error("a choice of collapsed threads was taken from the settings", "user", userID, "error", err)
		}
	}
	if value == "" {
		return set == "default_on"
	}
	return value == "on"
}

// forgetMode has this node and the others ask anew once tx is committed, if one
// is the preference that modes remember.
func (p *Preferences) forgetMode(tx *db.Tx, one model.Preference) {
	if one.Category != model.PreferenceCategoryDisplaySettings || one.Name != model.PreferenceNameCollapsedThreadsEnabled {
		return
	}
	tx.AfterCommit(func() {
		p.modes.forget(one.UserID)
		if err := p.bus.Publish(modesTopic, []byte(one.UserID)); err != nil {
			p.log.Warn("other nodes may show threads as before", "user", one.UserID, "error", err)
		}
	})
}
