package posts

import (
	"context"
	"errors"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// CreateOptions say how a post came about.
type CreateOptions struct {
	SetOnline bool // writing shows the author as present
	KeepTime  bool // CreateAt, when set, is the post's time: for administrators and importers
	// Trusted posts come from the server's own integrations: their props and
	// system types are taken as they are, and the author has read nothing.
	Trusted bool
	// Integration posts speak for an integration: they may show another name
	// and picture, in hardened mode too.
	Integration bool
	// ID, when set, is the post's id: what is created once under an id can't
	// be created again. It fails with 400 ErrExists when the id is taken.
	ID string
}

// ErrExists is the id of the error of a post whose id is taken.
const ErrExists = "app.post.save.existing.app_error"

// MayPost reports whether v may write in a channel.
func (p *Posts) MayPost(ctx context.Context, v access.Viewer, ch *access.ChannelFacts) bool {
	return v.CanChannel(ctx, ch.ID, access.PermCreatePost) ||
		ch.Type == model.ChannelOpen && v.CanTeam(ctx, ch.TeamID, access.PermCreatePostPublic)
}

// Create writes a post in v's name and tells everybody; it returns the post as
// v sees it. A repeated PendingPostID returns the post that it made before.
// The caller has made sure that v may post there. Fails with 400 for what can't
// be posted, 403 and 404 as the channel's rules say.
func (p *Posts) Create(ctx context.Context, v access.Viewer, post *model.Post, o CreateOptions) (*model.Post, error) {
	if post.PendingPostID == "" {
		return p.create(ctx, v, post, o)
	}
	key := pendingKey{v.UserID, post.PendingPostID}
	made, claim, err := p.pending.begin(ctx, key)
	if err != nil {
		return nil, err
	}
	if claim == nil {
		return p.again(ctx, v, made)
	}
	var out *model.Post
	defer func() { p.pending.end(key, claim, out) }()
	out, err = p.create(ctx, v, post, o)
	return out, err
}

// again answers a repeated creation: the post as it stands, without metadata.
func (p *Posts) again(ctx context.Context, v access.Viewer, postID string) (*model.Post, error) {
	post, err := p.load(ctx, p.db, postID, false)
	if err != nil {
		return nil, err
	}
	if post.UserID != v.UserID {
		return nil, errNoPost
	}
	return post, nil
}

func (p *Posts) create(ctx context.Context, v access.Viewer, in *model.Post, o CreateOptions) (*model.Post, error) {
	ch, err := p.acc.Channel(ctx, in.ChannelID)
	if err != nil {
		return nil, err
	}
	s, err := p.newSaving(ctx, v, in, ch, o)
	if err != nil {
		return nil, err
	}
	if s.Mentions, err = p.resolve(ctx, v, s.Post, ch); err != nil {
		return nil, err
	}
	p.noteHighlights(s)
	if err := p.checkPersistent(s); err != nil {
		return nil, err
	}
	for _, ask := range p.writing {
		if also := ask(ctx, s); also != nil {
			s.also = append(s.also, also)
		}
	}
	if err := p.batcher.submit(ctx, s); err != nil {
		return nil, err
	}
	// The post is there; whoever asked for it may have gone away.
	ctx = context.WithoutCancel(ctx)
	shown := p.saved(ctx, v, s)
	p.warn(ctx, v, s)
	return shown, nil
}

// newSaving turns what a client sent into the post that will be stored.
func (p *Posts) newSaving(ctx context.Context, v access.Viewer, in *model.Post, ch *access.ChannelFacts, o CreateOptions) (*Saving, error) {
	set := p.cfg.Get()
	post := &model.Post{ID: id.New(), UserID: v.UserID, ChannelID: ch.ID, RootID: in.RootID, Message: in.Message, Type: in.Type,
		Props: in.Props, FileIDs: noFiles, PendingPostID: in.PendingPostID, Metadata: &model.PostMetadata{}}
	s := &Saving{Post: post, Channel: ch, SetOnline: o.SetOnline, SessionID: v.SessionID()}
	if !o.Trusted {
		if post.IsSystem() {
			return nil, fault.Invalid("api.context.invalid_param.app_error", "Name", "post.type")
		}
		post.RemoteID = new(string)
		props, err := cleanProps(in.Props, set.ServiceSettings.ExperimentalEnableHardenedMode && !o.Integration)
		if err != nil {
			return nil, err
		}
		post.Props = props
	}
	post.Props = withActions(post.Props)
	if o.ID != "" {
		post.ID = o.ID
	}
	if o.KeepTime && in.CreateAt > 0 {
		post.CreateAt, s.keepTime = in.CreateAt, true
	}
	if len(in.FileIDs) > 0 {
		post.FileIDs = slices.Compact(slices.Sorted(slices.Values(in.FileIDs)))
		if len(post.FileIDs) == len(in.FileIDs) {
			post.FileIDs = slices.Clone(in.FileIDs) // in the order of the client
		}
	}
	if err := p.open(ctx, v, ch); err != nil {
		return nil, err
	}
	if err := p.findRoot(ctx, s); err != nil {
		return nil, err
	}
	p.markOrigin(v, s)
	if err := check(post); err != nil {
		return nil, err
	}
	if err := p.enrich(ctx, v, post, ch); err != nil {
		return nil, err
	}
	if err := p.takePriority(ctx, v, s, in.Metadata); err != nil {
		return nil, err
	}
	if err := p.hide(ctx, s); err != nil {
		return nil, err
	}
	fromHook := post.Props.String(model.PostPropFromWebhook) == "true"
	s.Views = !o.Trusted && !fromHook && !v.Bot() && (s.Root == nil || !p.CollapsedThreads(ctx, v.UserID))
	return s, nil
}

// open refuses what a channel doesn't take: posts in archived ones, and in
// direct messages between people without a common team where that is asked for.
func (p *Posts) open(ctx context.Context, v access.Viewer, ch *access.ChannelFacts) error {
	if ch.DeleteAt != 0 {
		return fault.Invalid("api.post.create_post.can_not_post_to_deleted.error")
	}
	restricted, err := p.channels.Restricted(ctx, v, ch)
	if err == nil && restricted {
		err = fault.Invalid("api.post.create_post.can_not_post_in_restricted_dm.error")
	}
	return err
}

// findRoot loads the first post of the thread that s replies to.
func (p *Posts) findRoot(ctx context.Context, s *Saving) error {
	if s.Post.RootID == "" {
		return nil
	}
	type row struct {
		Root
		rootID   string
		postType string
	}
	r, err := db.Get(ctx, p.db, func(r db.Row) (v row, err error) {
		err = r.Scan(&v.ID, &v.UserID, &v.ChannelID, &v.CreateAt, &v.rootID, &v.postType, &v.Urgent)
		return v, err
	}, `SELECT p.id, p.userid, p.channelid, p.createat, coalesce(p.rootid,''), coalesce(p.type,''), coalesce(pp.priority,'') = 'urgent'
		FROM posts p LEFT JOIN postspriority pp ON pp.postid = p.id WHERE p.id = $1 AND p.deleteat = 0`, s.Post.RootID)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return fault.Invalid("api.post.create_post.root_id.app_error")
	case err != nil:
		return err
	case r.rootID != "":
		return fault.Invalid("api.post.create_post.root_id.app_error")
	case r.ChannelID != s.Post.ChannelID:
		return fault.New(fault.KindInternal, "api.post.create_post.channel_root_id.app_error")
	case r.postType == model.PostTypeBurnOnRead:
		return fault.Invalid("api.post.create_post.burn_on_read.app_error")
	}
	s.Root, s.Urgent = &r.Root, r.Urgent
	return nil
}

