package config

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
)

// Options say where a Store reads its layers.
type Options struct {
	Files   []string // versioned files, the later over the earlier; TOML or JSON, never written
	Environ []string // "NAME=value" as os.Environ gives it
	// DatabaseConfig is the JSON of a configuration that Mattermost kept in the database (see
	// ReadDatabaseConfig). It lies below Files.
	DatabaseConfig []byte
	// Database is the connection string of the command line; it wins over SqlSettings.DataSource.
	Database string
	// ConfigDSN is where DatabaseConfig was read; the data lies there too unless a setting says otherwise.
	ConfigDSN string
}

// Change is one value set in the System Console, as it is kept in the database.
type Change struct {
	Key   string
	Value json.RawMessage
	Who   string // user id, or "" for the server itself
	At    int64  // Unix ms
}

// Console keeps the console's layer. The server gives functions over the table parley_settings.
type Console struct {
	Load func(ctx context.Context) ([]Change, error)
	// Save stores set and removes the keys of reset, both or neither, for the user who.
	Save func(ctx context.Context, set []Change, reset []string, who string) error
	Now  func() int64 // Unix ms
}

// Origin says where a value comes from.
type Origin struct {
	Layer  Layer
	Source string // file path or variable name
	Who    string // console: user id, "" for the server itself
	At     int64  // console: Unix ms
}

// String reads like "file /etc/parley.toml" or "environment MM_…".
func (o Origin) String() string {
	switch {
	case o.Source != "":
		return o.Layer.String() + " " + o.Source
	case o.Layer == LayerConsole && o.Who != "":
		return "console by " + o.Who
	}
	return o.Layer.String()
}

// Store holds the layers and publishes their merge as an immutable Config.
type Store struct {
	opts    Options
	current atomic.Pointer[Config]

	// changing is held during a change, its saving and its watchers, so that changes come one at a time.
	// Only its holder writes the fields below, and takes mu for the moment of writing.
	changing sync.Mutex
	mu       sync.RWMutex
	files    []*layer
	env      *layer
	console  map[*Key]Change
	db       Console
	watchers []func(old, new *Config)
}

// Open reads files and environment and checks the result. The console's layer comes with Attach,
// once the database that they name is open. It fails with every wrong value named.
func Open(o Options) (*Store, error) {
	s := &Store{opts: o, console: map[*Key]Change{}}
	files, env, err := s.read()
	if err != nil {
		return nil, err
	}
	s.files, s.env = files, env
	c, err := s.build(s.console)
	if err != nil {
		return nil, err
	}
	s.current.Store(c)
	return s, nil
}

func (s *Store) read() ([]*layer, *layer, error) {
	var files []*layer
	var errs []error
	if s.opts.DatabaseConfig != nil {
		l, err := parseLayer("database configurations", s.opts.DatabaseConfig)
		files, errs = append(files, l), append(errs, err)
	}
	for _, name := range s.opts.Files {
		l, err := fileLayer(name)
		files, errs = append(files, l), append(errs, err)
	}
	env, err := envLayer(s.opts.Environ)
	return files, env, errors.Join(append(errs, err)...)
}

// Get returns the settings in force. It is cheap and safe from any goroutine.
func (s *Store) Get() *Config { return s.current.Load() }

// OnChange calls fn after every change with the state before and after, one call at a time.
// fn may read the Store but must not change settings itself, which would wait for ever.
func (s *Store) OnChange(fn func(old, new *Config)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers = append(s.watchers, fn)
}

// base merges defaults and files: what lies below the console.
func (s *Store) base() *Config {
	c := Defaults()
	c.extra = map[string]any{}
	for _, l := range s.files {
		if url, ok := l.values[mustKey("ServiceSettings.SiteURL")].(string); ok && l.json && url != "" {
			applyExistingDefaults(c)
		}
	}
	for _, l := range s.files {
		for k, v := range l.values {
			k.set(c, v)
		}
		mergeExtra(c.extra, l.extra)
	}
	return c
}

// applyExistingDefaults sets the defaults that Mattermost gives to keys that an existing config.json lacks.
func applyExistingDefaults(c *Config) {
	keys := Keys()
	for i := range keys {
		k := &keys[i]
		if k.siteURLDef == "" {
			continue
		}
		if v, err := decodeJSON([]byte(k.siteURLDef)); err == nil {
			if v, err = k.convert(v, ""); err == nil {
				k.set(c, v)
			}
		}
	}
}

