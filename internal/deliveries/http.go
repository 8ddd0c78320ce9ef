package deliveries

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
)

// managed says who, beside its owner, may read the log of an integration in a team.
var managed = map[string]access.Permission{
	KindCommand:         access.PermManageOthersSlashCommands,
	KindOutgoingWebhook: access.PermManageOthersOutgoingWebhooks,
}

// perPageMost bounds a page of the log.
const perPageMost = 200

var errMissing = fault.NotFound("parley.deliveries.missing.app_error")

// Mount adds the routes of the slice.
func (d *Deliveries) Mount(r *access.Router) {
	api.Get(r, "/parley/deliveries", access.Session, d.getList)
	api.Get(r, "/parley/deliveries/{delivery_id}", access.Session, d.getOne)
	api.Post(r, "/parley/deliveries/{delivery_id}/send_again", access.Session, d.postAgain, api.Created())
}

type listIn struct {
	Kind    string `query:"kind"`
	Of      string `query:"of"`
	TeamID  string `query:"team_id"`
	State   string `query:"state"`
	Before  int64  `query:"before"`
	PerPage int    `query:"per_page" default:"60"`
}

// getList returns the log, the newest first: of all integrations to
// administrators, of a team and a kind to who manages those, of one's own to
// others.
func (d *Deliveries) getList(ctx context.Context, v access.Viewer, in listIn) ([]*Delivery, error) {
	where, args := "createat < $1", []any{in.Before}
	if in.Before <= 0 {
		args[0] = int64(1) << 62
	}
	and := func(column string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(" AND %s = $%d", column, len(args))
	}
	for _, one := range []struct{ column, value string }{{"kind", in.Kind}, {"ofid", in.Of}, {"teamid", in.TeamID}, {"state", in.State}} {
		if one.value != "" {
			and(one.column, one.value)
		}
	}
	if !d.seesAll(ctx, v, in.Kind, in.TeamID) {
		and("ownerid", v.UserID)
	}
	args = append(args, min(max(in.PerPage, 1), perPageMost))
	list, err := db.List(ctx, d.DB, scan, fmt.Sprintf(`SELECT `+columns+` FROM parley_deliveries WHERE %s
		ORDER BY createat DESC, id LIMIT $%d`, where, len(args)), args...)
	for _, r := range list {
		d.show(r)
	}
	return list, err
}

func (d *Deliveries) seesAll(ctx context.Context, v access.Viewer, kind, teamID string) bool {
	if v.Can(ctx, access.PermManageSystem) {
		return true
	}
	p, known := managed[kind]
	return known && id.Valid(teamID) && v.CanTeam(ctx, teamID, p)
}

type deliveryIn struct {
	ID string `path:"delivery_id"`
}

// visible returns a delivery that v may know of.
func (d *Deliveries) visible(ctx context.Context, v access.Viewer, deliveryID string) (*Delivery, error) {
	r, err := db.Get(ctx, d.DB, scan, `SELECT `+columns+` FROM parley_deliveries WHERE id = $1`, deliveryID)
	if errors.Is(err, db.ErrNotFound) || err == nil && r.OwnerID != v.UserID && !d.seesAll(ctx, v, r.Kind, r.TeamID) {
		return nil, errMissing
	}
	return r, err
}

func (d *Deliveries) getOne(ctx context.Context, v access.Viewer, in deliveryIn) (*Delivery, error) {
	r, err := d.visible(ctx, v, in.ID)
	if err != nil {
		return nil, err
	}
	return d.show(r), nil
}

// postAgain sends what a delivery sent once more, as a new one.
func (d *Deliveries) postAgain(ctx context.Context, v access.Viewer, in deliveryIn) (*Delivery, error) {
	old, err := d.visible(ctx, v, in.ID)
	if err != nil {
		return nil, err
	}
	switch {
	case old.State == StateWaiting:
		return nil, fault.Invalid("parley.deliveries.waiting.app_error")
	case old.Body == "" && old.Method != http.MethodGet:
		return nil, fault.Invalid("parley.deliveries.not_kept.app_error")
	}
	c := old.call()
	c.ID = id.New()
	if err := d.DB.Tx(ctx, func(tx *db.Tx) error { return d.Enqueue(ctx, tx, c) }); err != nil {
		return nil, err
	}
	d.Users.Audit(ctx, v, "/api/v4/parley/deliveries/"+old.ID+"/send_again", "id="+c.ID)
	return d.show(newRow(c)), nil
}

// secretHeaders are shown as having a value only.
var secretHeaders = []string{"Authorization", "Cookie", HeaderSignature}

var (
	tokenInJSON = regexp.MustCompile(`("(?:token|access_token|secret|password)"\s*:\s*")(?:[^"\\]|\\.)*"`)
	tokenInForm = regexp.MustCompile(`((?:^|[?&\s])(?:token|access_token|secret|password)=)[^&#\s]*`)
	idInPath    = regexp.MustCompile(`((?:/|%2F)hooks(?:/|%2F)(?:commands(?:/|%2F))?)[a-z0-9]{26}`)
)

// masked takes out of a text what an integration proves itself with.
func masked(text string) string {
	text = tokenInJSON.ReplaceAllString(text, `${1}…"`)
	text = tokenInForm.ReplaceAllString(text, "${1}…")
	return idInPath.ReplaceAllString(text, "${1}…")
}

// show makes a row ready to be shown.
func (d *Deliveries) show(r *Delivery) *Delivery {
	if until := d.breakers.rests(r.call().key(), time.Now()); !until.IsZero() {
		r.Resting = until.UnixMilli()
	}
	r.Body, r.URL, r.Answer = masked(r.Body), masked(r.URL), masked(r.Answer)
	header := http.Header{}
	for name, values := range r.Header {
		header[name] = values
	}
	for _, name := range secretHeaders {
		if header.Get(name) != "" {
			header.Set(name, "…")
		}
	}
	r.Header = header
	return r
}
