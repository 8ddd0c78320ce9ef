package teams

import (
	"strings"

	"github.com/parley-chat/parley/internal/model"
)

// domainAllowed reports whether a user's mail address may enter a team: by the
// team's list and the server's, for guests by the server's list for guests.
// Bots have no address that counts.
func (t *Teams) domainAllowed(team *model.Team, u *model.User) bool {
	if u.IsBot {
		return true
	}
	if u.IsGuest() {
		return inDomains(u.Email, t.cfg.Get().GuestAccountsSettings.RestrictCreationToDomains)
	}
	return t.addressAllowed(team, u.Email)
}

// addressAllowed reports whether somebody of a mail address may enter a team.
func (t *Teams) addressAllowed(team *model.Team, email string) bool {
	return inDomains(email, team.AllowedDomains) && inDomains(email, t.cfg.Get().TeamSettings.RestrictCreationToDomains)
}

// inDomains reports whether an address belongs to one of the domains listed; any
// does when none is. The whole domain must match: not a part of it, not its parent.
func inDomains(email, list string) bool {
	domains := splitDomains(list)
	if len(domains) == 0 {
		return true
	}
	at := strings.LastIndexByte(email, '@')
	for _, d := range domains {
		if at >= 0 && strings.EqualFold(email[at+1:], d) {
			return true
		}
	}
	return false
}

// splitDomains reads a setting's list: separated by commas or blanks, with or without @.
func splitDomains(list string) []string {
	return strings.Fields(strings.Map(func(r rune) rune {
		if r == ',' || r == '@' {
			return ' '
		}
		return r
	}, strings.ToLower(list)))
}
