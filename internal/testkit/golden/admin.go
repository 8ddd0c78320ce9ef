package golden

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// CreateAdmin makes the first user of an empty server, who is its system admin, with the address
// name@example.com. It does nothing when login works already.
func CreateAdmin(ctx context.Context, base, name, password string) error {
	b := &Bench{target: Target{BaseURL: strings.TrimRight(base, "/")}, http: &http.Client{}}
	login := map[string]any{"login_id": name, "password": password}
	a, err := b.call(ctx, http.MethodPost, "/api/v4/users/login", login)
	if err != nil {
		return err
	}
	if a.status == http.StatusOK {
		return nil
	}
	refusal := a
	a, err = b.call(ctx, http.MethodPost, "/api/v4/users", map[string]any{
		"email": name + "@example.com", "username": name, "password": password,
	})
	if err != nil {
		return err
	}
	if a.status != http.StatusCreated {
		return fmt.Errorf("login as %s: status %d %s; creating: status %d %s", name, refusal.status, refusal.raw, a.status, a.raw)
	}
	return nil
}
