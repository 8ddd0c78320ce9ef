package mailgate

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

var (
	errNotYours = refusal(550, 5, 7, 1, "This address answers a notification that went to somebody else; write from the address that it went to")
	errTooOld   = refusal(550, 5, 7, 1, "The message is too old, or gone, to be answered by mail")
	errStranger = refusal(550, 5, 7, 1, "Only members of this channel can write to this address")
	errEmpty    = refusal(550, 5, 6, 0, "There is nothing in this mail besides what it quotes")
)

// take makes a post of a mail. It returns nil once the post is committed, or the
// mail needs none.
func (g *Gate) take(ctx context.Context, e *envelope, raw spooled, t *target) error {
	l, err := raw.letter()
	if err != nil {
		return err
	}
	if l.header.FieldsByKey("Received").Len() > hopsMost {
		return errLoop
	}
	if away, err := g.automatic(ctx, l, e.from, t.isAnswer()); err != nil || away {
		if away {
			g.count(outcomeIgnored)
		}
		return err
	}
	p := &posting{g: g, l: l, raw: raw, t: t}
	if t.isAnswer() {
		err = p.answers(ctx)
	} else {
		err = p.writes(ctx, e)
	}
	if err != nil {
		return err
	}
	if err := p.name(); err != nil {
		return err
	}
	if done, err := p.isThere(ctx); done || err != nil {
		if done {
			g.count(outcomeRepeated)
		}
		return err
	}
	if err := p.findThread(ctx); err != nil {
		return err
	}
	if g.held(l.from.Address, p.ch.ID) {
		return errFlood
	}
	if err := p.post(ctx); err != nil {
		return forbidden(err)
	}
	g.count(outcomePosted)
	return nil
}

// letter reads what the mail says.
func (f spooled) letter() (*letter, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("%w: %w", errSpool, err)
	}
	return read(f)
}

// posting is a mail on its way to being a post.
type posting struct {
	g        *Gate
	l        *letter
	raw      spooled
	t        *target
	v        access.Viewer // the author
	ch       *access.ChannelFacts
	rootID   string
	outsider bool // nobody of this server wrote it
	id       string
}

// answers finds what a mail to an address for answers answers to. Such an address
// is a secret of whom the notification went to; that they wrote is believed when
// the mail says that it is from them.
func (p *posting) answers(ctx context.Context) error {
	user, err := p.g.Users.ByEmail(ctx, p.l.from.Address)
	if fault.IsNotFound(err) {
		return errNotYours
	}
	if err != nil {
		return err
	}
	proof, err := p.g.proof(ctx, user.ID, p.t.postID)
	if err != nil {
		return err
	}
	if !hmac.Equal([]byte(proof), []byte(p.t.proof)) || user.DeleteAt != 0 || user.IsBot {
		return errNotYours
	}
	post, err := p.g.Posts.Stored(ctx, p.t.postID)
	if fault.IsNotFound(err) || err == nil && (post.DeleteAt != 0 || time.UnixMilli(post.CreateAt).Add(answerable).Before(time.Now())) {
		return errTooOld
	}
	if err != nil {
		return err
	}
	if p.ch, err = p.g.Access.Channel(ctx, post.ChannelID); err != nil {
		return err
	}
	if p.rootID = post.RootID; p.rootID == "" {
		p.rootID = post.ID
	}
	return p.as(ctx, user)
}

// as has somebody write who may write in the channel.
func (p *posting) as(ctx context.Context, user *model.User) error {
	p.v = p.g.Access.Acting(user.ID, user.Username, user.Roles)
	if !p.v.MayRead(ctx, p.ch) || !p.g.Posts.MayPost(ctx, p.v, p.ch) {
		return refusal(550, 5, 7, 1, "You can't write in this channel any more")
	}
	return nil
}

