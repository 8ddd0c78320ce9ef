package oauthconns

import (
	"context"
	"errors"
	"net/url"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

func check(one *model.OutgoingOAuthConnection) error {
	if problem := one.Problem(); problem != "" {
		return fault.Invalid("model.outgoing_oauth_connection.is_valid." + problem)
	}
	return nil
}

// tidied is a connection as it was sent, with nothing that doesn't belong to its grant.
func tidied(one model.OutgoingOAuthConnection) model.OutgoingOAuthConnection {
	if one.GrantType == model.ConnectionClientCredentials {
		one.CredentialsUsername, one.CredentialsPassword = nil, nil
	}
	return one
}

// create makes a connection of v's.
func (c *Connections) create(ctx context.Context, v access.Viewer, want model.OutgoingOAuthConnection) (*model.OutgoingOAuthConnection, error) {
	one := tidied(want)
	one.ID, one.CreatorID, one.CreateAt = id.New(), v.UserID, id.Now()
	one.UpdateAt = one.CreateAt
	if err := check(&one); err != nil {
		return nil, err
	}
	return &one, insert(ctx, c.DB, &one)
}

// change writes what may be changed of a connection.
func (c *Connections) change(ctx context.Context, connectionID string, want model.OutgoingOAuthConnection) (one *model.OutgoingOAuthConnection, err error) {
	err = c.DB.Tx(ctx, func(tx *db.Tx) error {
		// Two changes at once must not mix one's address with the other's secret.
		if err := tx.Lock(ctx, "outgoing oauth connection "+connectionID); err != nil {
			return err
		}
		old, err := load(ctx, tx, connectionID)
		if err != nil {
			return err
		}
		if one, err = merged(old, want); err != nil {
			return err
		}
		one.UpdateAt = max(id.Now(), old.UpdateAt+1)
		return update(ctx, tx, one)
	})
	return one, err
}

// merged is a connection as it is wanted, with the secrets that were not sent as they were. They stay with the server
// that they were entered for: who manages connections needn't know them, and must not have them sent to themselves.
func merged(old *model.OutgoingOAuthConnection, want model.OutgoingOAuthConnection) (*model.OutgoingOAuthConnection, error) {
	one := tidied(want)
	one.ID, one.CreatorID, one.CreateAt, one.UpdateAt = old.ID, old.CreatorID, old.CreateAt, old.UpdateAt
	if one.ClientID == "" {
		one.ClientID = old.ClientID
	}
	kept := false
	if one.ClientSecret == "" && old.ClientSecret != "" {
		one.ClientSecret, kept = old.ClientSecret, true
	}
	if one.GrantType == model.ConnectionPassword {
		if one.CredentialsUsername == nil {
			one.CredentialsUsername = old.CredentialsUsername
		}
		if none := one.CredentialsPassword == nil || *one.CredentialsPassword == ""; none && old.CredentialsPassword != nil {
			one.CredentialsPassword, kept = old.CredentialsPassword, true
		}
	}
	if err := check(&one); err != nil {
		return nil, err
	}
	if kept && !sameServer(old.OAuthTokenURL, one.OAuthTokenURL) {
		return nil, fault.Invalid("parley.oauthconns.elsewhere.app_error")
	}
	return &one, nil
}

// sameServer tells whether two addresses are of one scheme, host and port.
func sameServer(a, b string) bool {
	first, err := url.Parse(a)
	if err != nil {
		return false
	}
	second, err := url.Parse(b)
	return err == nil && model.Origin(first) == model.Origin(second)
}

// try asks for a token by what was sent, with the secrets that are kept where none were.
func (c *Connections) try(ctx context.Context, want model.OutgoingOAuthConnection) error {
	one := tidied(want)
	if want.ID != "" {
		if !id.Valid(want.ID) {
			return fault.Invalid("api.context.outgoing_oauth_connection.validate_connection_credentials.input_error")
		}
		old, err := load(ctx, c.DB, want.ID)
		if err != nil {
			return err
		}
		m, err := merged(old, want)
		if err != nil {
			return err
		}
		one = *m
	} else if err := check(&one); err != nil {
		return err
	}
	_, err := c.fetch(ctx, credentialsOf(&one))
	var t *trouble
	if errors.As(err, &t) {
		return t.fault()
	}
	return err
}
