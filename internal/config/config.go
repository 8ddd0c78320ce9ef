// Package config is the typed tree of settings: what they are, where each value came from, and
// how it changes while the server runs.
//
// The keys, their types and defaults are Mattermost's (keys.tsv, one row a key), so an existing
// config.json, the System Console and MM_ environment variables work as they do there. A value
// comes from the highest layer that names it: built-in default, versioned file (read only),
// System Console (kept in the database with who and when), environment.
//
// A Config is immutable. The Store swaps whole snapshots atomically, so readers take no lock:
// call store.Get() where a setting is needed and don't keep the result across requests.
// Keys marked secret are masked in everything that leaves the server.
package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

//go:generate go run ./gen

// ReplicaLagSettings is one entry of SqlSettings.ReplicaLagSettings.
type ReplicaLagSettings struct {
	DataSource       string
	QueryAbsoluteLag string
	QueryTimeLag     string
}

// PluginState is one entry of PluginSettings.PluginStates.
type PluginState struct {
	Enable bool
}

// Defaults returns a new Config in which every key has its built-in default.
func Defaults() *Config {
	c := *load().defaults
	return &c
}

// Value returns the value of a key such as "ServiceSettings.SiteURL".
// The second result is false when there is no such key.
func (c *Config) Value(name string) (any, bool) {
	k, ok := Lookup(name)
	if !ok {
		return nil, false
	}
	return k.get(c), true
}

// Tree returns all settings as nested maps, as they stand in a config.json, with secrets in clear.
// Keys that a file has beside the known ones are included. The maps are new, the leaves are not.
func (c *Config) Tree() map[string]any {
	return c.tree(func(k *Key) (any, bool) { return k.get(c), true })
}

// tree builds nested maps of the keys that pick keeps, with pick's values, over the unknown keys.
func (c *Config) tree(pick func(*Key) (any, bool)) map[string]any {
	out := copyTree(c.extra)
	keys := Keys()
	for i := range keys {
		if v, ok := pick(&keys[i]); ok {
			putPath(out, keys[i].path(), v)
		}
	}
	return out
}

// MarshalJSON writes the tree as a config.json holds it, with secrets in clear: for exports, never for answers.
func (c *Config) MarshalJSON() ([]byte, error) { return json.Marshal(c.Tree()) }

// String keeps secrets out of logs that print a Config by accident.
func (c *Config) String() string { return "config(" + c.ServiceSettings.SiteURL + ")" }

// GoString does for %#v what String does for %v.
func (c *Config) GoString() string { return c.String() }

// Equal reports whether both hold the same values and unknown keys.
func (c *Config) Equal(o *Config) bool { return reflect.DeepEqual(*c, *o) }

// Changed reports the names of the known keys whose values differ between two states, in table order.
func Changed(a, b *Config) []string {
	var out []string
	keys := Keys()
	for i := range keys {
		if !reflect.DeepEqual(keys[i].get(a), keys[i].get(b)) {
			out = append(out, keys[i].Name)
		}
	}
	return out
}

func copyTree(src map[string]any) map[string]any {
	out := make(map[string]any, len(src)+46)
	for k, v := range src {
		if m, ok := v.(map[string]any); ok {
			v = copyTree(m)
		}
		out[k] = v
	}
	return out
}

func putPath(tree map[string]any, path []string, v any) {
	for _, p := range path[:len(path)-1] {
		next, ok := tree[p].(map[string]any)
		if !ok {
			next = map[string]any{}
			tree[p] = next
		}
		tree = next
	}
	tree[path[len(path)-1]] = v
}

// render writes a value for people: JSON, with strings left bare where that is unambiguous.
func render(v any) string {
	if s, ok := v.(string); ok && s != "" && !strings.ContainsAny(s, "\"\n\t ") {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}
