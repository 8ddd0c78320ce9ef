package cli

import (
	"crypto/tls"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/server"
)

type versionCommand struct {
	SBOM bool `help:"${sbom}" name:"sbom"`
}

// Run prints the version, or what the program is made of.
func (c *versionCommand) Run(s *session) error {
	if c.SBOM {
		return writeBOM(s.out)
	}
	return s.say("version", "Version", config.Version, "Protocol", config.ProtocolVersion)
}

type healthcheckCommand struct {
	where
	URL    string `help:"${url}" name:"url" placeholder:"URL"`
	Listen string `help:"${listen}" placeholder:"HOST:PORT"`
}

// healthTime bounds the whole check.
const healthTime = 5 * time.Second

// Run asks the server of this installation whether it is well: the exit code
// says so.
func (c *healthcheckCommand) Run(s *session) error {
	url, err := c.address(s)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(s.ctx, http.MethodGet, url+"/api/v4/system/ping?get_server_status=true", nil)
	if err != nil {
		return err
	}
	// The certificate names the site, not this host; the check stays on it.
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: c.URL == ""}} //nolint:gosec // see above
	resp, err := (&http.Client{Timeout: healthTime, Transport: transport}).Do(req)
	if err != nil {
		return s.problem("health_silent", "URL", url, "Error", err)
	}
	defer func() { _ = resp.Body.Close() }()
	var p model.Ping
	if err := json.NewDecoder(io.LimitReader(resp.Body, 64<<10)).Decode(&p); err != nil {
		return s.problem("health_other", "URL", url, "Status", resp.Status)
	}
	if resp.StatusCode != http.StatusOK || p.Status != model.StatusValueOK {
		return s.problem("health_bad", "URL", url, "Status", p.Status, "Database", p.DatabaseStatus)
	}
	return s.say("health_good", "URL", url)
}

// address is where the server of this installation listens.
func (c *healthcheckCommand) address(s *session) (string, error) {
	if c.URL != "" {
		return c.URL, nil
	}
	cfg, err := server.OpenConfig(s.ctx, server.Options{Configs: c.Config, Environ: s.environ})
	if err != nil {
		return "", err
	}
	set, listen := cfg.Get().ServiceSettings, c.Listen
	if listen == "" {
		listen = set.ListenAddress
	}
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "", err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	scheme := "http"
	if set.ConnectionSecurity == "TLS" {
		scheme = "https"
	}
	return scheme + "://" + net.JoinHostPort(host, port), nil
}
