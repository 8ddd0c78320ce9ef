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

// managed says who, beside its owner, may read the log of an integration in a
// team. What a subscription was told of its maker alone may be able to read.
var managed = map[string]access.Permission{
	KindCommand:         access.PermManageOthersSlashCommands,
	KindOutgoingWebhook: access.PermManageOthersOutgoingWebhooks,
}

var errMissing = fault.NotFound("parley.deliveries.missing.app_error")

// Mount adds the routes of the slice.
func (d *Deliveries) Mount(r *access.Router) {
	api.Get(r, "/parley/deliveries", access.Session, d.getList)
	api.Get(r, "/parley/deliveries/{delivery_id}", access.Session, d.getOne)
	api.Post(r, "/parley/deliveries/{delivery_id}/again", access.Session, d.postAgain, api.Created())
}

type listIn struct {
	api.Page
	Of      string `query:"of"`
	TeamID  string `query:"team_id"`
	Outcome string `query:"outcome"`
}

// Breaker says that an integration isn't called for a while.
type Breaker struct {
	Kind  string `json:"kind"`
	Of    string `json:"of"`
	Name  string `json:"name"`
	Until int64  `json:"until"` // milliseconds
}

type listOut struct {
	Deliveries []*Delivery `json:"deliveries"`
	Breakers   []Breaker   `json:"breakers"`
}

// getList returns the log, the newest first: of all integrations to
// administrators, of those of a team to who manages them there, of one's own to
// others.
func (d *Deliveries) getList(ctx context.Context, v access.Viewer, in listIn) (*listOut, error) {
	where, args := "createat >= 0", []any{}
	put := func(value any) string {
		args = append(args, value)
		return fmt.Sprintf("$%d", len(args))
	}
	for _, one := range []struct{ column, value string }{{"ofid", in.Of}, {"teamid", in.TeamID}, {"state", in.Outcome}} {
		if one.value != "" {
			where += " AND " + one.column + " = " + put(one.value)
		}
	}
	if !v.Can(ctx, access.PermManageSystem) {
		where += " AND (ownerid = " + put(v.UserID)
		for kind := range managed {
			if d.manages(ctx, v, kind, in.TeamID) {
				where += " OR kind = " + put(kind)
			}
		}
		where += ")"
	}
	list, err := db.List(ctx, d.DB, scan, fmt.Sprintf(`SELECT `+columns+` FROM parley_deliveries WHERE %s
		ORDER BY createat DESC, id LIMIT %s OFFSET %s`, where, put(in.PerPage), put(in.Offset())), args...)
	out := &listOut{Deliveries: list, Breakers: []Breaker{}}
	resting := map[string]bool{}
	for _, r := range list {
		key := r.call().key()
		if until := d.breakers.rests(key, time.Now()); !until.IsZero() && !resting[key] {
			resting[key] = true
			out.Breakers = append(out.Breakers, Breaker{r.Kind, r.Of, r.Name, until.UnixMilli()})
		}
		r.mask()
	}
	return out, err
}

// manages reports whether v manages the integrations of a kind in a team.
func (d *Deliveries) manages(ctx context.Context, v access.Viewer, kind, teamID string) bool {
	p, known := managed[kind]
	return known && id.Valid(teamID) && v.CanTeam(ctx, teamID, p)
}

type deliveryIn struct {
	ID string `path:"delivery_id"`
}

// visible returns a delivery that v may know of.
func (d *Deliveries) visible(ctx context.Context, v access.Viewer, deliveryID string) (*Delivery, error) {
	r, err := db.Get(ctx, d.DB, scan, `SELECT `+columns+` FROM parley_deliveries WHERE id = $1`, deliveryID)
	if errors.Is(err, db.ErrNotFound) || err == nil && r.OwnerID != v.UserID && !v.Can(ctx, access.PermManageSystem) && !d.manages(ctx, v, r.Kind, r.TeamID) {
		return nil, errMissing
	}
	return r, err
}

func (d *Deliveries) getOne(ctx context.Context, v access.Viewer, in deliveryIn) (*Delivery, error) {
	r, err := d.visible(ctx, v, in.ID)
	if err != nil {
		return nil, err
	}
	return r.mask(), nil
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
	d.Users.Audit(ctx, v, "/api/v4/parley/deliveries/"+old.ID+"/again", "id="+c.ID)
	return newRow(c).mask(), nil
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

// mask makes a row ready to be shown.
func (r *Delivery) mask() *Delivery {
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
	if r.State != StateWaiting {
		r.Next = 0
	}
	return r
}
