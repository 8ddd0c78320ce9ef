// Package bookmarks keeps the links and files that stand at the top of a channel.
//
// A channel has at most fifty, in an order of its own without gaps. Whoever
// makes one owns it; one that somebody else changes is replaced by theirs, which
// notes where it came from. A deleted one stays as a row with the time, so that
// clients that ask for what changed since then hear of it. Changes of a channel's
// bookmarks follow one another: each locks them first. The file of one belongs to
// the channel from then on, and goes with it.
//
// Rules are in this file and valid.go, routes in http.go, SQL in store.go.
package bookmarks

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// Bookmarks is the slice. Make it with New.
type Bookmarks struct {
	db    *db.DB
	cfg   *config.Store
	acc   *access.Access
	hub   *realtime.Hub
	files Files
}

// Files is what bookmarks need of the slice of files.
type Files interface {
	// Bookmark gives a channel a file that userID uploaded for it, or has it
	// back that a bookmark of the channel had before. False when there is none.
	Bookmark(ctx context.Context, tx *db.Tx, channelID, fileID, userID string) (bool, error)
	// Unbookmark marks a file that no bookmark has any more as deleted.
	Unbookmark(ctx context.Context, tx *db.Tx, fileID string) error
	// ByIDs returns files, in any order, deleted ones too.
	ByIDs(ctx context.Context, ids []string) ([]*model.FileInfo, error)
}

// New returns the slice over a migrated database. The bookmarks of channels
// that are removed for good go with them.
func New(d *db.DB, cfg *config.Store, acc *access.Access, hub *realtime.Hub, c *channels.Channels, files Files, log *slog.Logger) *Bookmarks {
	b := &Bookmarks{db: d, cfg: cfg, acc: acc, hub: hub, files: files}
	c.Deleted.Subscribe(func(ctx context.Context, e channels.Changed) {
		if err := b.deleteAll(context.WithoutCancel(ctx), e.Channel.ID); err != nil {
			log.Error("bookmarks of a channel that is gone were left behind", "channel_id", e.Channel.ID, "error", err)
		}
	})
	return b
}

var (
	errOff     = fault.NotImplemented("api.channel.bookmark.channel_bookmark.license.error")
	errNone    = fault.NotFound("app.channel.bookmark.get.app_error")
	errNoPlace = fault.Invalid("app.channel.bookmark.update_sort.invalid_input.app_error")
	errFile    = fault.Invalid("model.channel_bookmark.is_valid.file_id.missing_or_invalid.app_error")
	errTooMany = fault.Invalid("parley.channel_bookmark.too_many", "Max", model.BookmarksMax)
)

// act is one way of changing bookmarks: the name of its errors, and what it
// takes in public and private channels.
type act struct {
	name            string
	public, private access.Permission
}

var (
	adding   = act{"create_channel_bookmark", access.PermAddBookmarkPublicChannel, access.PermAddBookmarkPrivateChannel}
	editing  = act{"update_channel_bookmark", access.PermEditBookmarkPublicChannel, access.PermEditBookmarkPrivateChannel}
	deleting = act{"delete_channel_bookmark", access.PermDeleteBookmarkPublicChannel, access.PermDeleteBookmarkPrivateChannel}
	ordering = act{"update_channel_bookmark_sort_order", access.PermOrderBookmarkPublicChannel, access.PermOrderBookmarkPrivateChannel}
)

// may refuses v what it may not do to the bookmarks of a channel. Those of a
// conversation belong to all who are in it, but for guests.
func (b *Bookmarks) may(ctx context.Context, v access.Viewer, channelID string, a act) error {
	if !b.cfg.Get().FeatureFlags.ChannelBookmarks {
		return errOff
	}
	refused := func(why string) error {
		return fault.Forbidden("api.channel.bookmark." + a.name + "." + why + ".app_error")
	}
	ch, err := b.acc.Channel(ctx, channelID)
	if fault.IsNotFound(err) {
		return fault.NoPermission(string(a.public))
	}
	if err != nil {
		return err
	}
	switch ch.Type {
	case model.ChannelOpen:
		err = v.NeedChannel(ctx, ch.ID, a.public)
	case model.ChannelPrivate:
		// A team's administrators have the right in channels that they can't see.
		if err = b.mayRead(ctx, v, ch.ID); err == nil {
			err = v.NeedChannel(ctx, ch.ID, a.private)
		}
	default:
		in, aerr := b.acc.InChannel(ctx, v.UserID, ch.ID)
		switch {
		case aerr != nil:
			err = aerr
		case !in:
			err = refused("direct_or_group_channels.forbidden")
		case v.Guest():
			err = refused("direct_or_group_channels_by_guests.forbidden")
		}
	}
	if err == nil && ch.DeleteAt != 0 {
		err = refused("deleted_channel.forbidden")
	}
	return err
}

