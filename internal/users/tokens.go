package users

import (
	"context"
	"slices"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/mail"
	"github.com/parley-chat/parley/internal/model"
)

// tokenDescriptionMaxRunes is the longest description of an access token; the
// column has room for twice as much.
const tokenDescriptionMaxRunes = 255

// createToken answers POST /users/{user_id}/tokens, for oneself, for another
// with the permission, or for a bot.
func (u *Users) createToken(ctx context.Context, v access.Viewer, in credentialIn) (model.UserAccessToken, error) {
	var none model.UserAccessToken
	description := fieldsOf(in.Body)["description"]
	if description == "" {
		return none, fault.InvalidParam("description")
	}
	user, err := u.tokenOwner(ctx, v, in.UserID, access.PermCreateUserAccessToken)
	switch {
	case err != nil:
		return none, err
	case !user.IsBot && !u.cfg.Get().ServiceSettings.EnableUserAccessTokens:
		return none, fault.NotImplemented("app.user_access_token.disabled")
	case utf8.RuneCountInString(description) > tokenDescriptionMaxRunes:
		return none, fault.Invalid("model.user_access_token.is_valid.description.app_error", "Max", tokenDescriptionMaxRunes)
	}
	limits, err := u.tokenLimits(in.Body)
	if err != nil {
		return none, err
	}
	limits.UserID, limits.Description = user.ID, description
	t, err := u.acc.CreateToken(ctx, limits)
	if err != nil {
		return none, err
	}
	u.Audit(ctx, v, "/api/v4/users/"+user.ID+"/tokens", "token_id="+t.ID)
	u.tell(user, user.Email, mail.AccessTokenAdded, "", map[string]any{"Username": user.Username})
	return t, nil
}

// tokenLimits reads until when a new token works and what for. Whoever says nothing
// of it gets one without limits, as long as the settings let tokens live for ever.
func (u *Users) tokenLimits(body []byte) (t model.UserAccessToken, err error) {
	var in struct {
		ExpiresAt int64    `json:"expires_at"`
		Scopes    []string `json:"scopes"`
	}
	if err := api.DecodeJSON(body, &in); err != nil {
		return t, fault.InvalidParam("expires_at or scopes")
	}
	now := id.Now()
	if in.ExpiresAt != 0 && in.ExpiresAt <= now {
		return t, fault.Invalid("api.user.create_token.past.app_error")
	}
	if days := int64(u.cfg.Get().AccessTokenSettings.LongestLifeDays); days > 0 && (in.ExpiresAt == 0 || in.ExpiresAt > now+(days*24+1)*60*60*1000) {
		return t, fault.Invalid("api.user.create_token.too_long.app_error", "Days", days)
	}
	slices.Sort(in.Scopes)
	in.Scopes = slices.Compact(in.Scopes)
	for _, s := range in.Scopes {
		if s != model.ScopeRead && s != model.ScopeWrite && s != model.ScopeAdmin {
			return t, fault.InvalidParam("scopes")
		}
	}
	if len(in.Scopes) == 1 && in.Scopes[0] == model.ScopeAdmin {
		return t, fault.InvalidParam("scopes").WithDetail("admin goes with read, write or both")
	}
	return model.UserAccessToken{ExpiresAt: in.ExpiresAt, Scopes: in.Scopes}, nil
}

// tokenOwner returns the user whose access tokens v may deal with: they need
// the permission for it, and that over the user or bot.
func (u *Users) tokenOwner(ctx context.Context, v access.Viewer, userID string, p access.Permission) (*model.User, error) {
	if err := v.Need(ctx, p); err != nil {
		return nil, err
	}
	return u.editable(ctx, v, userID)
}

type tokensIn struct {
	UserID string `path:"user_id"`
	api.Page
}

