package server

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"github.com/parley-chat/parley/internal/config"
)

// encryption is how the server answers by itself over TLS, without a proxy in
// front. The zero value doesn't.
type encryption struct {
	config *tls.Config
	acme   *autocert.Manager // nil: the certificate is a file
	plain  net.Listener      // where requests without TLS are led to it; nil: nowhere
}

// newEncryption reads ServiceSettings: ConnectionSecurity TLS with TLSCertFile and
// TLSKeyFile, or UseLetsEncrypt for certificates that are fetched and renewed by
// ACME (RFC 8555). It fails with what is missing.
func (s *Server) newEncryption() (*encryption, error) {
	set := &s.Config.Get().ServiceSettings
	e := &encryption{}
	if set.ConnectionSecurity != "TLS" {
		return e, nil
	}
	e.config = &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
	if set.TLSMinVer == "1.3" {
		e.config.MinVersion = tls.VersionTLS13
	}
	if len(set.TLSOverwriteCiphers) > 0 {
		e.config.CipherSuites = config.CipherIDs(set.TLSOverwriteCiphers)
	}
	if set.UseLetsEncrypt {
		if err := s.useACME(e, set); err != nil {
			return nil, err
		}
	} else {
		if set.TLSCertFile == "" || set.TLSKeyFile == "" {
			return nil, errors.New("TLS needs ServiceSettings.TLSCertFile and TLSKeyFile, or UseLetsEncrypt")
		}
		pair := &filePair{cert: set.TLSCertFile, key: set.TLSKeyFile, log: s.log}
		if _, err := pair.get(nil); err != nil {
			return nil, fmt.Errorf("the certificate of ServiceSettings.TLSCertFile: %w", err)
		}
		e.config.GetCertificate = pair.get
	}
	if !set.Forward80To443 {
		return e, nil
	}
	host, _, _ := net.SplitHostPort(set.ListenAddress)
	ln, err := net.Listen("tcp", cmp.Or(s.opts.Plain, net.JoinHostPort(host, "80")))
	if err != nil {
		return nil, fmt.Errorf("ServiceSettings.Forward80To443: %w", err)
	}
	e.plain = ln
	return e, nil
}

// acmeDirectory names another authority than Let's Encrypt, such as one of a
// company's own.
const acmeDirectory = "PARLEY_ACME_DIRECTORY="

func (s *Server) useACME(e *encryption, set *config.ServiceSettings) error {
	site, err := url.Parse(set.SiteURL)
	if err != nil || site.Hostname() == "" {
		return errors.New("ServiceSettings.UseLetsEncrypt needs ServiceSettings.SiteURL, whose host the certificate is for")
	}
	client := s.opts.ACME
	for _, line := range s.opts.Environ {
		if directory, ok := strings.CutPrefix(line, acmeDirectory); ok && client == nil {
			client = &acme.Client{DirectoryURL: directory}
		}
	}
	folder := set.LetsEncryptCertificateCacheFile
	if !filepath.IsAbs(folder) {
		folder = filepath.Join(s.opts.Data, "certificates")
	}
	e.acme = &autocert.Manager{Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(folder), HostPolicy: autocert.HostWhitelist(site.Hostname()),
		Email: s.Config.Get().SupportSettings.SupportEmail, Client: client}
	e.config.GetCertificate = e.acme.GetCertificate
	e.config.NextProtos = append(e.config.NextProtos, acme.ALPNProto)
	return nil
}

// lead answers without TLS: challenges of the authority, and for anything else
// where it is found. port is that of the encrypted listener.
func (e *encryption) lead(port int) http.Handler {
	away := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if port != 443 {
			host = net.JoinHostPort(host, strconv.Itoa(port))
		}
		http.Redirect(w, r, "https://"+host+r.URL.RequestURI(), http.StatusMovedPermanently)
	})
	if e.acme == nil {
		return away
	}
	return e.acme.HTTPHandler(away)
}

// serve answers on ln, and beside it where requests without TLS come in, until
// the http.Server is shut down.
func (e *encryption) serve(srv *http.Server, ln net.Listener) error {
	if e.config == nil {
		return srv.Serve(ln)
	}
	if e.plain != nil {
		plain := &http.Server{Handler: e.lead(ln.Addr().(*net.TCPAddr).Port), ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, ErrorLog: srv.ErrorLog}
		go func() { _ = plain.Serve(e.plain) }()
		srv.RegisterOnShutdown(func() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			_ = plain.Shutdown(ctx)
		})
	}
	srv.TLSConfig = e.config
	return srv.ServeTLS(ln, "", "")
}

// strict adds Strict-Transport-Security to encrypted answers when the settings
// ask for it (RFC 6797).
func (s *Server) strict(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if set := &s.Config.Get().ServiceSettings; r.TLS != nil && set.TLSStrictTransport {
			w.Header().Set("Strict-Transport-Security", "max-age="+strconv.Itoa(set.TLSStrictTransportMaxAge))
		}
		next.ServeHTTP(w, r)
	})
}

// filePair is a certificate in two files, read again when they change: whoever
// renews them need not tell the server.
type filePair struct {
	cert, key string
	log       *slog.Logger

	mu     sync.Mutex
	loaded *tls.Certificate
	stamp  [2]time.Time
	looked time.Time
}

// lookEvery bounds how often the files' times are asked for.
const lookEvery = time.Second

// get is a tls.Config's GetCertificate. Files that can't be read leave the
// certificate that was read before.
func (p *filePair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.loaded != nil && time.Since(p.looked) < lookEvery {
		return p.loaded, nil
	}
	p.looked = time.Now()
	stamp, err := p.times()
	if err == nil && p.loaded != nil && stamp == p.stamp {
		return p.loaded, nil
	}
	var fresh tls.Certificate
	if err == nil {
		fresh, err = tls.LoadX509KeyPair(p.cert, p.key)
	}
	switch {
	case err == nil:
		p.loaded, p.stamp = &fresh, stamp
	case p.loaded == nil:
		return nil, err
	default:
		p.log.Error("the renewed certificate can't be read; the one from before is used on", "error", err)
	}
	return p.loaded, nil
}

func (p *filePair) times() (stamp [2]time.Time, err error) {
	for i, name := range []string{p.cert, p.key} {
		info, err := os.Stat(name)
		if err != nil {
			return stamp, err
		}
		stamp[i] = info.ModTime()
	}
	return stamp, nil
}
