package admin

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/config/stored"
	"github.com/parley-chat/parley/internal/fault"
)

// Settings for Parley's own console: each with where it comes from, and what was
// changed before. These routes are Parley's own; /config is the protocol's.
func (a *Admin) mountSheet(r *access.Router) {
	api.Get(r, "/parley/settings", access.Session, a.sheet)
	api.Post(r, "/parley/settings/reset", access.Session, a.resetSettings)
	api.Get(r, "/parley/settings/history", access.Session, a.settingsHistory)
	api.Post(r, "/parley/settings/rollback", access.Session, a.rollbackSettings)
}

// sheet lists the settings that the viewer may read. Those that the host keeps
// from its administrators are locked.
func (a *Admin) sheet(ctx context.Context, v access.Viewer, _ api.None) ([]config.Setting, error) {
	if err := a.anySection(ctx, v, "sysconsole_read_"); err != nil {
		return nil, err
	}
	list, may := a.cfg.Sheet(mayRead(ctx, v)), a.mayChange(ctx, v)
	for i := range list {
		if k, ok := config.Lookup(list[i].Key); ok && (guarded[k.Name] || !may(k)) {
			list[i].Locked = true
		}
	}
	return list, nil
}

type resetIn struct {
	Body struct {
		Keys []string `json:"keys"`
	} `body:"json,keys"`
}

// resetSettings has the layers below the console show again.
func (a *Admin) resetSettings(ctx context.Context, v access.Viewer, in resetIn) (api.OK, error) {
	if err := a.anySection(ctx, v, "sysconsole_write_"); err != nil {
		return api.OK{}, err
	}
	return a.resetKeys(ctx, v, in.Body.Keys)
}

func (a *Admin) resetKeys(ctx context.Context, v access.Viewer, names []string) (api.OK, error) {
	may := a.mayChange(ctx, v)
	for _, name := range names {
		k, ok := config.Lookup(name)
		if !ok {
			return api.OK{}, fault.InvalidParam("keys")
		}
		if guarded[name] || !may(k) {
			return api.OK{}, fault.NoPermission("sysconsole_write_" + strings.Join(k.Access(), " "))
		}
	}
	old := a.cfg.Get()
	now, err := a.cfg.Reset(ctx, v.UserID, names...)
	if err != nil {
		return api.OK{}, err
	}
	a.users.Audit(ctx, v, "/api/v4/parley/settings/reset", "reset: "+strings.Join(config.Changed(old, now), " "))
	return api.Done(), nil
}

type historyIn struct {
	Prefix string `query:"key"`
	Limit  int    `query:"limit" default:"100" max:"1000"`
}

// settingsChange is a change of the past. A value that is absent is that of the layer below.
type settingsChange struct {
	ID       string          `json:"id"`
	Key      string          `json:"key"`
	Old      json.RawMessage `json:"old,omitempty"`
	New      json.RawMessage `json:"new,omitempty"`
	Secret   bool            `json:"secret,omitempty"` // its values aren't kept
	At       int64           `json:"at"`
	Who      string          `json:"who,omitempty"` // the id of a user; none is a command of the host
	Username string          `json:"username,omitempty"`
}

// settingsHistory lists what was changed, the newest first.
func (a *Admin) settingsHistory(ctx context.Context, v access.Viewer, in historyIn) ([]settingsChange, error) {
	if err := a.anySection(ctx, v, "sysconsole_read_"); err != nil {
		return nil, err
	}
	past, err := stored.History(ctx, a.db, in.Prefix, in.Limit)
	if err != nil {
		return nil, err
	}
	out, may := []settingsChange{}, mayRead(ctx, v)
	for _, p := range past {
		if k, ok := config.Lookup(p.Key); ok && may(k) {
			out = append(out, settingsChange{ID: p.ID, Key: p.Key, Old: raw(p.Old), New: raw(p.New), Secret: p.Secret, At: p.At, Who: p.Who, Username: p.Username})
		}
	}
	return out, nil
}

func raw(text *string) json.RawMessage {
	if text == nil {
		return nil
	}
	return json.RawMessage(*text)
}

type rollbackIn struct {
	Body struct {
		ID    string `json:"id"`    // of one change
		Since int64  `json:"since"` // or everything since then, Unix ms
	} `body:"json,change"`
}

// rollbackSettings takes changes back, under the same rules as any other change:
// one, or all that the viewer may write since a moment. Those of secrets stay.
func (a *Admin) rollbackSettings(ctx context.Context, v access.Viewer, in rollbackIn) (api.OK, error) {
	if err := a.anySection(ctx, v, "sysconsole_write_"); err != nil {
		return api.OK{}, err
	}
	one, since := in.Body.ID, in.Body.Since
	if (one == "") == (since <= 0) {
		return api.OK{}, fault.InvalidParam("id")
	}
	past, err := stored.Before(ctx, a.db, one, since)
	if err != nil {
		return api.OK{}, err
	}
	if one != "" && len(past) == 0 {
		return api.OK{}, fault.NotFound("api.config.rollback.no_change.app_error")
	}
	tree, reset, may := map[string]any{}, []string{}, a.mayChange(ctx, v)
	for _, p := range past {
		k, ok := config.Lookup(p.Key)
		switch {
		case !ok || p.Secret || guarded[p.Key] || !may(k):
			if one != "" {
				return api.OK{}, fault.Forbidden("api.config.rollback.kept.app_error", "Key", p.Key)
			}
		case p.Old == nil:
			reset = append(reset, p.Key)
		default:
			var value any
			if err := json.Unmarshal([]byte(*p.Old), &value); err != nil {
				return api.OK{}, err
			}
			plant(tree, strings.Split(p.Key, "."), value)
		}
	}
	if len(tree) > 0 {
		if _, err := a.change(ctx, v, tree, false); err != nil {
			return api.OK{}, err
		}
	}
	if len(reset) == 0 {
		return api.Done(), nil
	}
	return a.resetKeys(ctx, v, reset)
}

// plant puts a value into a tree of sections.
func plant(tree map[string]any, path []string, value any) {
	for _, name := range path[:len(path)-1] {
		sub, ok := tree[name].(map[string]any)
		if !ok {
			sub = map[string]any{}
			tree[name] = sub
		}
		tree = sub
	}
	tree[path[len(path)-1]] = value
}
