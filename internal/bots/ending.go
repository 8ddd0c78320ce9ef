package bots

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/i18n"
	"github.com/parley-chat/parley/internal/mail"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

// TellOfEnds has the server's own account write to the owners of access tokens
// that end soon, and sends them a mail, once for each token; now is in Unix ms. It
// fails with all that went wrong: who wasn't told is told the next time.
func (b *Bots) TellOfEnds(ctx context.Context, now int64) error {
	list, err := b.Access.EndingTokens(ctx, now)
	if err != nil || len(list) == 0 {
		return err
	}
	from, err := b.Users.ByUsername(ctx, model.BotSystemUsername)
	if err != nil {
		return err
	}
	v := b.Access.Acting(from.ID, from.Username, from.Roles)
	var failed []error
	for _, t := range list {
		if err := b.tellOfEnd(ctx, v, t); err != nil {
			failed = append(failed, fmt.Errorf("token %s: %w", t.ID, err))
		}
	}
	return errors.Join(failed...)
}

// tellOfEnd writes about one token. The message has the token's id, so that a
// server which is stopped before it has noted that it wrote doesn't write again.
func (b *Bots) tellOfEnd(ctx context.Context, v access.Viewer, t access.EndingToken) error {
	account, err := b.Users.ByID(ctx, t.UserID)
	if err != nil {
		return err
	}
	to, err := b.owner(ctx, account.ID)
	if fault.IsNotFound(err) {
		b.Log.Info("an access token ends soon, and nobody is there to be told", "token_id", t.ID, "user_id", t.UserID)
		return b.Access.ToldOfEnd(ctx, t.ID)
	}
	if err != nil {
		return err
	}
	room, err := b.Channels.Direct(ctx, v.UserID, to.ID)
	if err != nil {
		return err
	}
	end, text := i18n.Clock(to.Locale, to.Timezone, t.ExpiresAt), "parley.bots.token_ends"
	if account.IsBot {
		text = "parley.bots.token_of_bot_ends"
	}
	// The description is somebody's: as code it is nothing but itself.
	code := "`" + strings.Join(strings.Fields(strings.ReplaceAll(t.Description, "`", "’")), " ") + "`"
	_, err = b.Posts.Create(ctx, v, &model.Post{ChannelID: room.ID, Props: model.StringInterface{model.PostPropFromBot: "true"},
		Message: i18n.T(to.Locale, text, map[string]any{"Description": code, "Bot": account.Username, "Time": end})},
		posts.CreateOptions{Trusted: true, ID: t.ID})
	if err == nil {
		b.Users.Tell(to, mail.AccessTokenEnds, "", map[string]any{"Username": account.Username, "Description": t.Description, "Time": end})
	} else if !fault.Is(err, posts.ErrExists) {
		return err
	}
	return b.Access.ToldOfEnd(ctx, t.ID)
}

// owner returns the person who answers for an account and is there to be told; not
// found when there is nobody.
func (b *Bots) owner(ctx context.Context, userID string) (*model.User, error) {
	u, err := b.AnswersFor(ctx, userID)
	if err == nil && (u.IsBot || u.DeleteAt != 0) {
		err = errMissing
	}
	return u, err
}
