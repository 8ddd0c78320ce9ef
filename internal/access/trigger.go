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

// OwnKey returns a secret key of this installation for one purpose, derived from its
// signing key. The same purpose gives the same key on every node, for ever.
func (a *Access) OwnKey(ctx context.Context, purpose string) ([]byte, error) {
	key, err := a.SigningKey(ctx)
	if err != nil {
		return nil, err
	}
	raw, err := key.Bytes()
	if err != nil {
		return nil, err
	}
	own := sha256.Sum256(append([]byte(purpose+" "), raw...))
	return own[:], nil
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

// Trigger is what a trigger id says.
type Trigger struct {
	ClientID string // 26 random characters, the part that the client hears too, to know its dialog by
	UserID   string // who has just done something
	// SignsIn: it was handed to an integration of somebody who may make some. A
	// dialog that it opens may be told with the token of an outgoing OAuth connection.
	SignsIn bool
}

// NewTriggerID returns what an integration is handed when userID runs its
// command or presses its button: base64 of "clientID:userID:millis:signature",
// the form that public integrations know. It proves for TriggerLifetime that
// this person has just done something, so that a dialog may be put before
// them. What signsIn says is in the signature alone (see Trigger).
func (a *Access) NewTriggerID(ctx context.Context, userID string, signsIn bool) (triggerID, clientID string, err error) {
	key, err := a.SigningKey(ctx)
	if err != nil {
		return "", "", fault.Internal("interactive_message.generate_trigger_id.signing_failed", err)
	}
	t := Trigger{ClientID: id.New(), UserID: userID, SignsIn: signsIn}
	triggerID, err = signTrigger(key, t, id.Now())
	return triggerID, t.ClientID, err
}

// triggerSum is what is signed of a trigger id that says so.
func triggerSum(said string, signsIn bool) []byte {
	if signsIn {
		said = "signs in:" + said
	}
	sum := sha256.Sum256([]byte(said))
	return sum[:]
}

func signTrigger(key *ecdsa.PrivateKey, t Trigger, millis int64) (string, error) {
	said := t.ClientID + ":" + t.UserID + ":" + strconv.FormatInt(millis, 10) + ":"
	proof, err := ecdsa.SignASN1(rand.Reader, key, triggerSum(said, t.SignsIn))
	if err != nil {
		return "", fault.Internal("interactive_message.generate_trigger_id.signing_failed", err)
	}
	return base64.StdEncoding.EncodeToString([]byte(said + base64.StdEncoding.EncodeToString(proof))), nil
}

// ParseTriggerID returns what a trigger id says. It fails with 400 unless this
// installation made it less than TriggerLifetime ago.
func (a *Access) ParseTriggerID(ctx context.Context, triggerID string) (Trigger, error) {
	key, err := a.SigningKey(ctx)
	if err != nil {
		return Trigger{}, err
	}
	return readTrigger(&key.PublicKey, triggerID, time.UnixMilli(id.Now()))
}

func readTrigger(key *ecdsa.PublicKey, triggerID string, now time.Time) (Trigger, error) {
	if len(triggerID) > triggerMost {
		return Trigger{}, fault.Invalid("interactive_message.decode_trigger_id.missing_data")
	}
	raw, err := base64.StdEncoding.DecodeString(triggerID)
	if err != nil {
		return Trigger{}, fault.Invalid("interactive_message.decode_trigger_id.base64_decode_failed").Wrap(err)
	}
	parts := strings.Split(string(raw), ":")
	if len(parts) != 4 || !id.Valid(parts[0]) || !id.Valid(parts[1]) {
		return Trigger{}, fault.Invalid("interactive_message.decode_trigger_id.missing_data")
	}
	proof, err := base64.StdEncoding.DecodeString(parts[3])
	if err != nil {
		return Trigger{}, fault.Invalid("interactive_message.decode_trigger_id.base64_decode_failed_signature").Wrap(err)
	}
	// The signature comes before the time: a stranger's text learns nothing.
	said := string(raw[:strings.LastIndexByte(string(raw), ':')+1])
	t := Trigger{ClientID: parts[0], UserID: parts[1], SignsIn: ecdsa.VerifyASN1(key, triggerSum(said, true), proof)}
	if !t.SignsIn && !ecdsa.VerifyASN1(key, triggerSum(said, false), proof) {
		return Trigger{}, fault.Invalid("interactive_message.decode_trigger_id.verify_signature_failed")
	}
	millis, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil {
		return Trigger{}, fault.Invalid("interactive_message.decode_trigger_id.missing_data")
	}
	if age := now.Sub(time.UnixMilli(millis)); age > TriggerLifetime || age < -triggerAhead {
		return Trigger{}, fault.Invalid("interactive_message.decode_trigger_id.expired", "Seconds", int(TriggerLifetime.Seconds()))
	}
	return t, nil
}
