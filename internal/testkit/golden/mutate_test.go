package golden

import (
	"fmt"
	"net/smtp"
	"strings"
	"testing"
)

// change is one way in which an answer may be wrong.
type change struct {
	what string
	body any
}

// changes gives every single wrong version of a rendered body that the comparison must find:
// a key less, an element less or more, another type, another value where one is recorded.
func changes(g, v any, path string) []change {
	var out []change
	switch v := v.(type) {
	case map[string]any:
		gm, _ := g.(map[string]any)
		for _, k := range sortedKeys(v) {
			out = append(out, change{"without " + path + "." + k, without(v, k)})
			for gk, gv := range gm {
				if gk != k {
					continue
				}
				for _, c := range changes(gv, v[k], path+"."+k) {
					m := without(v, k)
					m[k] = c.body
					out = append(out, change{c.what, m})
				}
			}
		}
	case []any:
		gl, _ := g.([]any)
		if gl == nil {
			return append(out, change{"null for " + path, nil})
		}
		out = append(out, change{"one more at " + path, append(append([]any{}, v...), "more")})
		for i := range v {
			out = append(out, change{fmt.Sprintf("without %s.%d", path, i), append(append([]any{}, v[:i]...), v[i+1:]...)})
			for _, c := range changes(gl[i], v[i], fmt.Sprintf("%s.%d", path, i)) {
				l := append([]any{}, v...)
				l[i] = c.body
				out = append(out, change{c.what, l})
			}
		}
	case string:
		out = append(out, change{"number for " + path, 5})
		if s, _ := g.(string); s != "<any string>" && s != "<text>" {
			out = append(out, change{"other text at " + path, v + "~"})
		}
	case nil:
		out = append(out, change{"list for " + path, []any{}})
	case bool:
		out = append(out, change{"null for " + path, nil})
		if kind(g) == "bool" {
			out = append(out, change{"other bool at " + path, !v})
		}
	default:
		out = append(out, change{"text for " + path, "x"})
		if s, _ := g.(string); s != "<any number>" {
			out = append(out, change{"other number at " + path, -3})
		}
	}
	return out
}

func without(m map[string]any, key string) map[string]any {
	out := map[string]any{}
	for k, v := range m {
		if k != key {
			out[k] = v
		}
	}
	return out
}

// plain turns values as a Go program holds them into what decoding JSON gives.
func plain(t *testing.T, v any) any {
	t.Helper()
	b, err := marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out, err := decodeWhole(b)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEveryChangeOfAnAnswerIsFound(t *testing.T) {
	tried := 0
	for _, sc := range scenarios(t) {
		for i := range sc.Steps {
			st := &sc.Steps[i]
			if st.Kind != "http" || len(st.Loose) > 0 || kind(st.Response.Body) != "object" && kind(st.Response.Body) != "array" {
				continue
			}
			f := &fake{t: t, sc: sc, b: newBinder("wordwordw", map[string]string{"<server>": "http://s", "<listener>": "http://l"})}
			good := plain(t, f.render(st.Response.Body))
			if d := differ(f.b, st, good); len(d) > 0 {
				t.Fatalf("%s %q: the recorded answer itself: %v", sc.Name, st.Name, d)
			}
			list := changes(st.Response.Body, good, "body")
			if len(list) > 3000 {
				list = list[:3000]
			}
			for _, c := range list {
				tried++
				if d := differ(f.b, st, plain(t, c.body)); len(d) == 0 {
					t.Errorf("%s %q: not found: %s", sc.Name, st.Name, c.what)
				}
			}
		}
	}
	if tried < 500 {
		t.Errorf("only %d changes were tried", tried)
	}
}

// differ compares with ids that are bound already, and leaves the binder as it was.
func differ(b *binder, st *Step, body any) []string {
	at := len(b.log)
	defer b.undo(at)
	c := newComparer(b, st)
	c.root(st.Response.Body, body)
	return c.diffs
}

func recorded(t *testing.T, name string) Scenario {
	t.Helper()
	for _, sc := range scenarios(t) {
		if sc.Name == name {
			return sc
		}
	}
	t.Fatalf("no scenario %s", name)
	return Scenario{}
}

// failed gives the failures of a replay as one text.
func failed(t *testing.T, f *fake) string {
	t.Helper()
	lines := f.replay().Lines()
	if len(lines) == 0 {
		t.Fatal("nothing was found")
	}
	return strings.Join(lines, "\n")
}

func TestAnIDMustStayTheSame(t *testing.T) {
	f := newFake(t, recorded(t, "posts/create"))
	f.spoil = func(st *Step, body any) any {
		if st.Name == "create" {
			body.(map[string]any)["user_id"] = randomID()
		}
		return body
	}
	if got := failed(t, f); !strings.Contains(got, `posts/create · step "create" · body.user_id: want "id#2"`) {
		t.Error(got)
	}
}

func TestAFailedSetupEndsTheScenario(t *testing.T) {
	sc := recorded(t, "posts/create")
	f := newFake(t, sc)
	f.spoil = func(st *Step, body any) any {
		if st.Name == "setup 8" {
			return map[string]any{}
		}
		return body
	}
	r := f.replay()
	if met, _, total := r.Count(); met != 0 || total == 0 {
		t.Errorf("%d of %d met", met, total)
	}
	if got := strings.Join(r.Lines(), "\n"); !strings.Contains(got, "not reached: setup 8 failed") {
		t.Error(got)
	}
}

func TestEventsAreComparedWhole(t *testing.T) {
	sc := recorded(t, "posts/create")
	extra := map[string]any{"event": "typing", "data": map[string]any{}, "broadcast": map[string]any{"channel_id": "c"}}
	for name, c := range map[string]struct {
		actor  string
		meddle func([]any) []any
		want   string
	}{
		"missing":      {"bob", func([]any) []any { return nil }, "bob: missing event posted"},
		"one too many": {"dave", func([]any) []any { return []any{extra} }, "dave: unwanted event typing"},
		"twice":        {"bob", func(l []any) []any { return append(l, l...) }, "bob: unwanted event posted"},
		"other data": {"alice", func(l []any) []any {
			for _, e := range l {
				delete(e.(map[string]any)["data"].(map[string]any), "team_id")
			}
			return l
		}, "alice: posted.data.team_id: missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, sc)
			f.meddle = func(_ *Step, actor string, l []any) []any {
				if actor == c.actor {
					return c.meddle(l)
				}
				return l
			}
			if got := failed(t, f); !strings.Contains(got, c.want) {
				t.Errorf("want %q in:\n%s", c.want, got)
			}
		})
	}
}

