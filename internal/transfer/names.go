package transfer

import (
	"context"
	"errors"
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// names knows the ids of what lines name: what the import has made, and what it
// has asked the database for. It holds names, never messages.
type names struct {
	db            db.Querier
	teams         map[string]*team
	channels      map[[2]string]*channel // by team id and name
	conversations map[string]*channel    // by name
	users         map[string]*person
	schemes       map[string]string // name: id
	schemeRoles   map[string]seats  // id: names of roles
	roles         map[string]bool
	aliases       map[string]string // names of roles in the file, where the scheme was there with others
}

type team struct {
	id, scheme string
	fresh      bool // this import made it: nothing of it is to be looked for
}

type channel struct {
	id, teamID, scheme, kind, name string
}

type person struct {
	id             string
	guest, deleted bool
}

// seats are the roles that members of a team and of its channels get.
type seats struct {
	team, channel [3]string // guest, user, admin
}

var builtIn = seats{team: [3]string{model.RoleTeamGuest, model.RoleTeamUser, model.RoleTeamAdmin},
	channel: [3]string{model.RoleChannelGuest, model.RoleChannelUser, model.RoleChannelAdmin}}

func newNames(q db.Querier) *names {
	return &names{db: q, teams: map[string]*team{}, channels: map[[2]string]*channel{}, conversations: map[string]*channel{}, users: map[string]*person{},
		schemes: map[string]string{}, schemeRoles: map[string]seats{}, roles: map[string]bool{}, aliases: map[string]string{}}
}

// look answers from what is known, else from the database; what isn't there is
// the fault missing.
func look[K comparable, V any](known map[K]V, key K, missing *fault.Error, ask func() (V, error)) (V, error) {
	if v, ok := known[key]; ok {
		return v, nil
	}
	v, err := ask()
	if errors.Is(err, db.ErrNotFound) {
		return v, missing
	}
	if err == nil {
		known[key] = v
	}
	return v, err
}

func (n *names) team(ctx context.Context, name string) (*team, error) {
	return look(n.teams, name, named("parley.transfer.unknown_team.app_error", name), func() (*team, error) {
		return db.Get(ctx, n.db, func(r db.Row) (*team, error) {
			t := &team{}
			return t, r.Scan(&t.id, &t.scheme)
		}, `SELECT id, coalesce(schemeid,'') FROM teams WHERE name = $1`, name)
	})
}

func (n *names) channel(ctx context.Context, teamName, name string) (*channel, error) {
	t, err := n.team(ctx, teamName)
	if err != nil {
		return nil, err
	}
	return look(n.channels, [2]string{t.id, name}, named("parley.transfer.unknown_channel.app_error", teamName+"/"+name), func() (*channel, error) {
		if t.fresh {
			return nil, db.ErrNotFound
		}
		return n.oneChannel(ctx, `WHERE name = $1 AND teamid = $2`, name, t.id)
	})
}

// conversation finds a direct or group channel by its name, which follows from its people.
func (n *names) conversation(ctx context.Context, name string) (*channel, error) {
	return look(n.conversations, name, errNoConversation, func() (*channel, error) {
		return n.oneChannel(ctx, `WHERE name = $1 AND teamid = ''`, name)
	})
}

var errNoConversation = fault.NotFound("app.channel.get.existing.app_error")

func (n *names) oneChannel(ctx context.Context, where string, args ...any) (*channel, error) {
	return db.Get(ctx, n.db, func(r db.Row) (*channel, error) {
		c := &channel{}
		return c, r.Scan(&c.id, &c.teamID, &c.scheme, &c.kind, &c.name)
	}, `SELECT id, coalesce(teamid,''), coalesce(schemeid,''), CAST(type AS text), coalesce(name,'') FROM channels `+where+` LIMIT 1`, args...)
}

func (n *names) user(ctx context.Context, name string) (*person, error) {
	name = strings.ToLower(name)
	return look(n.users, name, named("parley.transfer.unknown_user.app_error", name), func() (*person, error) {
		return db.Get(ctx, n.db, func(r db.Row) (*person, error) {
			p, roles := &person{}, ""
			err := r.Scan(&p.id, &roles, &p.deleted)
			p.guest = isGuest(roles)
			return p, err
		}, `SELECT id, coalesce(roles,''), deleteat <> 0 FROM users WHERE username = $1`, name)
	})
}

func isGuest(roles string) bool {
	u := model.User{Roles: roles}
	return u.IsGuest()
}

func (n *names) schemeID(ctx context.Context, name string) (string, error) {
	return look(n.schemes, name, named("parley.transfer.unknown_scheme.app_error", name), func() (string, error) {
		return db.Value[string](ctx, n.db, `SELECT id FROM schemes WHERE name = $1 AND deleteat = 0`, name)
	})
}

// knowsRole refuses a role that there isn't.
func (n *names) knowsRole(ctx context.Context, name string) error {
	_, err := look(n.roles, name, named("parley.transfer.unknown_role.app_error", name), func() (bool, error) {
		return db.Value[bool](ctx, n.db, `SELECT true FROM roles WHERE name = $1 AND deleteat = 0`, name)
	})
	return err
}

// seatsOf returns the names of the roles that a scheme gives, those built in for "".
func (n *names) seatsOf(ctx context.Context, schemeID string) (seats, error) {
	if schemeID == "" {
		return builtIn, nil
	}
	return look(n.schemeRoles, schemeID, errScope, func() (seats, error) {
		return db.Get(ctx, n.db, func(r db.Row) (seats, error) {
			s := seats{}
			err := r.Scan(&s.team[0], &s.team[1], &s.team[2], &s.channel[0], &s.channel[1], &s.channel[2])
			for i := range s.team {
				if s.team[i] == "" {
					s.team[i] = builtIn.team[i]
				}
				if s.channel[i] == "" {
					s.channel[i] = builtIn.channel[i]
				}
			}
			return s, err
		}, `SELECT coalesce(defaultteamguestrole,''), coalesce(defaultteamuserrole,''), coalesce(defaultteamadminrole,''),
			coalesce(defaultchannelguestrole,''), coalesce(defaultchanneluserrole,''), coalesce(defaultchanneladminrole,'') FROM schemes WHERE id = $1`, schemeID)
	})
}

// standing is what a member may do: the seats of the scheme, and further roles.
type standing struct {
	guest, user, admin bool
	explicit           string
	given              bool // the line says so
}

// standingOf reads roles as a line has them. Guests and members have their own
// seat whatever the line says: that is a matter of the account.
func (n *names) standingOf(ctx context.Context, roles *string, in [3]string, p *person) (standing, error) {
	s := standing{guest: p.guest, user: !p.guest}
	if roles == nil {
		return s, nil
	}
	s.given = true
	var more []string
	for _, name := range strings.Fields(*roles) {
		if other := n.aliases[name]; other != "" {
			name = other
		}
		switch name {
		case in[0], in[1], model.RoleTeamGuest, model.RoleTeamUser, model.RoleChannelGuest, model.RoleChannelUser:
		case in[2], model.RoleTeamAdmin, model.RoleChannelAdmin:
			s.admin = !p.guest
		default:
			if err := n.knowsRole(ctx, name); err != nil {
				return s, err
			}
			more = append(more, name)
		}
	}
	s.explicit = strings.Join(more, " ")
	if len(s.explicit) > model.UserRolesMaxLength {
		return s, errRole
	}
	return s, nil
}
