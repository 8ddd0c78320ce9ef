package config

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"
)

// Layer is a place that a value can come from. A higher one wins.
type Layer uint8

// The layers, lowest first.
const (
	LayerDefault Layer = iota
	LayerFile
	LayerConsole
	LayerEnv
)

// String is the layer's name as `parley config show --origin` prints it.
func (l Layer) String() string {
	return [...]string{"default", "file", "console", "environment"}[l]
}

// layer is one source of values.
type layer struct {
	kind   Layer
	source string // file path, or variable name by key in names
	values map[*Key]any
	names  map[*Key]string // environment: the variable that gave the key
	extra  map[string]any  // unknown keys
	json   bool            // a config.json, whose missing keys Mattermost would have filled in
}

// decodeTree sorts nested maps into values of known keys and unknown rest.
// All wrong values are reported, joined.
func decodeTree(tree map[string]any, source string) (map[*Key]any, map[string]any, error) {
	values, extra := map[*Key]any{}, map[string]any{}
	var errs []error
	var walk func(prefix string, t map[string]any)
	walk = func(prefix string, t map[string]any) {
		for name, v := range t {
			full := prefix + name
			if k, ok := Lookup(full); ok {
				c, err := k.convert(v, source)
				if err == nil {
					values[k] = c
				} else if !errors.Is(err, errUnset) {
					errs = append(errs, err)
				}
				continue
			}
			if load().groups[full] {
				if sub, ok := v.(map[string]any); ok {
					walk(full+".", sub)
				} else if v != nil {
					errs = append(errs, &ValueError{Key: full, Value: render(v), Source: source, Allowed: "a group of settings"})
				}
				continue
			}
			putPath(extra, strings.Split(full, "."), v)
		}
	}
	walk("", tree)
	return values, extra, errors.Join(errs...)
}

// ParseFile decodes the text of a settings file into nested maps: TOML when the name ends in .toml, else JSON.
func ParseFile(name string, raw []byte) (map[string]any, error) {
	if strings.EqualFold(filepath.Ext(name), ".toml") {
		tree := map[string]any{}
		if err := toml.Unmarshal(raw, &tree); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return tree, nil
	}
	v, err := decodeJSON(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, jsonPosition(raw, err))
	}
	tree, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s: must hold one JSON object of settings", name)
	}
	return tree, nil
}

// jsonPosition says on which line a JSON text is broken.
func jsonPosition(raw []byte, err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && syntax.Offset <= int64(len(raw)) {
		return fmt.Errorf("line %d: %w", 1+strings.Count(string(raw[:syntax.Offset]), "\n"), err)
	}
	return err
}

func fileLayer(name string) (*layer, error) {
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("settings file: %w", err)
	}
	return parseLayer(name, raw)
}

func parseLayer(name string, raw []byte) (*layer, error) {
	tree, err := ParseFile(name, raw)
	if err != nil {
		return nil, err
	}
	values, extra, err := decodeTree(tree, "file "+name)
	if err != nil {
		return nil, err
	}
	return &layer{kind: LayerFile, source: name, values: values, extra: extra,
		json: !strings.EqualFold(filepath.Ext(name), ".toml")}, nil
}

// envLayer reads the MM_ variables of environ ("NAME=value").
// NAME_FILE names a file whose content, less a final line break, is the value. An empty variable sets a string
// to "" and is ignored for other types, so that compose files may pass on variables that nobody has set.
func envLayer(environ []string) (*layer, error) {
	l := &layer{kind: LayerEnv, values: map[*Key]any{}, names: map[*Key]string{}}
	var errs []error
	for _, entry := range environ {
		if !strings.HasPrefix(entry, "MM_") {
			continue
		}
		name, text, _ := strings.Cut(entry, "=")
		k := byEnv()[name]
		if k == nil {
			if k = byEnv()[strings.TrimSuffix(name, "_FILE")]; k == nil || text == "" {
				continue
			}
			raw, err := os.ReadFile(text)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", name, err))
				continue
			}
			text = strings.TrimSuffix(strings.TrimSuffix(string(raw), "\n"), "\r")
		} else if text == "" && k.Type != "string" {
			continue
		}
		if other, twice := l.names[k]; twice {
			errs = append(errs, fmt.Errorf("%s is set twice, by %s and %s: keep one", k.Name, other, name))
			continue
		}
		v, err := k.parse(text, "environment variable "+name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		l.values[k], l.names[k] = v, name
	}
	errs = append(errs, l.takePostgres(environ))
	return l, errors.Join(errs...)
}

// takePostgres makes the address of the database of the variables that the
// PostgreSQL image has, so that a host keeps its password in one place:
// POSTGRES_HOST, and POSTGRES_USER, POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE,
// POSTGRES_DB, POSTGRES_PORT, POSTGRES_SSLMODE. Without a host they mean nothing,
// and an address that is given as such wins.
func (l *layer) takePostgres(environ []string) error {
	given := map[string]string{}
	for _, entry := range environ {
		if name, text, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "POSTGRES_") {
			given[name] = text
		}
	}
	k, _ := Lookup("SqlSettings.DataSource")
	if _, have := l.values[k]; have || given["POSTGRES_HOST"] == "" {
		return nil
	}
	if path := given["POSTGRES_PASSWORD_FILE"]; path != "" {
		raw, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("POSTGRES_PASSWORD_FILE: %w", err)
		}
		given["POSTGRES_PASSWORD"] = strings.TrimRight(string(raw), "\r\n")
	}
	user := cmp.Or(given["POSTGRES_USER"], "postgres")
	u := url.URL{Scheme: "postgres", User: url.UserPassword(user, given["POSTGRES_PASSWORD"]),
		Host: net.JoinHostPort(given["POSTGRES_HOST"], cmp.Or(given["POSTGRES_PORT"], "5432")), Path: "/" + cmp.Or(given["POSTGRES_DB"], user),
		RawQuery: "sslmode=" + url.QueryEscape(cmp.Or(given["POSTGRES_SSLMODE"], "prefer"))}
	l.values[k], l.names[k] = u.String(), "POSTGRES_HOST"
	return nil
}

// mergeExtra lays the unknown keys of a file over those of the files before it.
func mergeExtra(dst, src map[string]any) {
	for name, v := range src {
		sub, ok := v.(map[string]any)
		have, both := dst[name].(map[string]any)
		if ok && both {
			have = copyTree(have)
			mergeExtra(have, sub)
			dst[name] = have
			continue
		}
		dst[name] = v
	}
}