// markOrigin notes in the props who wrote other than a person.
func (p *Posts) markOrigin(v access.Viewer, s *Saving) {
	mark := func(key string) {
		s.Post.Props = s.Post.Props.Clone()
		if s.Post.Props == nil {
			s.Post.Props = model.StringInterface{}
		}
		s.Post.Props[key] = "true"
	}
	if v.Bot() {
		mark(model.PostPropFromBot)
	}
	if session := v.Session(); session != nil && session.IsOAuth {
		mark(model.PostPropFromOAuthApp)
	}
}

// enrich works out what follows from the text: hashtags, the channels that it
// names and the post that it links to.
func (p *Posts) enrich(ctx context.Context, v access.Viewer, post *model.Post, ch *access.ChannelFacts) error {
	set := p.cfg.Get().ServiceSettings
	post.Hashtags = hashtags(post.Message, set.MinimumHashtagLength)
	named, err := p.channelMentions(ctx, v, post, ch)
	if err != nil {
		return err
	}
	setProp(post, model.PostPropChannelMentions, named, len(named) > 0)
	target := ""
	if set.EnablePermalinkPreviews {
		if target = permalink(post.Message, set.SiteURL); target != "" {
			if _, err := p.Visible(ctx, v, target); err != nil {
				target = ""
			}
		}
	}
	setProp(post, model.PostPropPreviewedPost, target, target != "")
	return nil
}

// setProp sets or removes a prop in a map that may be shared.
func setProp(post *model.Post, key string, value any, set bool) {
	_, has := post.Props[key]
	if !set && !has {
		return
	}
	post.Props = post.Props.Clone()
	switch {
	case !set:
		delete(post.Props, key)
	case post.Props == nil:
		post.Props = model.StringInterface{key: value}
	default:
		post.Props[key] = value
	}
}

// channelMentions returns what the prop channel_mentions holds: the open
// channels of the team that the text names and the author may read.
func (p *Posts) channelMentions(ctx context.Context, v access.Viewer, post *model.Post, ch *access.ChannelFacts) (map[string]any, error) {
	if ch.TeamID == "" {
		return nil, nil
	}
	names := channelNames(textsOf(post))
	if len(names) == 0 {
		return nil, nil
	}
	team, err := p.acc.Team(ctx, ch.TeamID)
	if err != nil {
		return nil, err
	}
	type named struct{ id, name, displayName string }
	rows, err := db.List(ctx, p.db, func(r db.Row) (n named, err error) { err = r.Scan(&n.id, &n.name, &n.displayName); return n, err },
		`SELECT id, name, coalesce(displayname,'') FROM channels
		WHERE teamid = $1 AND name = ANY($2) AND type = 'O' AND deleteat = 0 LIMIT $3`, ch.TeamID, names, len(names))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	mayAll := v.CanTeam(ctx, ch.TeamID, access.PermReadPublicChannel)
	out := map[string]any{}
	for _, n := range rows {
		if mayAll || v.CanChannel(ctx, n.id, access.PermReadChannelContent) {
			out[n.name] = map[string]any{"display_name": n.displayName, "team_name": team.Name}
		}
	}
	return out, nil
}

// noteHighlights tells clients which words look like mentions but aren't.
func (p *Posts) noteHighlights(s *Saving) {
	setTrue := func(key string) { setProp(s.Post, key, true, true) }
	if s.Mentions.highlite {
		setTrue(model.PostPropMentionHighlightDisabled)
	}
	if s.Mentions.groups {
		setTrue(model.PostPropGroupHighlightDisabled)
	}
}
