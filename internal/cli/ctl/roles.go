package ctl

import (
	"net/http"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/db/migrations"
	"github.com/parley-chat/parley/internal/model"
)

var roleActions = map[string]action{
	"roles system-admin": {1, many, func(c *call) error { return c.setRoles(model.RoleSystemAdmin, "") }, false},
	"roles member":       {1, many, func(c *call) error { return c.setRoles("", model.RoleSystemAdmin) }, false},
	"roles list":         {0, 0, roleList, false},

	"permissions add":           {2, many, func(c *call) error { return c.changeRole(addAll) }, false},
	"permissions remove":        {2, many, func(c *call) error { return c.changeRole(removeAll) }, false},
	"permissions reset":         {1, 1, permissionsReset, false},
	"permissions role show":     {1, 1, roleShow, false},
	"permissions role assign":   {2, many, func(c *call) error { return c.giveRole(true) }, false},
	"permissions role unassign": {2, many, func(c *call) error { return c.giveRole(false) }, false},
}

// setRoles gives the users named a role of the system, or takes one away.
func (c *call) setRoles(add, drop string) error { return c.rolesOf(c.args, add, drop) }

func (c *call) rolesOf(names []string, add, drop string) error {
	return c.eachUser(names, func(u object) error {
		roles := slices.DeleteFunc(strings.Fields(field(u, "roles")), func(r string) bool { return r == add || r == drop })
		if add != "" {
			roles = append(roles, add)
		}
		u["roles"] = strings.Join(roles, " ")
		if err := c.put("/users/"+field(u, "id")+"/roles", object{"roles": u["roles"]}, nil); err != nil {
			return err
		}
		c.done(u, field(u, "username"))
		return nil
	})
}

func (c *call) giveRole(give bool) error {
	role, err := c.role(c.args[0])
	if err != nil {
		return err
	}
	name := field(role, "name")
	if give {
		return c.rolesOf(c.args[1:], name, "")
	}
	return c.rolesOf(c.args[1:], "", name)
}

func (c *call) role(name string) (object, error) {
	return c.one(http.MethodGet, "/roles/name/"+seg(name), nil)
}

func roleList(c *call) error {
	var list []object
	if err := c.get("/roles", &list); err != nil {
		return err
	}
	for _, role := range list {
		c.show(role, "%s", field(role, "name"))
	}
	return nil
}

func permissionsOf(role object) []string {
	var names []string
	list, _ := role["permissions"].([]any)
	for _, p := range list {
		if name, ok := p.(string); ok {
			names = append(names, name)
		}
	}
	return names
}

func roleShow(c *call) error {
	role, err := c.role(c.args[0])
	if err != nil {
		return err
	}
	c.single = true
	lines := []string{"name: " + field(role, "name"), "display_name: " + field(role, "display_name"), "built_in: " + field(role, "built_in")}
	for _, p := range permissionsOf(role) {
		lines = append(lines, "  "+p)
	}
	c.show(role, "%s", strings.Join(lines, "\n"))
	return nil
}

func addAll(have, names []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(append(have, names...))))
}

func removeAll(have, names []string) []string {
	return slices.DeleteFunc(have, func(p string) bool { return slices.Contains(names, p) })
}

func (c *call) changeRole(change func(have, names []string) []string) error {
	role, err := c.role(c.args[0])
	if err != nil {
		return err
	}
	return c.patchRole(role, change(permissionsOf(role), c.args[1:]))
}

func (c *call) patchRole(role object, permissions []string) error {
	if permissions == nil {
		permissions = []string{}
	}
	now, err := c.one(http.MethodPut, "/roles/"+field(role, "id")+"/patch", object{"permissions": permissions})
	if err != nil {
		return err
	}
	c.done(now, field(role, "name"))
	return nil
}

// permissionsReset gives a built-in role what it permits on a new server.
func permissionsReset(c *call) error {
	role, err := c.role(c.args[0])
	if err != nil {
		return err
	}
	built, ok := migrations.Roles()[c.args[0]]
	if !ok {
		return c.problem("not_built_in", "Name", c.args[0])
	}
	return c.patchRole(role, built.Permissions)
}
