// Package outgoing is the way out of the server for requests to addresses that
// people wrote: links in messages, hooks, the site's address under test.
//
// Such an address must not lead to what only the server can reach: its own
// ports, the host's network, a cloud's metadata. So every connection is held
// against the list of reserved networks when it is opened, after the name was
// resolved: neither a redirect, nor a name that resolves differently the second
// time, nor an address in another notation gets past. What
// ServiceSettings.AllowedUntrustedInternalConnections names is let through.
// Proxies of the environment are not used, since they would resolve the name.
package outgoing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/parley-chat/parley/internal/traces"
)

// ErrReserved is in the error of a request to an address that isn't public.
var ErrReserved = errors.New("outgoing: the address is not public; ServiceSettings.AllowedUntrustedInternalConnections can allow it")

// ErrTooLarge is the error of Read for a body above its limit.
var ErrTooLarge = errors.New("outgoing: the answer is too large")

// maxRedirects bounds how far a request follows.
const maxRedirects = 5

// reserved are the networks that no stranger's address may lead to (IANA's
// special-purpose registries; what else net/netip knows is asked separately).
var reserved = func() (list []netip.Prefix) {
	for _, s := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "240.0.0.0/4", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
		"3fff::/20", "5f00::/16", "fec0::/10",
	} {
		list = append(list, netip.MustParsePrefix(s))
	}
	return list
}()

// Public reports whether an address belongs to the public internet.
func Public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Zone() != "" {
		return false
	}
	for _, p := range reserved {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// own reports whether the address is one of this host's: a public address of
// the server leads to the server's own ports all the same.
func own(a netip.Addr) bool {
	list, err := net.InterfaceAddrs()
	if err != nil {
		return true // can't say, so no
	}
	for _, i := range list {
		if p, err := netip.ParsePrefix(i.String()); err == nil && p.Addr().Unmap() == a.Unmap() {
			return true
		}
	}
	return false
}

// Allowed reports whether list (host names, addresses and networks apart by
// spaces or commas) lets a host, or the address that it resolved to, through.
func Allowed(list, host string, a netip.Addr) bool {
	for _, word := range strings.FieldsFunc(list, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '\n' }) {
		if strings.EqualFold(word, host) {
			return true
		}
		if p, err := netip.ParsePrefix(word); err == nil && p.Contains(a.Unmap()) {
			return true
		}
		if one, err := netip.ParseAddr(word); err == nil && one.Unmap() == a.Unmap() {
			return true
		}
	}
	return false
}

// New returns a client whose requests, redirects included, take at most
// timeout. allowed gives the setting's value at the time of each connection.
func New(allowed func() string, timeout time.Duration) *http.Client {
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		d := net.Dialer{Timeout: timeout, Control: func(_, resolved string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(resolved)
			if err != nil {
				return err
			}
			if Public(to.Addr()) && !own(to.Addr()) || Allowed(allowed(), host, to.Addr()) {
				return nil
			}
			return fmt.Errorf("%s: %w", host, ErrReserved)
		}}
		return d.DialContext(ctx, network, address)
	}
	return &http.Client{
		Timeout: timeout,
		Transport: traces.Transport(&http.Transport{DialContext: dial, TLSHandshakeTimeout: timeout, ResponseHeaderTimeout: timeout,
			MaxResponseHeaderBytes: 64 << 10, IdleConnTimeout: 30 * time.Second, MaxIdleConns: 20, ForceAttemptHTTP2: true}),
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) >= maxRedirects {
				return errors.New("outgoing: too many redirects")
			}
			return Check(r.URL)
		},
	}
}

// Check refuses addresses that are not of the web, and those with a name and
// password in them.
func Check(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return fmt.Errorf("outgoing: %s is no web address", u.Redacted())
	}
	return nil
}

// Read reads a body of at most limit bytes; ErrTooLarge above.
func Read(body io.Reader, limit int64) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err == nil && int64(len(raw)) > limit {
		return nil, ErrTooLarge
	}
	return raw, err
}
