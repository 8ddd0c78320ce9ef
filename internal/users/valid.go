package users

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// Bounds of the maps of a user, which the columns don't have: props hold the
// custom status and the like, notify props the mention keys.
const (
	propsMaxBytes       = 16 << 10
	notifyPropsMaxBytes = 16 << 10
)

// tidy brings a user's texts into the form in which they are kept.
func tidy(user *model.User) {
	user.Username = strings.ToLower(strings.TrimSpace(user.Username))
	user.Email = strings.ToLower(strings.TrimSpace(user.Email))
	for _, s := range []*string{&user.Nickname, &user.FirstName, &user.LastName, &user.Position} {
		*s = strings.TrimSpace(strings.ToValidUTF8(*s, "\ufffd"))
	}
	if user.Locale == "" {
		user.Locale = model.DefaultLocale
	}
	if user.Props == nil {
		user.Props = model.StringMap{}
	}
	if len(user.Timezone) == 0 {
		user.Timezone = model.DefaultTimezone()
	}
	if len(user.NotifyProps) == 0 {
		user.NotifyProps = model.DefaultUserNotifyProps()
	} else if _, ok := user.NotifyProps[model.NotifyPropMentionKeys]; ok {
		user.NotifyProps[model.NotifyPropMentionKeys] = strings.ToLower(strings.Join(user.MentionKeys(), ","))
	}
}

// Check brings a user into the form in which they are kept and holds them
// against the rules, for an import, which writes rows with times of their own.
func Check(user *model.User) error {
	tidy(user)
	return check(user)
}

// check holds a tidy user against the rules of the protocol (reference:
// limits.tsv) and names the field that breaks one.
func check(user *model.User) error {
	nameOK := model.ValidUsername(user.Username)
	if user.RemoteID != nil && *user.RemoteID != "" {
		nameOK = model.ValidRemoteUsername(user.Username)
	}
	for _, rule := range []struct {
		ok    bool
		field string
	}{
		{nameOK, "username"},
		{model.ValidEmail(user.Email), "email"},
		{utf8.RuneCountInString(user.Nickname) <= model.UserNicknameMaxRunes, "nickname"},
		{utf8.RuneCountInString(user.Position) <= model.UserPositionMaxRunes, "position"},
		{utf8.RuneCountInString(user.FirstName) <= model.UserFirstNameMaxRunes, "first_name"},
		{utf8.RuneCountInString(user.LastName) <= model.UserLastNameMaxRunes, "last_name"},
		{user.AuthData == nil || len(*user.AuthData) <= model.UserAuthDataMaxLength, "auth_data"},
		{user.AuthData == nil || *user.AuthData == "" || user.AuthService != "", "auth_data_type"},
		{validLocale(user.Locale), "locale"},
		{jsonRunes(user.Timezone) <= model.UserTimezoneMaxRunes, "timezone_limit"},
		{len(user.Roles) <= model.UserRolesMaxLength, "roles_limit"},
		{jsonRunes(user.Props) <= propsMaxBytes, "props"},
		{jsonRunes(user.NotifyProps) <= notifyPropsMaxBytes, "notify_props"},
	} {
		if !rule.ok {
			return fault.Invalid("model.user.is_valid."+rule.field+".app_error", "Field", rule.field)
		}
	}
	return nil
}

func validLocale(locale string) bool {
	if len(locale) > model.UserLocaleMaxLength {
		return false
	}
	_, err := language.Parse(locale)
	return err == nil
}

func jsonRunes(m model.StringMap) int {
	raw, _ := json.Marshal(m) // a map of strings always has a form
	return utf8.RuneCount(raw)
}

// domainAllowed reports whether email lies in one of the domains, which are
// separated by commas or spaces, perhaps with an @; none means any.
func domainAllowed(email, allowed string) bool {
	list := domains(allowed)
	_, domain, _ := strings.Cut(strings.ToLower(strings.TrimSpace(email)), "@")
	return len(list) == 0 || slices.Contains(list, domain)
}

// domains splits such a list.
func domains(list string) []string {
	out := strings.FieldsFunc(strings.ToLower(list), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' })
	for i, d := range out {
		out[i] = strings.TrimPrefix(d, "@")
	}
	return out
}

// checkDomain refuses an address outside of the domains that the settings
// allow: others for guests than for members.
func (u *Users) checkDomain(user *model.User, memberID, guestID string) error {
	c := u.cfg.Get()
	if user.IsGuest() {
		if !domainAllowed(user.Email, c.GuestAccountsSettings.RestrictCreationToDomains) {
			return fault.Invalid(guestID)
		}
		return nil
	}
	if !domainAllowed(user.Email, c.TeamSettings.RestrictCreationToDomains) {
		return fault.Invalid(memberID)
	}
	return nil
}