// build merges all layers with the given console values and checks the result.
func (s *Store) build(console map[*Key]Change) (*Config, error) {
	c := s.base()
	for k, change := range console {
		v, err := consoleValue(k, change)
		if err != nil {
			return nil, err
		}
		k.set(c, v)
	}
	for k, v := range s.env.values {
		k.set(c, v)
	}
	normalize(c)
	if err := s.validate(c); err != nil {
		return nil, err
	}
	return c, nil
}

func consoleValue(k *Key, change Change) (any, error) {
	v, err := decodeJSON(change.Value)
	if err != nil {
		return nil, k.wrongType(string(change.Value), "console")
	}
	return k.convert(v, "console")
}

// Attach brings in the console's layer from the database, and makes the secrets of a first start:
// keys whose default is "generated". Values in the database that are no longer allowed are an error
// that names the key; `parley config reset KEY` removes it.
func (s *Store) Attach(ctx context.Context, db Console) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	s.db = db
	if err := s.loadConsole(ctx); err != nil {
		return err
	}
	return s.generateSecrets(ctx)
}

// loadConsole reads the console's layer and publishes the merge. s.changing is held.
func (s *Store) loadConsole(ctx context.Context) error {
	console := map[*Key]Change{}
	if s.db.Load != nil {
		changes, err := s.db.Load(ctx)
		if err != nil {
			return fmt.Errorf("settings from the database: %w", err)
		}
		for _, c := range changes {
			// A key of another version of Parley stays in the database, unused.
			if k, ok := Lookup(c.Key); ok && !nodeKeys[k.Name] {
				console[k] = c
			}
		}
	}
	next, err := s.build(console)
	if err != nil {
		return err
	}
	s.keep(func() { s.console = console })
	s.publish(next)
	return nil
}

// keep writes fields where readers may look. s.changing is held.
func (s *Store) keep(write func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	write()
}

// publish swaps the snapshot and tells the watchers. s.changing is held.
func (s *Store) publish(next *Config) {
	old := s.current.Swap(next)
	if old == nil || old.Equal(next) {
		return
	}
	s.mu.RLock()
	watchers := slices.Clone(s.watchers)
	s.mu.RUnlock()
	for _, fn := range watchers {
		fn(old, next)
	}
}

// Reload reads files, environment files and the console's layer again (SIGHUP, another node's change).
// When anything is wrong the settings in force stay and the error says why.
func (s *Store) Reload(ctx context.Context) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	files, env, err := s.read()
	if err != nil {
		return err
	}
	oldFiles, oldEnv := s.files, s.env
	s.keep(func() { s.files, s.env = files, env })
	if err := s.loadConsole(ctx); err != nil {
		s.keep(func() { s.files, s.env = oldFiles, oldEnv })
		return err
	}
	return nil
}

// Origin says which layer gave the value of a key. An unknown key has LayerDefault.
func (s *Store) Origin(name string) Origin {
	s.mu.RLock()
	defer s.mu.RUnlock()
	k, ok := Lookup(name)
	if !ok {
		return Origin{}
	}
	return s.origin(k)
}

func (s *Store) origin(k *Key) Origin {
	if name, ok := s.env.names[k]; ok {
		return Origin{Layer: LayerEnv, Source: name}
	}
	if c, ok := s.console[k]; ok {
		return Origin{Layer: LayerConsole, Who: c.Who, At: c.At}
	}
	for _, l := range slices.Backward(s.files) {
		if _, ok := l.values[k]; ok {
			return Origin{Layer: LayerFile, Source: l.source}
		}
	}
	return Origin{}
}

// DatabaseURL is the connection string that the command line, the environment or a file names, or "" when none
// does: then the server keeps its data in the embedded database. The default of the key doesn't count.
func (s *Store) DatabaseURL() string {
	switch {
	case s.opts.Database != "":
		return s.opts.Database
	case s.Origin("SqlSettings.DataSource").Layer != LayerDefault:
		return s.Get().SqlSettings.DataSource
	}
	return s.opts.ConfigDSN
}

func mustKey(name string) *Key {
	k, ok := Lookup(name)
	if !ok {
		panic("config: no key " + name)
	}
	return k
}

func same(a, b any) bool { return reflect.DeepEqual(a, b) }
