package search

import (
	"bufio"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
)

// TestStemIsPostgreSQLs compares with PostgreSQL's own stemmer: the words of
// this repository's texts, and made up ones with every ending there is.
func TestStemIsPostgreSQLs(t *testing.T) {
	d := dbtest.Open(t, dbtest.Postgres)
	seen := map[string]bool{}
	for _, file := range []string{"../i18n/en/users.json", "../i18n/en/posts.json", "../../README.md", "../../docs/ARCHITECTURE.md", "stem.go"} {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		for sc := bufio.NewScanner(f); sc.Scan(); {
			for _, w := range strings.FieldsFunc(strings.ToLower(sc.Text()), func(c rune) bool { return c < 'a' || c > 'z' }) {
				seen[w] = true
			}
		}
		_ = f.Close()
	}
	endings := append([]string{"s", "ies", "ied", "sses", "us", "eed", "eedly", "ed", "edly", "ing", "ingly", "y", "ly", "li", "ogi", "ative", "e", "ll", "ion",
		"sion", "tion", ""}, endings4...)
	for _, e := range append(endings2, endings3...) {
		endings = append(endings, e.from)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 6000 {
		w := ""
		for range 1 + rng.IntN(3) {
			w += []string{"b", "st", "c", "gr", "l", "y", "w", "x", "t", "sh", "n", "m", ""}[rng.IntN(13)] + []string{"a", "e", "i", "o", "u", "y", "ea"}[rng.IntN(7)] +
				[]string{"", "n", "t", "ss", "p", "mm", "r", "x", "y", "bl", "at", "iz"}[rng.IntN(12)]
		}
		seen[w+endings[rng.IntN(len(endings))]+endings[rng.IntN(len(endings))]] = true
	}
	words := make([]string, 0, len(seen))
	for w := range seen {
		if !stopWords[w] {
			words = append(words, w)
		}
	}
	type pair struct{ word, stem string }
	got, err := db.List(t.Context(), d, func(r db.Row) (p pair, err error) { return p, r.Scan(&p.word, &p.stem) },
		`SELECT w, (ts_lexize('english_stem', w))[1] FROM unnest(CAST($1 AS text[])) w`, words)
	if err != nil || len(got) != len(words) {
		t.Fatal(len(got), err)
	}
	wrong := 0
	for _, p := range got {
		if s := stem(p.word); s != p.stem && wrong < 20 {
			wrong++
			t.Errorf("%s: %s, PostgreSQL %s", p.word, s, p.stem)
		}
	}
}
