package server_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lxzan/gws"
	"golang.org/x/crypto/acme"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/server"
	"github.com/parley-chat/parley/internal/testkit"
)

// selfSigned writes a certificate for a host with its key, and returns who trusts it.
func selfSigned(t *testing.T, cert, key, host string, serial int64) *x509.CertPool {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	for name, block := range map[string]*pem.Block{key: {Type: "PRIVATE KEY", Bytes: raw}, cert: {Type: "CERTIFICATE", Bytes: der}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	trusted.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return trusted
}

// handshake connects for a host name and returns the server's certificate.
func handshake(addr, host string, trusted *x509.CertPool) (*x509.Certificate, error) {
	conn, err := tls.Dial("tcp", addr, &tls.Config{ServerName: host, RootCAs: trusted})
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	return conn.ConnectionState().PeerCertificates[0], nil
}

// TestTLSWithoutAProxy serves pages, the API and the websocket over TLS, leads
// there whoever comes without, and takes a renewed certificate by itself.
func TestTLSWithoutAProxy(t *testing.T) {
	folder, plain := t.TempDir(), "127.0.0.1:"+freePort(t)
	cert, key := filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	trusted := selfSigned(t, cert, key, "chat.example.org", 1)
	s := testkit.Bare(t, dbtest.Options(t, dbtest.SQLite), testkit.Env("MM_SERVICESETTINGS_CONNECTIONSECURITY=TLS", "MM_SERVICESETTINGS_TLSCERTFILE="+cert,
		"MM_SERVICESETTINGS_TLSKEYFILE="+key, "MM_SERVICESETTINGS_FORWARD80TO443=true", "MM_SERVICESETTINGS_TLSSTRICTTRANSPORT=true"),
		func(o *server.Options) { o.Plain = plain })
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}, ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()
	resp, err := client.Get("https://" + s.Addr() + "/api/v4/system/ping")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != 200 || resp.ProtoMajor != 2 || !strings.HasPrefix(resp.Header.Get("Strict-Transport-Security"), "max-age=63072000") {
		t.Errorf("%s %s, %v", resp.Proto, resp.Status, resp.Header)
	}
	conn, _, err := gws.NewClient(&gws.BuiltinEventHandler{}, &gws.ClientOption{Addr: "wss://" + s.Addr() + "/api/v4/websocket", TlsConfig: &tls.Config{RootCAs: trusted}})
	if err != nil {
		t.Fatalf("a websocket over TLS: %v", err)
	}
	_ = conn.NetConn().Close()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if resp, err = client.Get("http://" + plain + "/team/channels/town-square?x=1"); err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if want := "https://" + s.Addr() + "/team/channels/town-square?x=1"; resp.StatusCode != 301 || resp.Header.Get("Location") != want {
		t.Errorf("without TLS: %s to %s, want %s", resp.Status, resp.Header.Get("Location"), want)
	}
	fresh := selfSigned(t, cert, key, "chat.example.org", 2)
	testkit.Eventually(t, "the renewed certificate is used", func() bool {
		got, err := handshake(s.Addr(), "chat.example.org", fresh)
		return err == nil && got.SerialNumber.Int64() == 2
	})
	if err := os.WriteFile(cert, []byte("half a certi"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := handshake(s.Addr(), "chat.example.org", fresh); err != nil {
		t.Errorf("after a renewal that went wrong: %v", err)
	}
	if _, err := tls.Dial("tcp", s.Addr(), &tls.Config{RootCAs: fresh, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 was spoken")
	}
}

// pebble is the version of the authority for tests of ACME.
const pebble = "github.com/letsencrypt/pebble/v2/cmd/pebble@v2.10.3"

// startPebble runs an authority, and returns how it is asked.
func startPebble(t *testing.T) *acme.Client {
	t.Helper()
	folder := t.TempDir()
	install := exec.Command("go", "install", pebble)
	install.Env = append(os.Environ(), "GOBIN="+folder, "GOFLAGS=-mod=mod")
	install.Dir = folder
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("pebble: %v\n%s", err, out)
	}
	cert, key := filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	trusted := selfSigned(t, cert, key, "localhost", 1)
	listen, manage := "127.0.0.1:"+freePort(t), "127.0.0.1:"+freePort(t)
	settings, err := json.Marshal(map[string]any{"pebble": map[string]any{"listenAddress": listen, "managementListenAddress": manage, "certificate": cert, "privateKey": key,
		"httpPort": 5002, "tlsPort": 5001, "profiles": map[string]any{"default": map[string]any{"description": "for tests", "validityPeriod": 7776000}}}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "pebble.json")
	if err := os.WriteFile(file, settings, 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.Command(filepath.Join(folder, "pebble"), "-config", file)
	// Who asks is not looked up: there is no name that leads here.
	run.Env = append(os.Environ(), "PEBBLE_VA_ALWAYS_VALID=1", "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0")
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = run.Process.Kill(); _ = run.Wait() })
	client := &acme.Client{DirectoryURL: "https://" + listen + "/dir", HTTPClient: &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}}}}
	testkit.Eventually(t, "the authority answers", func() bool {
		resp, err := client.HTTPClient.Get(client.DirectoryURL)
		if err != nil {
			return false
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		return resp.Body.Close() == nil && resp.StatusCode == 200
	})
	return client
}

