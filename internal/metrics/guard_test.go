package metrics

import (
	"crypto/sha1"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// Made by `openssl passwd -apr1 -salt abcdefgh 'metrics pass'`.
const apr1 = "$apr1$abcdefgh$Dk5vH.pJmiGr60ksMQlYj1"

func bcryptOf(t *testing.T, password string) string {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	return string(hash)
}

func shaOf(password string) string {
	sum := sha1.Sum([]byte(password))
	return "{SHA}" + base64.StdEncoding.EncodeToString(sum[:])
}

// answer is the status of a scrape by somebody.
func answer(g *Guard, name, password string) int {
	r := httptest.NewRequest("GET", "/metrics", nil)
	if name != "" {
		r.SetBasicAuth(name, password)
	}
	w := httptest.NewRecorder()
	g.Protect(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(w, r)
	return w.Code
}

func TestGuardLetsInWhomTheLinesName(t *testing.T) {
	lines := strings.Join([]string{"ann:" + apr1, "ben:" + bcryptOf(t, "b"), "cleo:" + shaOf("c")}, ",")
	for name, text := range map[string]string{
		"as they are":   lines,
		"for compose":   strings.ReplaceAll(lines, "$", "$$"),
		"quoted":        `"` + lines + `"`,
		"line by line":  "# scrapers\n" + strings.ReplaceAll(lines, ",", "\r\n") + "\n",
		"with blanks":   " " + strings.ReplaceAll(lines, ",", " , ") + " ",
		"a comma after": lines + ",",
	} {
		t.Run(name, func(t *testing.T) {
			g, err := NewGuard(GuardOptions{Lines: text, Log: slog.Default()})
			if err != nil {
				t.Fatal(err)
			}
			for _, try := range []struct {
				name, password string
				want           int
			}{
				{"ann", "metrics pass", 200}, {"ben", "b", 200}, {"cleo", "c", 200},
				{"ann", "metrics pass", 200}, // remembered
				{"ann", "b", 401}, {"ben", "", 401}, {"dora", "c", 401}, {"", "", 401},
				{"ann", strings.Repeat("x", 100_000), 401},
			} {
				if got := answer(g, try.name, try.password); got != try.want {
					t.Errorf("%q with %.20q: %d, want %d", try.name, try.password, got, try.want)
				}
			}
		})
	}
}

func TestGuardRefusesLinesWithoutRepeatingThem(t *testing.T) {
	if g, err := NewGuard(GuardOptions{Lines: " \n"}); g != nil || err != nil {
		t.Errorf("nobody named: %v, %v", g, err)
	}
	for _, text := range []string{"ann", "ann:", "ann:plain-secret", ":" + apr1, "ann:$2y$99$broken-secret", "ann:$apr1$secret", "#"} {
		g, err := NewGuard(GuardOptions{Lines: text, Log: slog.Default()})
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v, %v", text, g, err)
		}
	}
	if _, err := NewGuard(GuardOptions{Path: filepath.Join(t.TempDir(), "none")}); err == nil {
		t.Error("a file that isn't there is taken")
	}
}

func TestGuardReadsItsFileAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "htpasswd")
	write := func(text string, at time.Time) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	begin := time.Now().Add(-time.Hour)
	write("ann:"+shaOf("a"), begin)
	g, err := NewGuard(GuardOptions{Path: path, Log: slog.Default()})
	if err != nil {
		t.Fatal(err)
	}
	if got := answer(g, "ann", "a"); got != 200 {
		t.Fatal(got)
	}
	write("ben:"+shaOf("b"), begin.Add(time.Minute))
	if ann, ben := answer(g, "ann", "a"), answer(g, "ben", "b"); ann != 401 || ben != 200 {
		t.Errorf("after a change: %d and %d", ann, ben)
	}
	write("nonsense", begin.Add(2*time.Minute))
	if got := answer(g, "ben", "b"); got != 200 {
		t.Errorf("with a broken file: %d", got)
	}
}

func TestGuardBoundsGuesses(t *testing.T) {
	left := 3
	g, err := NewGuard(GuardOptions{Lines: "ann:" + shaOf("a"), Log: slog.Default(), Allow: func(*http.Request) bool { left--; return left >= 0 }})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{200, 401, 401, 429, 429} {
		password := "wrong"
		if i == 0 {
			password = "a"
		}
		if got := answer(g, "ann", password); got != want {
			t.Errorf("guess %d: %d, want %d", i, got, want)
		}
	}
	if got := answer(g, "ann", "a"); got != 200 {
		t.Errorf("who was right before is kept out: %d", got)
	}
}

func FuzzReadAccounts(f *testing.F) {
	f.Add("ann:" + apr1)
	f.Add("ann:$$2y$$10$$x,ben:{SHA}x\r\n#")
	f.Fuzz(func(t *testing.T, text string) {
		accounts, err := readAccounts(text)
		if (err == nil) != (len(accounts) > 0) {
			t.Errorf("%d accounts, %v", len(accounts), err)
		}
		for _, one := range accounts {
			one.hash.MatchesPassword("x")
		}
	})
}
