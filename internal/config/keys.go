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
	Env     string // environment variable that overrides it; with _FILE appended it names a file to read
	Allowed string // what values are allowed, in words; "" for any of the type
	// Access lists the console sections whose sysconsole_read_… or sysconsole_write_… permission opens the key.
	Access []string
	// Secret keys are masked wherever they are shown.
	Secret bool
	// WriteRestrictable keys can't be written through the API while ExperimentalSettings.RestrictSystemAdmin is on.
	WriteRestrictable bool

	errorID    string // public id of the error for a value that isn't allowed
	siteURLDef string // JSON of the default where an existing config.json has a SiteURL but lacks the key
	path       []string
	index      []int // of the field inside Config
}

// schema is the parsed table.
type schema struct {
	keys     []Key
	byName   map[string]*Key
	byEnv    map[string]*Key
	groups   map[string]bool // "ServiceSettings", "MessageExportSettings.GlobalRelaySettings"
	defaults *Config
}

var load = sync.OnceValue(parseTable)

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
		byName: make(map[string]*Key, 700), byEnv: make(map[string]*Key, 700),
		groups: make(map[string]bool, 64), defaults: &Config{},
	}
	var fields [][]int
	collect(reflect.TypeFor[Config](), nil, &fields)
	s.keys = make([]Key, len(fields))
	root := reflect.ValueOf(s.defaults).Elem()
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
			Name: col[0], Type: col[1], Env: "MM_" + strings.ToUpper(strings.ReplaceAll(col[0], ".", "_")),
			Secret: strings.Contains(col[3], "o"), WriteRestrictable: strings.Contains(col[3], "w"),
			Access: strings.Fields(col[4]), Allowed: col[5], errorID: col[6], siteURLDef: col[7],
			path: strings.Split(col[0], "."), index: fields[n],
		}
		if err := k.setDefault(root.FieldByIndex(k.index), col[2]); err != nil {
			panic(fmt.Sprintf("config: keys.tsv: %s: %v", k.Name, err))
		}
		s.byName[k.Name], s.byEnv[k.Env] = k, k
		for i, c := range k.Name {
			if c == '.' {
				s.groups[k.Name[:i]] = true
			}
		}
	}
	if rest != "" {
		panic("config: keys.tsv has more rows than Config has fields; run go generate")
	}
	return s
}

// collect lists the leaf fields of a struct type in order.
func collect(t reflect.Type, at []int, out *[][]int) {
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		index := append(at[:len(at):len(at)], i)
		if f.Type.Kind() == reflect.Struct {
			collect(f.Type, index, out)
			continue
		}
		*out = append(*out, index)
	}
}

// setDefault parses the JSON of the default into the field. The common types avoid encoding/json
// because all of the table is parsed when the server starts.
func (k *Key) setDefault(field reflect.Value, raw string) error {
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
func (k *Key) Section() string { return k.path[0] }
