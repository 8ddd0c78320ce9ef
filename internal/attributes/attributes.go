// Package attributes lets administrators say what people's profiles hold beside
// their name: an office, a skill, a manager (custom profile attributes).
//
// A field is a text, a date, a choice, or people. It is shown always, once it
// has a value, or to nobody but the person and the administrators. Each gives
// their own values, but for fields that administrators keep to themselves or
// that a directory fills. Fields that a plugin keeps are shown as it says and
// changed by nobody else.
//
// Rules of fields stand in fields.go, of values in values.go and check.go,
// routes in http.go; the tables belong to package properties.
package attributes

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/properties"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/users"
)

// Attributes is the slice. Make it with New.
type Attributes struct {
	db    *db.DB
	cfg   *config.Store
	hub   *realtime.Hub
	users *users.Users
	log   *slog.Logger
}

// New returns the slice over a migrated database. What is said of an account
// that is removed for good goes with it.
func New(d *db.DB, cfg *config.Store, hub *realtime.Hub, u *users.Users, log *slog.Logger) *Attributes {
	a := &Attributes{db: d, cfg: cfg, hub: hub, users: u, log: log}
	u.OnDeleting(func(ctx context.Context, tx *db.Tx, user *model.User) error {
		groupID, err := properties.GroupID(ctx, tx, model.PropertyGroupAttributes)
		if err != nil {
			return err
		}
		return properties.Forget(ctx, tx, groupID, []string{user.ID})
	})
	return a
}

var (
	errNoField   = fault.NotFound("app.custom_profile_attributes.property_field_not_found.app_error")
	errPatch     = fault.Invalid("api.custom_profile_attributes.invalid_field_patch")
	errFull      = fault.Invalid("app.custom_profile_attributes.limit_reached.app_error", "Max", model.AttributeFieldsMax).WithStatus(http.StatusUnprocessableEntity)
	errManaged   = fault.Forbidden("app.custom_profile_attributes.property_field_is_managed.app_error")
	errSynced    = fault.Invalid("app.custom_profile_attributes.property_field_is_synced.app_error")
	errSameName  = fault.Invalid("app.property.invalid_input.app_error")
	errFieldName = fault.Invalid("model.property_field.is_valid.app_error", "Max", model.PropertyFieldNameMaxRunes)
)

// group returns the id of the attributes' group of properties; 404 when the
// feature is switched off.
func (a *Attributes) group(ctx context.Context, q db.Querier) (string, error) {
	if !a.cfg.Get().FeatureFlags.CustomProfileAttributes {
		return "", fault.NotFound("api.context.404.app_error")
	}
	return properties.GroupID(ctx, q, model.PropertyGroupAttributes)
}

func (a *Attributes) tell(event string, to realtime.Audience, about string, data map[string]any) {
	a.hub.Publish(realtime.Event{Name: event, Data: data, To: to, About: about})
}
