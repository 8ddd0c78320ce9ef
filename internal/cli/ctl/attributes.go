package ctl

import (
	"encoding/json"
	"net/http"
	"strings"
)

var attributeActions = map[string]action{
	"user attributes field list":   {0, 0, attributeList, false},
	"user attributes field create": {2, 2, attributeCreate, false},
	"user attributes field edit":   {1, 1, attributeEdit, false},
	"user attributes field delete": {1, 1, attributeDelete, false},
	"user attributes value list":   {1, 1, attributeValues, false},
	"user attributes value set":    {2, 2, attributeSet, false},
}

const attributePath = "/custom_profile_attributes/fields"

func (c *call) attributes() ([]object, error) {
	var list []object
	return list, c.get(attributePath, &list)
}

// attribute finds a field by name or id.
func (c *call) attribute(name string) (object, error) {
	list, err := c.attributes()
	if err != nil {
		return nil, err
	}
	for _, f := range list {
		if field(f, "id") == name || field(f, "name") == name {
			return f, nil
		}
	}
	return nil, c.problem("no_attribute", "Name", name)
}

func attributeList(c *call) error {
	list, err := c.attributes()
	for _, f := range list {
		c.show(f, "%s: %s (%s)", field(f, "id"), field(f, "name"), field(f, "type"))
	}
	return err
}

// attrs puts together what the flags say of a field, over what it has.
func (c *call) attrs(attrs object) (object, error) {
	if raw := c.flags.text("attrs"); raw != "" {
		if err := json.Unmarshal([]byte(raw), &attrs); err != nil {
			return nil, c.problem("flag_value", "Flag", "--attrs", "Value", raw)
		}
	}
	if attrs == nil {
		attrs = object{}
	}
	switch managed := c.flags["managed"]; {
	case c.flags.on("managed"):
		attrs["managed"] = "admin"
	case len(managed) > 0 && attrs["managed"] != nil && c.flags.has("managed"):
		attrs["managed"] = ""
	}
	if names := c.flags["option"]; len(names) > 0 {
		attrs["options"] = options(attrs["options"], names)
	}
	return attrs, nil
}

// options keeps the ids of the options that stay, and with them what people chose.
func options(have any, names []string) []object {
	known := map[string]object{}
	list, _ := have.([]any)
	for _, o := range list {
		if o, ok := o.(object); ok {
			known[field(o, "name")] = o
		}
	}
	out := make([]object, len(names))
	for i, name := range names {
		if out[i] = known[name]; out[i] == nil {
			out[i] = object{"name": name}
		}
	}
	return out
}

func attributeCreate(c *call) error {
	attrs, err := c.attrs(nil)
	if err != nil {
		return err
	}
	f, err := c.one(http.MethodPost, attributePath, object{"name": c.args[0], "type": c.args[1], "attrs": attrs})
	if err == nil {
		c.done(f, field(f, "name"))
	}
	return err
}

func attributeEdit(c *call) error {
	f, err := c.attribute(c.args[0])
	if err != nil {
		return err
	}
	have, _ := f["attrs"].(object)
	patch := c.fields(map[string]string{"name": "name"})
	if patch["attrs"], err = c.attrs(have); err != nil {
		return err
	}
	now, err := c.one(http.MethodPatch, attributePath+"/"+field(f, "id"), patch)
	if err == nil {
		c.done(now, field(now, "name"))
	}
	return err
}

func attributeDelete(c *call) error {
	f, err := c.attribute(c.args[0])
	if err != nil {
		return err
	}
	if err := c.confirm(field(f, "name")); err != nil {
		return err
	}
	if err := c.remove(attributePath + "/" + field(f, "id")); err != nil {
		return err
	}
	c.done(f, field(f, "name"))
	return nil
}

func attributeValues(c *call) error {
	u, err := c.user(c.args[0])
	if err != nil {
		return err
	}
	list, err := c.attributes()
	if err != nil {
		return err
	}
	values, err := c.one(http.MethodGet, "/users/"+field(u, "id")+"/custom_profile_attributes", nil)
	if err != nil {
		return err
	}
	for _, f := range list {
		if v, ok := values[field(f, "id")]; ok {
			c.show(object{"field": field(f, "name"), "value": v}, "%s: %s", field(f, "name"), optionNames(f, v))
		}
	}
	return nil
}

// optionNames writes a value for people: the names of options, not their ids.
func optionNames(f object, v any) string {
	chosen, many := v.([]any)
	if !many {
		chosen = []any{v}
	}
	attrs, _ := f["attrs"].(object)
	list, _ := attrs["options"].([]any)
	names := make([]string, len(chosen))
	for i, one := range chosen {
		names[i] = field(object{"v": one}, "v")
		for _, o := range list {
			if o, ok := o.(object); ok && o["id"] == one {
				names[i] = field(o, "name")
			}
		}
	}
	return strings.Join(names, ", ")
}

// attributeSet takes the names of options, and sends their ids.
func attributeSet(c *call) error {
	u, err := c.user(c.args[0])
	if err != nil {
		return err
	}
	f, err := c.attribute(c.args[1])
	if err != nil {
		return err
	}
	attrs, _ := f["attrs"].(object)
	list, _ := attrs["options"].([]any)
	values := make([]string, len(c.flags["value"]))
	for i, v := range c.flags["value"] {
		values[i] = v
		for _, o := range list {
			if o, ok := o.(object); ok && field(o, "name") == v {
				values[i] = field(o, "id")
			}
		}
	}
	var v any = values
	if kind := field(f, "type"); kind != "multiselect" && kind != "multiuser" {
		v = strings.Join(values, ",")
	}
	body := object{field(f, "id"): v}
	if err := c.ask(http.MethodPatch, "/users/"+field(u, "id")+"/custom_profile_attributes", body, nil); err != nil {
		return err
	}
	c.done(body, field(u, "username")+": "+field(f, "name"))
	return nil
}
