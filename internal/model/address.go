package model

import (
	"net/url"
	"strings"
)

// WebAddress reports whether s is an http or https address of a host. Blanks and
// control characters, which could end a header, are none of an address.
func WebAddress(s string) bool {
	if strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
}
