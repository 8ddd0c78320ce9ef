package golden

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"sort"
	"strconv"
	"strings"
)

func decodeInto(b []byte, dst any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	return d.Decode(dst)
}

// decodeWhole decodes exactly one JSON value.
func decodeWhole(b []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, fmt.Errorf("more than one JSON value")
	}
	return v, nil
}

// comparer compares recorded JSON with actual JSON as the recording's rules say.
type comparer struct {
	b     *binder
	sets  [][]string
	loose [][]string
	// partial: the recording keeps only some entries (setup answers).
	partial bool
	// first: stop at the first difference, for trials of pairings.
	first  bool
	diffs  []string
	budget *int
}

func newComparer(b *binder, st *Step) *comparer {
	budget := 20000
	return &comparer{b: b, sets: patterns(st.Sets), loose: patterns(st.Loose), budget: &budget}
}

// patterns splits dotted paths; "" is the body itself.
func patterns(in []string) [][]string {
	var out [][]string
	for _, p := range in {
		if p == "" {
			out = append(out, []string{})
			continue
		}
		out = append(out, strings.Split(p, "."))
	}
	return out
}

func matchesAny(path []string, pats [][]string) bool {
	for _, p := range pats {
		if matchPath(path, p) {
			return true
		}
	}
	return false
}

func matchPath(path, pat []string) bool {
	if len(pat) == 0 {
		return len(path) == 0
	}
	if pat[0] == "**" {
		for i := 0; i <= len(path); i++ {
			if matchPath(path[i:], pat[1:]) {
				return true
			}
		}
		return false
	}
	return len(path) > 0 && (pat[0] == "*" || pat[0] == path[0]) && matchPath(path[1:], pat[1:])
}

func (c *comparer) diff(path []string, format string, args ...any) {
	p := "body"
	if len(path) > 0 {
		p += "." + strings.Join(path, ".")
	}
	c.diffs = append(c.diffs, p+": "+fmt.Sprintf(format, args...))
}

func (c *comparer) stop() bool { return c.first && len(c.diffs) > 0 }

// kind names a JSON type.
func kind(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "bool"
	case json.Number, float64:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return fmt.Sprintf("%T", v)
}

// brief writes a value in at most some eighty bytes.
func brief(v any) string {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	s := strings.TrimSpace(buf.String())
	if r := []rune(s); len(r) > 90 {
		return string(r[:60]) + "…" + string(r[len(r)-20:])
	}
	return s
}

// child gives the path below path, without sharing memory with its siblings.
func child(path []string, key string) []string {
	return append(path[:len(path):len(path)], key)
}

// root compares whole bodies. A recorded object or scalar shape against a list is the shape of the
// list's first element: the recording keeps that much of lists whose length is no matter.
func (c *comparer) root(g, a any) {
	if list, ok := a.([]any); ok {
		if s, isText := g.(string); kind(g) == "object" || isText && strings.HasPrefix(s, "<any ") && s != "<any array>" {
			if len(list) == 0 {
				c.diff(nil, "want a list with at least one element like %s got []", brief(g))
				return
			}
			c.compare(g, list[0], []string{})
			return
		}
	}
	c.compare(g, a, []string{})
}

// compare notes every difference between the recorded g and the actual a.
func (c *comparer) compare(g, a any, path []string) {
	if c.stop() {
		return
	}
	loose := matchesAny(path, c.loose)
	switch g := g.(type) {
	case map[string]any:
		if inner, ok := g["<json>"]; ok && len(g) == 1 {
			c.inside(inner, a, path)
			return
		}
		m, ok := a.(map[string]any)
		if !ok {
			c.diff(path, "want %s got %s", brief(g), brief(a))
			return
		}
		c.object(g, m, path, loose)
	case []any:
		l, ok := a.([]any)
		switch {
		case !ok:
			c.diff(path, "want %s got %s", brief(g), brief(a))
		case loose:
		case matchesAny(path, c.sets):
			c.set(g, l, path)
		default:
			c.list(g, l, path)
		}
	case string:
		c.text(g, a, path, loose)
	default:
		if kind(g) != kind(a) || !loose && !same(g, a) {
			c.diff(path, "want %s got %s", brief(g), brief(a))
		}
	}
}

// same compares null, booleans and numbers.
func same(g, a any) bool {
	x, okx := number(g)
	y, oky := number(a)
	if okx && oky {
		return x == y
	}
	return reflect.DeepEqual(g, a)
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	case float64:
		return v, true
	}
	return 0, false
}

// inside compares the JSON in a string.
func (c *comparer) inside(g, a any, path []string) {
	s, ok := a.(string)
	if !ok {
		c.diff(path, "want a string with JSON got %s", brief(a))
		return
	}
	v, err := decodeWhole([]byte(s))
	if err != nil {
		c.diff(path, "want a string with JSON %s got %s", brief(g), brief(s))
		return
	}
	c.compare(g, v, path)
}

