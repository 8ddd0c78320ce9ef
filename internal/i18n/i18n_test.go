package i18n

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var param = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

func params(text string) []string {
	var out []string
	for _, m := range param.FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestLanguagesHoldTheSameTexts(t *testing.T) {
	en, err := read("en")
	if err != nil {
		t.Fatal(err)
	}
	fr, err := read("fr")
	if err != nil {
		t.Fatal(err)
	}
	for key, text := range en {
		other, ok := fr[key]
		if !ok {
			t.Errorf("fr lacks %s", key)
			continue
		}
		if a, b := params(text), params(other); !slices.Equal(a, b) {
			t.Errorf("%s: parameters %v in en, %v in fr", key, a, b)
		}
		if strings.TrimSpace(text) == "" || strings.TrimSpace(other) == "" {
			t.Errorf("%s is empty", key)
		}
		if left := param.ReplaceAllString(text+other, ""); strings.Contains(left, "{{") || strings.Contains(left, "}}") {
			t.Errorf("%s: broken parameter", key)
		}
	}
	for key := range fr {
		if _, ok := en[key]; !ok {
			t.Errorf("en lacks %s", key)
		}
	}
}

// faultID finds the id in calls such as fault.Invalid("api.x.app_error", …), fault.New(fault.KindInvalid, "…")
// and, inside package fault, in its own helpers.
var faultID = regexp.MustCompile(`(?:fault\.|\breturn )(?:Invalid|Unauthenticated|Forbidden|NotFound|Conflict|TooLarge|TooMany|NotImplemented|Unavailable|Internal|New\([\w.]+,\s*|Wrap)\(?"([a-z0-9_]+(?:\.[A-Za-z0-9_-]+)+)"`)

func TestEveryErrorHasAText(t *testing.T) {
	en, err := read("en")
	if err != nil {
		t.Fatal(err)
	}
	missing := map[string]string{}
	err = filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == ".git" || d.Name() == "node_modules" || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range faultID.FindAllStringSubmatch(string(raw), -1) {
			if _, ok := en[m[1]]; !ok {
				missing[m[1]] = path
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, path := range missing {
		t.Errorf("%s: error %s has no text", path, id)
	}
}

func TestText(t *testing.T) {
	key := "api.context.invalid_url_param.app_error"
	for locale, want := range map[string]string{
		"en": "for team_id", "fr": "pour team_id", "fr-CA": "pour team_id", "FR_fr": "pour team_id",
		"de": "for team_id", "": "for team_id",
	} {
		if got := T(locale, key, map[string]any{"Name": "team_id"}); !strings.Contains(got, want) {
			t.Errorf("%q: %q", locale, got)
		}
	}
	if got := T("fr", "no.such.key", nil); got != "no.such.key" {
		t.Errorf("unknown key gives %q", got)
	}
}

func TestFillNeverReadsParametersTwice(t *testing.T) {
	got := fill("a {{.X}} b {{.Y}} c {{.X", map[string]any{"X": "{{.Y}}", "Y": 2})
	if got != "a {{.Y}} b 2 c {{.X" {
		t.Fatal(got)
	}
}

func TestMatch(t *testing.T) {
	for header, want := range map[string]string{
		"": "en", "fr-CH, fr;q=0.9, en;q=0.8": "fr", "de, fr;q=0.5": "fr", "ja": "en", "*": "en", ";;;": "en",
		"en-GB,en;q=0.9,fr;q=0.1": "en", strings.Repeat("fr,", 2000): "en",
	} {
		if got := Match(header, "en"); got != want {
			t.Errorf("%.40q: %s, want %s", header, got, want)
		}
	}
	if got := Match("", "fr"); got != "fr" {
		t.Errorf("fallback: %s", got)
	}
}
