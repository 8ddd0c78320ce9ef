package users

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// sessionKind says how a session came about.
type sessionKind struct {
	device  string // of an app, "" for none
	service string // the sign-on service, "" for a password
}

// deviceIDMaxLength is the width of the column sessions.deviceid.
const deviceIDMaxLength = 512

// newSession describes a session of the request of ctx, to be opened.
func newSession(ctx context.Context, user *model.User, kind sessionKind) *model.Session {
	a := agentOf(api.MetaOf(ctx).UserAgent)
	saml := kind.service == model.UserAuthServiceSAML
	oauth := !saml && kind.service != "" && kind.service != model.UserAuthServiceLDAP
	return &model.Session{UserID: user.ID, Roles: user.Roles, DeviceID: cut(kind.device, deviceIDMaxLength), Props: model.StringMap{
		model.SessionPropPlatform:    a.Platform,
		model.SessionPropOS:          a.OS,
		model.SessionPropBrowser:     a.Browser,
		model.SessionPropIsMobile:    strconv.FormatBool(a.Mobile),
		model.SessionPropIsOAuthUser: strconv.FormatBool(oauth),
		model.SessionPropIsSAML:      strconv.FormatBool(saml),
		model.SessionPropIsGuest:     strconv.FormatBool(user.IsGuest()),
	}}
}

// listSessions answers GET /users/{user_id}/sessions. What proves a session is
// not told, and of an access token's session no more than of any other.
func (u *Users) listSessions(ctx context.Context, v access.Viewer, in userIn) ([]model.Session, error) {
	if _, err := u.editable(ctx, v, in.UserID); err != nil {
		return nil, err
	}
	list, err := u.acc.Sessions(ctx, in.UserID)
	if err != nil {
		return nil, err
	}
	teams, err := u.teamsOf(ctx, in.UserID)
	if err != nil {
		return nil, err
	}
	out := make([]model.Session, len(list))
	for i, s := range list {
		out[i] = s.Sanitized()
		out[i].TeamMembers = teams
	}
	return out, nil
}

// teamsOf returns a user's memberships of teams, which clients expect in every
// session.
func (u *Users) teamsOf(ctx context.Context, userID string) ([]*model.TeamMember, error) {
	list, err := db.List(ctx, u.db, func(r db.Row) (*model.TeamMember, error) {
		m := &model.TeamMember{UserID: userID}
		return m, r.Scan(&m.TeamID, &m.ExplicitRoles, &m.SchemeGuest, &m.SchemeUser, &m.SchemeAdmin)
	}, `SELECT teamid, coalesce(roles,''), coalesce(schemeguest,false), coalesce(schemeuser,false), coalesce(schemeadmin,false)
		FROM teammembers WHERE userid = $1 AND deleteat = 0 ORDER BY teamid LIMIT 1000`, userID)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		names, err := u.acc.TeamRoles(ctx, access.Member{Present: true, SchemeGuest: m.SchemeGuest, SchemeUser: m.SchemeUser,
			SchemeAdmin: m.SchemeAdmin, Explicit: m.ExplicitRoles}, m.TeamID)
		if err != nil {
			return nil, err
		}
		m.Roles = strings.Join(names, " ")
	}
	return list, nil
}

type credentialIn struct {
	UserID string `path:"user_id"`
	Body   []byte `body:"raw"`
}

// revokeSession answers POST /users/{user_id}/sessions/revoke.
func (u *Users) revokeSession(ctx context.Context, v access.Viewer, in credentialIn) (api.OK, error) {
	if _, err := u.editable(ctx, v, in.UserID); err != nil {
		return api.OK{}, err
	}
	sessionID := fieldsOf(in.Body)["session_id"]
	if sessionID == "" {
		return api.OK{}, fault.InvalidParam("session_id")
	}
	s, err := u.acc.SessionByID(ctx, sessionID)
	if fault.IsNotFound(err) {
		return api.OK{}, fault.Invalid("app.session.get.app_error")
	}
	if err != nil {
		return api.OK{}, err
	}
	if s.UserID != in.UserID {
		return api.OK{}, fault.InvalidURLParam("user_id")
	}
	if err := u.acc.EndSession(ctx, s); err != nil {
		return api.OK{}, err
	}
	u.Audit(ctx, v, "/api/v4/users/"+in.UserID+"/sessions/revoke", "session_id="+sessionID)
	return api.Done(), nil
}

