// Package drafts keeps what people have written and not sent: drafts, which
// follow their author from one device to the next, and messages that are to be
// sent at a time.
//
// A draft is one text a person, channel and thread. The later one replaces the
// earlier; sending the message takes it away (sent.go). A scheduled message is
// sent by deliver.go, exactly once: whoever sends it holds a lease, and the
// post's id follows from the message and its time, so that after a crash, or
// beside another server, the second attempt finds the first one's post. What
// can't be sent stays listed with the reason. recur.go works out when a
// recurring message comes next.
//
// Rules of drafts are in this file, those of scheduled messages in
// scheduled.go; routes in http.go, SQL in store.go and scheduled_store.go.
package drafts

import (
	"context"
	"errors"
	"log/slog"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/files"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
	"github.com/parley-chat/parley/internal/realtime"
	"github.com/parley-chat/parley/internal/users"
)

// Drafts is the slice. Make it with New; Run sends what comes due.
type Drafts struct {
	db    *db.DB
	cfg   *config.Store
	acc   *access.Access
	hub   *realtime.Hub
	users *users.Users
	posts *posts.Posts
	files *files.Files
	log   *slog.Logger
	sent  *sentQueue
}

// Config is what the slice is made from.
type Config struct {
	DB       *db.DB
	Settings *config.Store
	Access   *access.Access
	Hub      *realtime.Hub
	Users    *users.Users
	Posts    *posts.Posts
	Files    *files.Files
	Log      *slog.Logger
}

// New returns the slice over a migrated database. What an account has written
// goes with it.
func New(c Config) *Drafts {
	d := &Drafts{db: c.DB, cfg: c.Settings, acc: c.Access, hub: c.Hub, users: c.Users, posts: c.Posts, files: c.Files, log: c.Log, sent: newSentQueue()}
	c.Posts.Created.Subscribe(d.noteSent)
	c.Users.Deleted.Subscribe(func(ctx context.Context, u *model.User) {
		if err := d.deleteAllOf(context.WithoutCancel(ctx), u.ID); err != nil {
			d.log.Error("unsent messages of a deleted account were left behind", "user_id", u.ID, "error", err)
		}
	})
	return d
}

var (
	errNoWriting = fault.NoPermission(string(access.PermCreatePost))
	errDisabled  = fault.NotImplemented("api.drafts.disabled.app_error")
)

// need refuses everything where drafts are kept on devices only.
func (d *Drafts) need() error {
	if !d.cfg.Get().ServiceSettings.AllowSyncedDrafts {
		return errDisabled
	}
	return nil
}

// writable returns a channel that v may write in; one that v can't see looks
// like one that v may not write in.
func (d *Drafts) writable(ctx context.Context, v access.Viewer, channelID string, files int) (*access.ChannelFacts, error) {
	ch, err := d.acc.Channel(ctx, channelID)
	if fault.IsNotFound(err) {
		return nil, errNoWriting
	}
	if err != nil {
		return nil, err
	}
	if !d.posts.MayPost(ctx, v, ch) {
		return nil, errNoWriting
	}
	if files > 0 && !v.CanChannel(ctx, ch.ID, access.PermUploadFile) {
		return nil, fault.NoPermission(string(access.PermUploadFile))
	}
	return ch, nil
}

// save keeps a draft of v's, or takes it away when nothing is written in it,
// and tells v's other connections. in is what the client sent; the time is the
// server's. Fails with 400 for what can't be a draft, 403 where v may not write.
func (d *Drafts) save(ctx context.Context, v access.Viewer, in *model.Draft, connectionID string) (*model.Draft, error) {
	if err := d.need(); err != nil {
		return nil, err
	}
	ch, err := d.writable(ctx, v, in.ChannelID, len(in.FileIDs))
	if err != nil {
		return nil, err
	}
	if ch.DeleteAt != 0 {
		return nil, fault.Invalid("api.draft.create_draft.can_not_draft_to_deleted.error")
	}
	if restricted, err := d.posts.Restricted(ctx, v, ch); err != nil || restricted {
		if err == nil {
			err = fault.Invalid("api.draft.create_draft.can_not_draft_to_restricted_dm.error")
		}
		return nil, err
	}
	draft := *in
	draft.UserID, draft.DeleteAt, draft.UpdateAt = v.UserID, 0, id.Now()
	if draft.CreateAt <= 0 || draft.CreateAt > draft.UpdateAt {
		draft.CreateAt = draft.UpdateAt
	}
	if err := d.check(ctx, &draft); err != nil {
		return nil, err
	}
	draft.Metadata = nil
	if draft.Message == "" && len(draft.FileIDs) == 0 {
		err = d.remove(ctx, v, draft.ChannelID, draft.RootID, connectionID)
	} else if err = d.put(ctx, &draft); err == nil {
		if err = d.fill(ctx, v.UserID, &draft); err != nil {
			return nil, fault.Internal("app.draft.save.app_error", err)
		}
		// The protocol has one event for a new draft and a changed one.
		d.tell(model.EventDraftCreated, &draft, connectionID)
	}
	if err != nil {
		return nil, fault.Internal("app.draft.save.app_error", err)
	}
	if draft.Metadata == nil {
		draft.Metadata = &model.PostMetadata{}
	}
	return &draft, nil
}

