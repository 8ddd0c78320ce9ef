package users

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"image/png"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/mail"
	"github.com/parley-chat/parley/internal/model"
)

// One-time codes are those of RFC 6238 as every authenticator app makes them:
// SHA-1, six digits, a new one every 30 seconds. A clock may be one step off.
const (
	mfaSecretBytes = 20
	mfaStep        = 30
	mfaSlack       = 1
	mfaPicture     = 256 // pixels, each way
)

// mfaAccount returns a copy of the user whose second factor v may set up or
// take away.
func (u *Users) mfaAccount(ctx context.Context, v access.Viewer, userID string) (*model.User, error) {
	if v.UserID != userID {
		if err := v.Need(ctx, access.PermEditOtherUsers); err != nil {
			return nil, err
		}
	}
	user, err := u.load(ctx, u.db, "u.id = $1", userID)
	if err != nil {
		return nil, err
	}
	if v.UserID != userID {
		return user, adminsOnly(ctx, v, user)
	}
	return user, nil
}

// generateMFA answers POST /users/{user_id}/mfa/generate: a new secret, which
// counts once it is activated with a code.
func (u *Users) generateMFA(ctx context.Context, v access.Viewer, in userIn) (model.MFASecret, error) {
	var none model.MFASecret
	user, err := u.mfaAccount(ctx, v, in.UserID)
	switch {
	case err != nil:
		return none, err
	case !u.cfg.Get().ServiceSettings.EnableMultifactorAuthentication:
		return none, fault.NotImplemented("mfa.mfa_disabled.app_error")
	}
	if err := mayHaveMFA(user); err != nil {
		return none, err
	}
	raw := make([]byte, mfaSecretBytes)
	_, _ = rand.Read(raw) // crypto/rand.Read never fails
	secret := base32.StdEncoding.EncodeToString(raw)
	picture, err := u.mfaQR(user, secret)
	if err != nil {
		return none, fault.Internal("mfa.generate_qr_code.create_code.app_error", err)
	}
	// A secret in use is never replaced: whoever came by a session could make
	// the second factor theirs, or lock the owner out.
	n, err := db.Exec(ctx, u.db, `UPDATE users SET mfasecret = $2 WHERE id = $1 AND coalesce(mfaactive,false) = false`, user.ID, secret)
	if err == nil && n == 0 {
		err = fault.Invalid("mfa.generate.active.app_error")
	}
	if err != nil {
		return none, err
	}
	u.acc.ForgetProfile(user.ID)
	return model.MFASecret{Secret: secret, QRCode: picture}, nil
}

func mayHaveMFA(user *model.User) error {
	if user.AuthService != "" && user.AuthService != model.UserAuthServiceLDAP {
		return fault.Invalid("api.user.activate_mfa.email_and_ldap_only.app_error")
	}
	return nil
}

// mfaQR returns the picture of a secret that authenticator apps read, as a PNG
// in base64.
func (u *Users) mfaQR(user *model.User, secret string) (string, error) {
	c := u.cfg.Get()
	issuer := firstOf(c.ServiceSettings.SiteURL, c.TeamSettings.SiteName)
	if site, err := url.Parse(issuer); err == nil && site.Host != "" {
		issuer = site.Host + strings.TrimRight(site.Path, "/")
	}
	issuer = strings.ReplaceAll(issuer, ":", " ") // parts the issuer from the account
	link := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + user.Username,
		RawQuery: "secret=" + secret + "&issuer=" + url.PathEscape(issuer)}
	code, err := qr.Encode(link.String(), qr.M, qr.Auto)
	if err != nil {
		return "", err
	}
	if code, err = barcode.Scale(code, mfaPicture, mfaPicture); err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, code); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

// putMFA answers PUT /users/{user_id}/mfa: the second factor goes on, with a
// code that shows that the secret has arrived, or off.
func (u *Users) putMFA(ctx context.Context, v access.Viewer, in struct {
	UserID string `path:"user_id"`
	Body   struct {
		Activate *bool  `json:"activate"`
		Code     string `json:"code"`
	} `body:"json,activate"`
}) (api.OK, error) {
	user, err := u.mfaAccount(ctx, v, in.UserID)
	switch {
	case err != nil:
		return api.OK{}, err
	case in.Body.Activate == nil:
		return api.OK{}, fault.InvalidParam("activate")
	case !*in.Body.Activate:
		err = u.deactivateMFA(ctx, user)
	case in.Body.Code == "":
		return api.OK{}, fault.InvalidParam("code")
	default:
		err = u.activateMFA(ctx, user, in.Body.Code)
	}
	if err != nil {
		return api.OK{}, err
	}
	word := "deactivated"
	if *in.Body.Activate {
		word = "activated"
	}
	u.Audit(ctx, v, "/api/v4/users/"+in.UserID+"/mfa", "success - mfa "+word)
	return api.Done(), nil
}

