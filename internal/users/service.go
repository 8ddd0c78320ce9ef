package users

import (
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/model"
)

// serviceOwns returns the first field of the patch that differs from the
// account's and is kept right by its sign-on service, so that a change here
// would be lost or let somebody pose as another; "" when there is none.
func serviceOwns(c *config.Config, old *model.User, p *model.UserPatch) string {
	owned := ownedBy(c, old.AuthService)
	for _, f := range []struct {
		name  string
		now   string
		given *string
	}{
		{"username", old.Username, p.Username}, {"email", old.Email, p.Email}, {"first name", old.FirstName, p.FirstName},
		{"last name", old.LastName, p.LastName}, {"nickname", old.Nickname, p.Nickname}, {"position", old.Position, p.Position},
	} {
		if owned[f.name] && f.given != nil && *f.given != f.now {
			return f.name
		}
	}
	return ""
}

// ownedBy names the fields that a sign-on service fills: for directories those
// with an attribute in the settings, for the others names and address.
func ownedBy(c *config.Config, service string) map[string]bool {
	switch service {
	case "", model.UserAuthServiceEmail:
		return nil
	case model.UserAuthServiceLDAP:
		l := c.LdapSettings
		return map[string]bool{"username": true, "email": true, "first name": l.FirstNameAttribute != "", "last name": l.LastNameAttribute != "",
			"nickname": l.NicknameAttribute != "", "position": l.PositionAttribute != ""}
	case model.UserAuthServiceSAML:
		s := c.SamlSettings
		return map[string]bool{"username": true, "email": true, "first name": s.FirstNameAttribute != "", "last name": s.LastNameAttribute != "",
			"nickname": s.NicknameAttribute != "", "position": s.PositionAttribute != ""}
	}
	return map[string]bool{"email": true, "first name": true, "last name": true}
}

// serviceOwnsPicture reports whether the directory decides the account's picture.
func serviceOwnsPicture(c *config.Config, user *model.User) bool {
	return c.LdapSettings.PictureAttribute != "" &&
		(user.AuthService == model.UserAuthServiceLDAP || user.AuthService == model.UserAuthServiceSAML && c.SamlSettings.EnableSyncWithLdap)
}