// fill adds to drafts of userID what clients show of their files: those that
// userID uploaded for the same channel and that are there.
func (d *Drafts) fill(ctx context.Context, userID string, list ...*model.Draft) error {
	var ids []string
	for _, m := range list {
		m.Metadata = &model.PostMetadata{}
		ids = append(ids, m.FileIDs...)
	}
	if len(ids) == 0 {
		return nil
	}
	found, err := d.files.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	known := make(map[string]*model.FileInfo, len(found))
	for _, f := range found {
		if f.UserID == userID && f.DeleteAt == 0 && f.PostID == "" {
			known[f.ID] = f
		}
	}
	for _, m := range list {
		for _, fileID := range m.FileIDs {
			if f := known[fileID]; f != nil && f.ChannelID == m.ChannelID {
				m.Metadata.Files = append(m.Metadata.Files, f)
			}
		}
	}
	return nil
}

// remove takes a draft of v's away; that there is none is fine.
func (d *Drafts) remove(ctx context.Context, v access.Viewer, channelID, rootID, connectionID string) error {
	if err := d.need(); err != nil {
		return err
	}
	gone, err := d.take(ctx, v.UserID, channelID, rootID)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fault.Internal("app.draft.delete.app_error", err)
	}
	d.tell(model.EventDraftDeleted, gone, connectionID)
	return nil
}

// Widths of columns that drafts and scheduled messages share.
const (
	maxFileIDs  = 300 // as JSON
	maxPriority = 200 // bytes of JSON
	maxType     = 26
)

// check holds what is kept against the limits of its columns, and against the
// thread that it answers.
func (d *Drafts) check(ctx context.Context, m *model.Draft) error {
	switch {
	case utf8.RuneCountInString(m.Message) > model.PostMessageMaxRunes:
		return fault.Invalid("model.draft.is_valid.message_length.app_error", "Max", model.PostMessageMaxRunes)
	case len(m.FileIDs) > model.PostFilesMax || encodedSize(m.FileIDs) > maxFileIDs:
		return fault.Invalid("model.draft.is_valid.file_ids.app_error", "Max", model.PostFilesMax)
	case encodedSize(m.Props) > model.DraftPropsMaxLength:
		return fault.Invalid("model.draft.is_valid.props.app_error")
	case encodedSize(m.Priority) > maxPriority:
		return fault.Invalid("model.draft.is_valid.priority.app_error")
	case len(m.Type) > maxType:
		return fault.Invalid("api.context.invalid_param.app_error", "Name", "type")
	}
	for _, f := range m.FileIDs {
		if !id.Valid(f) {
			return fault.Invalid("model.draft.is_valid.file_ids.app_error", "Max", model.PostFilesMax)
		}
	}
	if m.RootID == "" {
		return nil
	}
	ok, err := d.isRoot(ctx, m.ChannelID, m.RootID)
	if err == nil && !ok {
		err = fault.Invalid("model.draft.is_valid.root_id.app_error")
	}
	return err
}

// tell has a person's connections, but the one that the change came from, know
// of a draft.
func (d *Drafts) tell(event string, draft *model.Draft, connectionID string) {
	d.hub.Publish(realtime.Event{Name: event, Data: map[string]string{"draft": encoded(draft)},
		To: realtime.Audience{UserID: draft.UserID, ChannelID: draft.ChannelID, OmitConnectionID: connectionID}})
}
