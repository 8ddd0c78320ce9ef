package admin

import (
	"context"
	"errors"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// Names of rows of the table systems (reference: constants.tsv).
const (
	rowSetupComplete = "FirstAdminSetupComplete"
	rowFirstVisit    = "FirstAdminVisitMarketplace"
	rowOrganization  = "OrganizationName"
)

// maxSystemValue is the width of the column systems.value.
const maxSystemValue = 1024

// readRow returns a row of the table systems, or def when it isn't there.
func (a *Admin) readRow(ctx context.Context, name, def string) (model.SystemValue, error) {
	value, err := db.Value[string](ctx, a.db, `SELECT coalesce(value,'') FROM systems WHERE name = $1`, name)
	if errors.Is(err, db.ErrNotFound) {
		value, err = def, nil
	}
	return model.SystemValue{Name: name, Value: value}, err
}

func writeRow(ctx context.Context, q db.Querier, name, value string) error {
	_, err := db.Exec(ctx, q, `INSERT INTO systems (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value`, name, value)
	return err
}

func (a *Admin) onboarding(ctx context.Context, _ access.Viewer, _ api.None) (model.SystemValue, error) {
	return a.readRow(ctx, rowSetupComplete, "false")
}

type onboardingIn struct {
	Raw []byte `body:"raw"`
}

// completeOnboarding notes that the first administrator has set the server up,
// and the name of the organization. Plugins that clients ask to install on the
// way are left out: they are installed where plugins are.
func (a *Admin) completeOnboarding(ctx context.Context, v access.Viewer, in onboardingIn) (api.OK, error) {
	if !v.Admin(ctx) {
		return api.OK{}, fault.Forbidden("app.system.complete_onboarding_request.no_first_user")
	}
	var body struct {
		Organization string `json:"organization"`
	}
	if err := api.DecodeJSON(in.Raw, &body); err != nil {
		return api.OK{}, fault.Invalid("app.system.complete_onboarding_request.app_error").Wrap(err)
	}
	name := strings.TrimSpace(body.Organization)
	if name == "" {
		return api.OK{}, fault.Invalid("api.error_no_organization_name_provided_for_self_hosted_onboarding")
	}
	if len(name) > maxSystemValue {
		return api.OK{}, fault.InvalidParam("organization")
	}
	err := a.db.Tx(ctx, func(tx *db.Tx) error {
		if err := writeRow(ctx, tx, rowOrganization, name); err != nil {
			return err
		}
		return writeRow(ctx, tx, rowSetupComplete, "true")
	})
	return api.Done(), err
}

func (a *Admin) firstVisit(ctx context.Context, _ access.Viewer, _ api.None) (model.SystemValue, error) {
	return a.readRow(ctx, rowFirstVisit, "false")
}

// setFirstVisit notes that an administrator has seen the list of plugins; the
// body, which says the same, doesn't matter.
func (a *Admin) setFirstVisit(ctx context.Context, _ access.Viewer, _ api.None) (api.OK, error) {
	if err := writeRow(ctx, a.db, rowFirstVisit, "true"); err != nil {
		return api.OK{}, err
	}
	a.hub.Publish(realtime.Event{Name: "first_admin_visit_marketplace_status_received", To: realtime.Audience{Everyone: true},
		Data: map[string]string{"firstAdminVisitMarketplaceStatus": "true"}})
	return api.Done(), nil
}
