package posts

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// A burn-on-read post keeps its text in temporaryposts, out of reach of pages,
// search and events. A reader reveals it, which starts their clock: until it
// runs out, or they burn it, they see the text; readreceipts holds when.

// hide makes a burn-on-read post of one that asks for it.
func (p *Posts) hide(ctx context.Context, s *Saving) error {
	if s.Post.Type != model.PostTypeBurnOnRead {
		return nil
	}
	set := p.cfg.Get()
	switch {
	case !set.ServiceSettings.EnableBurnOnRead || !set.FeatureFlags.BurnOnRead:
		return fault.NotImplemented("api.post.fill_in_post_props.burn_on_read.config.app_error")
	case s.Root != nil || len(s.Post.FileIDs) > 0:
		return fault.Invalid("api.post.create_post.burn_on_read.app_error")
	case s.Channel.Type == model.ChannelDirect && s.Channel.Name == s.Post.UserID+"__"+s.Post.UserID:
		return fault.Invalid("api.post.fill_in_post_props.burn_on_read.self_dm.app_error")
	}
	if err := p.readable(ctx, s); err != nil {
		return err
	}
	s.secret = s.Post.Message
	setProp(s.Post, model.PostPropExpireAt, id.Now()+int64(set.ServiceSettings.BurnOnReadMaximumTimeToLiveSeconds)*1000, true)
	setProp(s.Post, model.PostPropReadDuration, int64(set.ServiceSettings.BurnOnReadDurationSeconds), true)
	return nil
}

// readable refuses a secret told to a bot, which has nobody to reveal it.
func (p *Posts) readable(ctx context.Context, s *Saving) error {
	if s.Channel.Type != model.ChannelDirect {
		return nil
	}
	one, two, _ := strings.Cut(s.Channel.Name, "__")
	for _, userID := range []string{one, two} {
		u, err := p.users.ByID(ctx, userID)
		if err == nil && u.IsBot && userID != s.Post.UserID {
			return fault.Invalid("api.post.fill_in_post_props.burn_on_read.bot_dm.app_error")
		}
	}
	return nil
}

