package moderation

import (
	"context"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
)

// settings are what administrators set, in the protocol's form: keys of the
// configuration, and the moderators, which are rows.
type settings struct {
	EnableContentFlagging *bool
	NotificationSettings  *struct{ EventTargetMapping map[string][]string }
	AdditionalSettings    *additional
	ReviewerSettings      *reviewerSettings
}

type additional struct {
	Reasons                 *[]string
	ReporterCommentRequired *bool
	ReviewerCommentRequired *bool
	HideFlaggedContent      *bool
}

type reviewerSettings struct {
	CommonReviewers         *bool
	SystemAdminsAsReviewers *bool
	TeamAdminsAsReviewers   *bool
	CommonReviewerIds       []string
	TeamReviewersSetting    map[string]teamReviewers
}

type teamReviewers struct {
	Enabled     *bool
	ReviewerIds []string
}

func (m *Moderation) read(ctx context.Context) (*settings, error) {
	c := m.cfg.Get().ContentFlaggingSettings
	reasons := append([]string{}, c.AdditionalSettings.Reasons...)
	out := &settings{EnableContentFlagging: &c.EnableContentFlagging,
		NotificationSettings: &struct{ EventTargetMapping map[string][]string }{c.NotificationSettings.EventTargetMapping},
		AdditionalSettings: &additional{&reasons, &c.AdditionalSettings.ReporterCommentRequired, &c.AdditionalSettings.ReviewerCommentRequired,
			&c.AdditionalSettings.HideFlaggedContent},
		ReviewerSettings: &reviewerSettings{CommonReviewers: &c.ReviewerSettings.CommonReviewers,
			SystemAdminsAsReviewers: &c.ReviewerSettings.SystemAdminsAsReviewers, TeamAdminsAsReviewers: &c.ReviewerSettings.TeamAdminsAsReviewers,
			TeamReviewersSetting: map[string]teamReviewers{}}}
	r := out.ReviewerSettings
	var err error
	if r.CommonReviewerIds, err = db.List(ctx, m.db, db.One[string], `SELECT userid FROM contentflaggingcommonreviewers ORDER BY userid LIMIT $1`,
		mostReviewers); err != nil {
		return nil, err
	}
	type row struct{ team, user string }
	rows, err := db.List(ctx, m.db, func(s db.Row) (x row, err error) { return x, s.Scan(&x.team, &x.user) },
		`SELECT teamid, userid FROM contentflaggingteamreviewers ORDER BY teamid, userid LIMIT 100000`)
	if err != nil {
		return nil, err
	}
	on, err := db.List(ctx, m.db, db.One[string], `SELECT teamid FROM contentflaggingteamsettings WHERE enabled = true ORDER BY teamid LIMIT 100000`)
	if err != nil {
		return nil, err
	}
	yes, no := true, false
	for _, teamID := range on {
		r.TeamReviewersSetting[teamID] = teamReviewers{Enabled: &yes, ReviewerIds: []string{}}
	}
	for _, x := range rows {
		t, ok := r.TeamReviewersSetting[x.team]
		if !ok {
			t.Enabled = &no
		}
		t.ReviewerIds = append(t.ReviewerIds, x.user)
		r.TeamReviewersSetting[x.team] = t
	}
	return out, nil
}

// save checks and keeps settings: what they don't name stays as it is.
func (m *Moderation) save(ctx context.Context, byID string, in *settings) error {
	tree := map[string]any{}
	set := func(into map[string]any, key string, value *bool) {
		if value != nil {
			into[key] = *value
		}
	}
	set(tree, "EnableContentFlagging", in.EnableContentFlagging)
	if in.NotificationSettings != nil && in.NotificationSettings.EventTargetMapping != nil {
		mapping := map[string]any{}
		for event, targets := range in.NotificationSettings.EventTargetMapping {
			list := make([]any, len(targets))
			for i, t := range targets {
				list[i] = t
			}
			mapping[event] = list
		}
		tree["NotificationSettings"] = map[string]any{"EventTargetMapping": mapping}
	}
	if a := in.AdditionalSettings; a != nil {
		more := map[string]any{}
		if a.Reasons != nil {
			if err := checkReasons(*a.Reasons); err != nil {
				return err
			}
			list := make([]any, len(*a.Reasons))
			for i, r := range *a.Reasons {
				list[i] = r
			}
			more["Reasons"] = list
		}
		set(more, "ReporterCommentRequired", a.ReporterCommentRequired)
		set(more, "ReviewerCommentRequired", a.ReviewerCommentRequired)
		set(more, "HideFlaggedContent", a.HideFlaggedContent)
		tree["AdditionalSettings"] = more
	}
	if r := in.ReviewerSettings; r != nil {
		if err := m.checkReviewers(ctx, in); err != nil {
			return err
		}
		more := map[string]any{}
		set(more, "CommonReviewers", r.CommonReviewers)
		set(more, "SystemAdminsAsReviewers", r.SystemAdminsAsReviewers)
		set(more, "TeamAdminsAsReviewers", r.TeamAdminsAsReviewers)
		tree["ReviewerSettings"] = more
	}
	if _, err := m.cfg.Patch(ctx, map[string]any{"ContentFlaggingSettings": tree}, byID); err != nil {
		return err
	}
	if in.ReviewerSettings == nil {
		return nil
	}
	return m.db.Tx(ctx, func(tx *db.Tx) error { return keepReviewers(ctx, tx, in.ReviewerSettings) })
}

