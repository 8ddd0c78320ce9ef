package transfer

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/users"
)

// pictureFolder is where the pictures of people lie in an archive.
const pictureFolder = "profile_images"

// names are the exported accounts that are bots, or that aren't, in their order.
func (e *exporter) names(bots bool) []string {
	var out []string
	for userID, name := range e.usernames {
		if e.bots[userID] == bots {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func (e *exporter) allUsers(ctx context.Context) error {
	for part := range slices.Chunk(e.names(false), page) {
		list, err := e.accounts(ctx, part)
		if err != nil {
			return err
		}
		ids := make([]string, 0, len(list))
		lines := make(map[string]*User, len(list))
		for _, u := range list {
			ids = append(ids, u.ID)
			lines[u.ID] = e.userLine(u)
		}
		if err := e.addTastes(ctx, ids, lines); err != nil {
			return err
		}
		if err := e.addMemberships(ctx, ids, lines); err != nil {
			return err
		}
		for _, u := range list {
			if err := e.put(&Line{Type: kindUser, User: lines[u.ID]}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *exporter) accounts(ctx context.Context, names []string) ([]*model.User, error) {
	list, err := db.List(ctx, e.db, func(r db.Row) (*model.User, error) {
		u := &model.User{}
		return u, r.Scan(&u.ID, &u.Username, &u.Email, &u.AuthService, &u.AuthData, &u.Nickname, &u.FirstName, &u.LastName, &u.Position, &u.Roles,
			&u.Locale, &u.DeleteAt, db.ScanJSON(&u.NotifyProps), db.ScanJSON(&u.Props), &u.LastPictureUpdate)
	}, `SELECT id, username, coalesce(email,''), coalesce(authservice,''), authdata, coalesce(nickname,''), coalesce(firstname,''), coalesce(lastname,''),
		coalesce(position,''), coalesce(roles,''), coalesce(locale,''), coalesce(deleteat,0), notifyprops, props, coalesce(lastpictureupdate,0)
		FROM users WHERE username = ANY($1) LIMIT $2`, names, len(names))
	sortBy(list, func(u *model.User) string { return u.Username })
	return list, err
}

// userLine is an account without what it is in. Passwords stay: even their
// hashes are nobody's business.
func (e *exporter) userLine(u *model.User) *User {
	roles := strings.Fields(u.Roles)
	slices.Sort(roles)
	joined := strings.Join(roles, " ")
	line := &User{Username: u.Username, Email: u.Email, Nickname: &u.Nickname, FirstName: &u.FirstName, LastName: &u.LastName, Position: &u.Position,
		Roles: &joined, Locale: &u.Locale, NotifyProps: &UserNotify{}}
	if u.AuthService != "" && u.AuthData != nil {
		line.AuthService, line.AuthData = &u.AuthService, u.AuthData
	}
	if u.DeleteAt != 0 {
		line.DeleteAt = &u.DeleteAt
	}
	if e.o.Files && u.LastPictureUpdate > 0 {
		name := pictureFolder + "/" + u.Username + ".png"
		line.ProfileImage = &name
	}
	line.NotifyProps.each(func(key string, value **string) {
		if v, ok := u.NotifyProps[key]; ok {
			*value = &v
		}
	})
	if status := u.Props[customStatus]; json.Valid([]byte(status)) {
		line.CustomStatus = json.RawMessage(compact(json.RawMessage(status)))
	}
	return line
}

func (e *exporter) addTastes(ctx context.Context, ids []string, lines map[string]*User) error {
	list, err := db.List(ctx, e.db, func(r db.Row) (p model.Preference, err error) {
		err = r.Scan(&p.UserID, &p.Category, &p.Name, &p.Value)
		return p, err
	}, `SELECT userid, category, name, coalesce(value,'') FROM preferences WHERE userid = ANY($1) AND category = ANY($2) LIMIT 10000000`, ids,
		[]string{model.PreferenceCategoryTheme, model.PreferenceCategoryDisplaySettings, model.PreferenceCategoryTutorialSteps,
			model.PreferenceCategoryNotifications, model.PreferenceCategoryAdvancedSettings, model.PreferenceCategorySidebarSettings})
	for _, p := range list {
		if p.Value != "" {
			lines[p.UserID].put(p.UserID, p)
		}
	}
	return err
}

// memberRow is a membership as it is stored.
type memberRow struct {
	userID, channelID string
	standing
	notify model.StringMap
	viewed int64
	after  [2]int64 // messages, and roots, since then
	counts [3]int64 // mentions, in roots, urgent
	likes  bool
}

// selectMembers reads memberships m with what is unread of what is exported.
const selectMembers = `SELECT m.userid, m.channelid, coalesce(m.roles,''), coalesce(m.schemeguest,false), coalesce(m.schemeuser,false), coalesce(m.schemeadmin,false),
	m.notifyprops, coalesce(m.lastviewedat,0), coalesce(m.mentioncount,0), coalesce(m.mentioncountroot,0), coalesce(m.urgentmentioncount,0),
	(SELECT count(*) FROM posts p WHERE p.channelid = m.channelid AND ` + counts + ` AND p.createat > coalesce(m.lastviewedat,0)),
	(SELECT count(*) FROM posts p WHERE p.channelid = m.channelid AND ` + counts + ` AND p.createat > coalesce(m.lastviewedat,0) AND p.rootid = ''),
	EXISTS (SELECT 1 FROM preferences f WHERE f.userid = m.userid AND f.category = 'favorite_channel' AND f.name = m.channelid AND f.value = 'true')
	FROM channelmembers m `

func scanMember(r db.Row) (*memberRow, error) {
	m := &memberRow{}
	return m, r.Scan(&m.userID, &m.channelID, &m.explicit, &m.guest, &m.user, &m.admin, db.ScanJSON(&m.notify), &m.viewed, &m.counts[0], &m.counts[1], &m.counts[2],
		&m.after[0], &m.after[1], &m.likes)
}

// reading is how far a member has read, in a channel that holds so many messages and roots.
func (m *memberRow) reading(all [2]int64) Reading {
	read, roots := all[0]-m.after[0], all[1]-m.after[1]
	r := Reading{LastViewedAt: &m.viewed, MsgCount: &read, MsgCountRoot: &roots}
	for i, to := range []**int64{&r.MentionCount, &r.MentionCountRoot, &r.UrgentCount} {
		n := min(m.counts[i], m.after[min(i%2, 1)])
		if n > 0 {
			*to = &n
		}
	}
	return r
}

// props are the notify props that somebody has changed, nil for none.
func (m *memberRow) props() *ChannelNotify {
	n, changed := &ChannelNotify{}, false
	usual := model.DefaultChannelNotifyProps()
	n.each(func(key string, value **string) {
		if v := m.notify[key]; v != "" && v != usual[key] {
			*value, changed = &v, true
		}
	})
	if !changed {
		return nil
	}
	return n
}

// roleNames are a member's roles by the names that the scheme gives.
func (s *standing) roleNames(in [3]string) *string {
	var out []string
	for i, has := range []bool{s.guest, s.user, s.admin} {
		if has && in[i] != "" {
			out = append(out, in[i])
		}
	}
	more := strings.Fields(s.explicit)
	slices.Sort(more)
	joined := strings.Join(append(out, more...), " ")
	return &joined
}

func (e *exporter) addMemberships(ctx context.Context, ids []string, lines map[string]*User) error {
	type teamRow struct {
		userID, teamID, scheme, theme string
		standing
	}
	list, err := db.List(ctx, e.db, func(r db.Row) (t teamRow, err error) {
		err = r.Scan(&t.userID, &t.teamID, &t.scheme, &t.explicit, &t.guest, &t.user, &t.admin, &t.theme)
		return t, err
	}, `SELECT m.userid, m.teamid, coalesce(t.schemeid,''), coalesce(m.roles,''), coalesce(m.schemeguest,false), coalesce(m.schemeuser,false), coalesce(m.schemeadmin,false),
		coalesce((SELECT p.value FROM preferences p WHERE p.userid = m.userid AND p.category = 'theme' AND p.name = m.teamid), '')
		FROM teammembers m JOIN teams t ON t.id = m.teamid WHERE m.userid = ANY($1) AND m.teamid = ANY($2) AND m.deleteat = 0 LIMIT 10000000`, ids, e.teamIDs)
	if err != nil {
		return err
	}
	teams := map[[2]string]*UserTeam{}
	schemes := map[string]string{}
	sortBy(list, func(t teamRow) string { return t.userID + e.teamNames[t.teamID] })
	for _, t := range list {
		schemes[t.teamID] = t.scheme
		u := &UserTeam{Name: e.teamNames[t.teamID], Roles: t.roleNames(e.seats[t.scheme].team)}
		if t.theme != "" {
			u.Theme = &t.theme
		}
		teams[[2]string{t.userID, t.teamID}] = u
	}
	if err := e.addChannels(ctx, ids, teams, schemes); err != nil {
		return err
	}
	for _, t := range list {
		lines[t.userID].Teams = append(lines[t.userID].Teams, *teams[[2]string{t.userID, t.teamID}])
	}
	return nil
}

func (e *exporter) addChannels(ctx context.Context, ids []string, teams map[[2]string]*UserTeam, schemes map[string]string) error {
	places := make(map[string]*place, len(e.channels))
	for _, c := range e.channels {
		places[c.id] = c
	}
	members, err := db.List(ctx, e.db, scanMember, selectMembers+`JOIN channels c ON c.id = m.channelid WHERE m.userid = ANY($1) AND c.type IN ('O','P')
		AND ($3 OR c.deleteat = 0) LIMIT 10000000`, ids, uncounted(), e.o.Archived)
	if err != nil {
		return err
	}
	sortBy(members, func(m *memberRow) string {
		if c := places[m.channelID]; c != nil {
			return c.name
		}
		return ""
	})
	for _, m := range members {
		c := places[m.channelID]
		if c == nil {
			continue
		}
		t := teams[[2]string{m.userID, c.teamID}]
		if t == nil {
			continue
		}
		scheme := c.scheme
		if scheme == "" {
			scheme = schemes[c.teamID]
		}
		all, err := e.totals(ctx, c)
		if err != nil {
			return err
		}
		line := UserChannel{Name: c.name, Roles: m.roleNames(e.seats[scheme].channel), NotifyProps: m.props(), Reading: m.reading(all)}
		if m.likes {
			line.Favorite = &m.likes
		}
		t.Channels = append(t.Channels, line)
	}
	return nil
}

func (e *exporter) allBots(ctx context.Context) error {
	type row struct {
		Bot
		display, description, owner string
		deleteAt, picture           int64
	}
	list, err := db.List(ctx, e.db, func(r db.Row) (b row, err error) {
		err = r.Scan(&b.Username, &b.display, &b.description, &b.owner, &b.deleteAt, &b.picture)
		return b, err
	}, `SELECT u.username, coalesce(u.firstname,''), coalesce(b.description,''), coalesce(b.ownerid,''), coalesce(u.deleteat,0), coalesce(u.lastpictureupdate,0)
		FROM bots b JOIN users u ON u.id = b.userid LIMIT 1000000`)
	sortBy(list, func(b row) string { return b.Username })
	for _, b := range list {
		b.DisplayName, b.Description, b.Owner = &b.display, &b.description, b.owner
		if name := e.usernames[b.owner]; name != "" {
			b.Owner = name
		}
		if b.Owner == "" {
			b.Owner = b.Username
		}
		if b.deleteAt != 0 {
			b.DeleteAt = &b.deleteAt
		}
		if e.o.Files && b.picture > 0 {
			name := pictureFolder + "/" + b.Username + ".png"
			b.ProfileImage = &name
		}
		if err := e.put(&Line{Type: kindBot, Bot: &b.Bot}); err != nil {
			return err
		}
	}
	return err
}

// pictures writes the pictures of people and bots.
func (e *exporter) pictures(ctx context.Context) error {
	for userID, name := range e.usernames {
		set, err := db.Value[bool](ctx, e.db, `SELECT coalesce(lastpictureupdate,0) > 0 FROM users WHERE id = $1`, userID)
		if err != nil {
			return err
		}
		if set {
			if err := e.blob(ctx, users.PicturePath(userID), pictureFolder+"/"+name+".png"); err != nil {
				return err
			}
		}
	}
	return nil
}
