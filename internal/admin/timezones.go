package admin

import (
	"context"
	_ "embed"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
)

// timezoneNames are the names of the IANA time zone database that people
// choose from, one a line.
//
//go:embed timezones.txt
var timezoneNames string

func (a *Admin) timezones(context.Context, access.Viewer, api.None) ([]string, error) {
	return strings.Fields(timezoneNames), nil
}