func checkReasons(reasons []string) error {
	if len(reasons) == 0 || len(reasons) > 50 {
		return fault.Invalid("model.config.is_valid.content_flagging.reasons_not_set.app_error")
	}
	for _, r := range reasons {
		if r == "" || len(r) > 255 {
			return fault.Invalid("model.config.is_valid.content_flagging.reasons_not_set.app_error")
		}
	}
	return nil
}

// checkReviewers refuses people and teams that aren't there, and to switch the
// feature on with nobody to look at what is reported.
func (m *Moderation) checkReviewers(ctx context.Context, in *settings) error {
	r, now := in.ReviewerSettings, m.cfg.Get().ContentFlaggingSettings
	flag := func(p *bool, otherwise bool) bool {
		if p != nil {
			return *p
		}
		return otherwise
	}
	on := flag(in.EnableContentFlagging, now.EnableContentFlagging)
	common := flag(r.CommonReviewers, now.ReviewerSettings.CommonReviewers)
	admins := flag(r.SystemAdminsAsReviewers, now.ReviewerSettings.SystemAdminsAsReviewers) ||
		flag(r.TeamAdminsAsReviewers, now.ReviewerSettings.TeamAdminsAsReviewers)
	everybody := append([]string{}, r.CommonReviewerIds...)
	for teamID, t := range r.TeamReviewersSetting {
		if _, err := m.acc.Team(ctx, teamID); err != nil || !id.Valid(teamID) {
			return fault.InvalidParam("TeamReviewersSetting")
		}
		if on && !common && !admins && t.Enabled != nil && *t.Enabled && len(t.ReviewerIds) == 0 {
			return fault.Invalid("model.config.is_valid.content_flagging.team_reviewers_not_set.app_error")
		}
		everybody = append(everybody, t.ReviewerIds...)
	}
	if on && common && !admins && len(r.CommonReviewerIds) == 0 {
		return fault.Invalid("model.config.is_valid.content_flagging.common_reviewers_not_set.app_error")
	}
	known := map[string]bool{}
	for _, userID := range everybody {
		known[userID] = true
	}
	ids := make([]string, 0, len(known))
	for userID := range known {
		ids = append(ids, userID)
	}
	found, err := m.users.ByIDs(ctx, ids)
	if err == nil && len(found) < len(ids) {
		err = fault.InvalidParam("ReviewerIds")
	}
	return err
}

func keepReviewers(ctx context.Context, tx *db.Tx, r *reviewerSettings) error {
	if r.CommonReviewerIds != nil {
		if _, err := tx.Exec(ctx, `DELETE FROM contentflaggingcommonreviewers`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO contentflaggingcommonreviewers (userid) SELECT id FROM users WHERE id = ANY($1)`, r.CommonReviewerIds); err != nil {
			return err
		}
	}
	for teamID, t := range r.TeamReviewersSetting {
		if t.Enabled != nil {
			if _, err := tx.Exec(ctx, `INSERT INTO contentflaggingteamsettings (teamid, enabled) VALUES ($1, $2)
				ON CONFLICT (teamid) DO UPDATE SET enabled = excluded.enabled`, teamID, *t.Enabled); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `DELETE FROM contentflaggingteamreviewers WHERE teamid = $1`, teamID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO contentflaggingteamreviewers (teamid, userid) SELECT CAST($1 AS text), id FROM users WHERE id = ANY($2)`,
			teamID, t.ReviewerIds); err != nil {
			return err
		}
	}
	return nil
}
