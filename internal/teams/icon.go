package teams

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/imaging"
	"github.com/parley-chat/parley/internal/model"
)

const iconSize = 128 // pixels, each way

// iconName is where a team's icon lies.
func iconName(teamID string) string { return "teams/" + teamID + "/teamIcon.png" }

func (t *Teams) mountIcon(r *access.Router) {
	api.Get(r, "/teams/{team_id}/image", access.Session, t.getIcon)
	// The setting FileSettings.MaxFileSize, which may change, is what limits it.
	api.Post(r, "/teams/{team_id}/image", access.Session, t.postIcon, api.MaxBody(1<<40))
	api.Delete(r, "/teams/{team_id}/image", access.Session, t.deleteIcon)
}

type getIconIn struct {
	teamIn
	Known string `header:"If-None-Match"`
}

func (t *Teams) getIcon(ctx context.Context, v access.Viewer, in getIconIn) (api.Reply, error) {
	team, err := t.Visible(ctx, v, in.TeamID)
	if err != nil {
		return api.Reply{}, err
	}
	if team.LastTeamIconUpdate == 0 {
		return api.Reply{}, fault.NotFound("api.team.get_team_icon.read_file.app_error")
	}
	etag := strconv.FormatInt(team.LastTeamIconUpdate, 10)
	head := http.Header{"Etag": {etag}, "Cache-Control": {"max-age=86400, private"}, "Content-Type": {"image/png"}}
	if api.Unchanged(in.Known, etag) {
		return api.Reply{Status: http.StatusNotModified, Header: head}, nil
	}
	icon, err := t.blobs.Read(ctx, iconName(team.ID))
	if errors.Is(err, blob.ErrNotFound) {
		return api.Reply{}, fault.NotFound("api.team.get_team_icon.read_file.app_error").Wrap(err)
	}
	return api.Reply{Header: head, Body: icon}, err
}

type postIconIn struct {
	teamIn
	Request api.Request
}

func (t *Teams) postIcon(ctx context.Context, v access.Viewer, in postIconIn) (api.OK, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermManageTeam); err != nil {
		return api.OK{}, err
	}
	limit := int64(t.cfg.Get().FileSettings.MaxFileSize)
	file, err := api.FormFile(in.Request, "image", limit, func(what string, cause error) error {
		return fault.Invalid("api.team.set_team_icon." + what + ".app_error").Wrap(cause)
	})
	if err != nil {
		return api.OK{}, err
	}
	icon, err := t.drawIcon(ctx, file)
	if err != nil {
		return api.OK{}, err
	}
	if _, err := t.acc.Team(ctx, in.TeamID); err != nil {
		return api.OK{}, err
	}
	if _, err := t.blobs.Write(ctx, iconName(in.TeamID), bytes.NewReader(icon)); err != nil {
		return api.OK{}, fault.Internal("api.team.set_team_icon.write_file.app_error", err)
	}
	return api.Done(), t.stampIcon(ctx, v, in.TeamID, true)
}

// drawIcon makes the icon of a picture that somebody sent.
func (t *Teams) drawIcon(ctx context.Context, file []byte) ([]byte, error) {
	img, err := imaging.Decode(ctx, bytes.NewReader(file), int64(t.cfg.Get().FileSettings.MaxImageResolution))
	switch {
	case errors.Is(err, imaging.ErrTooLarge):
		return nil, fault.Invalid("api.team.set_team_icon.check_image_limits.app_error").Wrap(err)
	case errors.Is(err, imaging.ErrFormat):
		return nil, fault.Invalid("api.team.set_team_icon.decode.app_error").Wrap(err)
	case err != nil:
		return nil, err
	}
	var out bytes.Buffer
	if err := imaging.EncodePNG(&out, imaging.Fill(img, iconSize, iconSize)); err != nil {
		return nil, fault.Internal("api.team.set_team_icon.encode.app_error", err)
	}
	return out.Bytes(), nil
}

func (t *Teams) deleteIcon(ctx context.Context, v access.Viewer, in teamIn) (api.OK, error) {
	if err := v.NeedTeam(ctx, in.TeamID, access.PermManageTeam); err != nil {
		return api.OK{}, err
	}
	if err := t.stampIcon(ctx, v, in.TeamID, false); err != nil {
		return api.OK{}, err
	}
	return api.Done(), t.blobs.Delete(ctx, iconName(in.TeamID))
}

// stampIcon notes in the team's row that it has a new icon, or none.
func (t *Teams) stampIcon(ctx context.Context, v access.Viewer, teamID string, has bool) error {
	u, err := t.edit(ctx, teamID, func(_ *db.Tx, team *model.Team) error {
		team.LastTeamIconUpdate = 0
		if has {
			team.LastTeamIconUpdate = team.UpdateAt
		}
		return nil
	})
	if err != nil {
		return err
	}
	u.ByID = v.UserID
	t.Updated.Publish(ctx, u)
	t.say("update_team", u.New)
	return nil
}
