package mailgate

import (
	"context"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/emersion/go-msgauth/authres"
	"github.com/emersion/go-msgauth/dkim"
	"golang.org/x/net/publicsuffix"
)

// signaturesMost bounds the signatures of a mail that are looked at.
const signaturesMost = 5

var errUnproven = refusal(550, 5, 7, 26, "It isn't proven that this mail comes from the address in its line From; its domain needs DKIM signatures")

// lookupTXT asks the DNS; tests have their own.
var lookupTXT = func(ctx context.Context, name string) ([]string, error) {
	return net.DefaultResolver.LookupTXT(ctx, name)
}

// proven reports whether a mail comes from the address in its line From: by what
// a relay found that the settings trust, else by a DKIM signature (RFC 6376) of
// the address's domain, as DMARC wants it (RFC 7489, section 3.1). It fails with a
// refusal for now while the DNS can't be asked.
func (g *Gate) proven(ctx context.Context, e *envelope, l *letter, raw io.ReadSeeker) (bool, error) {
	_, domain, _ := cutLast(l.from.Address, "@")
	if !g.settings().VerifySenders {
		return true, nil
	}
	if e.trusted {
		if good, told := relayFound(l, e.helo, domain); told {
			return good, nil
		}
	}
	if _, err := raw.Seek(0, io.SeekStart); err != nil {
		return false, err
	}
	found, err := dkim.VerifyWithOptions(raw, &dkim.VerifyOptions{MaxVerifications: signaturesMost,
		LookupTXT: func(name string) ([]string, error) { return lookupTXT(ctx, name) }})
	if err != nil && len(found) == 0 {
		return false, nil //nolint:nilerr // no mail that could be signed
	}
	later := false
	for _, v := range found {
		if v.Err == nil && aligned(v.Domain, domain) && slices.ContainsFunc(v.HeaderKeys, func(key string) bool { return strings.EqualFold(key, "From") }) {
			return true, nil
		}
		later = later || v.Err != nil && dkim.IsTempFail(v.Err)
	}
	if later {
		return false, errLater
	}
	return false, nil
}

// relayFound is what a relay wrote into Authentication-Results (RFC 8601) under
// the name that it greets with; told is false when it wrote nothing.
func relayFound(l *letter, name, domain string) (good, told bool) {
	for fields := l.header.FieldsByKey("Authentication-Results"); fields.Next(); {
		id, results, err := authres.Parse(fields.Value())
		if err != nil || !strings.EqualFold(id, name) {
			continue
		}
		for _, result := range results {
			switch r := result.(type) {
			case *authres.DMARCResult:
				if r.Value == authres.ResultFail {
					return false, true
				}
				good, told = good || r.Value == authres.ResultPass && aligned(r.From, domain), true
			case *authres.DKIMResult:
				good, told = good || r.Value == authres.ResultPass && aligned(r.Domain, domain), true
			case *authres.SPFResult:
				_, by, _ := cutLast("@"+r.From, "@")
				good, told = good || r.Value == authres.ResultPass && aligned(by, domain), true
			case *authres.AuthResult:
				good, told = good || r.Value == authres.ResultPass && strings.EqualFold(r.Auth, l.from.Address), true
			}
		}
	}
	return good, told
}

// aligned reports whether two domains belong to one organisation.
func aligned(a, b string) bool {
	a, b = strings.ToLower(strings.TrimSuffix(a, ".")), strings.ToLower(strings.TrimSuffix(b, "."))
	if a == "" || b == "" {
		return false
	}
	if a == b {
		return true
	}
	of, err := publicsuffix.EffectiveTLDPlusOne(a)
	if err != nil {
		return false
	}
	with, err := publicsuffix.EffectiveTLDPlusOne(b)
	return err == nil && of == with
}
