package mailgate

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
)

// The local part of the address that answers go to is
//
//	reply+<post id>.<proof>
//
// where the proof binds the post to the reader whom the mail went to. It has fewer
// than the 64 characters of RFC 5321 (section 4.5.3.1.1), and is the same in upper
// case, as some programs write it.
const (
	replyPrefix = "reply+"
	// answerable is how old a post may be that is answered by mail.
	answerable = 90 * 24 * time.Hour
)

// ReplyAddress returns where a reader answers to by mail when they were told of a
// post; "" while the gateway is off.
func (g *Gate) ReplyAddress(ctx context.Context, readerID, postID string) (string, error) {
	if !g.ready() {
		return "", nil
	}
	proof, err := g.proof(ctx, readerID, postID)
	return replyPrefix + postID + "." + proof + "@" + g.settings().Domain, err
}

// proof is what only this installation can write for a reader and a post.
func (g *Gate) proof(ctx context.Context, readerID, postID string) (string, error) {
	key, err := g.Access.OwnKey(ctx, "parley answers by mail")
	if err != nil {
		return "", err
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte(readerID + " " + postID))
	return id.Of(h.Sum(nil)), nil
}

// target is what a recipient's address stands for.
type target struct {
	address string // as given, lower case
	// An answer has these; whose it is shows with the sender.
	postID, proof string
	// The address of a channel has these.
	channelID string
	outsiders bool
}

func (t *target) isAnswer() bool { return t.postID != "" }

var errNoAddress = errors.New("mailgate: no such address")

// find says what an address stands for; errNoAddress for none. Whether a proof is
// good is seen later, when the sender is known.
func (g *Gate) find(ctx context.Context, address string) (*target, error) {
	address = strings.ToLower(address)
	local, domain, ok := cutLast(address, "@")
	if !ok || domain != strings.ToLower(g.settings().Domain) {
		return nil, errNoAddress
	}
	if rest, is := strings.CutPrefix(local, replyPrefix); is {
		postID, proof, _ := strings.Cut(rest, ".")
		if !id.Valid(postID) || !id.Valid(proof) {
			return nil, errNoAddress
		}
		return &target{address: address, postID: postID, proof: proof}, nil
	}
	_, token, _ := cutLast(local, "+")
	if len(token) != tokenLength {
		return nil, errNoAddress
	}
	a, err := g.byToken(ctx, token)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNoAddress
	}
	if err != nil {
		return nil, err
	}
	ch, err := g.Access.Channel(ctx, a.channelID)
	if err != nil {
		return nil, err
	}
	if ch.DeleteAt != 0 {
		return nil, errNoAddress
	}
	return &target{address: address, channelID: a.channelID, outsiders: a.outsiders && g.settings().AllowOutsiders}, nil
}

// written is the address of a channel: its name for people, its token for the
// gateway.
func (g *Gate) written(ch *access.ChannelFacts, token string) string {
	name := ch.Name
	if len(name) > 40 {
		name = name[:40]
	}
	return strings.Trim(name, "-_") + "+" + token + "@" + g.settings().Domain
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
