package posts

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// Mount puts the routes of the slice on r.
func (p *Posts) Mount(r *access.Router) {
	api.Post(r, "/posts", access.Session, p.postPosts, api.Created())
	api.Post(r, "/posts/ephemeral", access.Session, p.postEphemeral, api.Created())
	api.Post(r, "/posts/ids", access.Reading, p.postIDs)
	api.Get(r, "/posts/{post_id}", access.Session, p.getPost)
	api.Put(r, "/posts/{post_id}", access.Session, p.putPost)
	api.Put(r, "/posts/{post_id}/patch", access.Session, p.patchPost)
	api.Delete(r, "/posts/{post_id}", access.Session, p.deletePost)
	api.Get(r, "/posts/{post_id}/thread", access.Session, p.getThread)
	api.Get(r, "/posts/{post_id}/edit_history", access.Session, p.getHistory)
	api.Post(r, "/posts/{post_id}/restore/{restore_version_id}", access.Session, p.postRestore)
	api.Post(r, "/parley/posts/{post_id}/restore", access.Session, p.undo)
	api.Get(r, "/posts/{post_id}/files/info", access.Session, p.getFiles)
	api.Get(r, "/posts/{post_id}/info", access.Session, p.getInfo)
	api.Post(r, "/posts/{post_id}/pin", access.Session, p.postPin)
	api.Post(r, "/posts/{post_id}/unpin", access.Session, p.postUnpin)
	api.Post(r, "/posts/{post_id}/move", access.Session, p.postMove)
	api.Post(r, "/parley/posts/{post_id}/copy", access.Session, p.postCopy, api.Created())
	api.Get(r, "/posts/{post_id}/reveal", access.Session, p.getReveal)
	api.Delete(r, "/posts/{post_id}/burn", access.Session, p.deleteBurn)
	p.mountPages(r)
	p.mountUsers(r)
}

type createIn struct {
	SetOnline *bool      `query:"set_online"`
	Post      model.Post `body:"json,post"`
}

func (p *Posts) postPosts(ctx context.Context, v access.Viewer, in createIn) (*model.Post, error) {
	ch, err := p.acc.Channel(ctx, in.Post.ChannelID)
	if fault.IsNotFound(err) {
		return nil, fault.NoPermission(string(access.PermCreatePost))
	}
	if err != nil {
		return nil, err
	}
	if !p.MayPost(ctx, v, ch) {
		return nil, fault.NoPermission(string(access.PermCreatePost))
	}
	if len(in.Post.FileIDs) > 0 && !v.CanChannel(ctx, ch.ID, access.PermUploadFile) {
		return nil, fault.NoPermission(string(access.PermUploadFile))
	}
	return p.Create(ctx, v, &in.Post, CreateOptions{SetOnline: in.SetOnline == nil || *in.SetOnline,
		KeepTime: in.Post.CreateAt > 0 && v.Admin(ctx)})
}

type ephemeralIn struct {
	Body model.PostEphemeral `body:"json,body"`
}

func (p *Posts) postEphemeral(ctx context.Context, v access.Viewer, in ephemeralIn) (*model.Post, error) {
	if in.Body.UserID == "" {
		return nil, fault.InvalidParam("user_id")
	}
	if in.Body.Post == nil {
		return nil, fault.InvalidParam("post")
	}
	if err := v.Need(ctx, access.PermCreatePostEphemeral); err != nil {
		return nil, err
	}
	from := in.Body.Post
	props, err := cleanProps(from.Props, false)
	if err != nil {
		return nil, err
	}
	post := &model.Post{UserID: v.UserID, ChannelID: from.ChannelID, RootID: from.RootID, Message: from.Message, Props: props, RemoteID: new(string)}
	if err := check(post); err != nil {
		return nil, err
	}
	return p.Ephemeral(ctx, in.Body.UserID, post), nil
}

type idsIn struct {
	IDs []string `body:"json,post_ids"`
}

// maxIDs bounds how many posts one call may ask for by id.
const maxIDs = 1000

func (p *Posts) postIDs(ctx context.Context, v access.Viewer, in idsIn) ([]*model.Post, error) {
	slices.Sort(in.IDs)
	ids := slices.Compact(in.IDs)
	if len(ids) == 0 {
		return nil, fault.InvalidParam("post_ids")
	}
	if len(ids) > maxIDs {
		return nil, fault.Invalid("api.post.posts_by_ids.invalid_body.request_error", "MaxLength", maxIDs)
	}
	return p.byIDs(ctx, v, ids)
}

type postIn struct {
	PostID string `path:"post_id"`
}

type getIn struct {
	postIn
	Deleted bool `query:"include_deleted"`
}

func (p *Posts) getPost(ctx context.Context, v access.Viewer, in getIn) (out api.Tagged[encoded], err error) {
	if in.Deleted {
		if err := v.Need(ctx, access.PermManageSystem); err != nil {
			return out, err
		}
	}
	post, err := p.visible(ctx, v, in.PostID, in.Deleted)
	if err != nil {
		return out, err
	}
	p.awaitLinks(ctx, post)
	if err := p.Prepare(ctx, v, []*model.Post{post}); err != nil {
		return out, err
	}
	return tagged(post), nil
}

