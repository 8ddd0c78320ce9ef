package transfer

import (
	"context"
	"errors"
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// The rows of places and people. They carry times and states that nobody can set
// through the slices that own these tables, and come by the thousand.

func storeRole(ctx context.Context, tx *db.Tx, r *Role, schemeID string) error {
	now, description, permissions := id.Now(), "", ""
	set(&description, r.Description)
	if r.Permissions != nil {
		permissions = strings.Join(*r.Permissions, " ")
	}
	n, err := tx.Exec(ctx, `UPDATE roles SET displayname = $2, description = CASE WHEN $3 THEN $4 ELSE description END,
		permissions = CASE WHEN $5 THEN $6 ELSE permissions END, updateat = $7, deleteat = 0 WHERE name = $1`,
		r.Name, r.DisplayName, r.Description != nil, description, r.Permissions != nil, permissions, now)
	if err != nil || n > 0 {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO roles (id, name, displayname, description, createat, updateat, deleteat, permissions, schememanaged, builtin, schemeid)
		VALUES ($1, $2, $3, $4, $5, $5, 0, $6, $7, false, $8)`, id.New(), r.Name, r.DisplayName, description, now, permissions,
		r.SchemeManaged != nil && *r.SchemeManaged || schemeID != "", db.NotEmpty(schemeID))
	return err
}

func storeScheme(ctx context.Context, tx *db.Tx, schemeID string, s *Scheme, in seats) error {
	now := id.Now()
	n, err := tx.Exec(ctx, `UPDATE schemes SET displayname = $2, description = $3, updateat = $4 WHERE id = $1`, schemeID, s.DisplayName, s.Description, now)
	if err != nil || n > 0 {
		return err
	}
	if s.Scope != model.SchemeScopeTeam {
		in.team = [3]string{}
	}
	_, err = tx.Exec(ctx, `INSERT INTO schemes (id, name, displayname, description, createat, updateat, deleteat, scope,
		defaultteamguestrole, defaultteamuserrole, defaultteamadminrole, defaultchannelguestrole, defaultchanneluserrole, defaultchanneladminrole)
		VALUES ($1, $2, $3, $4, $5, $5, 0, $6, $7, $8, $9, $10, $11, $12)`, schemeID, s.Name, s.DisplayName, s.Description, now, s.Scope,
		in.team[0], in.team[1], in.team[2], in.channel[0], in.channel[1], in.channel[2])
	return err
}

func storeTeam(ctx context.Context, tx *db.Tx, row *model.Team, in *Team, t *team, made bool) error {
	if !made {
		_, err := tx.Exec(ctx, `UPDATE teams SET displayname = $2, type = $3, description = CASE WHEN $4 THEN $5 ELSE description END,
			allowopeninvite = CASE WHEN $6 THEN $7 ELSE allowopeninvite END, schemeid = $8, updateat = $9 WHERE id = $1`,
			row.ID, row.DisplayName, row.Type, in.Description != nil, row.Description, in.AllowOpenInvite != nil, row.AllowOpenInvite,
			db.NotEmpty(t.scheme), id.Now())
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO teams (id, createat, updateat, deleteat, displayname, name, description, email, type, companyname,
		alloweddomains, inviteid, schemeid, allowopeninvite, lastteamiconupdate, cloudlimitsarchived)
		VALUES ($1, $2, $2, 0, $3, $4, $5, '', $6, '', '', $7, $8, $9, 0, false)`,
		row.ID, row.CreateAt, row.DisplayName, row.Name, row.Description, row.Type, row.InviteID, db.NotEmpty(t.scheme), row.AllowOpenInvite)
	return err
}

// storeChannel writes a channel; of one that is there, the fields that the line has.
func storeChannel(ctx context.Context, tx *db.Tx, row *model.Channel, header, purpose, deleted bool, scheme string, made bool) error {
	if made {
		if _, err := tx.Exec(ctx, `INSERT INTO channels (id, createat, updateat, deleteat, teamid, type, displayname, name, header, purpose, lastpostat,
			totalmsgcount, extraupdateat, creatorid, schemeid, shared, totalmsgcountroot, lastrootpostat, defaultcategoryname)
			VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, $10, $11, false, 0, 0, '')`, row.ID, row.CreateAt, row.DeleteAt, row.TeamID,
			row.Type, row.DisplayName, row.Name, row.Header, row.Purpose, row.CreatorID, db.NotEmpty(scheme)); err != nil {
			return err
		}
	} else if _, err := tx.Exec(ctx, `UPDATE channels SET displayname = $2, type = $3, header = CASE WHEN $4 THEN $5 ELSE header END,
		purpose = CASE WHEN $6 THEN $7 ELSE purpose END, deleteat = CASE WHEN $8 THEN $9 ELSE deleteat END, schemeid = $10, updateat = $11 WHERE id = $1`,
		row.ID, row.DisplayName, row.Type, header, row.Header, purpose, row.Purpose, deleted, row.DeleteAt, db.NotEmpty(scheme), id.Now()); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM publicchannels WHERE id = $1`, row.ID); err != nil || row.Type != model.ChannelOpen {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO publicchannels (id, deleteat, teamid, displayname, name, header, purpose)
		SELECT id, deleteat, teamid, displayname, name, header, purpose FROM channels WHERE id = $1`, row.ID)
	return err
}

