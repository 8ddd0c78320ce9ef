package access

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestRequestToken(t *testing.T) {
	for header, want := range map[string]string{
		"Bearer abc": "abc", "BEARER abc": "abc", "bearer  abc ": "abc", "Token abc": "abc", "token abc": "abc",
		"Basic abc": "", "Bearer": "", "Bearer ": "", "abc": "", "": "",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", header)
		if got, cookie := requestToken(r); got != want || cookie {
			t.Errorf("%q: %q, from a cookie: %v", header, got, cookie)
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/?access_token=fromquery", nil)
	if got, cookie := requestToken(r); got != "fromquery" || cookie {
		t.Errorf("query: %q %v", got, cookie)
	}
	r.AddCookie(&http.Cookie{Name: CookieToken, Value: "fromcookie"})
	if got, cookie := requestToken(r); got != "fromcookie" || !cookie {
		t.Errorf("cookie: %q %v", got, cookie)
	}
	// A header is no cookie's: other sites can't set it, and it needs no proof.
	r.Header.Set("Authorization", "Bearer fromheader")
	if got, cookie := requestToken(r); got != "fromheader" || cookie {
		t.Errorf("header: %q %v", got, cookie)
	}
}

// FuzzTokenHeader feeds the reader of tokens: whatever comes, a token that a
// browser sent by itself is known as such.
func FuzzTokenHeader(f *testing.F) {
	for _, s := range []string{"Bearer abc", "token", "Basic dXNlcg==", "\x00", "bearer \u00a0x", strings.Repeat("Bearer ", 100)} {
		f.Add(s, "abc")
	}
	f.Fuzz(func(t *testing.T, header, cookie string) {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Header["Authorization"] = []string{header}
		r.Header["Cookie"] = []string{CookieToken + "=" + cookie}
		token, fromCookie := requestToken(r)
		if strings.TrimSpace(token) != token && !fromCookie {
			t.Fatalf("blanks around %q", token)
		}
		kind, _, _ := strings.Cut(header, " ")
		if !fromCookie && token != "" && !strings.EqualFold(kind, "bearer") && !strings.EqualFold(kind, "token") {
			t.Fatalf("%q from %q was taken for a header's", token, header)
		}
	})
}
