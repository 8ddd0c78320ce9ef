package ctl

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// authActions are the commands that keep the file of credentials.
var authActions = map[string]action{
	"auth login":   {1, 1, authLogin, true},
	"auth renew":   {0, 1, authRenew, true},
	"auth list":    {0, 0, authList, true},
	"auth current": {0, 0, authCurrent, true},
	"auth set":     {1, 1, authSet, true},
	"auth delete":  {1, 1, authDelete, true},
	"auth clean":   {0, 0, authClean, true},
}

func authLogin(c *call) error {
	if err := c.need("name"); err != nil {
		return err
	}
	u, err := url.Parse(c.args[0])
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return c.problem("no_url", "URL", c.args[0])
	}
	list, err := c.credentials()
	if err != nil {
		return err
	}
	s := &login{Name: c.flags.text("name"), URL: strings.TrimSuffix(c.args[0], "/"), Username: c.flags.text("username")}
	if err := c.logIn(s); err != nil {
		return err
	}
	list.put(s)
	if !c.flags.on("no-activate") {
		list.activate(s.Name)
	}
	if err := c.keep(list); err != nil {
		return err
	}
	c.line("%s", c.text("logged_in", "Name", s.Name, "Username", s.Username))
	return nil
}

func authRenew(c *call) error {
	list, err := c.credentials()
	if err != nil {
		return err
	}
	s := list.active()
	if len(c.args) > 0 {
		s = list.named(c.args[0])
	}
	if s == nil {
		return c.problem("not_logged_in")
	}
	if err := c.logIn(s); err != nil {
		return err
	}
	if err := c.keep(list); err != nil {
		return err
	}
	c.line("%s", c.text("logged_in", "Name", s.Name, "Username", s.Username))
	return nil
}

// logIn proves who the caller is, by an access token or a password, and fills
// in s what later calls need.
func (c *call) logIn(s *login) error {
	token, err := c.secretOf("access-token", "")
	if err != nil {
		return err
	}
	if s.Password = token == ""; s.Password {
		if token, err = c.openSession(s); err != nil {
			return err
		}
	}
	c.client = c.dial(s.URL, token)
	if err := c.strict(); err != nil {
		return err
	}
	me, err := c.one(http.MethodGet, "/users/me", nil)
	if err != nil {
		return err
	}
	s.Token, s.Username = token, field(me, "username")
	return nil
}

func (c *call) openSession(s *login) (string, error) {
	if s.Username == "" {
		return "", c.problem("flag_needed", "Flags", "--username, --access-token-file")
	}
	password, err := c.secretOf("password", "ask")
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(map[string]string{"login_id": s.Username, "password": password, "token": c.flags.text("mfa-token")})
	if err != nil {
		return "", err
	}
	resp, err := c.dial(s.URL, "").send(c.ctx, http.MethodPost, "/users/login", bytes.NewReader(body), "application/json")
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	token := resp.Header.Get("Token")
	if token == "" {
		return "", c.problem("no_answer", "Call", "POST /users/login")
	}
	return token, nil
}

// secretOf is what a flag says, or the first line of the file that its sister
// flag names; with ask, what somebody enters.
func (c *call) secretOf(name, ask string) (string, error) {
	if file := c.flags.text(name + "-file"); file != "" {
		raw, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		line, _, _ := bufio.NewReader(bytes.NewReader(raw)).ReadLine()
		if len(line) == 0 {
			return "", c.problem("empty_file", "File", file)
		}
		return string(line), nil
	}
	if v := c.flags.text(name); v != "" || ask == "" {
		return v, nil
	}
	_, _ = io.WriteString(c.Err, c.text("ask_password")+" ")
	return c.Secret()
}

func authList(c *call) error {
	list, err := c.credentials()
	if err != nil {
		return err
	}
	for _, s := range list.Servers {
		mark := " "
		if s.Active {
			mark = "*"
		}
		c.show(map[string]any{"name": s.Name, "url": s.URL, "username": s.Username, "active": s.Active},
			"%s %s\t%s\t%s", mark, s.Name, s.Username, s.URL)
	}
	return nil
}

func authCurrent(c *call) error {
	list, err := c.credentials()
	if err != nil {
		return err
	}
	s := list.active()
	if s == nil {
		return c.problem("not_logged_in")
	}
	c.single = true
	c.show(map[string]any{"name": s.Name, "url": s.URL, "username": s.Username}, "%s\t%s\t%s", s.Name, s.Username, s.URL)
	return nil
}

func authSet(c *call) error {
	return c.changeLogins(func(list *logins) { list.activate(c.args[0]) })
}

func authDelete(c *call) error {
	return c.changeLogins(func(list *logins) { list.drop(c.args[0]) })
}

func (c *call) changeLogins(change func(*logins)) error {
	list, err := c.credentials()
	if err != nil {
		return err
	}
	if list.named(c.args[0]) == nil {
		return c.problem("no_login", "Name", c.args[0])
	}
	change(list)
	if err := c.keep(list); err != nil {
		return err
	}
	c.done(map[string]any{"name": c.args[0]}, c.args[0])
	return nil
}

func authClean(c *call) error {
	file, err := c.credentialsFile()
	if err != nil {
		return err
	}
	if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
		return err
	}
	c.line("%s", c.text("cleaned"))
	return nil
}
