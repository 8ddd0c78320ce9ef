package posts

import (
	"context"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

var errMove = fault.Forbidden("api.post.move_thread.no_permission")

// move takes a post with its replies to another channel, where the settings
// and the viewer's rights in both allow it. The channel that it leaves is told.
func (p *Posts) move(ctx context.Context, v access.Viewer, postID, channelID string) error {
	root, from, to, err := p.movement(ctx, v, postID, channelID)
	if err != nil {
		return err
	}
	return p.transfer(ctx, v, root, from, to)
}

// movement checks that v may take a thread from its channel to another, and
// returns its root and both channels.
func (p *Posts) movement(ctx context.Context, v access.Viewer, postID, channelID string) (root *model.Post, from, to *access.ChannelFacts, err error) {
	if !p.cfg.Get().FeatureFlags.MoveThreadsEnabled {
		return nil, nil, nil, fault.NotImplemented("api.post.move_thread.disabled.app_error")
	}
	if !p.wrangles(ctx, v) {
		return nil, nil, nil, errMove
	}
	if root, from, err = p.reachable(ctx, v, postID); err != nil {
		return nil, nil, nil, err
	}
	if to, err = p.acc.Channel(ctx, channelID); err != nil {
		return nil, nil, nil, err
	}
	if !p.MayPost(ctx, v, to) || !p.MayRead(ctx, v, to) || root.UserID != v.UserID && !v.CanChannel(ctx, from.ID, access.PermDeleteOthersPosts) {
		return nil, nil, nil, errMove
	}
	return root, from, to, p.movable(root, from, to)
}

// wrangles reports whether the settings let v move threads at all.
func (p *Posts) wrangles(ctx context.Context, v access.Viewer) bool {
	set := p.cfg.Get().WranglerSettings
	u, err := p.users.ByID(ctx, v.UserID)
	if err != nil {
		return false
	}
	if len(set.AllowedEmailDomain) > 0 {
		_, domain, _ := strings.Cut(u.Email, "@")
		if !slices.Contains(set.AllowedEmailDomain, domain) {
			return false
		}
	}
	return len(set.PermittedWranglerRoles) == 0 || v.Admin(ctx) ||
		slices.ContainsFunc(v.Roles, func(r string) bool { return slices.Contains(set.PermittedWranglerRoles, r) })
}

func (p *Posts) movable(root *model.Post, from, to *access.ChannelFacts) error {
	set := p.cfg.Get().WranglerSettings
	refused := fault.Invalid("app.post.move_thread_command.error")
	switch {
	case root.RootID != "" || root.IsSystem() || root.Type == model.PostTypeBurnOnRead || from.ID == to.ID || from.DeleteAt != 0 || to.DeleteAt != 0 || to.Direct():
		return refused
	case from.TeamID != "" && from.TeamID != to.TeamID && !set.MoveThreadToAnotherTeamEnable:
		return refused
	case from.Type == model.ChannelPrivate && !set.MoveThreadFromPrivateChannelEnable,
		from.Type == model.ChannelDirect && !set.MoveThreadFromDirectMessageChannelEnable,
		from.Type == model.ChannelGroup && !set.MoveThreadFromGroupMessageChannelEnable:
		return refused
	}
	return nil
}

func (p *Posts) transfer(ctx context.Context, v access.Viewer, root *model.Post, from, to *access.ChannelFacts) error {
	now := p.batcher.tick(to.ID, p.batcher.tick(from.ID, root.UpdateAt))
	var thread []*model.Post
	var ids []string
	err := p.db.Tx(ctx, func(tx *db.Tx) (err error) {
		if thread, err = p.threadOf(ctx, tx, root); err != nil {
			return err
		}
		if _, err = tx.Exec(ctx, `UPDATE posts SET channelid = $2, updateat = greatest(updateat + 1, $3) WHERE id = $1 OR rootid = $1`, root.ID, to.ID, now); err != nil {
			return err
		}
		ids = ids[:0]
		for _, post := range thread {
			ids = append(ids, post.ID)
		}
		if err = p.files.PostsMoved(ctx, tx, ids, to.ID); err != nil {
			return err
		}
		bumps := movedBumps(thread, from.ID, to.ID)
		tx.AfterCommit(func() { p.channels.Counted(bumps) })
		return channels.Count(ctx, tx, bumps)
	})
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	p.changed(from.ID, now)
	p.changed(to.ID, now)
	p.tellDeleted(root, v.UserID)
	c := *thread[0]
	c.ChannelID = to.ID
	p.Moved.Publish(ctx, Moved{Root: &c, From: from, To: to, IDs: ids, ByID: v.UserID})
	for _, post := range thread {
		moved := *post
		moved.ChannelID, moved.UpdateAt = to.ID, now
		s := &Saving{Post: &moved, Channel: to, ReplyCount: int64(len(thread) - 1)}
		if shown, err := p.shown(ctx, v, &moved); err == nil {
			p.tellPosted(ctx, s, shown)
		}
	}
	p.report(ctx, v.UserID, from.ID, model.PostTypeWrangler, "posts.system.thread_moved", model.StringInterface{
		"MovedThreadPermalink": p.link(p.teamOf(ctx, v.UserID, to), root.ID), "NumMessages": len(thread)})
	p.batcher.settle(from.ID)
	return nil
}

// movedBumps moves the count of messages from one channel to the other; what
// members have read stays as it is.
func movedBumps(thread []*model.Post, from, to string) []channels.Bump {
	out, in := channels.Bump{ChannelID: from}, channels.Bump{ChannelID: to}
	for _, post := range thread {
		if uncounted[post.Type] {
			continue
		}
		in.Posts++
		if post.RootID == "" {
			in.Roots++
			in.LastRootPostAt = max(in.LastRootPostAt, post.CreateAt)
		}
		in.LastPostAt = max(in.LastPostAt, post.CreateAt)
	}
	out.Posts, out.Roots = -in.Posts, -in.Roots
	bumps := []channels.Bump{out, in}
	slices.SortFunc(bumps, func(a, b channels.Bump) int { return strings.Compare(a.ChannelID, b.ChannelID) })
	return bumps
}
