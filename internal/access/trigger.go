package access

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
)

// TriggerLifetime is how long after what somebody did an integration may open
// a dialog before them.
const TriggerLifetime = 3 * time.Minute

// triggerMost bounds a trigger id that is read; those made here have about 250
// characters.
const triggerMost = 512

// triggerAhead is how much the clocks of a cluster's nodes may differ.
const triggerAhead = time.Minute

// keyring holds the server's signing key once it was asked for.
type keyring struct {
	mu      sync.Mutex
	signing *ecdsa.PrivateKey
}

// SigningKey is the key of the installation, row AsymmetricSigningKey of the
// table systems; every node has the same. Phones and integrations know its
// public half from the client's configuration.
func (a *Access) SigningKey(ctx context.Context) (*ecdsa.PrivateKey, error) {
	a.keys.mu.Lock()
	defer a.keys.mu.Unlock()
	if a.keys.signing != nil {
		return a.keys.signing, nil
	}
	stored, err := db.Value[string](ctx, a.db, `SELECT coalesce(value,'') FROM systems WHERE name = 'AsymmetricSigningKey'`)
	if err != nil {
		return nil, err
	}
	a.keys.signing, err = signingKey(stored)
	return a.keys.signing, err
}

// signingKey reads the key in the form that the table systems keeps it in.
func signingKey(stored string) (*ecdsa.PrivateKey, error) {
	var s struct {
		Key struct{ D *big.Int } `json:"ecdsa_key"`
	}
	if err := json.Unmarshal([]byte(stored), &s); err != nil {
		return nil, err
	}
	if s.Key.D == nil || s.Key.D.Sign() <= 0 || s.Key.D.BitLen() > 256 {
		return nil, errors.New("access: the stored signing key is none of P-256")
	}
	return ecdsa.ParseRawPrivateKey(elliptic.P256(), s.Key.D.FillBytes(make([]byte, 32)))
}

// NewTriggerID returns what an integration is handed when userID runs its
// command or presses its button: base64 of "clientID:userID:millis:signature",
// the form that public integrations know. It proves for TriggerLifetime that
// this person has just done something, so that a dialog may be put before
// them. clientID, 26 random characters, is the part that the client hears too,
// to know its dialog by.
func (a *Access) NewTriggerID(ctx context.Context, userID string) (triggerID, clientID string, err error) {
	key, err := a.SigningKey(ctx)
	if err != nil {
		return "", "", fault.Internal("interactive_message.generate_trigger_id.signing_failed", err)
	}
	clientID = id.New()
	triggerID, err = signTrigger(key, clientID, userID, id.Now())
	return triggerID, clientID, err
}

func signTrigger(key *ecdsa.PrivateKey, clientID, userID string, millis int64) (string, error) {
	said := clientID + ":" + userID + ":" + strconv.FormatInt(millis, 10) + ":"
	sum := sha256.Sum256([]byte(said))
	proof, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	if err != nil {
		return "", fault.Internal("interactive_message.generate_trigger_id.signing_failed", err)
	}
	return base64.StdEncoding.EncodeToString([]byte(said + base64.StdEncoding.EncodeToString(proof))), nil
}

// ParseTriggerID returns what a trigger id says: which client trigger id, and
// whose. It fails with 400 unless this installation made it less than
// TriggerLifetime ago.
func (a *Access) ParseTriggerID(ctx context.Context, triggerID string) (clientID, userID string, err error) {
	key, err := a.SigningKey(ctx)
	if err != nil {
		return "", "", err
	}
	return readTrigger(&key.PublicKey, triggerID, time.UnixMilli(id.Now()))
}

func readTrigger(key *ecdsa.PublicKey, triggerID string, now time.Time) (clientID, userID string, err error) {
	if len(triggerID) > triggerMost {
		return "", "", fault.Invalid("interactive_message.decode_trigger_id.missing_data")
	}
	raw, err := base64.StdEncoding.DecodeString(triggerID)
	if err != nil {
		return "", "", fault.Invalid("interactive_message.decode_trigger_id.base64_decode_failed").Wrap(err)
	}
	parts := strings.Split(string(raw), ":")
	if len(parts) != 4 || !id.Valid(parts[0]) || !id.Valid(parts[1]) {
		return "", "", fault.Invalid("interactive_message.decode_trigger_id.missing_data")
	}
	proof, err := base64.StdEncoding.DecodeString(parts[3])
	if err != nil {
		return "", "", fault.Invalid("interactive_message.decode_trigger_id.base64_decode_failed_signature").Wrap(err)
	}
	// The signature comes before the time: a stranger's text learns nothing.
	sum := sha256.Sum256(raw[:strings.LastIndexByte(string(raw), ':')+1])
	if !ecdsa.VerifyASN1(key, sum[:], proof) {
		return "", "", fault.Invalid("interactive_message.decode_trigger_id.verify_signature_failed")
	}
	millis, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil {
		return "", "", fault.Invalid("interactive_message.decode_trigger_id.missing_data")
	}
	if age := now.Sub(time.UnixMilli(millis)); age > TriggerLifetime || age < -triggerAhead {
		return "", "", fault.Invalid("interactive_message.decode_trigger_id.expired", "Seconds", int(TriggerLifetime.Seconds()))
	}
	return parts[0], parts[1], nil
}
