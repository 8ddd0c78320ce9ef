package cli

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/model"
)

const (
	// soon is when a certificate should be renewed.
	soon = 14 * 24 * time.Hour
	// maxAnswer bounds what is read of an answer, bytes.
	maxAnswer = 64 << 10
)

// site looks at the address that people have: its name, its certificate,
// whether this server answers there, and whether websockets come through.
func (d *doctor) site(ctx context.Context) {
	site := strings.TrimRight(d.cfg.Get().ServiceSettings.SiteURL, "/")
	if site == "" {
		d.tell(doubtful, "site_none")
		return
	}
	u, err := url.Parse(site)
	if err != nil || u.Hostname() == "" {
		d.tell(wrong, "site_wrong", "URL", site)
		return
	}
	addresses, err := net.DefaultResolver.LookupHost(ctx, u.Hostname())
	if err != nil {
		d.tell(wrong, "site_name", "Host", u.Hostname(), "Error", err)
		return
	}
	if u.Scheme != "https" && !local(addresses) {
		d.tell(doubtful, "site_plain", "URL", site)
	}
	if d.answers(ctx, site) {
		d.sockets(ctx, site)
	}
}

func local(addresses []string) bool {
	for _, a := range addresses {
		if ip := net.ParseIP(a); ip == nil || !ip.IsLoopback() && !ip.IsPrivate() {
			return false
		}
	}
	return true
}

func (d *doctor) answers(ctx context.Context, site string) bool {
	resp, err := get(ctx, site+"/api/v4/system/ping", nil)
	if err != nil {
		d.tell(wrong, "site_silent", "URL", site, "Error", err)
		return false
	}
	defer func() { _ = resp.Body.Close() }()
	var p model.Ping
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(&p); err != nil || p.Status == "" {
		d.tell(wrong, "site_other", "URL", site, "Status", resp.Status)
		return false
	}
	d.tell(fine, "site_fine", "URL", site)
	if resp.TLS != nil && len(resp.TLS.PeerCertificates) > 0 {
		if left := time.Until(resp.TLS.PeerCertificates[0].NotAfter); left < soon {
			d.tell(doubtful, "site_certificate", "Days", int(left.Hours()/24))
		}
	}
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil && time.Since(at).Abs() > clocksApart+time.Second {
		d.tell(wrong, "clock", "Seconds", int(time.Since(at).Abs().Seconds()))
	}
	return true
}

// sockets asks for a websocket, as a browser of the site does.
func (d *doctor) sockets(ctx context.Context, site string) {
	resp, err := get(ctx, site+"/api/v4/websocket", http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"},
		"Sec-Websocket-Key": {base64.StdEncoding.EncodeToString(make([]byte, 16))}, "Origin": {site}})
	if err != nil {
		d.tell(wrong, "sockets", "Error", err)
		return
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusSwitchingProtocols {
		d.tell(wrong, "sockets", "Error", resp.Status)
		return
	}
	d.tell(fine, "sockets_fine")
}

func get(ctx context.Context, address string, header http.Header) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	// HTTP/1.1, which websockets begin with.
	transport := &http.Transport{TLSClientConfig: &tls.Config{NextProtos: []string{"http/1.1"}}, DisableKeepAlives: true}
	return (&http.Client{Transport: transport}).Do(req)
}
