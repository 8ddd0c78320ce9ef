package actions

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"errors"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// cookie is an action of a message that isn't stored. It is sealed, since clients
// must neither learn nor choose where it leads.
type cookie struct {
	UserID    string                `json:"u"`
	PostID    string                `json:"p"`
	ChannelID string                `json:"c"`
	RootID    string                `json:"r"`
	Props     model.StringInterface `json:"o"`
	Action    map[string]any        `json:"a"`
}

// cookieMost bounds a cookie, bytes.
const cookieMost = 64 << 10

// sealer is the AEAD with a key of its own, derived from the installation's.
func (a *Actions) sealer(ctx context.Context) (cipher.AEAD, error) {
	key, err := a.Access.OwnKey(ctx, "parley actions of messages that are not stored")
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// seal returns the cookie of an action in a message for one user; "" when it
// can't be made, and then the action can't be used.
func (a *Actions) seal(ctx context.Context, userID string, post *model.Post, action map[string]any) string {
	raw, err := json.Marshal(cookie{userID, post.ID, post.ChannelID, post.RootID, kept(post, nil), action})
	if err == nil && len(raw) > cookieMost/2 {
		err = errors.New("the action is too large")
	}
	var aead cipher.AEAD
	if err == nil {
		aead, err = a.sealer(ctx)
	}
	if err != nil {
		a.Log.Warn("an action of a message for one user can't be used", "error", err)
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(aead.Seal(nil, nil, raw, []byte(userID)))
}

// unseal reads a cookie that was sealed for v and that action.
func (a *Actions) unseal(ctx context.Context, v access.Viewer, postID, actionID, text string) (*pressed, error) {
	bad := fault.InvalidParam("cookie")
	if len(text) > cookieMost {
		return nil, bad
	}
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, bad
	}
	aead, err := a.sealer(ctx)
	if err != nil {
		return nil, err
	}
	raw, err := aead.Open(nil, nil, sealed, []byte(v.UserID))
	if err != nil {
		return nil, bad
	}
	var c cookie
	if json.Unmarshal(raw, &c) != nil || c.UserID != v.UserID || c.PostID != postID || c.Action["id"] != actionID {
		return nil, bad
	}
	ch, err := a.Access.Channel(ctx, c.ChannelID)
	if err != nil {
		return nil, err
	}
	action, err := read(c.Action)
	post := &model.Post{ID: c.PostID, UserID: v.UserID, ChannelID: c.ChannelID, RootID: c.RootID, Props: c.Props}
	return &pressed{post: post, ch: ch, action: action, passing: true}, err
}
