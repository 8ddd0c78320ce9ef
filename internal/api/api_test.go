package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/fault"
)

const someID = "abcdefghijklmnopqrstuvwxyz"

// caller is a viewer that is just an id.
type caller string

func (c caller) CallerID() string { return string(c) }

func newRouter() *Router[caller] {
	return New(Options[caller]{
		Gate: func(_ http.ResponseWriter, r *http.Request, p Policy) (caller, error) {
			if who := r.Header.Get("Authorization"); who != "" || p.Anonymous {
				return caller(who), nil
			}
			return "", fault.Unauthenticated("api.context.session_expired.app_error")
		},
		MaxBody: func() int64 { return 4000 }, Message: func(_, id string, _ map[string]any) string { return "text of " + id },
		Locale: func(string) string { return "en" }, Version: func() string { return "1" },
		ClientIP: func(*http.Request) string { return "127.0.0.1" }, Log: slog.New(slog.DiscardHandler),
		Limit: func(string, string, float64, int) bool { return true }, Observe: func(string, string, int, time.Duration) {},
	})
}

type echo struct {
	UserID string `path:"user_id" json:"user_id"`
	Name   string `path:"name,text" json:"name"`
	Page   `json:"pages"`
	Since  *int64   `query:"since" json:"since"`
	Deep   bool     `query:"deep" json:"deep"`
	Tags   []string `query:"tag" json:"tags"`
	Body   struct {
		Message string         `json:"message"`
		Props   map[string]any `json:"props"`
	} `body:"json,post" json:"body"`
}

