package moderation

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// mostReviewers bounds the moderators of one team.
const mostReviewers = 200

const active = ` JOIN users u ON u.id = r.userid AND u.deleteat = 0 `

// reviewers returns who moderates a team, or conversations for an empty id:
// nobody where messages can't be reported.
func (m *Moderation) reviewers(ctx context.Context, teamID string) ([]string, error) {
	s := m.cfg.Get().ContentFlaggingSettings.ReviewerSettings
	var ids []string
	var err error
	if s.CommonReviewers {
		ids, err = db.List(ctx, m.db, db.One[string], `SELECT r.userid FROM contentflaggingcommonreviewers r`+active+`LIMIT $1`, mostReviewers)
	} else {
		var on bool
		if on, err = m.teamOn(ctx, teamID); err != nil || !on {
			return nil, err
		}
		ids, err = db.List(ctx, m.db, db.One[string], `SELECT r.userid FROM contentflaggingteamreviewers r`+active+`WHERE r.teamid = $1 LIMIT $2`,
			teamID, mostReviewers)
	}
	if err != nil {
		return nil, err
	}
	if s.SystemAdminsAsReviewers {
		more, err := db.List(ctx, m.db, db.One[string], `SELECT id FROM users WHERE ' ' || roles || ' ' LIKE $1 AND deleteat = 0 LIMIT $2`,
			"% "+model.RoleSystemAdmin+" %", mostReviewers)
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	if s.TeamAdminsAsReviewers && teamID != "" {
		more, err := db.List(ctx, m.db, db.One[string], `SELECT r.userid FROM teammembers r`+active+`
			WHERE r.teamid = $1 AND r.schemeadmin = true AND r.deleteat = 0 LIMIT $2`, teamID, mostReviewers)
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

func (m *Moderation) teamOn(ctx context.Context, teamID string) (bool, error) {
	return db.Value[bool](ctx, m.db, `SELECT EXISTS (SELECT 1 FROM contentflaggingteamsettings WHERE teamid = $1 AND enabled = true)`, teamID)
}

// needReviewer refuses with 403 unless v moderates a team.
func (m *Moderation) needReviewer(ctx context.Context, v access.Viewer, teamID string) error {
	ids, err := m.reviewers(ctx, teamID)
	if err == nil && !slices.Contains(ids, v.UserID) {
		err = errNoReviewer
	}
	return err
}

// search finds moderators of a team by name.
func (m *Moderation) search(ctx context.Context, v access.Viewer, teamID, term string) ([]*model.User, error) {
	if err := m.needReviewer(ctx, v, teamID); err != nil {
		return nil, err
	}
	ids, err := m.reviewers(ctx, teamID)
	if err != nil {
		return nil, err
	}
	people, err := m.users.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := []*model.User{}
	term = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(term), "@"))
	for _, u := range people {
		names := strings.ToLower(strings.Join([]string{u.Username, u.FirstName, u.LastName, u.Nickname}, " "))
		if strings.Contains(names, term) {
			out = append(out, m.users.Shown(ctx, v, u))
		}
	}
	slices.SortFunc(out, func(a, b *model.User) int { return strings.Compare(a.Username, b.Username) })
	return out[:min(len(out), 50)], nil
}

// moderated are the teams that v moderates, and whether conversations are
// among them.
func (m *Moderation) moderated(ctx context.Context, v access.Viewer) (teamIDs []string, err error) {
	s := m.cfg.Get().ContentFlaggingSettings.ReviewerSettings
	if s.CommonReviewers {
		all, err := m.reviewers(ctx, "")
		if err != nil {
			return nil, err
		}
		if slices.Contains(all, v.UserID) {
			return db.List(ctx, m.db, db.One[string], `SELECT id FROM teams UNION SELECT '' LIMIT $1`, 100_000)
		}
	}
	candidates, err := db.List(ctx, m.db, db.One[string], `SELECT teamid FROM contentflaggingteamreviewers WHERE userid = $1
		UNION SELECT teamid FROM teammembers WHERE userid = $1 AND schemeadmin = true AND deleteat = 0
		UNION SELECT DISTINCT teamid FROM parley_reports WHERE decidedat = 0 LIMIT $2`, v.UserID, 1_000)
	if err != nil {
		return nil, err
	}
	for _, teamID := range candidates {
		switch err := m.needReviewer(ctx, v, teamID); {
		case err == nil:
			teamIDs = append(teamIDs, teamID)
		case !errors.Is(err, errNoReviewer):
			return nil, err
		}
	}
	return teamIDs, nil
}
