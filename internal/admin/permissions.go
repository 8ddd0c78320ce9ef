package admin

import (
	"context"
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/parley-chat/parley/internal/access"
)

// permissionTable has a row for each permission: its id, its scope, and the
// permissions that a console permission brings along.
//
//go:embed permissions.tsv
var permissionTable string

// permission is a row of the table.
type permission struct {
	scope     string
	ancillary []string
}

var permissions = sync.OnceValue(func() map[string]permission {
	lines := strings.Split(strings.TrimSuffix(permissionTable, "\n"), "\n")[1:]
	out := make(map[string]permission, len(lines))
	for _, line := range lines {
		col := strings.Split(line, "\t")
		out[col[0]] = permission{scope: col[1], ancillary: strings.Fields(col[2])}
	}
	return out
})

// maxPermissions bounds a list of permissions that a client sends; there are
// fewer.
const maxPermissions = 1000

type ancillaryIn struct {
	Raw []byte `body:"raw"`
}

// ancillary adds to permissions of the console those that its pages need.
func (a *Admin) ancillary(_ context.Context, _ access.Viewer, in ancillaryIn) ([]string, error) {
	list, err := words(in.Raw, maxPermissions)
	if err != nil {
		return nil, err
	}
	for _, p := range slices.Clone(list) {
		list = append(list, permissions()[p].ancillary...)
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}