func storeUser(ctx context.Context, tx *db.Tx, u *model.User, made bool) error {
	var err error
	if made {
		_, err = tx.Exec(ctx, `INSERT INTO users (id, createat, updateat, deleteat, username, password, authdata, authservice, email, emailverified,
			nickname, firstname, lastname, position, roles, allowmarketing, props, notifyprops, lastpasswordupdate, lastpictureupdate, failedattempts,
			locale, timezone, mfaactive, mfasecret, remoteid, lastlogin)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, true, $10, $11, $12, $13, $14, false, $15, $16, $17, 0, 0, $18, $19, false, '', $20, 0)`,
			u.ID, u.CreateAt, u.UpdateAt, u.DeleteAt, u.Username, u.Password, u.AuthData, u.AuthService, u.Email, u.Nickname, u.FirstName, u.LastName,
			u.Position, u.Roles, db.JSON(u.Props), db.JSON(u.NotifyProps), u.LastPasswordUpdate, u.Locale, db.JSON(u.Timezone), u.RemoteID)
	} else {
		_, err = tx.Exec(ctx, `UPDATE users SET updateat = $2, deleteat = $3, password = $4, authdata = $5, authservice = $6, email = $7, nickname = $8,
			firstname = $9, lastname = $10, position = $11, roles = $12, props = $13, notifyprops = $14, lastpasswordupdate = $15, locale = $16 WHERE id = $1`,
			u.ID, u.UpdateAt, u.DeleteAt, u.Password, u.AuthData, u.AuthService, u.Email, u.Nickname, u.FirstName, u.LastName, u.Position, u.Roles,
			db.JSON(u.Props), db.JSON(u.NotifyProps), u.LastPasswordUpdate, u.Locale)
	}
	switch {
	case db.IsDuplicate(err, "users_email_key"):
		return fault.Invalid("app.user.save.email_exists.app_error")
	case db.IsDuplicate(err, "users_authdata_key"):
		return fault.Invalid("parley.transfer.auth_taken.app_error")
	}
	return err
}

func storeBot(ctx context.Context, tx *db.Tx, b *model.Bot) error {
	_, err := tx.Exec(ctx, `INSERT INTO bots (userid, description, ownerid, createat, updateat, deleteat, lasticonupdate) VALUES ($1, $2, $3, $4, $5, $6, 0)
		ON CONFLICT (userid) DO UPDATE SET description = excluded.description, ownerid = excluded.ownerid, updateat = excluded.updateat, deleteat = excluded.deleteat`,
		b.UserID, b.Description, b.OwnerID, b.CreateAt, b.UpdateAt, b.DeleteAt)
	return err
}

func storeTeamMember(ctx context.Context, tx *db.Tx, teamID, userID string, s standing) error {
	_, err := tx.Exec(ctx, `INSERT INTO teammembers (teamid, userid, roles, deleteat, schemeguest, schemeuser, schemeadmin, createat)
		VALUES ($1, $2, $3, 0, $4, $5, $6, $7) ON CONFLICT (teamid, userid) DO UPDATE SET deleteat = 0,
		roles = CASE WHEN $8 THEN excluded.roles ELSE teammembers.roles END,
		schemeadmin = CASE WHEN $8 THEN excluded.schemeadmin ELSE teammembers.schemeadmin END`,
		teamID, userID, s.explicit, s.guest, s.user, s.admin, id.Now(), s.given)
	return err
}

// membersAtOnce bounds the rows of one statement.
const membersAtOnce = 500

