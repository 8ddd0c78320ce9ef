package access

import (
	"context"
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// errLent refuses an application what its user alone may do.
var errLent = fault.NoPermission("a session of one's own").WithDetail("not by an app")

// Lent reports whether the viewer is an application that acts for a person by
// OAuth 2.0.
func (v Viewer) Lent() bool { return v.id != nil && v.id.session.IsOAuth }

// lentNever are the permissions, beside those of the System Console, that no
// application gets with its user's: by each of them others could be let in, or
// the application itself could stay when its user sends it away.
var lentNever = map[Permission]bool{
	PermManageSystem: true, PermManageRoles: true, PermAssignSystemAdminRole: true, PermEditOtherUsers: true,
	PermPromoteGuest: true, PermDemoteToGuest: true,
	PermManageOAuth: true, PermManageSystemWideOAuth: true, PermManageOutgoingOAuthConnections: true,
	PermCreateUserAccessToken: true, PermReadUserAccessToken: true, PermRevokeUserAccessToken: true,
	PermCreateBot: true, PermAssignBot: true, PermManageBots: true, PermManageOthersBots: true,
	PermReadAudits: true, PermGetLogs: true, PermManageJobs: true, PermDownloadComplianceExportResult: true,
}

func withheld(p Permission) bool {
	return lentNever[p] || strings.HasPrefix(string(p), "sysconsole_")
}

// Ending says whose sessions end: some of applications, all of a user, or
// everybody's.
type Ending struct {
	Sessions  []*model.Session // of applications
	UserID    string           // all that applications have of this user ends
	Everybody bool
}

// OnEnding has fn called in each transaction that ends sessions, so that what an
// application could get a new one with ends, too. Sessions that have expired are
// not told of. Call it while the server is being built.
func (a *Access) OnEnding(fn func(ctx context.Context, tx *db.Tx, e Ending) error) { a.ending = fn }

// EndIn ends, within tx, the sessions with these ids and those with these
// tokens. Those that are gone are passed over.
func (a *Access) EndIn(ctx context.Context, tx *db.Tx, ids, tokens []string) error {
	list, err := db.List(ctx, tx, scanSession, `SELECT `+sessionColumns+` FROM sessions s WHERE s.id = ANY($1) OR s.token = ANY($2) LIMIT $3`,
		ids, tokens, len(ids)+len(tokens))
	if err != nil {
		return err
	}
	return a.endSessions(ctx, tx, list)
}
