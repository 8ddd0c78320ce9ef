package model

import (
	"net/mail"
	"slices"
	"strings"
)

// The name rules of the protocol (reference: limits.tsv), written out by hand: they run on every request that
// names something, and some run on every word of a message.

const (
	letters = 1 << iota // a-z
	capitals
	digits
	dash       // -
	underscore // _
	dot        // .
	plus       // +
)

var charClass = func() (t [256]uint8) {
	for c := 'a'; c <= 'z'; c++ {
		t[c] = letters
		t[c-'a'+'A'] = capitals
	}
	for c := '0'; c <= '9'; c++ {
		t[c] = digits
	}
	t['-'], t['_'], t['.'], t['+'] = dash, underscore, dot, plus
	return t
}()

// only tells whether every byte of s is of one of the classes.
func only(s string, classes uint8) bool {
	for i := range len(s) {
		if charClass[s[i]]&classes == 0 {
			return false
		}
	}
	return true
}

func sized(s string, least, most int) bool { return len(s) >= least && len(s) <= most }

var reservedUsernames = []string{"all", "channel", "matterbot", "system"}

var reservedTeamPrefixes = []string{
	"admin", "api", "channel", "claim", "error", "files", "help", "landing", "login", "mfa", "oauth",
	"plug", "plugins", "post", "signup", "boards", "playbooks",
}

// ReservedUsername tells whether s names everybody or the system itself.
func ReservedUsername(s string) bool { return slices.Contains(reservedUsernames, s) }

// ReservedTeamName tells whether s begins like an address of the server, which a team's would hide.
func ReservedTeamName(s string) bool {
	return slices.ContainsFunc(reservedTeamPrefixes, func(p string) bool { return strings.HasPrefix(s, p) })
}

// ValidUsername tells whether s may be a username: 1 to 64 of a-z 0-9 . - _ and no reserved word.
func ValidUsername(s string) bool {
	return sized(s, UserNameMinLength, UserNameMaxLength) && only(s, letters|digits|dot|dash|underscore) &&
		!ReservedUsername(s)
}

// ValidRemoteUsername is ValidUsername for people of other servers, whose names hold a colon.
func ValidRemoteUsername(s string) bool {
	return sized(s, UserNameMinLength, UserNameMaxLength) &&
		only(strings.ReplaceAll(s, ":", ""), letters|digits|dot|dash|underscore)
}

// CleanUsername makes a username of a name from elsewhere (an import, a sign-on service): lower case, every
// other character a dash, none at the ends. It returns "" when nothing usable remains; the caller then invents one.
func CleanUsername(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x80 && charClass[r]&(letters|digits|dot|dash|underscore) != 0 {
			return r
		}
		return '-'
	}, strings.ToLower(strings.TrimSpace(s)))
	if len(s) > UserNameMaxLength {
		s = s[:UserNameMaxLength]
	}
	if s = strings.Trim(s, "-"); !ValidUsername(s) {
		return ""
	}
	return s
}

// ValidEmail tells whether s is a bare address in lower case of at most 128 bytes. A host without a dot is
// allowed, because bots have one.
func ValidEmail(s string) bool {
	if s == "" || len(s) > UserEmailMaxLength || s != strings.ToLower(s) {
		return false
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Name == "" && a.Address == s && !strings.ContainsAny(s, " \t\r\n\"<>(),;:\\[]")
}

// ValidTeamName tells whether s may be a team's name: 2 to 64 of a-z 0-9 -, with a letter or digit at both
// ends; or such letters and digits alone with one double underscore between them.
func ValidTeamName(s string) bool {
	if !sized(s, TeamNameMinLength, TeamNameMaxLength) {
		return false
	}
	if before, after, ok := strings.Cut(s, "__"); ok {
		return before != "" && after != "" && only(before, letters|digits) && only(after, letters|digits)
	}
	return only(s[:1], letters|digits) && only(s[len(s)-1:], letters|digits) && only(s, letters|digits|dash)
}

// ValidChannelName tells whether s may be the name of a channel in a team: 1 to 64 of a-z 0-9 - _ that begin
// with a letter or digit, and not of the form that direct messages have.
func ValidChannelName(s string) bool {
	return sized(s, ChannelNameMinLength, ChannelNameMaxLength) && only(s[:1], letters|digits) &&
		only(s, letters|digits|dash|underscore) && !IsDirectChannelName(s)
}

// ValidEmojiName tells whether s may name a custom emoji or a reaction: 1 to 64 of a-z A-Z 0-9 + - _.
func ValidEmojiName(s string) bool {
	return sized(s, 1, EmojiNameMaxLength) && only(s, letters|capitals|digits|plus|dash|underscore)
}

// ValidRoleName tells whether s may name a role: 1 to 64 of a-z 0-9 _.
func ValidRoleName(s string) bool {
	return sized(s, 1, RoleNameMaxLength) && only(s, letters|digits|underscore)
}

// ValidSchemeName tells whether s may name a scheme: 2 to 64 of a-z 0-9 _.
func ValidSchemeName(s string) bool {
	return sized(s, 2, SchemeNameMaxLength) && only(s, letters|digits|underscore)
}

// ValidSidebarCategoryID tells whether s is the id of a sidebar category: an id, or the fixed one of a
// category that every team begins with.
func ValidSidebarCategoryID(s string) bool {
	for _, kind := range []string{SidebarFavorites, SidebarChannels, SidebarDirectMessages} {
		if rest, ok := strings.CutPrefix(s, kind+"_"); ok {
			user, team, ok := strings.Cut(rest, "_")
			return ok && isID(user) && isID(team)
		}
	}
	return isID(s)
}

// isID tells whether s has the form of an id, as package id does, which is a neighbour on this floor.
func isID(s string) bool { return len(s) == 26 && only(s, letters|capitals|digits) }

// ValidColor tells whether s is a colour as #rgb or #rrggbb.
func ValidColor(s string) bool {
	if len(s) != 4 && len(s) != 7 || s[0] != '#' {
		return false
	}
	return strings.Trim(s[1:], "0123456789abcdefABCDEF") == ""
}
