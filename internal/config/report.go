package config

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Row is one setting for a listing. Secrets are masked.
type Row struct {
	Key    string
	Value  string
	Origin Origin
	// Below is the value of the layer under the console's, filled in by Diff.
	Below string
}

// Show lists the settings whose name starts with prefix ("" for all), in table order, with where each comes from.
func (s *Store) Show(prefix string) []Row {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.rows(func(k *Key) bool { return strings.HasPrefix(k.Name, prefix) }, nil)
}

// Diff lists what differs from the built-in defaults. With console it lists only what the System Console
// changed, each with the value of the layer below.
func (s *Store) Diff(console bool) []Row {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if !console {
		return s.rows(func(k *Key) bool { return !same(k.get(s.Get()), k.Default()) }, Defaults())
	}
	return s.rows(func(k *Key) bool { _, ok := s.console[k]; return ok }, s.base())
}

func (s *Store) rows(pick func(*Key) bool, below *Config) []Row {
	now := s.Get()
	var out []Row
	keys := Keys()
	for i := range keys {
		k := &keys[i]
		if !pick(k) {
			continue
		}
		r := Row{Key: k.Name, Value: shown(k, k.get(now)), Origin: s.origin(k)}
		if below != nil {
			r.Below = shown(k, k.get(below))
		}
		out = append(out, r)
	}
	return out
}

// shown is a value for a listing. Of the database's address only the password is hidden.
func shown(k *Key, v any) string {
	if dsn, ok := v.(string); ok && k.Name == "SqlSettings.DataSource" {
		return MaskDSN(dsn)
	}
	return render(mask(k, v))
}

// Text writes rows as aligned columns: key, value, and with origin where the value comes from.
func Text(rows []Row, origin bool) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	for _, r := range rows {
		line := r.Key + "\t" + r.Value
		if r.Below != "" {
			line += "\t(was " + r.Below + ")"
		}
		if origin {
			line += "\t" + r.Origin.String()
			if r.Origin.At > 0 {
				line += " " + time.UnixMilli(r.Origin.At).UTC().Format(time.RFC3339)
			}
		}
		fmt.Fprintln(w, line)
	}
	w.Flush()
	return b.String()
}

// Export writes the settings in force that differ from the defaults, as a file that Options.Files can name:
// JSON, or with toml TOML. With all, every key is written (the whole config.json for Mattermost).
// Unknown keys of the files are kept. Secrets are masked unless secrets is true; a masked export can't be
// read back as it is, because the mask would become the secret.
func (s *Store) Export(all, toml, secrets bool) ([]byte, error) {
	c := s.Get()
	tree := c.tree(func(k *Key) (any, bool) {
		v := k.get(c)
		if !all && same(v, k.Default()) {
			return nil, false
		}
		if !secrets {
			v = mask(k, v)
		}
		return v, true
	})
	if toml {
		return encodeTOML(tree)
	}
	raw, err := json.MarshalIndent(tree, "", "  ")
	return append(raw, '\n'), err
}

// Warnings names the keys in the files that nobody knows: mistyped, or of a plugin.
func (s *Store) Warnings() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []string
	for _, l := range s.files {
		var walk func(prefix string, t map[string]any)
		walk = func(prefix string, t map[string]any) {
			for name, v := range t {
				if sub, ok := v.(map[string]any); ok && load().groups[prefix+name] {
					walk(prefix+name+".", sub)
					continue
				}
				out = append(out, fmt.Sprintf("%s: unknown setting %s%s%s", l.source, prefix, name, suggest(prefix+name)))
			}
		}
		walk("", l.extra)
	}
	slices.Sort(out)
	return out
}

// suggest finds the known key that differs only in case or by a letter or two.
func suggest(name string) string {
	best, found := 3, ""
	keys := Keys()
	for i := range keys {
		if d := distance(strings.ToLower(name), strings.ToLower(keys[i].Name), best); d < best {
			best, found = d, keys[i].Name
		}
	}
	if found == "" {
		return ""
	}
	return " (is it " + found + "?)"
}

// distance is the number of letters to change, add or leave out, or limit when it is that or more.
func distance(a, b string, limit int) int {
	if cmp.Compare(len(a), len(b)) != 0 && max(len(a)-len(b), len(b)-len(a)) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diag, least := row[0], i+1
		row[0] = i + 1
		for j := range len(b) {
			cost := diag
			if a[i] != b[j] {
				cost++
			}
			diag = row[j+1]
			row[j+1] = min(cost, row[j]+1, diag+1)
			least = min(least, row[j+1])
		}
		if least >= limit {
			return limit
		}
	}
	return min(row[len(b)], limit)
}