// mayRead refuses v the bookmarks of a channel whose messages it may not read.
func (b *Bookmarks) mayRead(ctx context.Context, v access.Viewer, channelID string) error {
	if !b.cfg.Get().FeatureFlags.ChannelBookmarks {
		return errOff
	}
	refused := fault.NoPermission(string(access.PermReadChannelContent))
	ch, err := b.acc.Channel(ctx, channelID)
	if fault.IsNotFound(err) {
		return refused
	}
	if err != nil {
		return err
	}
	if v.CanChannel(ctx, ch.ID, access.PermReadChannelContent) ||
		ch.Type == model.ChannelOpen && v.CanTeam(ctx, ch.TeamID, access.PermReadPublicChannel) {
		return nil
	}
	return refused
}

// add makes a bookmark of v's, the last of the channel.
func (b *Bookmarks) add(ctx context.Context, v access.Viewer, in *model.ChannelBookmark, connectionID string) (*model.ChannelBookmark, error) {
	now := id.Now()
	made := &model.ChannelBookmark{ID: id.New(), CreateAt: now, UpdateAt: now, ChannelID: in.ChannelID, OwnerID: v.UserID, FileID: in.FileID,
		DisplayName: in.DisplayName, LinkURL: in.LinkURL, ImageURL: in.ImageURL, Emoji: in.Emoji, Type: in.Type}
	if err := check(made); err != nil {
		return nil, err
	}
	err := b.change(ctx, made.ChannelID, func(tx *db.Tx, list []*model.ChannelBookmark) error {
		if len(list) >= model.BookmarksMax {
			return errTooMany
		}
		if n := len(list); n > 0 {
			made.SortOrder = list[n-1].SortOrder + 1
		}
		if err := b.take(ctx, tx, list, made, v.UserID); err != nil {
			return err
		}
		return insert(ctx, tx, made)
	})
	if err == nil {
		err = b.fill(ctx, made)
	}
	if err != nil {
		return nil, orInternal(err, "app.channel.bookmark.save.app_error")
	}
	b.tell(model.EventChannelBookmarkCreated, "bookmark", made.ChannelID, made, connectionID)
	return made, nil
}

// edit changes a bookmark. One that isn't v's is replaced.
func (b *Bookmarks) edit(ctx context.Context, v access.Viewer, channelID, bookmarkID string, p *model.ChannelBookmarkPatch, connectionID string) (*model.ChannelBookmarkChange, error) {
	out := &model.ChannelBookmarkChange{}
	err := b.change(ctx, channelID, func(tx *db.Tx, list []*model.ChannelBookmark) error {
		at := find(list, bookmarkID)
		if at < 0 {
			return errNone
		}
		*out = model.ChannelBookmarkChange{}
		old, now := *list[at], id.Now()
		made := patched(old, p)
		made.UpdateAt = now
		if err := check(&made); err != nil {
			return err
		}
		if err := b.exchange(ctx, tx, list, &old, &made, v.UserID); err != nil {
			return err
		}
		out.Updated, list[at] = &made, &made
		if old.OwnerID == v.UserID {
			if err := update(ctx, tx, &made); err != nil {
				return err
			}
		} else {
			made.ID, made.CreateAt, made.OwnerID, made.OriginalID = id.New(), now, v.UserID, old.ID
			old.DeleteAt, old.UpdateAt, out.Deleted = now, now, &old
			if err := errors.Join(markDeleted(ctx, tx, &old), insert(ctx, tx, &made)); err != nil {
				return err
			}
		}
		if p.SortOrder == nil || *p.SortOrder == made.SortOrder {
			return nil
		}
		return move(ctx, tx, list, at, *p.SortOrder)
	})
	if err == nil {
		err = b.fill(ctx, out.Updated)
	}
	if err != nil {
		return nil, orInternal(err, "app.channel.bookmark.update.app_error")
	}
	b.tell(model.EventChannelBookmarkUpdated, "bookmarks", channelID, out, connectionID)
	return out, nil
}

