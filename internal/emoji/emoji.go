// Package emoji keeps the emojis that people of this server make.
//
// A custom emoji is a name and a small picture, for everybody on the server.
// Names are unique among those that aren't deleted, and none is that of a
// system emoji. Pictures are drawn anew when they come in, at most 128 pixels
// wide and high; an animation keeps moving (picture.go). They lie where
// Mattermost keeps them, emoji/<id>/image, so that an existing server's are
// there.
//
// Rules are in this file, routes in http.go, SQL in store.go. Later slices hear
// of new and deleted ones by the topics Created and Deleted.
package emoji

import (
	"bytes"
	"context"
	"errors"
	"log/slog"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/event"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// Emoji is the slice. Make it with New.
type Emoji struct {
	// Created and Deleted tell of an emoji that is new or gone, after the
	// commit and before the request is answered.
	Created, Deleted event.Topic[*model.Emoji]

	db    *db.DB
	cfg   *config.Store
	acc   *access.Access
	hub   *realtime.Hub
	blobs blob.Store
	log   *slog.Logger
}

// New returns the slice over a migrated database.
func New(d *db.DB, cfg *config.Store, acc *access.Access, hub *realtime.Hub, blobs blob.Store, log *slog.Logger) *Emoji {
	return &Emoji{db: d, cfg: cfg, acc: acc, hub: hub, blobs: blobs, log: log}
}

var (
	errDisabled  = fault.NotImplemented("api.emoji.disabled.app_error")
	errStorage   = fault.Forbidden("api.emoji.storage.app_error")
	errNone      = fault.NotFound("app.emoji.get.no_result")
	errNoName    = fault.NotFound("app.emoji.get_by_name.no_result")
	errDuplicate = fault.Invalid("api.emoji.create.duplicate.app_error")
)

// need refuses everything where custom emojis are off.
func (e *Emoji) need() error {
	if !e.cfg.Get().ServiceSettings.EnableCustomEmoji {
		return errDisabled
	}
	return nil
}

// may refuses v unless the system's roles, or those of any team that v is in,
// permit p.
func (e *Emoji) may(ctx context.Context, v access.Viewer, p access.Permission) error {
	err := v.Need(ctx, p)
	if err == nil {
		return nil
	}
	_, teams, terr := e.acc.Memberships(ctx, v.UserID)
	if terr != nil {
		return terr
	}
	for _, t := range teams {
		if v.CanTeam(ctx, t, p) {
			return nil
		}
	}
	return err
}

// checkName refuses a name that can't be an emoji's.
func checkName(name string) error {
	switch {
	case !model.ValidEmojiName(name):
		return fault.Invalid("model.emoji.name.app_error")
	case model.SystemEmoji(name):
		return fault.Invalid("model.emoji.system_emoji_name.app_error")
	}
	return nil
}

// Put makes an emoji for a server's own purposes, an import, unless there is one
// of the name already; made tells which.
func (e *Emoji) Put(ctx context.Context, creatorID, name string, picture []byte) (made bool, err error) {
	_, err = e.add(ctx, access.Viewer{UserID: creatorID}, name, picture)
	if errors.Is(err, errDuplicate) {
		return false, nil
	}
	return err == nil, err
}

// PicturePath is the blob of an emoji's picture.
func PicturePath(emojiID string) string { return picturePath(emojiID) }

// add makes an emoji of v's from what was uploaded, and tells everybody.
func (e *Emoji) add(ctx context.Context, v access.Viewer, name string, upload []byte) (*model.Emoji, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	if taken, err := e.byNames(ctx, []string{name}); err != nil || len(taken) > 0 {
		if err == nil {
			err = errDuplicate
		}
		return nil, err
	}
	raw, err := drawn(ctx, upload)
	if err != nil {
		return nil, err
	}
	now := id.Now()
	made := &model.Emoji{ID: id.New(), CreateAt: now, UpdateAt: now, CreatorID: v.UserID, Name: name}
	// The picture first: an emoji that is listed has one.
	if _, err := e.blobs.Write(ctx, picturePath(made.ID), bytes.NewReader(raw)); err != nil {
		return nil, fault.Internal("app.emoji.create.internal_error", err)
	}
	if err := e.insert(ctx, made); err != nil {
		e.removePicture(context.WithoutCancel(ctx), made.ID)
		if db.IsDuplicate(err) {
			return nil, errDuplicate
		}
		return nil, fault.Internal("app.emoji.create.internal_error", err)
	}
	ctx = context.WithoutCancel(ctx)
	e.Created.Publish(ctx, made)
	e.hub.Publish(realtime.Event{Name: model.EventEmojiAdded, To: realtime.Audience{Everyone: true},
		Data: map[string]string{"emoji": encoded(made)}})
	return made, nil
}

// remove deletes an emoji: one's own, or another's with the right to.
func (e *Emoji) remove(ctx context.Context, v access.Viewer, emojiID string) error {
	found, err := e.one(ctx, emojiID)
	if err != nil {
		return err
	}
	if err := e.may(ctx, v, access.PermDeleteEmojis); err != nil {
		return err
	}
	if found.CreatorID != v.UserID {
		if err := e.may(ctx, v, access.PermDeleteOthersEmojis); err != nil {
			return err
		}
	}
	err = e.markDeleted(ctx, found.ID, id.Now())
	if errors.Is(err, db.ErrNotFound) {
		return errNone
	}
	if err != nil {
		return fault.Internal("app.emoji.delete.app_error", err)
	}
	e.removePicture(context.WithoutCancel(ctx), found.ID)
	e.Deleted.Publish(context.WithoutCancel(ctx), found)
	return nil
}

func (e *Emoji) removePicture(ctx context.Context, emojiID string) {
	if err := e.blobs.Delete(ctx, picturePath(emojiID)); err != nil {
		e.log.Warn("the picture of an emoji that is gone is left", "emoji_id", emojiID, "error", err)
	}
}

func picturePath(emojiID string) string { return "emoji/" + emojiID + "/image" }
