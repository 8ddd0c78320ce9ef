package admin

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"strconv"
	"sync"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// installation is what the table systems says of this installation; read once.
type installation struct {
	mu    sync.Mutex
	known bool
	rows  map[string]string
}

func (a *Admin) systems(ctx context.Context) (map[string]string, error) {
	a.facts.mu.Lock()
	defer a.facts.mu.Unlock()
	if a.facts.known {
		return a.facts.rows, nil
	}
	rows := map[string]string{}
	_, err := db.List(ctx, a.db, func(r db.Row) (struct{}, error) {
		var name, value string
		err := r.Scan(&name, &value)
		rows[name] = value
		return struct{}{}, err
	}, `SELECT name, coalesce(value,'') FROM systems WHERE name = ANY($1) LIMIT 10`,
		[]string{"DiagnosticId", "InstallationDate", "AsymmetricSigningKey"})
	if err != nil {
		return nil, err
	}
	a.facts.rows, a.facts.known = rows, true
	return rows, nil
}

func (a *Admin) clientFacts(ctx context.Context) (config.Facts, error) {
	rows, err := a.systems(ctx)
	if err != nil {
		return config.Facts{}, err
	}
	installed, _ := strconv.ParseInt(rows["InstallationDate"], 10, 64)
	some, err := a.users.Any(ctx)
	if err != nil {
		return config.Facts{}, err
	}
	return config.Facts{BuildNumber: config.Version, DiagnosticID: rows["DiagnosticId"], InstallationDate: installed,
		SigningPublicKey: publicKey(rows["AsymmetricSigningKey"]), MaxPostSize: model.PostMessageMaxRunes, NoAccounts: !some}, nil
}

// publicKey is the base64 of the public half of the stored signing key, ""
// when there is none.
func publicKey(stored string) string {
	var s struct {
		Key *struct {
			X, Y *big.Int
		} `json:"ecdsa_key"`
	}
	if json.Unmarshal([]byte(stored), &s) != nil || s.Key == nil || s.Key.X == nil || s.Key.Y == nil {
		return ""
	}
	const half = 32 // bytes of a coordinate
	if s.Key.X.Sign() < 0 || s.Key.Y.Sign() < 0 || s.Key.X.BitLen() > 8*half || s.Key.Y.BitLen() > 8*half {
		return ""
	}
	point := make([]byte, 1+2*half)
	point[0] = 4 // uncompressed
	s.Key.X.FillBytes(point[1 : 1+half])
	s.Key.Y.FillBytes(point[1+half:])
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return ""
	}
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(der)
}

type formatIn struct {
	Format string `query:"format"`
}

// clientConfig answers the same for every format: clients send "old". It is
// encoded once for each state of the settings and each of the two audiences.
func (a *Admin) clientConfig(ctx context.Context, v access.Viewer, _ formatIn) (access.Answer, error) {
	some, err := a.users.Any(ctx)
	if err != nil {
		return access.Answer{}, err
	}
	is := clientView{of: a.cfg.Get(), inside: !v.Anonymous(), empty: !some}
	seen := &a.views[0]
	if is.inside {
		seen = &a.views[1]
	}
	if was := seen.Load(); was != nil && was.of == is.of && was.empty == is.empty {
		return was.answer, nil
	}
	facts, err := a.clientFacts(ctx)
	if err != nil {
		return access.Answer{}, err
	}
	facts.NoAccounts = is.empty
	is.answer.Body, err = api.Encode(config.ClientConfig(is.of, facts, is.inside))
	if err == nil {
		seen.Store(&is)
	}
	return is.answer, err
}

// clientView is what clients were told of one state of the settings.
type clientView struct {
	of            *config.Config
	inside, empty bool
	answer        access.Answer
}

// tellClients sends the client's view of changed settings to everybody.
func (a *Admin) tellClients(_, now *config.Config) {
	facts, err := a.clientFacts(context.Background())
	if err != nil {
		a.log.Error("clients were not told of changed settings", "error", err)
		return
	}
	a.hub.Publish(realtime.Event{Name: model.EventConfigChanged, To: realtime.Audience{Everyone: true},
		Data: map[string]any{"config": config.ClientConfig(now, facts, true)}})
}
