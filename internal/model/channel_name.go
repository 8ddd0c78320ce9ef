package model

import (
	"crypto/sha1"
	"encoding/hex"
	"slices"
	"strings"
)

// DirectChannelName returns the name of the direct channel of two users (or of one with themselves): both ids
// in alphabetical order, joined by two underscores.
func DirectChannelName(a, b string) string {
	if a > b {
		a, b = b, a
	}
	return a + "__" + b
}

// IsDirectChannelName tells whether s has the form of a direct channel's name.
func IsDirectChannelName(s string) bool {
	a, b, ok := strings.Cut(s, "__")
	return ok && isID(a) && isID(b)
}

// DirectChannelPartner returns the other user of the direct channel named name, userID itself for notes to
// oneself, and "" when userID is not of it.
func DirectChannelPartner(name, userID string) string {
	a, b, ok := strings.Cut(name, "__")
	switch {
	case !ok:
		return ""
	case a == userID:
		return b
	case b == userID:
		return a
	}
	return ""
}

// GroupChannelName returns the name of the group message of these users: the SHA-1 of their ids in
// alphabetical order, in hexadecimal. It only names; nothing depends on its strength.
func GroupChannelName(userIDs []string) string {
	ids := slices.Clone(userIDs)
	slices.Sort(ids)
	sum := sha1.Sum([]byte(strings.Join(ids, "")))
	return hex.EncodeToString(sum[:])
}
