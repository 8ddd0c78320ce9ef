package notify

import (
	"context"
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"

	webpush "github.com/SherClockHolmes/webpush-go"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
)

func (n *Notify) state(ctx context.Context, name string) (string, error) {
	return db.Value[string](ctx, n.db, `SELECT value FROM parley_notify_state WHERE name = $1`, name)
}

func (n *Notify) setState(ctx context.Context, name, value string) error {
	_, err := db.Exec(ctx, n.db, `INSERT INTO parley_notify_state (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

// keyring holds the server's secrets once they were asked for.
type keyring struct {
	unsubscribe []byte
	vapid       *vapid
	signing     *ecdsa.PrivateKey
	serverID    string
}

// vapid is the key pair that push services know this server by (RFC 8292).
type vapid struct {
	Private string `json:"private"`
	Public  string `json:"public"`
}

// once returns a secret that is kept in the table, made when it isn't there:
// of several nodes that make it at once, the first one's is everybody's.
func (n *Notify) once(ctx context.Context, name string, fresh func() (string, error)) (string, error) {
	value, err := n.state(ctx, name)
	if !errors.Is(err, db.ErrNotFound) {
		return value, err
	}
	made, err := fresh()
	if err != nil {
		return "", err
	}
	if _, err := db.Exec(ctx, n.db, `INSERT INTO parley_notify_state (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, made); err != nil {
		return "", err
	}
	return n.state(ctx, name)
}

func (n *Notify) vapid(ctx context.Context) (*vapid, error) {
	n.keysMu.Lock()
	defer n.keysMu.Unlock()
	if n.keys.vapid != nil {
		return n.keys.vapid, nil
	}
	text, err := n.once(ctx, "vapid", func() (string, error) {
		private, public, err := webpush.GenerateVAPIDKeys()
		if err != nil {
			return "", err
		}
		raw, err := json.Marshal(vapid{private, public})
		return string(raw), err
	})
	if err != nil {
		return nil, err
	}
	v := &vapid{}
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return nil, err
	}
	n.keys.vapid = v
	return v, nil
}

// unsubscribeToken is what a mail's link proves with that it went to a user.
func (n *Notify) unsubscribeToken(ctx context.Context, userID string) (string, error) {
	sum, err := n.sign(ctx, userID)
	return userID + "." + base64.RawURLEncoding.EncodeToString(sum), err
}

// unsubscriber is the user whom a token was made for; false for any other text.
func (n *Notify) unsubscriber(ctx context.Context, token string) (string, bool, error) {
	userID, proof, _ := strings.Cut(token, ".")
	given, err := base64.RawURLEncoding.DecodeString(proof)
	if err != nil || !id.Valid(userID) {
		return "", false, nil //nolint:nilerr // no token of ours
	}
	sum, err := n.sign(ctx, userID)
	return userID, err == nil && hmac.Equal(sum, given), err
}

func (n *Notify) sign(ctx context.Context, userID string) ([]byte, error) {
	n.keysMu.Lock()
	defer n.keysMu.Unlock()
	if n.keys.unsubscribe == nil {
		text, err := n.once(ctx, "unsubscribe", func() (string, error) { return id.Token(64), nil })
		if err != nil {
			return nil, err
		}
		n.keys.unsubscribe = []byte(text)
	}
	h := hmac.New(sha256.New, n.keys.unsubscribe)
	h.Write([]byte("unsubscribe from mail " + userID))
	return h.Sum(nil), nil
}

// identity is the server's id and its signing key, which phones hold the
// notifications against (client setting AsymmetricSigningPublicKey).
func (n *Notify) identity(ctx context.Context) (serverID string, key *ecdsa.PrivateKey, err error) {
	n.keysMu.Lock()
	defer n.keysMu.Unlock()
	if n.keys.signing != nil {
		return n.keys.serverID, n.keys.signing, nil
	}
	serverID, err = db.Value[string](ctx, n.db, `SELECT coalesce(value,'') FROM systems WHERE name = 'DiagnosticId'`)
	if err != nil {
		return "", nil, err
	}
	if key, err = n.acc.SigningKey(ctx); err != nil {
		return "", nil, err
	}
	n.keys.signing, n.keys.serverID = key, serverID
	return n.keys.serverID, key, nil
}
