// Package certs finds the certificate that a listener beside the web server
// answers with: one that its own settings name, else that of the web server, be
// it in files or from Let's Encrypt.
package certs

import (
	"crypto/tls"
	"errors"
)

// ErrNone is returned by For when there is no certificate at all.
var ErrNone = errors.New("certs: no certificate: name files of one, or have the server answer over TLS itself")

// For returns the encryption with the certificate in two files; with that of the
// web server, which own returns or nil, when both names are "". Files that are
// renewed hold at once. It fails with ErrNone, and for files that hold none.
func For(certFile, keyFile string, own func() *tls.Config) (*tls.Config, error) {
	conf := &tls.Config{MinVersion: tls.VersionTLS12}
	if certFile == "" && keyFile == "" {
		var of *tls.Config
		if own != nil {
			of = own()
		}
		if of == nil {
			return nil, ErrNone
		}
		conf.GetCertificate, conf.Certificates, conf.CipherSuites = of.GetCertificate, of.Certificates, of.CipherSuites
		return conf, nil
	}
	if _, err := tls.LoadX509KeyPair(certFile, keyFile); err != nil {
		return nil, err
	}
	conf.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		pair, err := tls.LoadX509KeyPair(certFile, keyFile)
		return &pair, err
	}
	return conf, nil
}
