package admin

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/fault"
)

// guarded are the keys that no request may change, whoever sends it: what they
// allow is code, or files of the host.
var guarded = map[string]bool{
	"PluginSettings.EnableUploads": true, "PluginSettings.SignaturePublicKeyFiles": true,
	"PluginSettings.RequirePluginSignature": true, "PluginSettings.Directory": true, "PluginSettings.ClientDirectory": true,
	"ImportSettings.Directory": true, "ExportSettings.Directory": true, "ComplianceSettings.Directory": true,
}

// anyRead stands among a key's sections when any of them opens it for reading.
const anyRead = "*_read"

// mayRead and mayWrite say whether the viewer's console permissions open a key.
func mayRead(ctx context.Context, v access.Viewer) func(*config.Key) bool {
	return opens(ctx, v, "sysconsole_read_")
}

func mayWrite(ctx context.Context, v access.Viewer) func(*config.Key) bool {
	return opens(ctx, v, "sysconsole_write_")
}

func opens(ctx context.Context, v access.Viewer, prefix string) func(*config.Key) bool {
	if v.Admin(ctx) {
		return func(*config.Key) bool { return true }
	}
	known := map[string]bool{}
	return func(k *config.Key) bool {
		for _, section := range k.Access() {
			if section == anyRead && prefix == "sysconsole_read_" {
				return true // the callers have made sure of some section
			}
			ok, asked := known[section]
			if !asked {
				ok = v.Can(ctx, access.Permission(prefix+section))
				known[section] = ok
			}
			if ok {
				return true
			}
		}
		return false
	}
}

// anySection refuses a viewer whom no section of the console is open to.
func (a *Admin) anySection(ctx context.Context, v access.Viewer, prefix string) error {
	if v.Admin(ctx) {
		return nil
	}
	for _, p := range access.ConsolePermissions(prefix) {
		if v.Can(ctx, p) {
			return nil
		}
	}
	return fault.NoPermission(prefix + "…")
}

type readSettingsIn struct {
	WithoutMasked   bool `query:"remove_masked"`
	WithoutDefaults bool `query:"remove_defaults"`
}

func (a *Admin) readSettings(ctx context.Context, v access.Viewer, in readSettingsIn) (map[string]any, error) {
	if err := a.anySection(ctx, v, "sysconsole_read_"); err != nil {
		return nil, err
	}
	return a.cfg.Get().Masked(config.View{Keep: mayRead(ctx, v), WithoutMasked: in.WithoutMasked, WithoutDefaults: in.WithoutDefaults}), nil
}

type settingsIn struct {
	Tree map[string]any `body:"json,config"`
}

func (a *Admin) patchSettings(ctx context.Context, v access.Viewer, in settingsIn) (map[string]any, error) {
	return a.change(ctx, v, in.Tree, false)
}

func (a *Admin) replaceSettings(ctx context.Context, v access.Viewer, in settingsIn) (map[string]any, error) {
	return a.change(ctx, v, in.Tree, true)
}

// change keeps what the tree says of the keys that the viewer may write; what
// it says of others is left aside, as is what a full tree doesn't say of them:
// who may see only some sections sends only those back. A guarded key can't be
// changed at all.
func (a *Admin) change(ctx context.Context, v access.Viewer, tree map[string]any, full bool) (map[string]any, error) {
	if err := a.anySection(ctx, v, "sysconsole_write_"); err != nil {
		return nil, err
	}
	if tree == nil {
		return nil, fault.InvalidParam("config")
	}
	old := a.cfg.Get()
	tree = writable(tree, "", a.mayChange(ctx, v))
	if full {
		keepOthers(tree, old, a.mayChange(ctx, v))
	}
	preview, err := a.cfg.Preview(tree, full)
	if err != nil {
		return nil, err
	}
	if err := allowed(old, preview); err != nil {
		return nil, err
	}
	set := a.cfg.Patch
	if full {
		set = a.cfg.Replace
	}
	now, err := set(ctx, tree, v.UserID)
	if err != nil {
		return nil, err
	}
	a.users.Audit(ctx, v, "/api/v4/config", "changed: "+strings.Join(config.Changed(old, now), " "))
	return now.Masked(config.View{Keep: mayRead(ctx, v)}), nil
}

// allowed refuses changes that no request may make, whoever sends it.
func allowed(old, now *config.Config) error {
	for _, name := range config.Changed(old, now) {
		if guarded[name] || name == "PluginSettings.MarketplaceURL" && !old.PluginSettings.EnableUploads {
			return fault.Forbidden("api.config.update_config.not_allowed_security.app_error", "Name", name)
		}
	}
	if place := now.BackupSettings.Place; place != old.BackupSettings.Place && place != "" && !strings.HasPrefix(place, "s3://") {
		return fault.Forbidden("api.config.update_config.not_allowed_security.app_error", "Name", "BackupSettings.Place") // a folder of the host
	}
	if old.ServiceSettings.SiteURL != "" && now.ServiceSettings.SiteURL == "" {
		return fault.Invalid("api.config.update_config.clear_siteurl.app_error")
	}
	return nil
}

// mayChange is mayWrite without the keys that a host keeps from its own
// administrators, but not from itself.
func (a *Admin) mayChange(ctx context.Context, v access.Viewer) func(*config.Key) bool {
	open, restricted := mayWrite(ctx, v), a.cfg.Get().ExperimentalSettings.RestrictSystemAdmin && !v.System()
	return func(k *config.Key) bool { return open(k) && !(restricted && k.WriteRestrictable) }
}

// writable copies a tree without the keys that open shuts.
func writable(tree map[string]any, prefix string, open func(*config.Key) bool) map[string]any {
	out := make(map[string]any, len(tree))
	for name, v := range tree {
		if k, ok := config.Lookup(prefix + name); ok {
			if open(k) {
				out[name] = v
			}
			continue
		}
		if sub, ok := v.(map[string]any); ok {
			v = writable(sub, prefix+name+".", open)
		}
		out[name] = v
	}
	return out
}

// keepOthers writes into a tree the values in force of the keys that open shuts.
func keepOthers(tree map[string]any, now *config.Config, open func(*config.Key) bool) {
	keys := config.Keys()
	for i := range keys {
		if open(&keys[i]) {
			continue
		}
		value, _ := now.Value(keys[i].Name)
		plant(tree, strings.Split(keys[i].Name, "."), value)
	}
}

func (a *Admin) environment(ctx context.Context, v access.Viewer, _ api.None) (map[string]any, error) {
	if err := a.anySection(ctx, v, "sysconsole_read_"); err != nil {
		return nil, nil // a member is told nothing, not refused
	}
	return a.cfg.EnvironmentTree(mayRead(ctx, v)), nil
}

func (a *Admin) reload(ctx context.Context, v access.Viewer, _ api.None) (api.OK, error) {
	a.users.Audit(ctx, v, "/api/v4/config/reload", "")
	if err := a.cfg.Reload(ctx); err != nil {
		return api.OK{}, fault.Internal("api.config.reload_config.app_error", err)
	}
	return api.Done(), nil
}