func call(r http.Handler, method, path, who, body string, header ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	if who != "" {
		req.Header.Set("Authorization", who)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	r.ServeHTTP(w, req)
	return w
}

func echoRouter() *Router[caller] {
	r := newRouter()
	Post(r, "/users/{user_id}/things/{name}", Policy{}, func(_ context.Context, _ caller, in echo) (echo, error) { return in, nil }, Created())
	return r
}

func TestDecodesEverything(t *testing.T) {
	w := call(echoRouter(), "POST", "/api/v4/users/me/things/a+b?page=2&per_page=1000&since=5&deep=true&tag=x&tag=y", someID, `{"message":"hi","unknown":1} trailing`)
	var got echo
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 201 {
		t.Fatal(w.Code, err, w.Body)
	}
	if got.UserID != someID || got.Name != "a+b" || got.Page.Page != 2 || got.PerPage != 200 || *got.Since != 5 || !got.Deep || len(got.Tags) != 2 || got.Body.Message != "hi" {
		t.Fatalf("got %+v", got)
	}
}

func TestRefusals(t *testing.T) {
	deep := `{"props":{"a":` + strings.Repeat("[", 1200) + strings.Repeat("]", 1200) + `}}`
	for name, c := range map[string]struct {
		path, who, body string
		status          int
		id              string
	}{
		"no session":     {"/api/v4/users/me/things/x", "", `{}`, 401, "api.context.session_expired.app_error"},
		"short id":       {"/api/v4/users/abc/things/x", someID, `{}`, 400, "api.context.invalid_url_param.app_error"},
		"odd id":         {"/api/v4/users/a-c/things/x", someID, `{}`, 404, "api.context.404.app_error"},
		"broken JSON":    {"/api/v4/users/me/things/x", someID, `{"message":`, 400, "api.context.invalid_body_param.app_error"},
		"wrong type":     {"/api/v4/users/me/things/x", someID, `{"message":5}`, 400, "api.context.invalid_body_param.app_error"},
		"array":          {"/api/v4/users/me/things/x", someID, `[]`, 400, "api.context.invalid_body_param.app_error"},
		"empty":          {"/api/v4/users/me/things/x", someID, ``, 400, "api.context.invalid_body_param.app_error"},
		"NUL":            {"/api/v4/users/me/things/x", someID, `{"message":"a\u0000b"}`, 400, "api.context.invalid_body_param.app_error"},
		"deep":           {"/api/v4/users/me/things/x", someID, deep, 400, "api.context.invalid_body_param.app_error"},
		"too large":      {"/api/v4/users/me/things/x", someID, `{"message":"` + strings.Repeat("a", 5000) + `"}`, 413, "api.context.request_body_too_large.app_error"},
		"unknown path":   {"/api/v4/nothing", someID, `{}`, 404, "api.context.404.app_error"},
		"unknown method": {"/api/v4/users/me/things", someID, `{}`, 404, "api.context.404.app_error"},
	} {
		w := call(echoRouter(), "POST", c.path, c.who, c.body)
		var e wireError
		if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil || w.Code != c.status || e.ID != c.id || e.Status != c.status || e.RequestID == "" || e.Message == "" {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestNullAndInvalidUTF8AreDecodedLeniently(t *testing.T) {
	for body, want := range map[string]string{`null`: "", "{\"message\":\"a\xffb\"}": "a\ufffdb", `{"message":"\\u0000"}`: `\u0000`} {
		w := call(echoRouter(), "POST", "/api/v4/users/me/things/x", someID, body)
		var got echo
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 201 || got.Body.Message != want {
			t.Errorf("%q: %d %s", body, w.Code, w.Body)
		}
	}
}

func TestErrorsAndPanicsNeverLeak(t *testing.T) {
	r := newRouter()
	Get(r, "/error", Policy{}, func(context.Context, caller, None) (OK, error) {
		return OK{}, errors.New("secret cause")
	})
	Get(r, "/panic", Policy{}, func(context.Context, caller, None) (OK, error) { panic("secret cause") })
	for _, path := range []string{"/error", "/panic"} {
		w := call(r, "GET", "/api/v4"+path, someID, "")
		if w.Code != 500 || strings.Contains(w.Body.String(), "secret") || !strings.Contains(w.Body.String(), "api.unexpected.app_error") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestEtag(t *testing.T) {
	r := newRouter()
	Get(r, "/tagged", Policy{Anonymous: true}, func(context.Context, caller, None) (Tagged[OK], error) {
		return Tagged[OK]{Etag: "e1", Value: Done()}, nil
	})
	if w := call(r, "GET", "/api/v4/tagged", "", ""); w.Code != 200 || w.Header().Get("Etag") != "e1" {
		t.Error(w.Code, w.Header())
	}
	if w := call(r, "GET", "/api/v4/tagged", "", "", "If-None-Match", "e1"); w.Code != 304 || w.Body.Len() != 0 {
		t.Error(w.Code, w.Body)
	}
}

func TestLargeAnswersAreCompressedOnRequest(t *testing.T) {
	r := newRouter()
	Get(r, "/large", Policy{Anonymous: true}, func(context.Context, caller, None) ([]string, error) {
		return strings.Split(strings.Repeat("word ", 2000), " "), nil
	})
	plain := call(r, "GET", "/api/v4/large", "", "")
	zipped := call(r, "GET", "/api/v4/large", "", "", "Accept-Encoding", "gzip")
	if plain.Header().Get("Content-Encoding") != "" || zipped.Header().Get("Content-Encoding") != "gzip" || zipped.Body.Len() >= plain.Body.Len() {
		t.Error(plain.Header(), zipped.Header())
	}
}

func FuzzDecodeJSON(f *testing.F) {
	for _, s := range []string{`{"message":"a"}`, `{"props":{"a":[1,2,{"b":null}]}}`, `null`, `[`, `"\u0000"`, "{\"message\":\"\xff\"}", `{"message":"\\"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var in echo
		if err := DecodeJSON(raw, &in.Body); err == nil && strings.ContainsRune(in.Body.Message, 0) {
			t.Fatalf("a NUL came through: %q", raw)
		}
	})
}

func FuzzQuery(f *testing.F) {
	f.Add("page=1&per_page=-5&since=9223372036854775807&deep=maybe&tag=%00")
	r := echoRouter()
	f.Fuzz(func(t *testing.T, query string) {
		req := httptest.NewRequest("POST", "/api/v4/users/me/things/x", strings.NewReader(`{}`))
		req.URL.RawQuery = query
		req.Header.Set("Authorization", someID)
		w := httptest.NewRecorder()
		r.ServeHTTP(w, req)
		var got echo
		if err := json.NewDecoder(w.Body).Decode(&got); err != nil || w.Code != 201 || got.PerPage > 200 || got.PerPage < 0 || got.Page.Page < 0 {
			body, _ := io.ReadAll(w.Body)
			t.Fatal(fmt.Sprint(w.Code, err, got, string(body)))
		}
	})
}
