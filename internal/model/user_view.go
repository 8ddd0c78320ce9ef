package model

// Visibility says what people may see of each other (the settings PrivacySettings.ShowEmailAddress and
// ShowFullName).
type Visibility struct {
	Email    bool
	FullName bool
}

// ForSelf returns the copy of the user that they may see themselves: everything but the secrets. It is also
// what answers a change that an administrator makes.
func (u User) ForSelf() User {
	u.Password = ""
	u.MFASecret = ""
	u.MFAUsedTimestamps = nil
	u.LastLogin = 0
	if u.AuthData != nil {
		u.AuthData = new(string)
	}
	return u
}

// ForAdmin returns the copy of the user that who manages users may see: the settings and the identity at the
// sign-on service, but no secrets and no history of sign-ins.
func (u User) ForAdmin() User {
	u.Password = ""
	u.MFASecret = ""
	u.MFAUsedTimestamps = nil
	u.LastLogin = 0
	u.LastPasswordUpdate = 0
	u.FailedAttempts = 0
	return u
}

// ForOthers returns the copy of the user that everybody else may see: the profile. Clients of the protocol
// expect an empty auth_data there, where the user's own copy has none.
func (u User) ForOthers(show Visibility) User {
	u = u.ForAdmin()
	u.AuthData = new(string)
	u.EmailVerified = false
	u.AllowMarketing = false
	u.NotifyProps = nil
	u.MFAActive = false
	u.TermsOfServiceID = ""
	u.TermsOfServiceCreateAt = 0
	if !show.Email {
		u.Email = ""
		u.Props = without(u.Props, userPropRemoteEmail)
	}
	if !show.FullName {
		u.FirstName, u.LastName = "", ""
	}
	return u
}

// userPropRemoteEmail holds the address of a user of another server.
const userPropRemoteEmail = "RemoteEmail"

// without returns m without key; m itself when it has none.
func without(m StringMap, key string) StringMap {
	if _, ok := m[key]; !ok {
		return m
	}
	m = m.Clone()
	delete(m, key)
	return m
}

// IsGuest tells whether the user is a guest.
func (u *User) IsGuest() bool { return HasRole(u.Roles, RoleSystemGuest) }

// IsAdmin tells whether the user may manage the whole system.
func (u *User) IsAdmin() bool { return HasRole(u.Roles, RoleSystemAdmin) }

// Apply writes the set fields into u. Maps replace the user's; the password is not one of the fields.
func (p *UserPatch) Apply(u *User) {
	set(&u.Username, p.Username)
	set(&u.Nickname, p.Nickname)
	set(&u.FirstName, p.FirstName)
	set(&u.LastName, p.LastName)
	set(&u.Position, p.Position)
	set(&u.Email, p.Email)
	set(&u.Locale, p.Locale)
	if p.Props != nil {
		u.Props = p.Props
	}
	if p.NotifyProps != nil {
		u.NotifyProps = p.NotifyProps
	}
	if p.Timezone != nil {
		u.Timezone = p.Timezone
	}
	if p.RemoteID != nil {
		u.RemoteID = p.RemoteID
	}
}
