package teams

import (
	"context"
	"errors"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// The columns of a team, and the two ways to read them: only lists for who may
// read retention policies show a team's policy.
const (
	teamColumns = `t.id, coalesce(t.createat,0), coalesce(t.updateat,0), coalesce(t.deleteat,0), coalesce(t.displayname,''), coalesce(t.name,''),
	coalesce(t.description,''), coalesce(t.email,''), coalesce(CAST(t.type AS text),''), coalesce(t.companyname,''), coalesce(t.alloweddomains,''),
	coalesce(t.inviteid,''), t.schemeid, coalesce(t.allowopeninvite,false), coalesce(t.lastteamiconupdate,0), t.groupconstrained,
	t.cloudlimitsarchived`
	fromTeams         = `SELECT ` + teamColumns + `, CAST(NULL AS text) FROM teams t `
	fromTeamsPolicies = `SELECT ` + teamColumns + `, rp.policyid FROM teams t LEFT JOIN retentionpoliciesteams rp ON rp.teamid = t.id `
)

func scanTeam(r db.Row) (*model.Team, error) {
	var t model.Team
	err := r.Scan(&t.ID, &t.CreateAt, &t.UpdateAt, &t.DeleteAt, &t.DisplayName, &t.Name, &t.Description, &t.Email, &t.Type,
		&t.CompanyName, &t.AllowedDomains, &t.InviteID, &t.SchemeID, &t.AllowOpenInvite, &t.LastTeamIconUpdate,
		&t.GroupConstrained, &t.CloudLimitsArchived, &t.PolicyID)
	return &t, err
}

// one returns the team that where (over t) finds; missing when there is none.
func (t *Teams) one(ctx context.Context, q db.Querier, missing, where string, arg any) (*model.Team, error) {
	team, err := db.Get(ctx, q, scanTeam, fromTeams+"WHERE "+where, arg)
	if errors.Is(err, db.ErrNotFound) {
		return nil, fault.NotFound(missing)
	}
	return team, err
}

func (t *Teams) load(ctx context.Context, q db.Querier, teamID string) (*model.Team, error) {
	return t.one(ctx, q, "app.team.get.find.app_error", "t.id = $1", teamID)
}

// insert stores a new team.
func insert(ctx context.Context, q db.Querier, t *model.Team) error {
	_, err := db.Exec(ctx, q, `INSERT INTO teams (id, createat, updateat, deleteat, displayname, name, description, email, type, companyname,
		alloweddomains, inviteid, schemeid, allowopeninvite, lastteamiconupdate, groupconstrained, cloudlimitsarchived)
		VALUES ($1,$2,$3,0,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,0,$14,$15)`,
		t.ID, t.CreateAt, t.UpdateAt, t.DisplayName, t.Name, t.Description, t.Email, t.Type, t.CompanyName,
		t.AllowedDomains, t.InviteID, t.SchemeID, t.AllowOpenInvite, t.GroupConstrained, t.CloudLimitsArchived)
	if db.IsDuplicate(err, "teams_name_key") {
		return fault.Invalid("store.sql_team.save_team.existing.app_error")
	}
	return err
}

// update stores all of a team's fields but its name and what is set at its birth.
func update(ctx context.Context, q db.Querier, t *model.Team) error {
	_, err := db.Exec(ctx, q, `UPDATE teams SET updateat = $2, deleteat = $3, displayname = $4, description = $5, type = $6, companyname = $7,
		alloweddomains = $8, inviteid = $9, schemeid = $10, allowopeninvite = $11, lastteamiconupdate = $12, groupconstrained = $13,
		cloudlimitsarchived = $14 WHERE id = $1`,
		t.ID, t.UpdateAt, t.DeleteAt, t.DisplayName, t.Description, t.Type, t.CompanyName, t.AllowedDomains, t.InviteID, t.SchemeID,
		t.AllowOpenInvite, t.LastTeamIconUpdate, t.GroupConstrained, t.CloudLimitsArchived)
	return err
}