func TestEventsInAnyOrderAndUnknownOnesAreFine(t *testing.T) {
	f := newFake(t, recorded(t, "posts/create"))
	f.meddle = func(_ *Step, _ string, l []any) []any {
		out := []any{map[string]any{"event": "custom_thing", "data": map[string]any{}, "broadcast": map[string]any{}}}
		for i := len(l) - 1; i >= 0; i-- {
			out = append(out, l[i])
		}
		return out
	}
	if l := f.replay().Lines(); len(l) > 0 {
		t.Error(strings.Join(l, "\n"))
	}
}

func TestRefusalsForWantOfALicenceAreExcused(t *testing.T) {
	for id, want := range map[string]bool{"api.license_error": true, "ent.x": true, "api.context.permissions.app_error": false} {
		st := &Step{Kind: "http", Response: &Response{Status: 501, Body: map[string]any{"id": id}}}
		if excused(st) != want {
			t.Errorf("%s: excused %v", id, !want)
		}
	}
}

func TestSetsMayComeInAnyOrder(t *testing.T) {
	b := newBinder("wordwordw", nil)
	g := []any{map[string]any{"id": "id#2", "n": 1.0}, map[string]any{"id": "id#3", "n": 2.0}}
	x, y := randomID(), randomID()
	a := []any{map[string]any{"id": y, "n": 2.0}, map[string]any{"id": x, "n": 1.0}}
	if c := newComparer(b, &Step{}); true {
		c.root(g, a)
		if len(c.diffs) == 0 {
			t.Error("a list in another order was taken")
		}
	}
	b = newBinder("wordwordw", nil)
	c := newComparer(b, &Step{Sets: []string{""}})
	c.root(g, a)
	if len(c.diffs) > 0 || b.ids["id#2"] != x || b.ids["id#3"] != y {
		t.Error(c.diffs, b.ids)
	}
}

func TestOneTimeCode(t *testing.T) {
	// RFC 6238, appendix B, cut to six digits: the secret is "12345678901234567890".
	if got := totp("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", unix(59)); got != "287082" {
		t.Error(got)
	}
}

func TestTheSinkKeepsMails(t *testing.T) {
	s, err := newSink()
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	token := strings.Repeat("k7", 32)
	body := "To: Bob@example.com\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n" +
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n<a href=3D\"http://s/reset_password_complete?token=3D" + token[:40] + "=\r\n" + token[40:] + "\">x</a>\r\n--b--\r\n"
	if err := smtp.SendMail(s.ln.Addr().String(), nil, "probe@example.com", []string{"Bob@example.com"}, []byte(body)); err != nil {
		t.Fatal(err)
	}
	if got, ok := s.reset(t.Context(), "bob@example.com"); !ok || got != token {
		t.Error(got, ok)
	}
}
