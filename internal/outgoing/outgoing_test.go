package outgoing

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestPublic(t *testing.T) {
	for addr, want := range map[string]bool{
		"93.184.216.34": true, "8.8.8.8": true, "2606:2800:220:1::1": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "127.9.9.9": false, "0.0.0.0": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "198.18.0.1": false,
		"::1": false, "::": false, "::ffff:127.0.0.1": false, "::127.0.0.1": false, "fe80::1": false, "fc00::1": false, "ff02::1": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false, "fec0::1": false,
	} {
		if got := Public(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: %v", addr, got)
		}
	}
}

// TestReservedIsNotReached tries the notations that lead to this host.
func TestReservedIsNotReached(t *testing.T) {
	hit := 0
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hit++ }))
	defer s.Close()
	port := s.Listener.Addr().String()[strings.LastIndex(s.Listener.Addr().String(), ":"):]
	allowed := ""
	c := New(func() string { return allowed }, 5*time.Second)
	for _, host := range []string{"127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"} {
		r, err := c.Get("http://" + host + port + "/")
		if err == nil {
			r.Body.Close()
			t.Errorf("%s was reached", host)
		}
	}
	if hit != 0 {
		t.Fatal(hit)
	}
	for _, allowed = range []string{"localhost", "127.0.0.0/8,10.0.0.0/8", "x 127.0.0.1 ::1"} {
		host := "127.0.0.1"
		if allowed == "localhost" {
			host = allowed
		}
		r, err := c.Get("http://" + host + port + "/")
		if err != nil {
			t.Fatalf("%q: %v", allowed, err)
		}
		r.Body.Close()
	}
}

// TestRedirectsAreHeldAgainstTheList lets the first host through, but not where it leads.
func TestRedirectsAreHeldAgainstTheList(t *testing.T) {
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("reached") }))
	defer inner.Close()
	to := strings.Replace(inner.URL, "127.0.0.1", "127.0.0.2", 1)
	outer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }))
	defer outer.Close()
	c := New(func() string { return "127.0.0.1" }, 5*time.Second)
	if r, err := c.Get(outer.URL); err == nil {
		r.Body.Close()
		t.Fatal("followed")
	} else if !errors.Is(err, ErrReserved) {
		t.Fatal(err)
	}
}

func TestCheck(t *testing.T) {
	for raw, want := range map[string]bool{"http://a.example/x": true, "https://a": true, "file:///etc/passwd": false,
		"gopher://a": false, "http://u:p@a": false, "http://": false, "//a": false} {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		if (Check(u) == nil) != want {
			t.Error(raw)
		}
	}
}

func TestRead(t *testing.T) {
	if _, err := Read(strings.NewReader("12345"), 4); !errors.Is(err, ErrTooLarge) {
		t.Fatal(err)
	}
	if raw, err := Read(strings.NewReader("1234"), 4); err != nil || string(raw) != "1234" {
		t.Fatal(err)
	}
}
