package admin

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// lower completes roles of schemes that channels have of their own: such a role
// holds moderated permissions alone, and clients, who see roles and know of no
// scheme, are told all that it stands for.
func (a *Admin) lower(ctx context.Context, list ...*model.Role) error {
	var names []string
	for _, r := range list {
		if !r.BuiltIn {
			names = append(names, r.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	stands, err := a.standsFor(ctx, names)
	if err != nil || len(stands) == 0 {
		return err
	}
	above := map[string][]string{}
	for _, name := range stands {
		if above[name] != nil {
			continue
		}
		r, err := db.Get(ctx, a.db, scanRole, `SELECT `+roleColumns+` FROM roles WHERE name = $1`, name)
		if err != nil {
			return err
		}
		above[name] = r.Permissions
	}
	for _, r := range list {
		if higher, ok := stands[r.Name]; ok {
			r.Permissions = access.Lowered(above[higher], r.Permissions)
		}
	}
	return nil
}

// standsFor names for each role of a channel's own scheme the one in force around the channel.
func (a *Admin) standsFor(ctx context.Context, names []string) (map[string]string, error) {
	out := map[string]string{}
	_, err := db.List(ctx, a.db, func(r db.Row) (_ struct{}, err error) {
		var own, outer [3]string
		if err = r.Scan(&own[0], &own[1], &own[2], &outer[0], &outer[1], &outer[2]); err != nil {
			return struct{}{}, err
		}
		for i, name := range own {
			if slices.Contains(names, name) {
				out[name] = outer[i]
			}
		}
		return struct{}{}, nil
	}, `SELECT coalesce(s.defaultchannelguestrole,''), coalesce(s.defaultchanneluserrole,''), coalesce(s.defaultchanneladminrole,''),
			coalesce(nullif(ts.defaultchannelguestrole,''), $2), coalesce(nullif(ts.defaultchanneluserrole,''), $3), coalesce(nullif(ts.defaultchanneladminrole,''), $4)
		FROM schemes s JOIN channels c ON c.schemeid = s.id LEFT JOIN teams t ON t.id = c.teamid LEFT JOIN schemes ts ON ts.id = t.schemeid AND ts.deleteat = 0
		WHERE s.deleteat = 0 AND s.scope = 'channel'
		AND (s.defaultchannelguestrole = ANY($1) OR s.defaultchanneluserrole = ANY($1) OR s.defaultchanneladminrole = ANY($1)) LIMIT 1000`,
		names, model.RoleChannelGuest, model.RoleChannelUser, model.RoleChannelAdmin)
	return out, err
}
