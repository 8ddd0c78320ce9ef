package admin

import (
	"context"

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
	"ImportSettings.Directory": true, "ExportSettings.Directory": true,
}

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

// change checks what the tree would change before it keeps it: each key must
// be open to the viewer, and none may be guarded.
func (a *Admin) change(ctx context.Context, v access.Viewer, tree map[string]any, full bool) (map[string]any, error) {
	if err := a.anySection(ctx, v, "sysconsole_write_"); err != nil {
		return nil, err
	}
	if tree == nil {
		return nil, fault.InvalidParam("config")
	}
	preview, err := a.cfg.Preview(tree, full)
	if err != nil {
		return nil, err
	}
	open := mayWrite(ctx, v)
	for _, name := range config.Changed(a.cfg.Get(), preview) {
		if guarded[name] {
			return nil, fault.Forbidden("api.config.update_config.not_allowed_security.app_error", "Name", name)
		}
		if k, ok := config.Lookup(name); !ok || !open(k) {
			return nil, fault.NoPermission("sysconsole_write for " + name)
		}
	}
	set := a.cfg.Patch
	if full {
		set = a.cfg.Replace
	}
	now, err := set(ctx, tree, v.UserID)
	if err != nil {
		return nil, err
	}
	return now.Masked(config.View{Keep: mayRead(ctx, v)}), nil
}

func (a *Admin) environment(ctx context.Context, v access.Viewer, _ api.None) (map[string]any, error) {
	if err := a.anySection(ctx, v, "sysconsole_read_"); err != nil {
		return nil, nil // a member is told nothing, not refused
	}
	return a.cfg.EnvironmentTree(mayRead(ctx, v)), nil
}

func (a *Admin) reload(ctx context.Context, _ access.Viewer, _ api.None) (api.OK, error) {
	return api.Done(), a.cfg.Reload(ctx)
}
