package ctl

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// login is a server that somebody has logged in to. Its token is as good as a
// password.
type login struct {
	Name     string `json:"name"`
	URL      string `json:"url"`
	Username string `json:"username"`
	Token    string `json:"token"`
	Password bool   `json:"password"` // logged in by password rather than by access token
	Active   bool   `json:"active"`
}

// logins is the file of credentials.
type logins struct {
	Servers []*login `json:"servers"`
}

func (l *logins) active() *login {
	for _, s := range l.Servers {
		if s.Active {
			return s
		}
	}
	return nil
}

func (l *logins) named(name string) *login {
	for _, s := range l.Servers {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// put adds a login, in place of one of the same name.
func (l *logins) put(s *login) {
	l.drop(s.Name)
	l.Servers = append(l.Servers, s)
}

func (l *logins) drop(name string) {
	l.Servers = slices.DeleteFunc(l.Servers, func(s *login) bool { return s.Name == name })
}

// activate makes one login that which commands are for.
func (l *logins) activate(name string) {
	for _, s := range l.Servers {
		s.Active = s.Name == name
	}
}

// credentialsFile is --config, or ctl.json in the user's folder of settings.
func (c *call) credentialsFile() (string, error) {
	if file := c.flags.text("config"); file != "" {
		return file, nil
	}
	dir := environment(c.Environ, "XDG_CONFIG_HOME")
	if dir == "" {
		home := environment(c.Environ, "HOME")
		if home == "" {
			return "", c.problem("no_home")
		}
		dir = filepath.Join(home, ".config")
	}
	return filepath.Join(dir, "parley", "ctl.json"), nil
}

// credentials reads the file. One that others can read is refused: its tokens
// may be known by now.
func (c *call) credentials() (*logins, error) {
	file, err := c.credentialsFile()
	if err != nil {
		return nil, err
	}
	var list logins
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &list, nil
	case err != nil:
		return nil, err
	case info.Mode().Perm()&0o077 != 0:
		return nil, c.problem("credentials_open", "File", file)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, c.problem("credentials_broken", "File", file)
	}
	return &list, nil
}

// keep writes the file anew: readable by its owner only, and whole or not at all.
func (c *call) keep(list *logins) error {
	file, err := c.credentialsFile()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".ctl") // 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	if err := errors.Join(writeJSON(f, list), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}
