package cli

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	natsserver "github.com/parley-chat/parley/internal/testkit/nats"
)

// The doctor finds nothing wrong with a server that is well, and says of each
// ill what to mend.
func TestDoctor(t *testing.T) {
	each(t, func(t *testing.T, sh *shell) {
		address, irc, mail := freeAddress(t), freeAddress(t), freeAddress(t)
		site := "http://" + address
		with := func(settings ...string) *shell {
			return &shell{t: t, flags: sh.flags, environ: append(append([]string{}, sh.environ...), settings...)}
		}
		ctx, stop := context.WithCancel(t.Context())
		var out, log lockedBuffer
		ended := make(chan int, 1)
		well := with("MM_SERVICESETTINGS_SITEURL="+site, "MM_IRCSETTINGS_ENABLE=true", "MM_IRCSETTINGS_LISTENADDRESS="+irc,
			"MM_EMAILGATEWAYSETTINGS_ENABLE=true", "MM_EMAILGATEWAYSETTINGS_DOMAIN=chat.example.org", "MM_EMAILGATEWAYSETTINGS_LISTENADDRESS="+mail)
		go func() {
			ended <- Run(ctx, append([]string{"serve", "--listen", address}, sh.flags...), well.environ, Streams{Out: &out, Err: &log})
		}()
		eventually(t, "the start", func() bool { return strings.Contains(out.String(), "Parley is at") })
		contains(t, well.want("", "doctor"), "✓ The settings are valid", "✓ The schema is up to date", "✓ A file was written", "GB are free",
			"✓ "+site+" answers", "✓ Websockets come through", "✓ The IRC gateway answers at "+irc, "✓ The email gateway answers at "+mail, "! No mail server is set")

		// A proxy that lets no websockets through, and one that leads elsewhere.
		to, _ := url.Parse(site)
		deaf := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Header.Del("Upgrade")
		}})
		defer deaf.Close()
		contains(t, with("MM_SERVICESETTINGS_SITEURL="+deaf.URL).refused("", "doctor"), "✓ "+deaf.URL+" answers", "✗ Websockets don’t come through")
		elsewhere := httptest.NewServer(http.NotFoundHandler())
		defer elsewhere.Close()
		contains(t, with("MM_SERVICESETTINGS_SITEURL="+elsewhere.URL).refused("", "doctor"), "something else answers")
		contains(t, with("MM_SERVICESETTINGS_SITEURL=http://parley.invalid").refused("", "doctor"), "✗ The name parley.invalid is not known")
		contains(t, with().want("", "doctor"), "! ServiceSettings.SiteURL is empty")

		contains(t, with("MM_IRCSETTINGS_ENABLE=true", "MM_IRCSETTINGS_LISTENADDRESS="+address).refused("", "doctor"), "✗ The IRC gateway doesn’t answer at "+address)
		contains(t, with("MM_IRCSETTINGS_ENABLE=true", "MM_IRCSETTINGS_LISTENADDRESS=").want("", "doctor"), "! IRCSettings.Enable is on but there is no address")
		contains(t, with("MM_IRCSETTINGS_LISTENADDRESS=0.0.0.0:6667").refused("", "doctor"), "✗ The settings can’t be read")

		collector := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		defer collector.Close()
		contains(t, with("MM_SERVICESETTINGS_SITEURL="+site, "OTEL_EXPORTER_OTLP_ENDPOINT="+collector.URL).want("", "doctor"), "✓ The collector of traces answers at "+strings.TrimPrefix(collector.URL, "http://"))
		contains(t, with("MM_SERVICESETTINGS_SITEURL="+site, "OTEL_EXPORTER_OTLP_ENDPOINT="+elsewhere.URL).refused("", "doctor"), "✗ Traces can’t be delivered: the collector answered 404")

		stop()
		if code := <-ended; code != 0 {
			t.Errorf("ended with %d: %s", code, log.String())
		}
		contains(t, well.refused("", "doctor"), "✗ "+site+" doesn’t answer")
		contains(t, with("MM_EMAILSETTINGS_SMTPSERVER=127.0.0.1", "MM_EMAILSETTINGS_SMTPPORT=1", "MM_EMAILSETTINGS_SENDEMAILNOTIFICATIONS=true").refused("", "doctor"), "✗ The mail server 127.0.0.1 can’t be used")
		contains(t, with("MM_FILESETTINGS_DIRECTORY=/proc/nowhere").refused("", "doctor"), "✗ Files can’t be kept")
		contains(t, with("MM_SERVICESETTINGS_READTIMEOUT=soon").refused("", "doctor"), "✗ The settings can’t be read")
	})
}

// freeAddress is an address of this host that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	return ln.Addr().String()
}

// The doctor looks whether NATS answers, and never tells its password.
func TestDoctorOfACluster(t *testing.T) {
	nats := natsserver.Start(t, "--user", "parley", "--pass", "s3cret")
	with := func(settings ...string) *shell {
		return &shell{t: t, flags: []string{"--data", t.TempDir()}, environ: append(settings, "LANG=en_GB.UTF-8")}
	}
	url := "MM_CLUSTERSETTINGS_NATSURL=" + strings.Replace(nats.URL(), "://", "://parley:s3cret@", 1)
	contains(t, with(url).want("", "doctor"), "✓ NATS 2.")
	contains(t, with("MM_CLUSTERSETTINGS_ENABLE=true").want("", "doctor"), "! ClusterSettings.Enable is on but ClusterSettings.NatsURL is empty")
	contains(t, with(strings.Replace(url, "s3cret", "guess", 1)).refused("", "doctor"), "✗ NATS can’t be reached")
	nats.Kill()
	out := with(url).refused("", "doctor")
	contains(t, out, "✗ NATS can’t be reached")
	if strings.Contains(out+with(url).want("", "config", "show"), "s3cret") {
		t.Error("the password is shown")
	}
}

// Before the first start there is little to look at, and nothing is wrong.
func TestDoctorBeforeTheFirstStart(t *testing.T) {
	sh := &shell{t: t, flags: []string{"--data", t.TempDir()}, environ: []string{"LANG=fr_FR.UTF-8"}}
	contains(t, sh.want("", "doctor"), "Il n’y a pas encore de base", "ServiceSettings.SiteURL est vide")
}
