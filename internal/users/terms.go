package users

import (
	"context"
	"errors"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// termsMaxBytes is the width of the column of the text.
const termsMaxBytes = 65535

// terms are the rules of a site that people accept before they use it.
type terms struct {
	ID       string `json:"id"`
	CreateAt int64  `json:"create_at"`
	UserID   string `json:"user_id"`
	Text     string `json:"text"`
}

func (u *Users) findTerms(ctx context.Context, rest string, args ...any) (terms, error) {
	t, err := db.Get(ctx, u.db, func(r db.Row) (terms, error) {
		var t terms
		err := r.Scan(&t.ID, &t.CreateAt, &t.UserID, &t.Text)
		return t, err
	}, `SELECT id, coalesce(createat,0), coalesce(userid,''), coalesce(text,'') FROM termsofservice `+rest, args...)
	if errors.Is(err, db.ErrNotFound) {
		return t, fault.NotFound("app.terms_of_service.get.no_rows.app_error")
	}
	return t, err
}

// latestTerms answers GET /terms_of_service.
func (u *Users) latestTerms(ctx context.Context, _ access.Viewer, _ api.None) (terms, error) {
	return u.findTerms(ctx, "ORDER BY createat DESC, id LIMIT 1")
}

type createTermsIn struct {
	Body struct {
		Text string `json:"text"`
	} `body:"json,text"`
}

// createTerms answers POST /terms_of_service; the same text again stays the
// same terms, which nobody has to accept anew.
func (u *Users) createTerms(ctx context.Context, v access.Viewer, in createTermsIn) (terms, error) {
	text := strings.TrimSpace(in.Body.Text)
	switch {
	case !u.cfg.Get().SupportSettings.CustomTermsOfServiceEnabled:
		return terms{}, fault.Invalid("api.create_terms_of_service.custom_terms_of_service_disabled.app_error")
	case text == "":
		return terms{}, fault.Invalid("api.create_terms_of_service.empty_text.app_error")
	case len(text) > termsMaxBytes:
		return terms{}, fault.InvalidParam("text")
	}
	old, err := u.findTerms(ctx, "ORDER BY createat DESC, id LIMIT 1")
	if err == nil && old.Text == text || err != nil && !fault.IsNotFound(err) {
		return old, err
	}
	t := terms{ID: id.New(), CreateAt: id.Now(), UserID: v.UserID, Text: text}
	_, err = db.Exec(ctx, u.db, `INSERT INTO termsofservice (id, createat, userid, text) VALUES ($1,$2,$3,$4)`, t.ID, t.CreateAt, t.UserID, t.Text)
	return t, err
}

// accepted returns which terms a user has accepted; 404 when none.
func (u *Users) accepted(ctx context.Context, userID string) (model.UserTermsOfService, error) {
	t, err := db.Get(ctx, u.db, func(r db.Row) (model.UserTermsOfService, error) {
		var t model.UserTermsOfService
		err := r.Scan(&t.UserID, &t.TermsOfServiceID, &t.CreateAt)
		return t, err
	}, `SELECT userid, coalesce(termsofserviceid,''), coalesce(createat,0) FROM usertermsofservice WHERE userid = $1`, userID)
	if errors.Is(err, db.ErrNotFound) {
		return t, fault.NotFound("app.user_terms_of_service.get_by_user.no_rows.app_error")
	}
	return t, err
}

// acceptedTerms and acceptTerms are about the viewer, whoever the path names.
func (u *Users) acceptedTerms(ctx context.Context, v access.Viewer, _ userIn) (model.UserTermsOfService, error) {
	return u.accepted(ctx, v.UserID)
}

type acceptIn struct {
	UserID string `path:"user_id"`
	Body   struct {
		TermsID  string `json:"termsOfServiceId"`
		Accepted bool   `json:"accepted"`
	} `body:"json,props"`
}

func (u *Users) acceptTerms(ctx context.Context, v access.Viewer, in acceptIn) (api.OK, error) {
	if !id.Valid(in.Body.TermsID) {
		return api.OK{}, fault.InvalidParam("termsOfServiceId")
	}
	if _, err := u.findTerms(ctx, "WHERE id = $1", in.Body.TermsID); err != nil {
		return api.OK{}, err
	}
	sql, args := `DELETE FROM usertermsofservice WHERE userid = $1 AND termsofserviceid = $2`, []any{v.UserID, in.Body.TermsID}
	if in.Body.Accepted {
		sql = `INSERT INTO usertermsofservice (userid, termsofserviceid, createat) VALUES ($1,$2,$3)
			ON CONFLICT (userid) DO UPDATE SET termsofserviceid = excluded.termsofserviceid, createat = excluded.createat`
		args = append(args, id.Now())
	}
	if _, err := db.Exec(ctx, u.db, sql, args...); err != nil {
		return api.OK{}, err
	}
	u.Audit(ctx, v, "/api/v4/users/"+v.UserID+"/terms_of_service", "terms_of_service_id="+in.Body.TermsID)
	return api.Done(), nil
}
