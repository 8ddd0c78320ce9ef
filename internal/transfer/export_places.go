package transfer

import (
	"cmp"
	"context"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"

	"crypto/sha256"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/emoji"
	"github.com/parley-chat/parley/internal/model"
)

// sortBy sorts by bytes: databases have orders of their own.
func sortBy[T any](list []T, key func(T) string) {
	slices.SortFunc(list, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
}

func scanRole(r db.Row) (*Role, error) {
	x, description, permissions, managed := &Role{}, "", "", false
	err := r.Scan(&x.Name, &x.DisplayName, &description, &permissions, &managed)
	list := slices.Sorted(slices.Values(strings.Fields(permissions)))
	x.Description, x.Permissions, x.SchemeManaged = &description, &list, &managed
	x.DisplayName = cmp.Or(x.DisplayName, x.Name)
	return x, err
}

// selectRoles reads the roles r that aren't a scheme's; those go with it.
const selectRoles = `SELECT r.name, coalesce(r.displayname,''), coalesce(r.description,''), coalesce(r.permissions,''), coalesce(r.schememanaged,false) FROM roles r `

func (e *exporter) roles(ctx context.Context) error {
	list, err := db.List(ctx, e.db, scanRole, selectRoles+`WHERE r.deleteat = 0 AND r.name <> 'system_admin' AND coalesce(r.schemeid,'') = ''
		AND NOT EXISTS (SELECT 1 FROM schemes s WHERE r.name IN (s.defaultteamguestrole, s.defaultteamuserrole, s.defaultteamadminrole,
			s.defaultchannelguestrole, s.defaultchanneluserrole, s.defaultchanneladminrole) AND coalesce(r.builtin,false) = false) LIMIT 100000`)
	sortBy(list, func(r *Role) string { return r.Name })
	for _, r := range list {
		if err := e.put(&Line{Type: kindRole, Role: r}); err != nil {
			return err
		}
	}
	return err
}

func (e *exporter) allSchemes(ctx context.Context) error {
	type row struct {
		id string
		Scheme
		seats
	}
	list, err := db.List(ctx, e.db, func(r db.Row) (*row, error) {
		s := &row{}
		return s, r.Scan(&s.id, &s.Name, &s.DisplayName, &s.Description, &s.Scope, &s.team[0], &s.team[1], &s.team[2], &s.channel[0], &s.channel[1], &s.channel[2])
	}, `SELECT id, name, coalesce(displayname,''), coalesce(description,''), coalesce(scope,''), coalesce(defaultteamguestrole,''), coalesce(defaultteamuserrole,''),
		coalesce(defaultteamadminrole,''), coalesce(defaultchannelguestrole,''), coalesce(defaultchanneluserrole,''), coalesce(defaultchanneladminrole,'')
		FROM schemes WHERE deleteat = 0 AND scope IN ('team', 'channel') LIMIT 100000`)
	if err != nil {
		return err
	}
	sortBy(list, func(s *row) string { return s.Name })
	for _, s := range list {
		e.schemes[s.id], e.seats[s.id] = s.Name, s.seats
		for _, one := range s.Scheme.seats(&s.seats) {
			if *one.seat == "" {
				continue
			}
			roles, err := db.List(ctx, e.db, scanRole, selectRoles+`WHERE r.name = $1 AND r.deleteat = 0 AND coalesce(r.builtin,false) = false LIMIT 1`, *one.seat)
			if err != nil {
				return err
			}
			if len(roles) == 1 {
				*one.role = roles[0]
			}
		}
		s.DisplayName = cmp.Or(s.DisplayName, s.Name)
		if err := e.put(&Line{Type: kindScheme, Scheme: &s.Scheme}); err != nil {
			return err
		}
	}
	return nil
}

// schemeName is the field of a place's scheme.
func (e *exporter) schemeName(schemeID string) *string {
	if name := e.schemes[schemeID]; name != "" {
		return &name
	}
	return nil
}

func (e *exporter) allTeams(ctx context.Context) error {
	list, err := db.List(ctx, e.db, func(r db.Row) (*Team, error) {
		t, description, open, scheme := &Team{}, "", false, ""
		err := r.Scan(&t.Name, &t.DisplayName, &t.Type, &description, &open, &scheme)
		t.Description, t.AllowOpenInvite, t.Scheme = &description, &open, e.schemeName(scheme)
		return t, err
	}, `SELECT name, coalesce(displayname,''), CAST(type AS text), coalesce(description,''), coalesce(allowopeninvite,false), coalesce(schemeid,'')
		FROM teams WHERE id = ANY($1) LIMIT 1000000`, e.teamIDs)
	sortBy(list, func(t *Team) string { return t.Name })
	for _, t := range list {
		if err := e.put(&Line{Type: kindTeam, Team: t}); err != nil {
			return err
		}
	}
	return err
}

func (e *exporter) allChannels(context.Context) error {
	for _, c := range e.channels {
		line := &Channel{Team: c.teamTag, Name: c.name, DisplayName: cmp.Or(c.displayName, c.name), Type: c.kind, Header: &c.header, Purpose: &c.purpose,
			Scheme: e.schemeName(c.scheme)}
		if c.deletedAt != 0 {
			line.DeletedAt = &c.deletedAt
		}
		if err := e.put(&Line{Type: kindChannel, Channel: line}); err != nil {
			return err
		}
	}
	return nil
}

// emojiFolder is where the pictures of custom emojis lie in an archive.
const emojiFolder = "emoji"

// allEmoji writes the custom emojis, whose pictures belong to the line: without
// files there are none.
func (e *exporter) allEmoji(ctx context.Context) error {
	if !e.o.Files {
		return nil
	}
	list, err := e.emojis(ctx)
	for _, one := range list {
		if err := e.put(&Line{Type: kindEmoji, Emoji: &one.Emoji}); err != nil {
			return err
		}
	}
	return err
}

type emojiRow struct {
	Emoji
	id string
}

func (e *exporter) emojis(ctx context.Context) ([]emojiRow, error) {
	list, err := db.List(ctx, e.db, func(r db.Row) (m emojiRow, err error) { err = r.Scan(&m.id, &m.Name); return m, err },
		`SELECT id, name FROM emoji WHERE deleteat = 0 ORDER BY name LIMIT 1000000`)
	sortBy(list, func(m emojiRow) string { return m.Name })
	for i := range list {
		raw, err := e.blobs.Read(ctx, emoji.PicturePath(list[i].id))
		if err != nil {
			e.log.Warn("a custom emoji has no picture", "emoji", list[i].Name, "error", err)
		}
		ext := ".png"
		if http.DetectContentType(raw) == "image/gif" {
			ext = ".gif"
		}
		list[i].Image = emojiFolder + "/" + list[i].Name + ext
	}
	return list, err
}

// conversations learns who talks to whom, in the order of names.
func (e *exporter) conversations(ctx context.Context) error {
	after := ""
	for e.o.Team == "" {
		type row struct{ id, name, kind, header string }
		list, err := db.List(ctx, e.db, func(r db.Row) (c row, err error) { err = r.Scan(&c.id, &c.name, &c.kind, &c.header); return c, err },
			`SELECT id, name, CAST(type AS text), coalesce(header,'') FROM channels WHERE id > $1 AND type IN ('D','G') AND deleteat = 0 ORDER BY id LIMIT $2`, after, page*10)
		if err != nil {
			return err
		}
		for _, c := range list {
			after = c.id
			people, err := e.peopleOf(ctx, c.id, c.name, c.kind)
			if err != nil {
				return err
			}
			if people != nil {
				e.conversing = append(e.conversing, &place{id: c.id, name: c.name, kind: c.kind, header: c.header, people: people})
			}
		}
		if len(list) < page*10 {
			break
		}
	}
	sortBy(e.conversing, func(c *place) string { return c.kind + strings.Join(c.people, "\x00") })
	return nil
}

// peopleOf returns the names of a conversation's people; nil when one of them is
// gone for good.
func (e *exporter) peopleOf(ctx context.Context, channelID, name, kind string) ([]string, error) {
	ids := strings.Split(name, "__")
	if kind == model.ChannelGroup {
		var err error
		if ids, err = db.List(ctx, e.db, db.One[string], `SELECT userid FROM channelmembers WHERE channelid = $1 ORDER BY userid LIMIT 100`, channelID); err != nil {
			return nil, err
		}
	}
	var people []string
	for _, userID := range ids {
		if e.usernames[userID] == "" {
			return nil, nil
		}
		people = append(people, e.usernames[userID])
	}
	if kind == model.ChannelGroup && (len(people) < model.ChannelGroupMinUsers || len(people) > model.ChannelGroupMaxUsers) {
		return nil, nil
	}
	slices.Sort(people)
	return people, nil
}

// folder is where a place's files lie in an archive.
func (c *place) folder() string {
	if c.people == nil {
		return c.teamTag + "/" + c.name
	}
	sum := sha256.Sum256([]byte(strings.Join(c.people, "\x00")))
	return "direct/" + hex.EncodeToString(sum[:8])
}