// storeMembers writes memberships of channels. Whoever comes without a word on
// what they have read has read all that is imported; who is a member already
// never has less read than before.
func storeMembers(ctx context.Context, tx *db.Tx, list []membership) error {
	for len(list) > 0 {
		part := list[:min(len(list), membersAtOnce)]
		list = list[len(part):]
		if err := storeSomeMembers(ctx, tx, part); err != nil {
			return err
		}
	}
	return nil
}

func storeSomeMembers(ctx context.Context, tx *db.Tx, list []membership) error {
	now := id.Now()
	at := make(map[[2]string]*membership, len(list))
	var args, history []any
	for i := range list {
		m := &list[i]
		if key := [2]string{m.channelID, m.userID}; at[key] == nil {
			viewed := now
			if m.LastViewedAt != nil {
				viewed = min(count(m.LastViewedAt), latest)
			}
			args = append(args, m.channelID, m.userID, m.explicit, viewed, 0, count(m.MentionCount), db.JSON(m.props()), now,
				m.user, m.admin, m.guest, count(m.MentionCountRoot), 0, count(m.UrgentCount))
			at[key] = m
		}
	}
	fresh, err := db.List(ctx, tx, func(r db.Row) (k [2]string, err error) { err = r.Scan(&k[0], &k[1]); return k, err },
		`INSERT INTO channelmembers (channelid, userid, roles, lastviewedat, msgcount, mentioncount, notifyprops, lastupdateat,
		schemeuser, schemeadmin, schemeguest, mentioncountroot, msgcountroot, urgentmentioncount) VALUES `+db.Tuples(len(at), 14, 0)+
			` ON CONFLICT (channelid, userid) DO NOTHING RETURNING channelid, userid`, args...)
	if err != nil {
		return err
	}
	for _, k := range fresh {
		history = append(history, k[0], k[1], now)
		delete(at, k)
	}
	if len(fresh) > 0 {
		if _, err := tx.Exec(ctx, `INSERT INTO channelmemberhistory (channelid, userid, jointime) VALUES `+db.Tuples(len(fresh), 3, 0)+
			` ON CONFLICT (channelid, userid, jointime) DO NOTHING`, history...); err != nil {
			return err
		}
	}
	for _, m := range at {
		if err := updateMember(ctx, tx, m, now); err != nil {
			return err
		}
	}
	return nil
}

func updateMember(ctx context.Context, tx *db.Tx, m *membership, now int64) error {
	_, err := tx.Exec(ctx, `UPDATE channelmembers SET roles = CASE WHEN $3 THEN $4 ELSE roles END, schemeadmin = CASE WHEN $3 THEN $5 ELSE schemeadmin END,
		notifyprops = CASE WHEN $6 THEN $7 ELSE notifyprops END, lastupdateat = $8 WHERE channelid = $1 AND userid = $2`,
		m.channelID, m.userID, m.given, m.explicit, m.admin, m.notify != nil, db.JSON(m.props()), now)
	if err != nil || m.LastViewedAt == nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE channelmembers SET lastviewedat = $3, mentioncount = $4, mentioncountroot = $5, urgentmentioncount = $6
		WHERE channelid = $1 AND userid = $2 AND coalesce(lastviewedat, 0) <= $3`,
		m.channelID, m.userID, min(count(m.LastViewedAt), latest), count(m.MentionCount), count(m.MentionCountRoot), count(m.UrgentCount))
	return err
}

// count is a number of a line that can't be below nothing.
func count(n *int64) int64 {
	if n == nil {
		return 0
	}
	return max(*n, 0)
}

// props are the notify props of a membership.
func (m *membership) props() model.StringMap {
	out := model.DefaultChannelNotifyProps()
	m.notify.each(func(key string, value **string) {
		if *value != nil && **value != "" {
			out[key] = cut(**value, 32)
		}
	})
	return out
}

// usernameOf returns whose an e-mail address is, "" for nobody's.
func usernameOf(ctx context.Context, q db.Querier, email string) (string, error) {
	name, err := db.Value[string](ctx, q, `SELECT username FROM users WHERE email = $1`, email)
	if errors.Is(err, db.ErrNotFound) {
		return "", nil
	}
	return name, err
}

// firstAdmin is the longest-standing administrator, "" when there is none.
func firstAdmin(ctx context.Context, q db.Querier) (string, error) {
	userID, err := db.Value[string](ctx, q, `SELECT id FROM users WHERE roles LIKE '%system_admin%' AND deleteat = 0 ORDER BY createat, id LIMIT 1`)
	if errors.Is(err, db.ErrNotFound) {
		return "", nil
	}
	return userID, err
}
