package oauthconns

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

const (
	errList   = "api.context.outgoing_oauth_connection.list_connections.app_error"
	columns   = `id, coalesce(name,''), coalesce(creatorid,''), coalesce(createat,0), coalesce(updateat,0), coalesce(clientid,''), coalesce(clientsecret,''), credentialsusername, credentialspassword, coalesce(oauthtokenurl,''), coalesce(granttype,'client_credentials'), coalesce(audiences,'')`
	foundMost = 200 // connections at an address's host
)

var errMissing = fault.NotFound("parley.oauthconns.missing.app_error")

func scan(r db.Row) (*model.OutgoingOAuthConnection, error) {
	one := &model.OutgoingOAuthConnection{Audiences: []string{}}
	var audiences string
	if err := r.Scan(&one.ID, &one.Name, &one.CreatorID, &one.CreateAt, &one.UpdateAt, &one.ClientID, &one.ClientSecret, &one.CredentialsUsername,
		&one.CredentialsPassword, &one.OAuthTokenURL, &one.GrantType, &audiences); err != nil {
		return nil, err
	}
	if audiences == "" || audiences == "null" {
		return one, nil
	}
	return one, json.Unmarshal([]byte(audiences), &one.Audiences)
}

// load returns a connection with its secrets; 404 when there is none.
func load(ctx context.Context, q db.Querier, connectionID string) (*model.OutgoingOAuthConnection, error) {
	one, err := db.Get(ctx, q, scan, `SELECT `+columns+` FROM outgoingoauthconnections WHERE id = $1`, connectionID)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return nil, errMissing
	case err != nil:
		return nil, fault.Internal(errList, err)
	}
	return one, nil
}

// list returns a page of connections by id, those after an id.
func (c *Connections) list(ctx context.Context, after string, limit, offset int) ([]*model.OutgoingOAuthConnection, error) {
	list, err := db.List(ctx, c.DB, scan, `SELECT `+columns+` FROM outgoingoauthconnections WHERE id > $1 ORDER BY id LIMIT $2 OFFSET $3`, after, limit, offset)
	if err != nil {
		return nil, fault.Internal(errList, err)
	}
	return list, nil
}

// serving lists the connections that serve an address, the one that names most of it first. It reads the table each
// time, so that a change on another node holds at once.
func (c *Connections) serving(ctx context.Context, address string) ([]*model.OutgoingOAuthConnection, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return nil, nil
	}
	// The statement finds who names the host anywhere; Serves decides.
	list, err := db.List(ctx, c.DB, scan, `SELECT `+columns+` FROM outgoingoauthconnections WHERE lower(audiences) LIKE '%' || $1 || '%'
		ORDER BY id LIMIT $2`, strings.ToLower(u.Hostname()), foundMost)
	if err != nil {
		return nil, fault.Internal(errList, err)
	}
	named := func(one *model.OutgoingOAuthConnection) int {
		length, ok := one.Serves(address)
		if !ok {
			return -1
		}
		return length
	}
	list = slices.DeleteFunc(list, func(one *model.OutgoingOAuthConnection) bool { return named(one) < 0 })
	slices.SortStableFunc(list, func(a, b *model.OutgoingOAuthConnection) int { return cmp.Compare(named(b), named(a)) })
	return list, nil
}

func insert(ctx context.Context, q db.Querier, one *model.OutgoingOAuthConnection) error {
	audiences, _ := json.Marshal(one.Audiences) // texts always can be written
	_, err := db.Exec(ctx, q, `INSERT INTO outgoingoauthconnections (id, name, creatorid, createat, updateat, clientid, clientsecret, credentialsusername,
		credentialspassword, oauthtokenurl, granttype, audiences) VALUES `+db.Tuples(1, 12, 0), one.ID, one.Name, one.CreatorID, one.CreateAt, one.UpdateAt,
		one.ClientID, one.ClientSecret, one.CredentialsUsername, one.CredentialsPassword, one.OAuthTokenURL, one.GrantType, string(audiences))
	if err != nil {
		return fault.Internal("api.context.outgoing_oauth_connection.create_connection.app_error", err)
	}
	return nil
}

func update(ctx context.Context, q db.Querier, one *model.OutgoingOAuthConnection) error {
	audiences, _ := json.Marshal(one.Audiences)
	n, err := db.Exec(ctx, q, `UPDATE outgoingoauthconnections SET name = $2, updateat = $3, clientid = $4, clientsecret = $5, credentialsusername = $6,
		credentialspassword = $7, oauthtokenurl = $8, granttype = $9, audiences = $10 WHERE id = $1`, one.ID, one.Name, one.UpdateAt, one.ClientID,
		one.ClientSecret, one.CredentialsUsername, one.CredentialsPassword, one.OAuthTokenURL, one.GrantType, string(audiences))
	switch {
	case err != nil:
		return fault.Internal("api.context.outgoing_oauth_connection.update_connection.app_error", err)
	case n == 0:
		return errMissing
	}
	return nil
}

func remove(ctx context.Context, q db.Querier, connectionID string) error {
	n, err := db.Exec(ctx, q, `DELETE FROM outgoingoauthconnections WHERE id = $1`, connectionID)
	switch {
	case err != nil:
		return fault.Internal("api.context.outgoing_oauth_connection.delete_connection.app_error", err)
	case n == 0:
		return errMissing
	}
	return nil
}