func (p *Posts) saveSecret(ctx context.Context, tx *db.Tx, s *Saving) error {
	if s.Post.Type != model.PostTypeBurnOnRead {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO temporaryposts (postid, type, expireat, message, fileids) VALUES ($1, $2, $3, $4, '[]')`,
		s.Post.ID, s.Post.Type, s.Post.Props[model.PostPropExpireAt], s.secret)
	return err
}

// concealed is a burn-on-read post as those see it who have not revealed it.
func concealed(post *model.Post) *model.Post {
	if post.Type != model.PostTypeBurnOnRead {
		return post
	}
	c := *post
	c.Message, c.Hashtags, c.Metadata = "", "", &model.PostMetadata{}
	return &c
}

// secret is the text of a burn-on-read post and how long the viewer sees it.
type secret struct {
	postID, message string
	expireAt        int64 // of the post
	readTill        int64 // of the viewer's reading; 0: not revealed
}

func (p *Posts) secrets(ctx context.Context, userID string, ids []string) (map[string]secret, error) {
	rows, err := db.List(ctx, p.db, func(r db.Row) (s secret, err error) {
		err = r.Scan(&s.postID, &s.message, &s.expireAt, &s.readTill)
		return s, err
	}, `SELECT t.postid, coalesce(t.message,''), t.expireat, coalesce(rr.expireat,0) FROM temporaryposts t
		LEFT JOIN readreceipts rr ON rr.postid = t.postid AND rr.userid = $2 WHERE t.postid = ANY($1) LIMIT $3`, ids, userID, len(ids))
	if err != nil {
		return nil, err
	}
	out := make(map[string]secret, len(rows))
	for _, s := range rows {
		out[s.postID] = s
	}
	return out, nil
}

// unveil fills in the texts of burn-on-read posts that v may see.
func (p *Posts) unveil(ctx context.Context, v access.Viewer, posts []*model.Post) error {
	var ids []string
	for _, post := range posts {
		if post.Type == model.PostTypeBurnOnRead {
			ids = append(ids, post.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	found, err := p.secrets(ctx, v.UserID, ids)
	if err != nil {
		return err
	}
	readers, err := p.readersOf(ctx, v, posts)
	if err != nil {
		return err
	}
	now := id.Now()
	for _, post := range posts {
		if post.Type != model.PostTypeBurnOnRead {
			continue
		}
		s, ok := found[post.ID]
		post.Message = ""
		// A time that is over tells clients that there is nothing to reveal any more.
		switch {
		case !ok:
		case s.expireAt <= now:
			post.Metadata.ExpireAt = s.expireAt
		case post.UserID == v.UserID:
			post.Message, post.Metadata.ExpireAt, post.Metadata.Recipients = s.message, s.expireAt, readers[post.ID]
		case s.readTill > now:
			post.Message, post.Metadata.ExpireAt = s.message, s.readTill
		case s.readTill != 0:
			post.Metadata.ExpireAt = s.readTill
		}
	}
	return nil
}

// readersOf are who has revealed v's own burn-on-read posts, by post.
func (p *Posts) readersOf(ctx context.Context, v access.Viewer, posts []*model.Post) (map[string][]string, error) {
	var own []string
	for _, post := range posts {
		if post.Type == model.PostTypeBurnOnRead && post.UserID == v.UserID {
			own = append(own, post.ID)
		}
	}
	if len(own) == 0 {
		return nil, nil
	}
	out := map[string][]string{}
	_, err := db.List(ctx, p.db, func(r db.Row) (_ struct{}, err error) {
		var postID, userID string
		if err = r.Scan(&postID, &userID); err == nil {
			out[postID] = append(out[postID], userID)
		}
		return struct{}{}, err
	}, `SELECT postid, userid FROM readreceipts WHERE postid = ANY($1) ORDER BY postid, userid LIMIT $2`, own, maxReaders)
	return out, err
}

// maxReaders bounds how many readers are listed at once.
const maxReaders = 10000

// reveal shows a burn-on-read post to a reader and starts their clock.
func (p *Posts) reveal(ctx context.Context, v access.Viewer, postID string) (*model.Post, error) {
	if !p.cfg.Get().FeatureFlags.BurnOnRead {
		return nil, fault.NotImplemented("api.post.reveal_post.disabled.app_error")
	}
	post, err := p.inside(ctx, v, postID, "api.post.reveal_post.user_not_in_channel.app_error")
	if err != nil {
		return nil, err
	}
	if post.UserID == v.UserID {
		return nil, fault.Invalid("api.post.reveal_post.cannot_reveal_own_post.app_error")
	}
	if post.Type != model.PostTypeBurnOnRead {
		return nil, fault.Invalid("app.reveal_post.not_burn_on_read.app_error")
	}
	found, err := p.secrets(ctx, v.UserID, []string{post.ID})
	if err != nil {
		return nil, err
	}
	s, ok := found[post.ID]
	now := id.Now()
	if !ok || s.expireAt <= now || s.readTill != 0 && s.readTill <= now {
		return nil, fault.Invalid("app.reveal_post.post_expired.app_error")
	}
	first := s.readTill == 0
	if first {
		till := min(s.expireAt, now+int64(p.cfg.Get().ServiceSettings.BurnOnReadDurationSeconds)*1000)
		if _, err := p.db.Exec(ctx, `INSERT INTO readreceipts (postid, userid, expireat) VALUES ($1, $2, $3) ON CONFLICT (postid, userid) DO NOTHING`,
			post.ID, v.UserID, till); err != nil {
			return nil, err
		}
	}
	shown, err := p.shown(ctx, v, post)
	if err != nil {
		return nil, err
	}
	p.tellRevealed(ctx, v, post, shown)
	if first {
		err = p.allRevealed(ctx, post)
	}
	return shown, err
}

func (p *Posts) tellRevealed(ctx context.Context, v access.Viewer, post, shown *model.Post) {
	p.hub.Publish(realtime.Event{Name: "post_revealed", Data: map[string]string{"post": string(shown.AppendJSON(nil))},
		To: realtime.Audience{UserID: v.UserID, ChannelID: post.ChannelID}})
	readers, err := db.List(ctx, p.db, db.One[string], `SELECT userid FROM readreceipts WHERE postid = $1 ORDER BY userid LIMIT $2`, post.ID, maxReaders)
	if err != nil {
		p.log.Error("an author was not told who read a post", "post", post.ID, "error", err)
		return
	}
	p.hub.Publish(realtime.Event{Name: "post_revealed", To: realtime.Audience{UserID: post.UserID, ChannelID: post.ChannelID},
		Data: map[string]any{"post": string(concealed(post).AppendJSON(nil)), "recipients": readers}})
}

// burn ends a reader's sight of a post at once; the author's burning deletes it
// for everybody.
func (p *Posts) burn(ctx context.Context, v access.Viewer, postID string) error {
	post, err := p.inside(ctx, v, postID, "api.post.burn_post.user_not_in_channel.app_error")
	if err != nil {
		return err
	}
	if post.Type != model.PostTypeBurnOnRead {
		return fault.Invalid("app.burn_post.not_burn_on_read.app_error")
	}
	if post.UserID == v.UserID {
		return p.remove(ctx, v.UserID, post, true)
	}
	n, err := p.db.Exec(ctx, `UPDATE readreceipts SET expireat = least(expireat, $3) WHERE postid = $1 AND userid = $2`, post.ID, v.UserID, id.Now())
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Invalid("app.burn_post.not_revealed.app_error")
	}
	data, _ := json.Marshal(map[string]string{"post_id": post.ID})
	p.hub.Publish(realtime.Event{Name: "post_burned", Data: json.RawMessage(data),
		To: realtime.Audience{UserID: v.UserID, ChannelID: post.ChannelID}})
	return nil
}

// inside loads a post of a channel that v is a member of.
func (p *Posts) inside(ctx context.Context, v access.Viewer, postID, refusal string) (*model.Post, error) {
	post, err := p.load(ctx, p.db, postID, false)
	if err != nil {
		return nil, err
	}
	in, err := p.acc.InChannel(ctx, v.UserID, post.ChannelID)
	if err == nil && !in {
		err = fault.Forbidden(refusal)
	}
	return post, err
}
