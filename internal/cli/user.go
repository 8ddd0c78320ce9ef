package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/server"
	"github.com/parley-chat/parley/internal/users"
)

// people opens the installation with its users; close ends it. The schema is
// brought up to date when it isn't.
func (w where) people(s *session) (u *users.Users, srv *server.Server, err error) {
	srv, err = server.New(s.ctx, w.options(s))
	if err != nil {
		return nil, nil, err
	}
	return srv.Users(), srv, nil
}

// endPeople writes what is waiting, such as the audit trail, and closes.
func endPeople(u *users.Users, srv *server.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_ = u.Close(ctx)
	srv.Close()
}

type createUserCommand struct {
	where
	Username     string `arg:"" help:"${username}"`
	Email        string `arg:"" help:"${email}"`
	Admin        bool   `help:"${admin}"`
	PasswordFile string `help:"${password_file}" placeholder:"FILE"`
}

// Run makes an account. The first one is an administrator's in any case.
func (c *createUserCommand) Run(s *session) error {
	password, err := s.password(c.PasswordFile)
	if err != nil {
		return err
	}
	u, srv, err := c.people(s)
	if err != nil {
		return err
	}
	defer endPeople(u, srv)
	user := &model.User{Username: c.Username, Email: c.Email, Password: password, EmailVerified: true,
		Roles: model.RoleSystemUser, Locale: srv.Config.Get().LocalizationSettings.DefaultClientLocale}
	if c.Admin {
		user.Roles = model.RoleSystemAdmin + " " + model.RoleSystemUser
	}
	if err := u.Create(s.ctx, user); err != nil {
		return err
	}
	return s.say("user_created", "Username", user.Username, "Roles", user.Roles)
}

type passwordCommand struct {
	where
	Username     string `arg:"" help:"${username}"`
	PasswordFile string `help:"${password_file}" placeholder:"FILE"`
}

// Run gives an account another password and ends its sessions.
func (c *passwordCommand) Run(s *session) error {
	password, err := s.password(c.PasswordFile)
	if err != nil {
		return err
	}
	u, srv, err := c.people(s)
	if err != nil {
		return err
	}
	defer endPeople(u, srv)
	user, err := find(s.ctx, u, c.Username)
	if err != nil {
		return err
	}
	if err := u.SetPassword(s.ctx, user.ID, password); err != nil {
		return err
	}
	return s.say("password_set", "Username", user.Username)
}

type roleCommand struct {
	where
	Username string   `arg:"" help:"${username}"`
	Roles    []string `arg:"" help:"${system_roles}"`
}

// Run gives an account the roles named and takes away the others.
func (c *roleCommand) Run(s *session) error {
	u, srv, err := c.people(s)
	if err != nil {
		return err
	}
	defer endPeople(u, srv)
	user, err := find(s.ctx, u, c.Username)
	if err != nil {
		return err
	}
	change, err := u.SetRoles(s.ctx, user.ID, strings.Join(c.Roles, " "))
	if err != nil {
		return err
	}
	return s.say("roles_set", "Username", user.Username, "Roles", change.New.Roles)
}

// find returns the user of a name or a mail address.
func find(ctx context.Context, u *users.Users, name string) (*model.User, error) {
	if strings.Contains(name, "@") {
		return u.ByEmail(ctx, name)
	}
	return u.ByUsername(ctx, name)
}

type listUsersCommand struct {
	where
	JSON bool `help:"${json}" name:"json"`
}

// row is a line of the list.
type row struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	Email    string `json:"email"`
	Roles    string `json:"roles"`
	DeleteAt int64  `json:"delete_at"`
	Bot      bool   `json:"is_bot"`
}

// listPage is how many users one statement reads.
const listPage = 500

// Run lists the accounts by username.
func (c *listUsersCommand) Run(s *session) error {
	_, d, err := c.database(s)
	if err != nil {
		return err
	}
	if d == nil {
		return s.problem("no_database", "Data", c.Data)
	}
	defer func() { _ = d.Close() }()
	out := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
	encoder := json.NewEncoder(s.out)
	for after := ""; ; {
		list, err := db.List(s.ctx, d, func(r db.Row) (u row, err error) {
			err = r.Scan(&u.ID, &u.Username, &u.Email, &u.Roles, &u.DeleteAt, &u.Bot)
			return u, err
		}, `SELECT u.id, u.username, u.email, coalesce(u.roles,''), coalesce(u.deleteat,0), b.userid IS NOT NULL
			FROM users u LEFT JOIN bots b ON b.userid = u.id WHERE u.username > $1 ORDER BY u.username LIMIT $2`, after, listPage)
		if err != nil {
			return err
		}
		for _, u := range list {
			if c.JSON {
				err = encoder.Encode(u)
			} else {
				_, err = fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", u.Username, u.Email, u.Roles, s.state(u))
			}
			if err != nil {
				return err
			}
		}
		if len(list) < listPage {
			return out.Flush()
		}
		after = list[len(list)-1].Username
	}
}

func (s *session) state(u row) string {
	switch {
	case u.DeleteAt > 0:
		return s.text("deactivated")
	case u.Bot:
		return s.text("bot")
	}
	return ""
}
