package channels

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// Direct returns the direct channel of two users, or of one with themselves; it
// is made when there is none. a is taken to be who opens it. However many ask at
// once, there is one. Fails with 400 for an unknown user.
func (c *Channels) Direct(ctx context.Context, a, b string) (*model.Channel, error) {
	list, err := c.participants(ctx, []string{a, b}, "api.channel.create_direct_channel.invalid_user.app_error")
	if err != nil {
		return nil, err
	}
	ch, made, err := c.converse(ctx, model.ChannelDirect, model.DirectChannelName(a, b), "", a, list)
	if err == nil && made {
		c.hub.Publish(realtime.Event{Name: model.EventDirectAdded, To: realtime.Audience{ChannelID: ch.ID},
			Data: map[string]any{"creator_id": a, "teammate_id": b}})
	}
	return ch, err
}

// Group returns the group message of 3 to 8 users, byID's id among them or not;
// it is made when there is none. Fails with 400 for another number and for an
// unknown user.
func (c *Channels) Group(ctx context.Context, byID string, ids []string) (*model.Channel, error) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) < model.ChannelGroupMinUsers || len(ids) > model.ChannelGroupMaxUsers {
		return nil, fault.Invalid("api.channel.create_group.bad_size.app_error")
	}
	list, err := c.participants(ctx, ids, "api.channel.create_group.bad_user.app_error")
	if err != nil {
		return nil, err
	}
	ch, made, err := c.converse(ctx, model.ChannelGroup, model.GroupChannelName(ids), groupDisplayName(list), byID, list)
	if err == nil && made {
		mates, _ := json.Marshal(ids)
		for _, userID := range ids {
			c.hub.Publish(realtime.Event{Name: model.EventGroupAdded, To: realtime.Audience{ChannelID: ch.ID, UserID: userID},
				Data: map[string]any{"teammate_ids": string(mates)}})
		}
	}
	return ch, err
}

// participants returns the accounts behind ids, each once; the fault named when
// one is unknown.
func (c *Channels) participants(ctx context.Context, ids []string, unknown string) ([]*model.User, error) {
	list, err := c.users.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, userID := range ids {
		if !slices.ContainsFunc(list, func(u *model.User) bool { return u.ID == userID }) {
			return nil, fault.Invalid(unknown)
		}
	}
	return list, nil
}

// groupDisplayName lists the usernames, as far as they fit in the column.
func groupDisplayName(list []*model.User) string {
	names := make([]string, len(list))
	for i, u := range list {
		names[i] = u.Username
	}
	slices.Sort(names)
	r := []rune(strings.Join(names, ", "))
	return string(r[:min(len(r), model.ChannelDisplayNameMaxRunes)])
}

// converse finds the conversation of a name or makes it with its members; made
// tells which. The unique index on name and team decides between those who make
// the same one at once.
func (c *Channels) converse(ctx context.Context, kind, name, displayName, byID string, list []*model.User) (ch *model.Channel, made bool, err error) {
	if ch, err = c.conversation(ctx, c.db, name); err == nil || !fault.IsNotFound(err) {
		return ch, false, err
	}
	now, no := id.Now(), false
	err = c.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "conversation "+name); err != nil {
			return err
		}
		if ch, err = c.conversation(ctx, tx, name); err == nil || !fault.IsNotFound(err) {
			return err
		}
		ch = &model.Channel{ID: id.New(), CreateAt: now, UpdateAt: now, Type: kind, Name: name, DisplayName: displayName, CreatorID: byID, Shared: &no}
		made = true
		if err := insertChannel(ctx, tx, ch); err != nil {
			return err
		}
		fresh, err := insertMembers(ctx, tx, ch.ID, list, nil, now)
		tx.AfterCommit(func() { c.entered(ch.ID, fresh) })
		return err
	})
	if err != nil || !made {
		return ch, false, err
	}
	ids := make([]string, len(list))
	for i, u := range list {
		ids[i] = u.ID
	}
	c.Created.Publish(ctx, Created{Channel: ch, ByID: byID, UserIDs: ids})
	return ch, true, nil
}

func (c *Channels) conversation(ctx context.Context, q db.Querier, name string) (*model.Channel, error) {
	ch, err := db.Get(ctx, q, scanChannel, selectChannels+"WHERE c.name = $1 AND c.teamid = '' LIMIT 1", name)
	if errors.Is(err, db.ErrNotFound) {
		return nil, errNoChannel
	}
	return ch, err
}

// Restricted reports whether v may not write in a direct message because its
// two people share no team and the setting asks for one.
func (c *Channels) Restricted(ctx context.Context, v access.Viewer, ch *access.ChannelFacts) (bool, error) {
	if ch.Type != model.ChannelDirect || c.cfg.Get().TeamSettings.RestrictDirectMessage != "team" || v.Bot() {
		return false, nil
	}
	a, b, _ := strings.Cut(ch.Name, "__")
	if a == v.UserID {
		a = b
	}
	if a == v.UserID {
		return false, nil
	}
	if u, err := c.users.ByID(ctx, a); err != nil || u.IsBot {
		return false, err
	}
	common, err := db.Value[int64](ctx, c.db, `SELECT count(*) FROM teammembers a JOIN teammembers b ON b.teamid = a.teamid
		WHERE a.userid = $1 AND b.userid = $2 AND a.deleteat = 0 AND b.deleteat = 0`, v.UserID, a)
	return common == 0, err
}
