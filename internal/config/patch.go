package config

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"time"
)

// nodeKeys can't be set from the database, because they say which database it is.
var nodeKeys = map[string]bool{"SqlSettings.DriverName": true, "SqlSettings.DataSource": true}

// Patch changes the keys that tree names, for the user who, and returns the new state. Keys set by the
// environment keep their value, a masked secret means "unchanged", unknown keys are ignored, maps are
// merged entry by entry: as Mattermost does. A value equal to the one below the console removes the override.
// It fails with a *ValueError (a 400 fault) and then changes nothing.
func (s *Store) Patch(ctx context.Context, tree map[string]any, who string) (*Config, error) {
	values, _, err := decodeTree(tree, "console")
	if err != nil {
		return nil, firstError(err)
	}
	s.changing.Lock()
	defer s.changing.Unlock()
	now := s.Get()
	for k, v := range values {
		values[k] = mergeMaps(k.get(now), v)
	}
	return s.change(ctx, values, who)
}

// Replace sets every key: those that tree lacks go back to their built-in default, as Mattermost does
// for a full update. Otherwise like Patch.
func (s *Store) Replace(ctx context.Context, tree map[string]any, who string) (*Config, error) {
	values, _, err := decodeTree(tree, "console")
	if err != nil {
		return nil, firstError(err)
	}
	s.changing.Lock()
	defer s.changing.Unlock()
	keys := Keys()
	for i := range keys {
		k := &keys[i]
		if _, ok := values[k]; !ok && !(k.Secret && k.Type == "string") {
			values[k] = k.Default()
		}
	}
	return s.change(ctx, values, who)
}

// Preview returns what Patch (or, with full, Replace) would make of tree, without keeping anything,
// so that the API can check permissions and guarded keys against Changed(store.Get(), preview).
func (s *Store) Preview(tree map[string]any, full bool) (*Config, error) {
	values, _, err := decodeTree(tree, "console")
	if err != nil {
		return nil, firstError(err)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	c := *s.Get()
	keys := Keys()
	for i := range keys {
		k := &keys[i]
		v, given := values[k]
		switch {
		case given && !full:
			v = mergeMaps(k.get(&c), v)
		case !given && full && !(k.Secret && k.Type == "string"):
			v, given = k.Default(), true
		}
		if given && !s.locked(k) {
			k.set(&c, unmask(k, k.get(&c), v))
		}
	}
	normalize(&c)
	return &c, firstError(s.validate(&c))
}

func (s *Store) locked(k *Key) bool {
	_, env := s.env.values[k]
	return env || nodeKeys[k.Name]
}

// change stores new values in the console's layer and publishes the result. s.changing is held.
func (s *Store) change(ctx context.Context, values map[*Key]any, who string) (*Config, error) {
	now, base := s.Get(), s.base()
	console := maps.Clone(s.console)
	var set []Change
	var reset []string
	for k, v := range values {
		if s.locked(k) {
			continue
		}
		v = unmask(k, k.get(now), v)
		_, have := console[k]
		switch {
		case same(v, k.get(base)):
			if have {
				delete(console, k)
				reset = append(reset, k.Name)
			}
		case have && same(v, k.get(now)):
		default:
			raw, err := json.Marshal(v)
			if err != nil {
				return nil, fmt.Errorf("config: %s: %w", k.Name, err)
			}
			console[k] = Change{Key: k.Name, Value: raw, Who: who, At: s.now()}
			set = append(set, console[k])
		}
	}
	return s.commit(ctx, console, set, reset, who)
}

// commit checks, saves and publishes a new console layer. s.changing is held.
func (s *Store) commit(ctx context.Context, console map[*Key]Change, set []Change, reset []string, who string) (*Config, error) {
	next, err := s.build(console)
	if err != nil {
		return nil, firstError(err)
	}
	if s.db.Save != nil && len(set)+len(reset) > 0 {
		if err := s.db.Save(ctx, set, reset, who); err != nil {
			return nil, err
		}
	}
	s.keep(func() { s.console = console })
	s.publish(next)
	return next, nil
}

// Reset removes the console's values of keys for the user who, so that the layer below shows again.
// It fails with every unknown key named; all are reset, or none.
func (s *Store) Reset(ctx context.Context, who string, names ...string) (*Config, error) {
	s.changing.Lock()
	defer s.changing.Unlock()
	console := maps.Clone(s.console)
	var reset []string
	for _, name := range names {
		k, ok := Lookup(name)
		if !ok {
			return nil, fmt.Errorf("there is no setting %q", name)
		}
		if _, have := console[k]; have {
			delete(console, k)
			reset = append(reset, k.Name)
		}
	}
	return s.commit(ctx, console, nil, reset, who)
}

// generateSecrets fills the keys that a new installation generates: 32 random letters and digits. s.changing is held.
func (s *Store) generateSecrets(ctx context.Context) error {
	values := map[*Key]any{}
	for _, name := range []string{"SqlSettings.AtRestEncryptKey", "FileSettings.PublicLinkSalt"} {
		if k := mustKey(name); k.get(s.Get()) == "" && !s.locked(k) {
			// rand.Text has 26 characters; two make enough for the 32 that clients expect.
			values[k] = (rand.Text() + rand.Text())[:32]
		}
	}
	if len(values) == 0 {
		return nil
	}
	_, err := s.change(ctx, values, "")
	return err
}

func (s *Store) now() int64 {
	if s.db.Now != nil {
		return s.db.Now()
	}
	return time.Now().UnixMilli()
}

// mergeMaps lays the entries of a map value over those in force, one level deep per map; other values replace.
func mergeMaps(now, v any) any {
	have, given := reflect.ValueOf(now), reflect.ValueOf(v)
	if given.Kind() != reflect.Map {
		return v
	}
	out := reflect.MakeMapWithSize(given.Type(), have.Len()+given.Len())
	for it := have.MapRange(); it.Next(); {
		out.SetMapIndex(it.Key(), it.Value())
	}
	for it := given.MapRange(); it.Next(); {
		val := it.Value()
		if old := have.MapIndex(it.Key()); old.IsValid() && old.Kind() == reflect.Map {
			val = reflect.ValueOf(mergeMaps(old.Interface(), val.Interface()))
		}
		out.SetMapIndex(it.Key(), val)
	}
	return out.Interface()
}

// firstError unjoins: the API answers with one value that is wrong.
func firstError(err error) error {
	var v *ValueError
	if errors.As(err, &v) {
		return v
	}
	return err
}