func (u *Users) activateMFA(ctx context.Context, user *model.User, code string) error {
	if !u.cfg.Get().ServiceSettings.EnableMultifactorAuthentication {
		return fault.NotImplemented("mfa.mfa_disabled.app_error")
	}
	if err := mayHaveMFA(user); err != nil {
		return err
	}
	if matchingStep(user.MFASecret, code, time.Now()) == 0 {
		return fault.Unauthenticated("mfa.activate.bad_token.app_error")
	}
	_, err := u.edit(ctx, user.ID, func(tx *db.Tx, fresh *model.User) error {
		if fresh.MFASecret != user.MFASecret { // another request has generated a new one
			return fault.Unauthenticated("mfa.activate.bad_token.app_error")
		}
		fresh.MFAActive = true
		_, err := db.Exec(ctx, tx, `UPDATE users SET mfaactive = true, mfausedtimestamps = NULL, updateat = $2 WHERE id = $1`, fresh.ID, fresh.UpdateAt)
		return err
	})
	if err == nil && !user.MFAActive {
		u.tell(user, user.Email, mail.MFAOn, "", map[string]any{"Username": user.Username})
	}
	return err
}

func (u *Users) deactivateMFA(ctx context.Context, user *model.User) error {
	_, err := u.edit(ctx, user.ID, func(tx *db.Tx, fresh *model.User) error {
		fresh.MFAActive, fresh.MFASecret = false, ""
		_, err := db.Exec(ctx, tx, `UPDATE users SET mfaactive = false, mfasecret = '', mfausedtimestamps = NULL, updateat = $2 WHERE id = $1`,
			fresh.ID, fresh.UpdateAt)
		return err
	})
	if err == nil && user.MFAActive {
		u.tell(user, user.Email, mail.MFAOff, "", map[string]any{"Username": user.Username})
	}
	return err
}

// secondFactor refuses a sign-in without the code of a second factor that is
// set up, and returns the code's time step, 0 when none is needed. A missing
// code is no failed attempt: that is how clients find out that they need one.
func (u *Users) secondFactor(user *model.User, code string) (int64, error) {
	if !user.MFAActive || !u.cfg.Get().ServiceSettings.EnableMultifactorAuthentication {
		return 0, nil
	}
	if code == "" {
		return 0, fault.Unauthenticated("mfa.validate_token.authenticate.app_error")
	}
	step := matchingStep(user.MFASecret, code, time.Now())
	if step == 0 {
		return 0, wrong{errBadCode}
	}
	return step, nil
}

var errBadCode = fault.Unauthenticated("api.user.check_user_mfa.bad_code.app_error")

// matchingStep returns the time step, near now, whose code is code; 0 when
// there is none.
func matchingStep(secret, code string, now time.Time) int64 {
	code = strings.TrimSpace(code)
	if secret == "" || len(code) != otp.DigitsSix.Length() {
		return 0
	}
	found := int64(0)
	for step := now.Unix()/mfaStep - mfaSlack; step <= now.Unix()/mfaStep+mfaSlack; step++ {
		want, err := hotp.GenerateCodeCustom(secret, uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			found = step
		}
	}
	return found
}

// spendCode notes that the code of a time step was used and refuses it when it
// was used before. Only steps that could still match are remembered.
func (u *Users) spendCode(ctx context.Context, tx *db.Tx, userID string, step int64) error {
	if step == 0 {
		return nil
	}
	if err := tx.Lock(ctx, "user "+userID); err != nil {
		return err
	}
	used, err := db.Get(ctx, tx, func(r db.Row) (model.StringList, error) {
		var l model.StringList
		err := r.Scan(db.ScanJSON(&l))
		return l, err
	}, `SELECT mfausedtimestamps FROM users WHERE id = $1`, userID)
	if err != nil {
		return err
	}
	word := strconv.FormatInt(step, 10)
	if slices.Contains(used, word) {
		return wrong{errBadCode}
	}
	kept := model.StringList{word}
	for _, w := range used {
		if n, err := strconv.ParseInt(w, 10, 64); err == nil && n >= step-2*mfaSlack {
			kept = append(kept, w)
		}
	}
	_, err = db.Exec(ctx, tx, `UPDATE users SET mfausedtimestamps = $2 WHERE id = $1`, userID, db.JSON(kept))
	return err
}
