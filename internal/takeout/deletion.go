package takeout

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/mail"
	"github.com/parley-chat/parley/internal/model"
)

// reasonMost bounds what somebody may say with a request, in characters.
const reasonMost = 1000

// deletionsMost is the longest page of requests.
const deletionsMost = 200

var (
	errReason  = fault.Invalid("parley.takeout.reason_too_long.app_error", "Max", reasonMost)
	errNoneFor = fault.NotFound("parley.takeout.no_request.app_error")
	errOwn     = fault.Invalid("parley.takeout.own_request.app_error")
)

// Request is that somebody has asked to be deleted. AskedAt, in Unix
// milliseconds, is 0 for who hasn't.
type Request struct {
	UserID  string `json:"user_id"`
	AskedAt int64  `json:"asked_at"`
	Reason  string `json:"reason"`
}

func scanRequest(r db.Row) (*Request, error) {
	x := &Request{}
	return x, r.Scan(&x.UserID, &x.AskedAt, &x.Reason)
}

const requests = `SELECT userid, askedat, reason FROM parley_deletion_requests `

func (t *Takeout) of(ctx context.Context, q db.Querier, userID string) (*Request, error) {
	x, err := db.Get(ctx, q, scanRequest, requests+`WHERE userid = $1`, userID)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNoneFor
	}
	return x, err
}

func (t *Takeout) getMine(ctx context.Context, v access.Viewer, _ api.None) (*Request, error) {
	x, err := t.of(ctx, t.db, v.UserID)
	if errors.Is(err, errNoneFor) {
		return &Request{UserID: v.UserID}, nil
	}
	return x, err
}

type askIn struct {
	Body struct {
		Password string `json:"password"`
		Reason   string `json:"reason"`
	} `body:"json,deletion"`
}

// ask notes the request of somebody who has shown that they are themselves, and
// tells the administrators. Asking again changes the reason only.
func (t *Takeout) ask(ctx context.Context, v access.Viewer, in askIn) (*Request, error) {
	x := &Request{UserID: v.UserID, AskedAt: id.Now(), Reason: strings.TrimSpace(in.Body.Reason)}
	if utf8.RuneCountInString(x.Reason) > reasonMost || !utf8.ValidString(x.Reason) {
		return nil, errReason
	}
	if err := t.users.Prove(ctx, v, in.Body.Password); err != nil {
		return nil, err
	}
	first := false
	err := t.db.Tx(ctx, func(tx *db.Tx) error {
		if err := t.users.AnotherAdmin(ctx, tx, v.UserID); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `INSERT INTO parley_deletion_requests (userid, askedat, reason) VALUES ($1, $2, $3) ON CONFLICT (userid) DO NOTHING`,
			x.UserID, x.AskedAt, x.Reason)
		if err != nil {
			return err
		}
		if first = n > 0; !first {
			if _, err = tx.Exec(ctx, `UPDATE parley_deletion_requests SET reason = $2 WHERE userid = $1`, x.UserID, x.Reason); err != nil {
				return err
			}
		}
		x, err = t.of(ctx, tx, v.UserID)
		return err
	})
	if err != nil {
		return nil, err
	}
	if first {
		t.users.Audit(ctx, v, "/api/v4/parley/users/me/deletion", "asked")
		t.tellAdministrators(ctx, v.UserID)
	}
	return x, nil
}

// tellAdministrators sends them a mail; the queue shows the request in any case.
func (t *Takeout) tellAdministrators(ctx context.Context, userID string) {
	who, err := t.users.ByID(ctx, userID)
	if err != nil {
		t.log.Warn("who asked to be deleted could not be told of", "user_id", userID, "error", err)
		return
	}
	if err := t.users.TellAdministrators(ctx, mail.DeletionAsked, "/", map[string]any{"Username": who.Username}); err != nil {
		t.log.Warn("the administrators could not be told of a request to be deleted", "user_id", userID, "error", err)
	}
}

func (t *Takeout) takeBack(ctx context.Context, v access.Viewer, _ api.None) (api.OK, error) {
	return api.Done(), t.remove(ctx, v, v.UserID, "taken back")
}

type listIn struct {
	Page    int `query:"page"`
	PerPage int `query:"per_page" default:"60"`
}

// list returns the requests, the oldest first.
func (t *Takeout) list(ctx context.Context, _ access.Viewer, in listIn) ([]*Request, error) {
	size := min(max(in.PerPage, 1), deletionsMost)
	return db.List(ctx, t.db, scanRequest, requests+`ORDER BY askedat, userid LIMIT $1 OFFSET $2`, size, size*max(in.Page, 0))
}

type requestIn struct {
	UserID string `path:"user_id"`
}

func (t *Takeout) decline(ctx context.Context, v access.Viewer, in requestIn) (api.OK, error) {
	return api.Done(), t.remove(ctx, v, in.UserID, "declined")
}

// carryOut deletes the account with all that is its own. What it wrote to others
// stays with them, without a name.
func (t *Takeout) carryOut(ctx context.Context, v access.Viewer, in requestIn) (api.OK, error) {
	if _, err := t.of(ctx, t.db, in.UserID); err != nil {
		return api.OK{}, err
	}
	if in.UserID == v.UserID {
		return api.OK{}, errOwn
	}
	err := t.db.Tx(ctx, func(tx *db.Tx) error { return t.users.AnotherAdmin(ctx, tx, in.UserID) })
	if err != nil {
		return api.OK{}, err
	}
	who, err := t.users.ByID(ctx, in.UserID)
	if err != nil {
		return api.OK{}, err
	}
	if err := t.users.Delete(ctx, who); err != nil {
		return api.OK{}, err
	}
	t.users.Audit(ctx, v, "/api/v4/parley/deletions/"+in.UserID+"/carry_out", "user_id="+in.UserID)
	return api.Done(), nil
}

func (t *Takeout) remove(ctx context.Context, v access.Viewer, userID, what string) error {
	n, err := t.db.Exec(ctx, `DELETE FROM parley_deletion_requests WHERE userid = $1`, userID)
	if err == nil && n == 0 {
		err = errNoneFor
	}
	if err == nil {
		t.users.Audit(ctx, v, "/api/v4/parley/deletions/"+userID, what)
	}
	return err
}

func (t *Takeout) forget(ctx context.Context, tx *db.Tx, user *model.User) error {
	_, err := tx.Exec(ctx, `DELETE FROM parley_deletion_requests WHERE userid = $1`, user.ID)
	return err
}