// text compares what the recording shows as a string: a placeholder of some type, or a string.
func (c *comparer) text(g string, a any, path []string, loose bool) {
	switch g {
	case "<any number>", "<any bool>", "<any array>", "<any object>", "<any string>":
		if want := strings.TrimSuffix(strings.TrimPrefix(g, "<any "), ">"); kind(a) != want && !(g == "<any number>" && timeText(a)) {
			c.diff(path, "want %s got %s", g, brief(a))
		}
		return
	case "<ms>", "<minus ms>", "<seconds>":
		if n, ok := number(a); ok && inRange(g, n) {
			return
		}
		if _, isText := a.(string); !isText || g != "<ms>" {
			c.diff(path, "want %s got %s", g, brief(a))
			return
		}
	}
	s, ok := a.(string)
	if !ok {
		c.diff(path, "want %s got %s", c.b.show(g), brief(a))
		return
	}
	if loose {
		return
	}
	if g == "<ms>" {
		c.diff(path, "want %s got %s", g, brief(a))
		return
	}
	if err := c.b.match(g, s); err != nil {
		c.diff(path, "%v got %s", err, brief(s)+c.mark(s))
	}
}

// mark tells which of the recording's ids an actual string is.
func (c *comparer) mark(s string) string {
	if m, ok := c.b.marks[s]; ok {
		return " (" + m + ")"
	}
	return ""
}

func inRange(g string, n float64) bool {
	if n != math.Trunc(n) {
		return false
	}
	switch g {
	case "<minus ms>":
		n = -n
		fallthrough
	case "<ms>":
		return n >= 1e11 && n < 1e14
	}
	return n >= 1e8 && n < 1e11
}

// object compares objects: every recorded key is there; further keys are fine unless they are ids.
func (c *comparer) object(g, a map[string]any, path []string, loose bool) {
	var later []string // keys with ids not bound yet
	used := map[string]bool{}
	for _, k := range orderedKeys(g) {
		key, ok := c.b.resolved(k)
		if !ok {
			later = append(later, k)
			continue
		}
		v, there := a[key]
		used[key] = true
		if !there {
			c.diff(child(path, k), "missing, want %s", brief(g[k]))
			continue
		}
		if loose && !c.under(child(path, k)) {
			continue
		}
		c.compare(g[k], v, child(path, k))
	}
	if len(later) > 0 {
		c.entries(g, a, later, used, path)
	}
	if c.partial {
		return
	}
	for _, k := range sortedKeys(a) {
		if !used[k] && idRE.MatchString(k) {
			c.diff(child(path, k), "not wanted, got %s", brief(a[k]))
		}
	}
}

// under says whether a path is loose by itself, so that its own type is compared.
func (c *comparer) under(path []string) bool { return matchesAny(path, c.loose) }

// entries pairs recorded entries of a map whose ids are not known yet with the actual ones left.
func (c *comparer) entries(g, a map[string]any, keys []string, used map[string]bool, path []string) {
	var left []string
	for _, k := range sortedKeys(a) {
		if !used[k] {
			left = append(left, k)
		}
	}
	pairs := c.pair(len(keys), len(left), func(sub *comparer, i, j int) {
		if err := c.b.match(keys[i], left[j]); err != nil {
			sub.diff(child(path, keys[i]), "%v got key %s", err, left[j])
			return
		}
		sub.compare(g[keys[i]], a[left[j]], child(path, keys[i]))
	})
	for i, k := range keys {
		if pairs[i] < 0 {
			c.diff(child(path, k), "missing, want %s", brief(g[k]))
			continue
		}
		used[left[pairs[i]]] = true
	}
}

// list compares lists in order.
func (c *comparer) list(g, a []any, path []string) {
	if len(g) != len(a) && !c.partial {
		c.diff(path, "want %d elements %s got %d %s", len(g), brief(g), len(a), brief(a))
		return
	}
	for i := range g {
		if i >= len(a) {
			c.diff(path, "want %d elements got %d", len(g), len(a))
			return
		}
		c.compare(g[i], a[i], child(path, strconv.Itoa(i)))
	}
}

// set compares lists whose order means nothing.
func (c *comparer) set(g, a []any, path []string) {
	if len(g) != len(a) {
		c.diff(path, "want %d elements %s got %d %s", len(g), brief(g), len(a), brief(a))
		return
	}
	c.pair(len(g), len(a), func(sub *comparer, i, j int) {
		sub.compare(g[i], a[j], child(path, strconv.Itoa(i)))
	})
}

// orderedKeys sorts keys so that maps keyed by ids come last: by then most of their ids are bound.
func orderedKeys(m map[string]any) []string {
	keys := sortedKeys(m)
	sort.SliceStable(keys, func(i, j int) bool { return !keyedByID(m[keys[i]]) && keyedByID(m[keys[j]]) })
	return keys
}

func keyedByID(v any) bool {
	m, ok := v.(map[string]any)
	if !ok {
		return false
	}
	for k := range m {
		if holdsID(k) {
			return true
		}
	}
	return false
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