// TestCertificatesComeByThemselves has an authority issue the certificate at the
// first visit, keeps it over a restart, and asks for none for other names.
func TestCertificatesComeByThemselves(t *testing.T) {
	authority, data := startPebble(t), t.TempDir()
	start := func() *testkit.Server {
		return testkit.Bare(t, dbtest.Options(t, dbtest.SQLite), testkit.Env("MM_SERVICESETTINGS_CONNECTIONSECURITY=TLS", "MM_SERVICESETTINGS_USELETSENCRYPT=true",
			"MM_SERVICESETTINGS_SITEURL=https://chat.example.org"), func(o *server.Options) { o.Data, o.ACME = data, authority })
	}
	s := start()
	visit := func(host string) (*x509.Certificate, error) {
		conn, err := tls.Dial("tcp", s.Addr(), &tls.Config{ServerName: host, InsecureSkipVerify: true}) //nolint:gosec // the authority is one for tests
		if err != nil {
			return nil, err
		}
		defer func() { _ = conn.Close() }()
		return conn.ConnectionState().PeerCertificates[0], nil
	}
	first, err := visit("chat.example.org")
	if err != nil {
		t.Fatal(err)
	}
	if err := first.VerifyHostname("chat.example.org"); err != nil || !strings.Contains(first.Issuer.CommonName, "Pebble") {
		t.Errorf("issued by %s: %v", first.Issuer, err)
	}
	if _, err := visit("evil.example.org"); err == nil {
		t.Error("a certificate for another name was asked for")
	}
	s.Stop()
	s = start()
	if again, err := visit("chat.example.org"); err != nil || !again.Equal(first) {
		t.Errorf("after a restart: %v", err)
	}
}

// TestTLSSaysWhatIsMissing refuses to begin with half of the settings.
func TestTLSSaysWhatIsMissing(t *testing.T) {
	for _, environ := range [][]string{{}, {"MM_SERVICESETTINGS_USELETSENCRYPT=true"}, {"MM_SERVICESETTINGS_TLSCERTFILE=/nowhere", "MM_SERVICESETTINGS_TLSKEYFILE=/nowhere"}} {
		s, err := server.New(t.Context(), server.Options{Listen: "127.0.0.1:0", Data: t.TempDir(), Environ: append(environ, "MM_SERVICESETTINGS_CONNECTIONSECURITY=TLS")})
		if err != nil {
			t.Fatal(err)
		}
		if err = s.Listen(); err == nil || !strings.Contains(err.Error(), "ServiceSettings") {
			t.Errorf("%v: %v", environ, err)
		}
		s.Close()
	}
}