// revokeSessions answers POST /users/{user_id}/sessions/revoke/all: the session
// of the request ends too when it is the user's.
func (u *Users) revokeSessions(ctx context.Context, v access.Viewer, in userIn) (api.OK, error) {
	if _, err := u.editable(ctx, v, in.UserID); err != nil {
		return api.OK{}, err
	}
	if err := u.EndSessions(ctx, in.UserID); err != nil {
		return api.OK{}, err
	}
	u.Audit(ctx, v, "/api/v4/users/"+in.UserID+"/sessions/revoke/all", "")
	return api.Done(), nil
}

// EndSessions ends all sessions of a user and their websockets, without asking
// who wants it.
func (u *Users) EndSessions(ctx context.Context, userID string) error {
	return u.db.Tx(ctx, func(tx *db.Tx) error { return u.acc.EndSessions(ctx, tx, userID, "") })
}

// revokeEverybodysSessions answers POST /users/sessions/revoke/all.
func (u *Users) revokeEverybodysSessions(ctx context.Context, v access.Viewer, _ api.None) (api.OK, error) {
	if err := u.acc.EndAllSessions(ctx); err != nil {
		return api.OK{}, err
	}
	u.Audit(ctx, v, "/api/v4/users/sessions/revoke/all", "")
	return api.Done(), nil
}

// sweepEvery is how often what has expired is removed.
const sweepEvery = time.Hour

// Run removes expired sessions and one-time tokens now and then, until ctx ends.
func (u *Users) Run(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := u.acc.Sweep(ctx); err != nil && ctx.Err() == nil {
			u.log.Warn("expired sessions were not removed; it is tried again", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// appVersion is the form of the versions that apps tell (semantic versions).
var appVersion = regexp.MustCompile(`^[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}([-+][0-9A-Za-z.+-]{1,64})?$`)

// attachDevice answers PUT /users/sessions/device: an app tells where pushes go
// to, whether they are wanted there, and its version.
func (u *Users) attachDevice(ctx context.Context, v access.Viewer, in struct {
	Body    []byte `body:"raw"`
	Request api.Request
}) (api.Reply, error) {
	f := fieldsOf(in.Body)
	c := access.DeviceChange{DeviceID: f["device_id"], Props: map[string]string{}}
	if len(c.DeviceID) > deviceIDMaxLength {
		return api.Reply{}, fault.InvalidParam("device_id")
	}
	if muted, ok := f["deviceNotificationDisabled"]; ok {
		if muted != "true" && muted != "false" {
			return api.Reply{}, fault.InvalidParam("deviceNotificationDisabled")
		}
		c.Props[model.SessionPropDeviceNotificationDisabled] = muted
	}
	if version, ok := f["mobileVersion"]; ok {
		if !appVersion.MatchString(version) {
			return api.Reply{}, fault.InvalidParam("mobileVersion")
		}
		c.Props[model.SessionPropMobileVersion] = version
	}
	h := http.Header{}
	if c.DeviceID != "" || len(c.Props) > 0 {
		s, err := u.acc.AttachDevice(ctx, v.SessionID(), c)
		if err != nil {
			return api.Reply{}, err
		}
		if _, err := in.Request.Cookie(access.CookieToken); err == nil {
			u.acc.SetCookies(h, in.Request.Request, s)
		}
		u.Audit(ctx, v, "/api/v4/users/sessions/device", "")
	}
	return api.Reply{Header: h, JSON: api.Done()}, nil
}