// listTokens answers GET /users/{user_id}/tokens.
func (u *Users) listTokens(ctx context.Context, v access.Viewer, in tokensIn) ([]model.UserAccessToken, error) {
	if _, err := u.tokenOwner(ctx, v, in.UserID, access.PermReadUserAccessToken); err != nil {
		return nil, err
	}
	return u.acc.Tokens(ctx, in.UserID, in.PerPage, in.Offset())
}

// listAllTokens answers GET /users/tokens.
func (u *Users) listAllTokens(ctx context.Context, _ access.Viewer, in api.Page) ([]model.UserAccessToken, error) {
	return u.acc.Tokens(ctx, "", in.PerPage, in.Offset())
}

// tokensFound bounds the answer to a search, which has no pages.
const tokensFound = 1000

// searchTokens answers POST /users/tokens/search.
func (u *Users) searchTokens(ctx context.Context, _ access.Viewer, in struct {
	Search model.UserAccessTokenSearch `body:"json,user_access_token_search"`
}) ([]model.UserAccessToken, error) {
	if in.Search.Term == "" {
		return nil, fault.InvalidParam("term")
	}
	return u.acc.FindTokens(ctx, in.Search.Term, tokensFound)
}

type tokenIn struct {
	TokenID string `path:"token_id"`
}

// getToken answers GET /users/tokens/{token_id}.
func (u *Users) getToken(ctx context.Context, v access.Viewer, in tokenIn) (model.UserAccessToken, error) {
	t, err := u.tokenOf(ctx, v, in.TokenID, access.PermReadUserAccessToken)
	return t.Sanitized(), err
}

// tokenOf returns an access token that v may deal with, with its secret. The
// permission is asked for first, so that nobody without it learns which tokens
// exist.
func (u *Users) tokenOf(ctx context.Context, v access.Viewer, tokenID string, p access.Permission) (model.UserAccessToken, error) {
	var none model.UserAccessToken
	if tokenID == "" {
		return none, fault.InvalidParam("token_id")
	}
	if err := v.Need(ctx, p); err != nil {
		return none, err
	}
	t, err := u.acc.Token(ctx, tokenID)
	if err != nil {
		return none, err
	}
	if _, err := u.editable(ctx, v, t.UserID); err != nil {
		return none, err
	}
	return t, nil
}

type tokenBodyIn struct {
	Body []byte `body:"raw"`
}

// revokeToken answers POST /users/tokens/revoke.
func (u *Users) revokeToken(ctx context.Context, v access.Viewer, in tokenBodyIn) (api.OK, error) {
	return u.withToken(ctx, v, in, "revoke", access.PermRevokeUserAccessToken, u.acc.RevokeToken)
}

// disableToken answers POST /users/tokens/disable.
func (u *Users) disableToken(ctx context.Context, v access.Viewer, in tokenBodyIn) (api.OK, error) {
	return u.withToken(ctx, v, in, "disable", access.PermRevokeUserAccessToken, func(ctx context.Context, t model.UserAccessToken) error {
		return u.acc.SetTokenActive(ctx, t, false)
	})
}

// enableToken answers POST /users/tokens/enable.
func (u *Users) enableToken(ctx context.Context, v access.Viewer, in tokenBodyIn) (api.OK, error) {
	return u.withToken(ctx, v, in, "enable", access.PermCreateUserAccessToken, func(ctx context.Context, t model.UserAccessToken) error {
		return u.acc.SetTokenActive(ctx, t, true)
	})
}

func (u *Users) withToken(ctx context.Context, v access.Viewer, in tokenBodyIn, what string, p access.Permission,
	do func(context.Context, model.UserAccessToken) error) (api.OK, error) {
	t, err := u.tokenOf(ctx, v, fieldsOf(in.Body)["token_id"], p)
	if err != nil {
		return api.OK{}, err
	}
	if err := do(ctx, t); err != nil {
		return api.OK{}, err
	}
	u.Audit(ctx, v, "/api/v4/users/tokens/"+what, "token_id="+t.ID)
	return api.Done(), nil
}
