package actions

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/model"
)

// Anybody can put a button that leads anywhere into a message of theirs, and have
// others press it. So a program is called with the token of an outgoing OAuth
// connection only where somebody chose its address who may make webhooks or
// commands, which are called so, too: whoever answers for the message; and for a
// dialog whoever made the integration that opened it, which its trigger id tells.

// signsIn tells whether the program behind an action may be called with a token:
// authorID has written the message with it, in a team's channel. It is asked anew
// when the call is sent again.
func (a *Actions) signsIn(ctx context.Context, authorID, teamID string) bool {
	if !a.Settings.Get().ServiceSettings.EnableOutgoingOAuthConnections {
		return false
	}
	u, err := a.Bots.AnswersFor(ctx, authorID)
	if err != nil || u.DeleteAt != 0 || u.IsBot {
		return false
	}
	v := a.Access.Acting(u.ID, u.Username, u.Roles)
	return v.CanTeam(ctx, teamID, access.PermManageOwnSlashCommands) || v.CanTeam(ctx, teamID, access.PermManageOwnOutgoingWebhooks)
}

// proofMark stands between the address of a dialog and the proof that it may be
// called with a token. Clients send the address back as it is; no receiver is
// ever sent what follows a "#".
const proofMark = "#signs-in="

// sealedFor is what a proof is bound to.
func sealedFor(userID, address string) []byte { return []byte("dialog " + userID + " " + address) }

// prove returns an address of a dialog with the proof for its person; as it is
// when there can't be one.
func (a *Actions) prove(ctx context.Context, userID, address string) string {
	if address == "" || strings.Contains(address, "#") || !a.Settings.Get().ServiceSettings.EnableOutgoingOAuthConnections {
		return address
	}
	aead, err := a.sealer(ctx)
	if err != nil {
		a.Log.Warn("a dialog's program is called without a token", "error", err)
		return address
	}
	return address + proofMark + base64.RawURLEncoding.EncodeToString(aead.Seal(nil, nil, nil, sealedFor(userID, address)))
}

// proveIn does so with the addresses inside a dialog.
func (a *Actions) proveIn(ctx context.Context, userID string, d *model.Dialog) {
	d.SourceURL = a.prove(ctx, userID, d.SourceURL)
	for i := range d.Elements {
		d.Elements[i].DataSourceURL = a.prove(ctx, userID, d.Elements[i].DataSourceURL)
	}
}

// proven returns an address without its proof, and whether it had one that holds.
func (a *Actions) proven(ctx context.Context, userID, text string) (address string, ok bool) {
	address, proof, has := strings.Cut(text, proofMark)
	if !has {
		return text, false
	}
	sealed, err := base64.RawURLEncoding.DecodeString(proof)
	if err != nil {
		return address, false
	}
	aead, err := a.sealer(ctx)
	if err != nil {
		return address, false
	}
	_, err = aead.Open(nil, nil, sealed, sealedFor(userID, address))
	return address, err == nil
}
