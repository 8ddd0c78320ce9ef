package config

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

//go:embed keys.tsv
var keyTable string

// Key describes one setting.
type Key struct {
	Name    string // "Section.Key", or with a group between them
	Type    string // as in keys.tsv: string, boolean, integer, array<string> …
	Allowed string // what values are allowed, in words; "" for any of the type
	// Secret keys are masked wherever they are shown.
	Secret bool
	// WriteRestrictable keys can't be written through the API while ExperimentalSettings.RestrictSystemAdmin is on.
	WriteRestrictable bool

	errorID    string // public id of the error for a value that isn't allowed
	siteURLDef string // JSON of the default where an existing config.json has a SiteURL but lacks the key
	access     string
	index      []int // of the field inside Config
}

// schema is the parsed table.
type schema struct {
	keys     []Key
	byName   map[string]*Key
	groups   map[string]bool // "ServiceSettings", "MessageExportSettings.GlobalRelaySettings"
	defaults *Config
}

var load = sync.OnceValue(parseTable)

// byEnv finds keys by the name of their variable. Built only where some MM_ variable is set.
var byEnv = sync.OnceValue(func() map[string]*Key {
	keys := Keys()
	out := make(map[string]*Key, len(keys))
	for i := range keys {
		out[keys[i].Env()] = &keys[i]
	}
	return out
})

// Keys returns the description of every setting, in the order of the table. Don't modify it.
func Keys() []Key { return load().keys }

// Lookup finds a key by its name.
func Lookup(name string) (*Key, bool) {
	k, ok := load().byName[name]
	return k, ok
}

// parseTable pairs the rows of keys.tsv with the fields of Config. The table is part of the
// program, so a mismatch is a bug of the build and panics; the tests load it.
func parseTable() *schema {
	s := &schema{
		byName: make(map[string]*Key, 700), groups: make(map[string]bool, 64), defaults: &Config{},
	}
	fields := make([]field, 0, 700)
	collect(reflect.ValueOf(s.defaults).Elem(), make([]int, 0, 3), &fields)
	s.keys = make([]Key, len(fields))
	rest := keyTable[strings.IndexByte(keyTable, '\n')+1:]
	for n := range fields {
		line, tail, _ := strings.Cut(rest, "\n")
		rest = tail
		var col [8]string
		for i := range col {
			col[i], line, _ = strings.Cut(line, "\t")
		}
		k := &s.keys[n]
		*k = Key{
			Name: col[0], Type: col[1], Allowed: col[5],
			Secret: strings.Contains(col[3], "o"), WriteRestrictable: strings.Contains(col[3], "w"),
			access: col[4], errorID: col[6], siteURLDef: col[7], index: fields[n].index,
		}
		if err := setDefault(fields[n].value, col[2]); err != nil {
			panic(fmt.Sprintf("config: keys.tsv: %s: %v", k.Name, err))
		}
		s.byName[k.Name] = k
		for i := range len(k.Name) {
			if k.Name[i] == '.' {
				s.groups[k.Name[:i]] = true
			}
		}
	}
	if rest != "" {
		panic("config: keys.tsv has more rows than Config has fields; run go generate")
	}
	return s
}

// field is a leaf of Config.
type field struct {
	index []int
	value reflect.Value
}

// collect lists the leaves of a struct in order.
func collect(v reflect.Value, at []int, out *[]field) {
	t := v.Type()
	for i := range t.NumField() {
		f := v.Field(i)
		if !f.CanSet() {
			continue
		}
		index := append(at[:len(at):len(at)], i)
		if f.Kind() == reflect.Struct {
			collect(f, index, out)
			continue
		}
		*out = append(*out, field{index, f})
	}
}

// setDefault parses the JSON of the default into the field. The common types avoid encoding/json
// because all of the table is parsed when the server starts.
func setDefault(field reflect.Value, raw string) error {
	switch field.Kind() {
	case reflect.String:
		v, err := strconv.Unquote(raw)
		field.SetString(v)
		return err
	case reflect.Bool:
		v, err := strconv.ParseBool(raw)
		field.SetBool(v)
		return err
	case reflect.Int:
		v, err := strconv.ParseInt(raw, 10, 64)
		field.SetInt(v)
		return err
	}
	if raw == "[]" {
		field.Set(reflect.MakeSlice(field.Type(), 0, 0))
		return nil
	}
	return json.Unmarshal([]byte(raw), field.Addr().Interface())
}

func (k *Key) get(c *Config) any {
	return reflect.ValueOf(c).Elem().FieldByIndex(k.index).Interface()
}

// set stores a value that convert has made for this key.
func (k *Key) set(c *Config, v any) {
	reflect.ValueOf(c).Elem().FieldByIndex(k.index).Set(reflect.ValueOf(v))
}

func (k *Key) goType() reflect.Type {
	return reflect.TypeFor[Config]().FieldByIndex(k.index).Type
}

// Default returns the built-in default of the key.
func (k *Key) Default() any { return k.get(load().defaults) }

// Section is the part of the name before the first dot.
func (k *Key) Section() string {
	section, _, _ := strings.Cut(k.Name, ".")
	return section
}

// Env is the environment variable that overrides the key; with _FILE appended it names a file to read.
func (k *Key) Env() string { return "MM_" + strings.ToUpper(strings.ReplaceAll(k.Name, ".", "_")) }

// Access lists the console sections whose sysconsole_read_… or sysconsole_write_… permission opens the key.
func (k *Key) Access() []string { return strings.Fields(k.access) }

func (k *Key) path() []string { return strings.Split(k.Name, ".") }
