package ctl

import (
	"encoding/json"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/config"
)

var configActions = map[string]action{
	"config get":    {1, 1, configGet, false},
	"config set":    {2, many, configSet, false},
	"config show":   {0, 0, configShow, false},
	"config patch":  {1, 1, configPatch, false},
	"config reset":  {1, many, configReset, false},
	"config reload": {0, 0, configReload, false},
	"config export": {0, 0, configExport, false},
}

// showTree prints settings, or a part of them: always as JSON, as there is no
// better form.
func (c *call) showTree(v any) error {
	c.single = true
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	if text, ok := v.(string); ok {
		raw = []byte(text)
	}
	c.show(v, "%s", raw)
	return nil
}

// lookup finds a key, such as TeamSettings.SiteName, in settings.
func lookup(tree object, path []string) (any, bool) {
	v, ok := tree[path[0]]
	if !ok || len(path) == 1 {
		return v, ok
	}
	below, isTree := v.(object)
	if !isTree {
		return nil, false
	}
	return lookup(below, path[1:])
}

// branch is a tree with a value at one key.
func branch(path []string, v any) object {
	if len(path) == 1 {
		return object{path[0]: v}
	}
	return object{path[0]: branch(path[1:], v)}
}

func configGet(c *call) error {
	tree, err := c.one(http.MethodGet, "/config", nil)
	if err != nil {
		return err
	}
	v, ok := lookup(tree, strings.Split(c.args[0], "."))
	if !ok {
		return c.problem("no_setting", "Name", c.args[0])
	}
	return c.showTree(v)
}

// configSet writes the value as the kind that the setting has now. Several
// values are a list.
func configSet(c *call) error {
	tree, err := c.one(http.MethodGet, "/config", nil)
	if err != nil {
		return err
	}
	path := strings.Split(c.args[0], ".")
	now, ok := lookup(tree, path)
	if !ok && path[0] != "PluginSettings" {
		return c.problem("no_setting", "Name", c.args[0])
	}
	v, err := c.valueLike(now, c.args[1:])
	if err != nil {
		return err
	}
	if err := c.put("/config/patch", branch(path, v), nil); err != nil {
		return err
	}
	c.done(branch(path, v), c.args[0])
	return nil
}

func (c *call) valueLike(now any, values []string) (any, error) {
	wrong := c.problem("no_value", "Name", c.args[0], "Value", strings.Join(values, " "))
	if _, list := now.([]any); list {
		return values, nil
	}
	if len(values) != 1 {
		return nil, wrong
	}
	switch now.(type) {
	case bool:
		v, err := strconv.ParseBool(values[0])
		if err != nil {
			return nil, wrong
		}
		return v, nil
	case json.Number:
		if _, err := strconv.ParseFloat(values[0], 64); err != nil {
			return nil, wrong
		}
		return json.Number(values[0]), nil
	case object:
		var v object
		if json.Unmarshal([]byte(values[0]), &v) != nil {
			return nil, wrong
		}
		return v, nil
	}
	return values[0], nil
}

func configShow(c *call) error {
	tree, err := c.one(http.MethodGet, "/config", nil)
	if err != nil {
		return err
	}
	return c.showTree(tree)
}

func configPatch(c *call) error {
	raw, err := os.ReadFile(c.args[0])
	if err != nil {
		return err
	}
	var patch object
	if err := json.Unmarshal(raw, &patch); err != nil {
		return c.problem("no_json", "File", c.args[0], "Error", err)
	}
	if err := c.put("/config/patch", patch, nil); err != nil {
		return err
	}
	c.done(patch, c.args[0])
	return nil
}

// configReset gives settings, or whole sections, the values that they begin with.
func configReset(c *call) error {
	if err := c.confirm(strings.Join(c.args, ", ")); err != nil {
		return err
	}
	defaults, err := defaultTree()
	if err != nil {
		return err
	}
	patch := object{}
	for _, name := range c.args {
		v, ok := lookup(defaults, strings.Split(name, "."))
		if !ok {
			return c.problem("no_setting", "Name", name)
		}
		merge(patch, branch(strings.Split(name, "."), v))
	}
	if err := c.put("/config/patch", patch, nil); err != nil {
		return err
	}
	c.done(patch, strings.Join(c.args, ", "))
	return nil
}

// defaultTree is the settings of a server that nobody has set anything on.
func defaultTree() (object, error) {
	store, err := config.Open(config.Options{})
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(store.Get())
	if err != nil {
		return nil, err
	}
	var tree object
	return tree, json.Unmarshal(raw, &tree)
}

// merge adds what from has to into.
func merge(into, from object) {
	for k, v := range from {
		below, isTree := v.(object)
		if have, ok := into[k].(object); ok && isTree {
			merge(have, below)
			continue
		}
		into[k] = v
	}
}

func configReload(c *call) error {
	if err := c.post("/config/reload", nil, nil); err != nil {
		return err
	}
	c.done(object{"status": "OK"}, "")
	return nil
}

func configExport(c *call) error {
	query := "?remove_masked=" + strconv.FormatBool(c.flags.on("remove-masked")) +
		"&remove_defaults=" + strconv.FormatBool(c.flags.on("remove-defaults"))
	tree, err := c.one(http.MethodGet, "/config"+query, nil)
	if err != nil {
		return err
	}
	return c.showTree(tree)
}