// remove deletes a bookmark; those after it move up.
func (b *Bookmarks) remove(ctx context.Context, channelID, bookmarkID, connectionID string) (*model.ChannelBookmark, error) {
	var gone model.ChannelBookmark
	err := b.change(ctx, channelID, func(tx *db.Tx, list []*model.ChannelBookmark) error {
		at := find(list, bookmarkID)
		if at < 0 {
			return errNone
		}
		gone = *list[at]
		gone.DeleteAt = id.Now()
		gone.UpdateAt = gone.DeleteAt
		if err := markDeleted(ctx, tx, &gone); err != nil {
			return err
		}
		if gone.FileID != "" {
			if err := b.files.Unbookmark(ctx, tx, gone.FileID); err != nil {
				return err
			}
		}
		return number(ctx, tx, append(list[:at:at], list[at+1:]...))
	})
	if err == nil {
		err = b.fill(ctx, &gone)
	}
	if err != nil {
		return nil, orInternal(err, "app.channel.bookmark.delete.app_error")
	}
	b.tell(model.EventChannelBookmarkDeleted, "bookmark", channelID, &gone, connectionID)
	return &gone, nil
}

// sort puts a bookmark into a place, counted from 0, and returns all.
func (b *Bookmarks) sort(ctx context.Context, channelID, bookmarkID string, to int64, connectionID string) ([]*model.ChannelBookmark, error) {
	var all []*model.ChannelBookmark
	err := b.change(ctx, channelID, func(tx *db.Tx, list []*model.ChannelBookmark) error {
		at := find(list, bookmarkID)
		if at < 0 {
			return fault.NotFound("app.channel.bookmark.update_sort.missing_bookmark.app_error")
		}
		all = list
		return move(ctx, tx, list, at, to)
	})
	if err == nil {
		err = b.fill(ctx, all...)
	}
	if err != nil {
		return nil, orInternal(err, "app.channel.bookmark.update_sort.app_error")
	}
	b.tell(model.EventChannelBookmarkSorted, "bookmarks", channelID, all, connectionID)
	return all, nil
}

// change runs fn with the bookmarks of a channel, in order, while nobody else
// changes them.
func (b *Bookmarks) change(ctx context.Context, channelID string, fn func(tx *db.Tx, list []*model.ChannelBookmark) error) error {
	return b.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "bookmarks."+channelID); err != nil {
			return err
		}
		list, err := live(ctx, tx, channelID)
		if err != nil {
			return err
		}
		return fn(tx, list)
	})
}

// move puts the bookmark at a place of list into another, in list as well.
func move(ctx context.Context, tx *db.Tx, list []*model.ChannelBookmark, at int, to int64) error {
	if to < 0 || to >= int64(len(list)) {
		return errNoPlace
	}
	moved := list[at]
	copy(list[at:], list[at+1:])
	copy(list[to+1:], list[to:len(list)-1])
	list[to] = moved
	return number(ctx, tx, list)
}

// number writes the order of list where it differs.
func number(ctx context.Context, tx *db.Tx, list []*model.ChannelBookmark) error {
	now := id.Now()
	for i, m := range list {
		if m.SortOrder == int64(i) {
			continue
		}
		m.SortOrder, m.UpdateAt = int64(i), now
		if err := update(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}

func find(list []*model.ChannelBookmark, bookmarkID string) int {
	for i, m := range list {
		if m.ID == bookmarkID {
			return i
		}
	}
	return -1
}

func (b *Bookmarks) tell(event, key, channelID string, v any, connectionID string) {
	raw, _ := json.Marshal(v) // bookmarks always encode
	b.hub.Publish(realtime.Event{Name: event, Data: map[string]string{key: string(raw)},
		To: realtime.Audience{ChannelID: channelID, OmitConnectionID: connectionID}})
}

func orInternal(err error, errorID string) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return f
	}
	return fault.Internal(errorID, err)
}