// writes finds who writes to a channel's address: somebody who may, when it is
// proven that they do, else an outsider where those are let in.
func (p *posting) writes(ctx context.Context, e *envelope) error {
	var err error
	if p.ch, err = p.g.Access.Channel(ctx, p.t.channelID); err != nil {
		return err
	}
	user, err := p.g.Users.ByEmail(ctx, p.l.from.Address)
	if err != nil && !fault.IsNotFound(err) {
		return err
	}
	known := err == nil && user.DeleteAt == 0 && !user.IsBot && (user.EmailVerified || !p.g.Settings.Get().EmailSettings.RequireEmailVerification)
	if known {
		good, err := p.g.proven(ctx, e, p.l, p.raw)
		if err != nil {
			return err
		}
		if good {
			if err := p.as(ctx, user); err == nil || !p.t.outsiders {
				return err
			}
		} else if !p.t.outsiders {
			return errUnproven
		}
	}
	if !p.t.outsiders {
		return errStranger
	}
	bot, err := p.g.Users.ByUsername(ctx, model.BotSystemUsername)
	if err != nil {
		return err
	}
	p.outsider, p.v = true, p.g.Access.Acting(bot.ID, bot.Username, bot.Roles)
	return nil
}

// name gives the post the id that follows from the mail.
func (p *posting) name() error {
	key := p.l.id
	if key == "" {
		if _, err := p.raw.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("%w: %w", errSpool, err)
		}
		h := sha256.New()
		if _, err := io.Copy(h, p.raw); err != nil {
			return fmt.Errorf("%w: %w", errSpool, err)
		}
		key = string(h.Sum(nil))
	}
	p.id = p.idOf(key)
	return nil
}

func (p *posting) idOf(messageID string) string {
	where := p.ch.ID
	if p.t.isAnswer() {
		where = p.v.UserID + " " + p.rootID
	}
	sum := sha256.Sum256([]byte("mail " + where + " " + messageID))
	return id.Of(sum[:])
}

// isThere reports whether the post was made before.
func (p *posting) isThere(ctx context.Context) (bool, error) {
	_, err := p.g.Posts.Stored(ctx, p.id)
	if fault.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// findThread finds the thread that a channel's mail belongs to: the post of a mail
// that it refers to has the id that follows from that one.
func (p *posting) findThread(ctx context.Context) error {
	if p.t.isAnswer() {
		return nil
	}
	for _, ref := range p.l.refs {
		post, err := p.g.Posts.Stored(ctx, p.idOf(ref))
		if fault.IsNotFound(err) || err == nil && (post.DeleteAt != 0 || post.ChannelID != p.ch.ID) {
			continue
		}
		if err != nil {
			return err
		}
		if p.rootID = post.RootID; p.rootID == "" {
			p.rootID = post.ID
		}
		break
	}
	return nil
}

// post writes the post with its files.
func (p *posting) post(ctx context.Context) error {
	text, pictures := p.text()
	if text == "" && p.l.files == 0 {
		return errEmpty
	}
	post := &model.Post{UserID: p.v.UserID, ChannelID: p.ch.ID, RootID: p.rootID}
	b := p.bring(ctx, text, pictures)
	if b.err != nil {
		return b.err
	}
	post.Message, post.FileIDs = p.compose(b.text, b.left), b.ids
	if post.Message == "" && len(post.FileIDs) == 0 {
		b.drop(ctx)
		return errEmpty
	}
	if p.outsider {
		post.Props = model.StringInterface{model.PostPropFromWebhook: "true", model.PostPropOverrideUsername: p.shownName()}
	}
	// Who writes by mail has read nothing of what others wrote meanwhile.
	_, err := p.g.Posts.Create(ctx, p.v, post, posts.CreateOptions{Trusted: true, Integration: p.outsider, ID: p.id})
	if err != nil {
		b.drop(ctx)
	}
	if fault.Is(err, posts.ErrExists) {
		return nil // the same mail came twice at once
	}
	return err
}

var errTooBig = errors.New("mailgate: a file is too big")
