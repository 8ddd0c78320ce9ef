package config

import (
	"os"
	"path/filepath"
	"testing"
)

// What the PostgreSQL image is told is enough for the server beside it.
func TestTheDatabaseOfTheImage(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(secret, []byte("from a file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const key = "SqlSettings.DataSource"
	for name, c := range map[string]struct {
		environ []string
		want    string
	}{
		"all":           {[]string{"POSTGRES_HOST=db", "POSTGRES_USER=parley", "POSTGRES_PASSWORD=a b@c/d", "POSTGRES_DB=chat"}, "postgres://parley:a%20b%40c%2Fd@db:5432/chat?sslmode=prefer"},
		"a file":        {[]string{"POSTGRES_HOST=db", "POSTGRES_USER=parley", "POSTGRES_PASSWORD_FILE=" + secret}, "postgres://parley:from%20a%20file@db:5432/parley?sslmode=prefer"},
		"the whole one": {[]string{"POSTGRES_HOST=db", "POSTGRES_PASSWORD=x", "MM_SQLSETTINGS_DATASOURCE=postgres://u:p@h/d"}, "postgres://u:p@h/d"},
	} {
		s, err := Open(Options{Environ: c.environ})
		if err != nil {
			t.Fatal(name, err)
		}
		if got := s.Get().SqlSettings.DataSource; got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if s.Origin(key).Layer != LayerEnv {
			t.Errorf("%s comes from %v", name, s.Origin(key))
		}
	}
	s, err := Open(Options{Environ: []string{"POSTGRES_USER=parley", "POSTGRES_PASSWORD=x"}})
	if err != nil || s.Origin(key).Layer != LayerDefault {
		t.Errorf("without a host: %v %v", err, s.Origin(key))
	}
	if _, err := Open(Options{Environ: []string{"POSTGRES_HOST=db", "POSTGRES_PASSWORD_FILE=/nowhere"}}); err == nil {
		t.Error("a password that can't be read is no problem")
	}
}
