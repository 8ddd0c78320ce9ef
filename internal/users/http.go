package users

import (
	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
)

// Mount mounts the routes of accounts.
func (u *Users) Mount(r *access.Router) {
	u.mountCredentials(r)
	u.mountReports(r)
	api.Post(r, "/users", access.Public, u.signup, api.Created())
	api.Get(r, "/users", access.Session, u.browse)
	api.Get(r, "/users/{user_id}", access.Session, u.get)
	api.Get(r, "/users/username/{username}", access.Session, u.getByUsername)
	api.Get(r, "/users/email/{email}", access.Session, u.getByEmail)
	api.Post(r, "/users/ids", access.Reading, u.getByIDs)
	api.Post(r, "/users/usernames", access.Reading, u.getByUsernames)
	api.Get(r, "/users/known", access.Session, u.known)
	api.Post(r, "/users/group_channels", access.Reading, u.inGroupChannels)

	api.Get(r, "/users/autocomplete", access.Session, u.autocomplete)
	api.Post(r, "/users/search", access.Reading, u.search, api.Sheddable())
	api.Get(r, "/users/stats", access.Session, u.stats)
	api.Get(r, "/users/stats/filtered", access.Needs(access.PermSysconsoleReadUserManagementUsers), u.statsFiltered)
	api.Get(r, "/users/invalid_emails", access.Needs(access.PermSysconsoleReadUserManagementUsers), u.invalidEmails)
	api.Get(r, "/limits/server", access.Session, u.limits)

	api.Put(r, "/users/{user_id}", access.Session, u.put)
	api.Put(r, "/users/{user_id}/patch", access.Session, u.patch)
	api.Put(r, "/users/{user_id}/active", access.Personal, u.putActive)
	api.Delete(r, "/users/{user_id}", access.Personal, u.delete)
	api.Delete(r, "/users", access.LocalOnly, u.deleteAll)
	api.Put(r, "/users/{user_id}/roles", access.Needs(access.PermManageRoles), u.putRoles)
	api.Put(r, "/users/{user_id}/auth", access.Needs(access.PermManageSystem), u.putAuth)
	api.Post(r, "/users/{user_id}/promote", access.Needs(access.PermPromoteGuest), u.promote)
	api.Post(r, "/users/{user_id}/demote", access.Needs(access.PermDemoteToGuest), u.demote)
	api.Post(r, "/users/{user_id}/email/verify/member", access.Needs(access.PermManageSystem), u.verifyMember)
	api.Get(r, "/parley/users/{user_id}/lock", access.Needs(access.PermSysconsoleReadUserManagementUsers), u.getLock)
	api.Post(r, "/users/{user_id}/reset_failed_attempts", access.Session, u.resetFailedAttempts)

	api.Get(r, "/users/{user_id}/image", access.Session, u.image)
	api.Get(r, "/users/{user_id}/image/default", access.Session, u.defaultImage)
	api.Post(r, "/users/{user_id}/image", access.Session, u.setImage, api.MaxBody(maxPictureBody))
	api.Delete(r, "/users/{user_id}/image", access.Session, u.removeImage)

	api.Get(r, "/users/{user_id}/terms_of_service", access.Session, u.acceptedTerms)
	api.Post(r, "/users/{user_id}/terms_of_service", access.Personal, u.acceptTerms)
	api.Get(r, "/terms_of_service", access.Session, u.latestTerms)
	api.Post(r, "/terms_of_service", access.Needs(access.PermManageSystem), u.createTerms)

	api.Get(r, "/users/{user_id}/audits", access.Session, u.userAudits)
	api.Get(r, "/audits", access.Needs(access.PermReadAudits), u.audits)
	u.mountTrail(r)
}
