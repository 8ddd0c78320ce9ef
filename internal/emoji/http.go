package emoji

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// maxBody only lets the body through to uploaded, which knows the limit.
const maxBody = 1 << 40

// maxFound bounds what a search finds.
const maxFound = 200

// Mount adds the routes of custom emojis.
func (e *Emoji) Mount(r *access.Router) {
	api.Post(r, "/emoji", access.Session, e.post, api.MaxBody(maxBody))
	api.Get(r, "/emoji", access.Session, e.list)
	api.Get(r, "/emoji/autocomplete", access.Session, e.autocomplete)
	api.Post(r, "/emoji/search", access.Reading, e.search)
	api.Post(r, "/emoji/names", access.Reading, e.names)
	api.Get(r, "/emoji/name/{emoji_name}", access.Session, e.getByName)
	api.Get(r, "/emoji/{emoji_id}", access.Session, e.get)
	api.Get(r, "/emoji/{emoji_id}/image", access.Session, e.image)
	api.Delete(r, "/emoji/{emoji_id}", access.Session, e.delete)
}

type postIn struct {
	HTTP api.Request
}

func (e *Emoji) post(ctx context.Context, v access.Viewer, in postIn) (*model.Emoji, error) {
	if err := e.need(); err != nil {
		return nil, err
	}
	if e.cfg.Get().FileSettings.DriverName == "" {
		return nil, errStorage
	}
	if err := e.may(ctx, v, access.PermCreateEmojis); err != nil {
		return nil, err
	}
	meta, picture, err := uploaded(in.HTTP)
	if err != nil {
		return nil, err
	}
	if meta.CreatorID != v.UserID {
		return nil, fault.Forbidden("api.emoji.create.other_user.app_error")
	}
	return e.add(ctx, v, meta.Name, picture)
}

type listIn struct {
	api.Page
	Sort string `query:"sort"`
}

func (e *Emoji) list(ctx context.Context, _ access.Viewer, in listIn) ([]*model.Emoji, error) {
	if err := e.need(); err != nil {
		return nil, err
	}
	if in.Sort != "" && in.Sort != "name" {
		return nil, fault.InvalidURLParam("sort")
	}
	list, err := e.page(ctx, in.Sort == "name", in.Offset(), in.PerPage)
	if err != nil {
		return nil, fault.Internal("app.emoji.get_list.internal_error", err)
	}
	return list, nil
}

type autocompleteIn struct {
	Name string `query:"name"`
}

func (e *Emoji) autocomplete(ctx context.Context, _ access.Viewer, in autocompleteIn) ([]*model.Emoji, error) {
	if err := e.need(); err != nil {
		return nil, err
	}
	if in.Name == "" {
		return nil, fault.InvalidURLParam("name")
	}
	return e.found(ctx, in.Name, true, model.EmojiAutocompleteLimit)
}

type searchIn struct {
	Body model.EmojiSearch `body:"json,emoji_search"`
}

func (e *Emoji) search(ctx context.Context, _ access.Viewer, in searchIn) ([]*model.Emoji, error) {
	if err := e.need(); err != nil {
		return nil, err
	}
	if in.Body.Term == "" {
		return nil, fault.InvalidParam("term")
	}
	return e.found(ctx, in.Body.Term, in.Body.PrefixOnly, maxFound)
}

// found finds nothing for a term that no name can hold.
func (e *Emoji) found(ctx context.Context, term string, prefix bool, limit int) ([]*model.Emoji, error) {
	if !model.ValidEmojiName(term) {
		return []*model.Emoji{}, nil
	}
	list, err := e.find(ctx, term, prefix, limit)
	if err != nil {
		return nil, fault.Internal("app.emoji.get_by_name.app_error", err)
	}
	return list, nil
}

type namesIn struct {
	Raw []byte `body:"raw"`
}

func (e *Emoji) names(ctx context.Context, _ access.Viewer, in namesIn) ([]*model.Emoji, error) {
	if err := e.need(); err != nil {
		return nil, err
	}
	var names []string
	if err := api.DecodeJSON(in.Raw, &names); err != nil {
		return nil, fault.Invalid("api.payload.parse.error").Wrap(err)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) > model.EmojiNamesMax {
		return nil, fault.Invalid("api.emoji.get_multiple_by_name_too_many.request_error", "MaxNames", model.EmojiNamesMax)
	}
	names = slices.DeleteFunc(names, func(n string) bool { return !model.ValidEmojiName(n) })
	if len(names) == 0 {
		return []*model.Emoji{}, nil
	}
	list, err := e.byNames(ctx, names)
	if err != nil {
		return nil, fault.Internal("app.emoji.get_by_name.app_error", err)
	}
	return list, nil
}

type nameIn struct {
	Name string `path:"emoji_name,text"`
}

func (e *Emoji) getByName(ctx context.Context, _ access.Viewer, in nameIn) (*model.Emoji, error) {
	if err := e.need(); err != nil {
		return nil, err
	}
	if len(in.Name) > model.EmojiNameMaxLength {
		return nil, fault.InvalidURLParam("emoji_name")
	}
	if !model.ValidEmojiName(in.Name) {
		return nil, errNoName
	}
	list, err := e.byNames(ctx, []string{in.Name})
	if err != nil {
		return nil, fault.Internal("app.emoji.get_by_name.app_error", err)
	}
	if len(list) == 0 {
		return nil, errNoName
	}
	return list[0], nil
}

type oneIn struct {
	ID string `path:"emoji_id"`
}

func (e *Emoji) get(ctx context.Context, _ access.Viewer, in oneIn) (*model.Emoji, error) {
	if err := e.need(); err != nil {
		return nil, err
	}
	return e.one(ctx, in.ID)
}

func (e *Emoji) delete(ctx context.Context, v access.Viewer, in oneIn) (api.OK, error) {
	return api.Done(), e.remove(ctx, v, in.ID)
}

func (e *Emoji) image(ctx context.Context, _ access.Viewer, in oneIn) (api.Reply, error) {
	return e.Picture(ctx, in.ID)
}

// Picture answers with the picture of an emoji; it fails with 404 when there is
// none. It never changes, so that browsers may keep it.
func (e *Emoji) Picture(ctx context.Context, emojiID string) (api.Reply, error) {
	if err := e.need(); err != nil {
		return api.Reply{}, err
	}
	if _, err := e.one(ctx, emojiID); err != nil {
		return api.Reply{}, err
	}
	raw, err := e.blobs.Read(ctx, picturePath(emojiID))
	if err != nil {
		if !errors.Is(err, blob.ErrNotFound) {
			e.log.Error("the picture of an emoji could not be read", "emoji_id", emojiID, "error", err)
		}
		return api.Reply{}, fault.NotFound("api.emoji.get_image.read.app_error").Wrap(err)
	}
	return api.Reply{Body: raw, Header: http.Header{"Content-Type": {typeOf(raw)}, "Content-Length": {strconv.Itoa(len(raw))},
		"Cache-Control": {"max-age=2592000, private"}, "X-Content-Type-Options": {"nosniff"}}}, nil
}
