package traces

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestStatementsAreNamedByTheirTable(t *testing.T) {
	for query, want := range map[string]string{
		"SELECT id FROM posts WHERE id = $1":                 "posts.select",
		"INSERT INTO Channels(id) VALUES ($1)":               "channels.insert",
		"UPDATE users SET deleteat = 0":                      "users.update",
		"DELETE\n\tFROM sessions WHERE id = $1":              "sessions.delete",
		"SELECT count(*) FROM (SELECT m.userid FROM status)": "other",
		"SAVEPOINT one": "other",
		"":              "other",
	} {
		if got := StatementName(query); got != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
}

func TestValuesStayOutOfStatements(t *testing.T) {
	for query, want := range map[string]string{
		"SELECT id\n\t FROM posts WHERE id = $1 LIMIT 60":      "SELECT id FROM posts WHERE id = $1 LIMIT ?",
		"WHERE name = 'it''s a secret' AND p10 = $12":          "WHERE name = ? AND p10 = $12",
		"VALUES (-1.5e3, 0x1f, 'a'), ($1,$2)":                  "VALUES (-?, ?, ?), ($1,$2)",
		"SELECT $tag$ a secret $x$ $tag$ || $$another$$, utf8": "SELECT ? || ?, utf8",
		"x = 'without an end":                                  "x = ?",
		"props->>'é' = $1":                                     "props->>? = $1",
		"":                                                     "",
	} {
		if got := bare(query); got != want {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
	if got := bare(strings.Repeat("($1, $2), ", 10_000)); len(got) > textMost+8 || !strings.HasSuffix(got, "…") {
		t.Error(len(got))
	}
}

func FuzzBare(f *testing.F) {
	for _, q := range []string{"SELECT 'a''b' FROM x WHERE y = $1", "$a$ $a$ 12 1a '\xff", "\u00e9 $ '' $$", "'"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		got := bare(query)
		if strings.Contains(got, "'") || !utf8.ValidString(got) || len(got) > textMost+8 {
			t.Errorf("%q: %q", query, got)
		}
		StatementName(query)
	})
}

func TestClientsAreKinds(t *testing.T) {
	for header, want := range map[string]string{
		"": "none", "curl/8.5": "program", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0": "browser",
		"Mozilla/5.0 (X11) Electron/35.1 Mattermost/5.12": "desktop", "Mattermost Mobile/2.30.0 (ann's phone)": "mobile",
		"rnbeta/2.0 mattermost-mobile": "mobile",
	} {
		if got := agent(header); got != want {
			t.Errorf("%q: %s", header, got)
		}
	}
	if method("BREW") != "_OTHER" || method("") != "GET" || method("PUT") != "PUT" {
		t.Error("methods")
	}
}