type putIn struct {
	postIn
	Body model.Post `body:"json,post"`
}

func (p *Posts) putPost(ctx context.Context, v access.Viewer, in putIn) (*model.Post, error) {
	if in.Body.ID != in.PostID {
		return nil, fault.InvalidParam("id")
	}
	old, ch, err := p.editable(ctx, v, in.PostID)
	if err != nil {
		return nil, err
	}
	// What a whole post leaves out is blank, as the protocol says; files stay.
	c := change{message: &in.Body.Message, isPinned: &in.Body.IsPinned, whole: true}
	if in.Body.Props == nil {
		in.Body.Props = model.StringInterface{}
	}
	c.props = &in.Body.Props
	if in.Body.FileIDs != nil {
		c.fileIDs = &in.Body.FileIDs
	}
	return p.edit(ctx, v, old, ch, c)
}

type patchIn struct {
	postIn
	Body model.PostPatch `body:"json,post"`
}

func (p *Posts) patchPost(ctx context.Context, v access.Viewer, in patchIn) (*model.Post, error) {
	old, ch, err := p.editable(ctx, v, in.PostID)
	if err != nil {
		return nil, err
	}
	return p.edit(ctx, v, old, ch, change{message: in.Body.Message, props: in.Body.Props, isPinned: in.Body.IsPinned,
		fileIDs: in.Body.FileIDs})
}

type deleteIn struct {
	postIn
	Permanent bool `query:"permanent"`
}

func (p *Posts) deletePost(ctx context.Context, v access.Viewer, in deleteIn) (api.OK, error) {
	return api.Done(), p.delete(ctx, v, in.PostID, in.Permanent)
}

func (p *Posts) getHistory(ctx context.Context, v access.Viewer, in postIn) ([]*model.Post, error) {
	post, err := p.Visible(ctx, v, in.PostID)
	if err != nil {
		return nil, err
	}
	if post.UserID != v.UserID {
		return nil, fault.NoPermission(string(access.PermEditPost))
	}
	if err := v.NeedChannel(ctx, post.ChannelID, access.PermEditPost); err != nil {
		return nil, err
	}
	return p.history(ctx, post.ID)
}

type restoreIn struct {
	postIn
	VersionID string `path:"restore_version_id"`
}

func (p *Posts) postRestore(ctx context.Context, v access.Viewer, in restoreIn) (*model.Post, error) {
	return p.restore(ctx, v, in.PostID, in.VersionID)
}

func (p *Posts) getFiles(ctx context.Context, v access.Viewer, in getIn) (api.Tagged[[]*model.FileInfo], error) {
	out := api.Tagged[[]*model.FileInfo]{Value: []*model.FileInfo{}}
	if in.Deleted {
		if err := v.Need(ctx, access.PermManageSystem); err != nil {
			return out, err
		}
	}
	post, err := p.visible(ctx, v, in.PostID, in.Deleted)
	if fault.IsNotFound(err) {
		return out, errNoRead
	}
	if err != nil {
		return out, err
	}
	post.Metadata = &model.PostMetadata{}
	if err := p.addFiles(ctx, []*model.Post{post}); err != nil {
		return out, err
	}
	if files := post.Metadata.Files; len(files) > 0 {
		out.Value = files
	}
	out.Etag = tagged(post).Etag
	return out, nil
}

func (p *Posts) getInfo(ctx context.Context, v access.Viewer, in postIn) (*model.PostInfo, error) {
	return p.info(ctx, v, in.PostID)
}

func (p *Posts) postPin(ctx context.Context, v access.Viewer, in postIn) (api.OK, error) {
	return api.Done(), p.pin(ctx, v, in.PostID, true)
}

func (p *Posts) postUnpin(ctx context.Context, v access.Viewer, in postIn) (api.OK, error) {
	return api.Done(), p.pin(ctx, v, in.PostID, false)
}

type moveIn struct {
	postIn
	Body model.MoveThread `body:"json,body"`
}

func (p *Posts) postMove(ctx context.Context, v access.Viewer, in moveIn) (api.OK, error) {
	return api.Done(), p.move(ctx, v, in.PostID, in.Body.ChannelID)
}

func (p *Posts) postCopy(ctx context.Context, v access.Viewer, in moveIn) (*model.Post, error) {
	return p.copyThread(ctx, v, in.PostID, in.Body.ChannelID)
}

func (p *Posts) getReveal(ctx context.Context, v access.Viewer, in postIn) (*model.Post, error) {
	return p.reveal(ctx, v, in.PostID)
}

func (p *Posts) deleteBurn(ctx context.Context, v access.Viewer, in postIn) (api.OK, error) {
	return api.Done(), p.burn(ctx, v, in.PostID)
}
