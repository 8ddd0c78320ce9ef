package admin

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/fault"
)

// mountLicence mounts what the protocol has about licences and editions. There
// is one edition of Parley and it needs no licence, so there is nothing to add,
// to try or to upgrade to; each route says so to those who may use it.
func (a *Admin) mountLicence(r *access.Router) {
	manage, system := access.Needs(access.PermManageLicenseInformation), access.Needs(access.PermManageSystem)
	api.Get(r, "/license/client", access.Public, a.clientLicence)
	api.Get(r, "/license/load_metric", access.Session, a.licenceLoad)
	api.Post(r, "/license", manage, a.addLicence, api.MaxBody(maxLicence))
	api.Delete(r, "/license", manage, a.removeLicence)
	api.Post(r, "/trial-license", manage, complete("api.license.upgrade_needed.app_error", http.StatusForbidden))
	api.Get(r, "/trial-license/prev", access.Session, complete("api.license.upgrade_needed.app_error", http.StatusForbidden))
	api.Post(r, "/upgrade_to_enterprise", system, complete("api.upgrade_to_enterprise.already-enterprise.app_error", http.StatusTooManyRequests))
	api.Get(r, "/upgrade_to_enterprise/allowed", system, complete("api.upgrade_to_enterprise.system_not_supported.app_error", http.StatusForbidden))
	api.Get(r, "/upgrade_to_enterprise/status", system, complete("api.upgrade_to_enterprise_status.app_error", http.StatusBadRequest))
}

// maxLicence bounds an uploaded licence file.
const maxLicence = 1 << 20

// licensedUsers is what the client licence gives as the number of users.
const licensedUsers = 1_000_000

// complete says, with the id and status that clients know, that nothing is
// missing here.
func complete(errorID string, status int) func(context.Context, access.Viewer, api.None) (api.OK, error) {
	return func(context.Context, access.Viewer, api.None) (api.OK, error) {
		return api.OK{}, fault.Forbidden(errorID).WithStatus(status)
	}
}

func (a *Admin) clientLicence(_ context.Context, _ access.Viewer, in formatIn) (access.Answer, error) {
	if in.Format != "old" {
		return access.Answer{}, fault.InvalidParam("format")
	}
	return licenceAnswer()
}

// licenceAnswer is the client licence, which is always the same.
var licenceAnswer = sync.OnceValues(func() (access.Answer, error) {
	body, err := api.Encode(config.ClientLicense())
	return access.Answer{Body: body}, err
})

type addLicenceIn struct{ api.Request }

// addLicence reads the form, so that a client's mistake is named, and then
// refuses any licence: none is needed.
func (a *Admin) addLicence(_ context.Context, _ access.Viewer, in addLicenceIn) (api.OK, error) {
	err := in.ParseMultipartForm(maxLicence)
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		return api.OK{}, fault.TooLarge("api.context.request_body_too_large.app_error", "Max", maxLicence)
	case err != nil:
		return api.OK{}, fault.Invalid("api.license.add_license.no_file.app_error").Wrap(err)
	}
	defer func() { _ = in.MultipartForm.RemoveAll() }()
	files, ok := in.MultipartForm.File["license"]
	switch {
	case !ok:
		return api.OK{}, fault.Invalid("api.license.add_license.no_file.app_error")
	case len(files) == 0:
		return api.OK{}, fault.Invalid("api.license.add_license.array.app_error")
	}
	return api.OK{}, fault.Invalid("api.license.add_license.invalid.app_error")
}

// removeLicence has nothing to remove, which is what its callers want.
func (a *Admin) removeLicence(context.Context, access.Viewer, api.None) (api.OK, error) {
	return api.Done(), nil
}

// licenceLoad is how much of the room for users is taken, in thousandths. The
// room is the number of users that the client licence names.
func (a *Admin) licenceLoad(ctx context.Context, _ access.Viewer, _ api.None) (map[string]int64, error) {
	n, err := a.usage(ctx, "people", `SELECT count(*) FROM users u WHERE u.deleteat = 0 AND NOT EXISTS (SELECT 1 FROM bots b WHERE b.userid = u.id)`)
	return map[string]int64{"load": n * 1000 / licensedUsers}, err
}
