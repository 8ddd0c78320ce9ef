package posts

import (
	"context"
	"strconv"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

func parameter(n int) string { return "$" + strconv.Itoa(n) }

// maxPinned bounds the list of a channel's pinned posts.
const maxPinned = 1000

// pinned returns the pinned posts of a channel, newest first, and what the
// list is known by.
func (p *Posts) pinned(ctx context.Context, v access.Viewer, channelID string) (*model.PostList, error) {
	list, err := db.List(ctx, p.db, scanCounted, `SELECT `+columns+`, `+replyCount+` FROM posts p
		WHERE p.channelid = $1 AND p.deleteat = 0 AND p.ispinned = true ORDER BY p.createat DESC LIMIT $2`, channelID, maxPinned)
	if err != nil {
		return nil, err
	}
	return p.listed(ctx, v, list)
}

func (p *Posts) listed(ctx context.Context, v access.Viewer, posts []*model.Post) (*model.PostList, error) {
	out := model.NewPostList()
	for _, post := range posts {
		out.Add(post)
	}
	return out, p.Prepare(ctx, v, posts)
}

// flagged returns the posts that a user saved, of the channels that they are
// in, newest first. teamID and channelID narrow them; conversations belong to
// every team.
func (p *Posts) flagged(ctx context.Context, v access.Viewer, userID, teamID, channelID string, offset, limit int) (*model.PostList, error) {
	list, err := db.List(ctx, p.db, scanCounted, `SELECT `+columns+`, `+replyCount+` FROM preferences f
		JOIN posts p ON p.id = f.name AND p.deleteat = 0
		JOIN channels c ON c.id = p.channelid
		JOIN channelmembers cm ON cm.channelid = p.channelid AND cm.userid = f.userid
		WHERE f.userid = $1 AND f.category = 'flagged_post'
			AND ($2 = '' OR c.teamid = $2 OR coalesce(c.teamid,'') = '') AND ($3 = '' OR c.id = $3)
		ORDER BY p.createat DESC, p.id DESC LIMIT $4 OFFSET $5`, userID, teamID, channelID, limit, offset)
	if err != nil {
		return nil, err
	}
	return p.listed(ctx, v, list)
}

// ByIDs returns those of posts that v may read, newest first and as v is to see
// them.
func (p *Posts) ByIDs(ctx context.Context, v access.Viewer, ids []string) ([]*model.Post, error) {
	return p.byIDs(ctx, v, ids)
}

// byIDs returns those of posts that v may read, newest first.
func (p *Posts) byIDs(ctx context.Context, v access.Viewer, ids []string) ([]*model.Post, error) {
	found, err := p.list(ctx, p.db, ids)
	if err != nil {
		return nil, err
	}
	may := map[string]bool{}
	out := make([]*model.Post, 0, len(found))
	for _, post := range found {
		ok, known := may[post.ChannelID]
		if !known {
			ch, err := p.acc.Channel(ctx, post.ChannelID)
			if err != nil && !fault.IsNotFound(err) {
				return nil, err
			}
			ok = err == nil && p.MayRead(ctx, v, ch)
			may[post.ChannelID] = ok
		}
		if ok {
			out = append(out, post)
		}
	}
	return out, p.Prepare(ctx, v, out)
}

// info tells where a post is, to those who may read it or could by joining.
func (p *Posts) info(ctx context.Context, v access.Viewer, postID string) (*model.PostInfo, error) {
	post, err := p.load(ctx, p.db, postID, false)
	if err != nil {
		return nil, err
	}
	ch, err := p.acc.Channel(ctx, post.ChannelID)
	if err != nil {
		return nil, errNoPost
	}
	in, err := p.acc.InChannel(ctx, v.UserID, ch.ID)
	if err != nil {
		return nil, err
	}
	out := &model.PostInfo{ChannelID: ch.ID, ChannelType: ch.Type, ChannelDisplayName: ch.DisplayName, HasJoinedChannel: in}
	if ch.TeamID == "" {
		if !in && !p.MayRead(ctx, v, ch) {
			return nil, errNoPost
		}
		return out, nil
	}
	team, err := p.acc.Team(ctx, ch.TeamID)
	if err != nil {
		return nil, err
	}
	inTeam, err := p.acc.InTeam(ctx, v.UserID, team.ID)
	if err != nil {
		return nil, err
	}
	out.TeamID, out.TeamDisplayName, out.HasJoinedTeam = team.ID, team.DisplayName, inTeam
	if out.TeamType = model.TeamInvite; team.AllowOpenInvite {
		out.TeamType = model.TeamOpen
	}
	if !p.mayLearn(ctx, v, ch, team, in, inTeam) {
		return nil, errNoPost
	}
	return out, nil
}

// mayLearn reports whether v reads a channel or may let themselves in.
func (p *Posts) mayLearn(ctx context.Context, v access.Viewer, ch *access.ChannelFacts, team *access.TeamFacts, in, inTeam bool) bool {
	if in || p.MayRead(ctx, v, ch) {
		return true
	}
	if !inTeam {
		perm := access.PermJoinPrivateTeams
		if team.AllowOpenInvite {
			perm = access.PermJoinPublicTeams
		}
		if !v.Can(ctx, perm) {
			return false
		}
	}
	if ch.Type == model.ChannelOpen {
		return true
	}
	return ch.Type == model.ChannelPrivate && v.CanChannel(ctx, ch.ID, access.PermManagePrivateChannelMembers)
}
