package posts

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// saved does what follows the commit of a new post: it tells the later slices
// and the clients, and returns the post as its author sees it.
func (p *Posts) saved(ctx context.Context, v access.Viewer, s *Saving) *model.Post {
	p.changed(s.Post.ChannelID, s.Post.UpdateAt)
	s.Post.ReplyCount = s.ReplyCount
	s.Post.Message = s.stored() // nobody is told the text of a burn-on-read post
	p.Created.Publish(ctx, s)
	shown := p.dress(ctx, v, s)
	if !s.unheard {
		p.tellPosted(ctx, s, concealed(shown))
		p.askLinks(s.Post)
	}
	if s.Views {
		p.channels.TellViewed(s.Post.UserID, map[string]int64{s.Post.ChannelID: s.Post.CreateAt})
	}
	return shown
}

// dress returns a new post with its metadata for the author. A plain post
// costs no statement: what it could have besides its row is known.
func (p *Posts) dress(ctx context.Context, v access.Viewer, s *Saving) *model.Post {
	shown := *s.Post
	priority := s.Post.Metadata.Priority
	shown.Metadata = &model.PostMetadata{Priority: priority}
	if err := p.prepare(ctx, v, []*model.Post{&shown}, fresh); err != nil {
		p.log.Error("a new post was answered without its metadata", "post", s.Post.ID, "error", err)
	}
	return &shown
}

// posted is the data of the event, in the order in which it is written.
type posted struct {
	ChannelDisplayName string `json:"channel_display_name"`
	ChannelName        string `json:"channel_name"`
	ChannelType        string `json:"channel_type"`
	Image              string `json:"image,omitempty"`
	OtherFile          string `json:"otherFile,omitempty"`
	Post               string `json:"post,omitempty"`
	SenderName         string `json:"sender_name"`
	SetOnline          bool   `json:"set_online"`
	TeamID             string `json:"team_id"`
}

// tellPosted sends the event posted. shown is the post with the metadata that
// its author sees; a preview of a post that not every member may read goes
// only to those who may.
func (p *Posts) tellPosted(ctx context.Context, s *Saving, shown *model.Post) {
	d := posted{ChannelDisplayName: s.Channel.DisplayName, ChannelName: s.Channel.Name, ChannelType: s.Channel.Type,
		SetOnline: s.SetOnline, TeamID: s.Channel.TeamID, SenderName: p.senderName(ctx, s)}
	if s.Channel.Type == model.ChannelDirect {
		d.ChannelDisplayName = d.SenderName
	}
	if len(shown.FileIDs) > 0 {
		d.OtherFile = "true"
		if shown.Metadata != nil && slices.ContainsFunc(shown.Metadata.Files, isImage) {
			d.Image = "true"
		}
	}
	e := realtime.Event{Name: model.EventPosted, To: realtime.Audience{ChannelID: s.Post.ChannelID}}
	more, users := p.perReceiver(s)
	e.Extra, e.ExtraUsers = p.withPost(ctx, &d, s.Channel, shown, more, users)
	e.Data = d
	p.hub.Publish(e)
}

func isImage(f *model.FileInfo) bool { return len(f.MimeType) > 6 && f.MimeType[:6] == "image/" }

// senderName is the name that clients show in a notification.
func (p *Posts) senderName(ctx context.Context, s *Saving) string {
	if s.Post.IsSystem() {
		return "System"
	}
	if s.Post.Props.String(model.PostPropFromWebhook) == "true" && p.cfg.Get().ServiceSettings.EnablePostUsernameOverride {
		if name := s.Post.Props.String(model.PostPropOverrideUsername); name != "" {
			return name
		}
	}
	u, err := p.users.ByID(ctx, s.Post.UserID)
	if err != nil {
		return ""
	}
	return "@" + u.Username
}

// perReceiver returns what one receiver of the event is told beside the
// others, and the users for whom that is anything.
func (p *Posts) perReceiver(s *Saving) (extra func(realtime.Receiver) []byte, users []string) {
	author, direct := s.Post.UserID, s.Channel.Type == model.ChannelDirect
	users = s.Mentions.Users
	if len(s.Followers) > 0 {
		users = slices.Concat(users, s.Followers)
	}
	return func(r realtime.Receiver) []byte {
		mentioned := contains(s.Mentions.Users, r.UserID)
		follows := r.UserID != author && slices.Contains(s.Followers, r.UserID)
		var out []byte
		if mentioned {
			out = append(append(append(out, `"mentions":"[\"`...), r.UserID...), `\"]"`...)
		}
		if follows {
			out = comma(out)
			out = append(append(append(out, `"followers":"[\"`...), r.UserID...), `\"]"`...)
		}
		if r.PostedAck && r.UserID != author && (mentioned || follows || direct) {
			out = append(comma(out), `"should_ack":true`...)
		}
		return out
	}, users
}

func comma(b []byte) []byte {
	if len(b) == 0 {
		return b
	}
	return append(b, ',')
}

// contains looks in a sorted list.
func contains(sorted []string, s string) bool {
	_, ok := slices.BinarySearch(sorted, s)
	return ok
}

// withPost puts the post into the event: into the shared data, or, when not
// everybody may see the post that it previews, into what each receiver gets.
func (p *Posts) withPost(ctx context.Context, d *posted, ch *access.ChannelFacts, shown *model.Post,
	more func(realtime.Receiver) []byte, users []string) (func(realtime.Receiver) []byte, []string) {
	readers, everybody := p.readersOfPreview(ctx, ch, shown)
	if everybody {
		d.Post = string(shown.AppendJSON(nil))
		return more, users
	}
	full, _ := json.Marshal(string(shown.AppendJSON(nil)))
	bare, _ := json.Marshal(string(withoutPreview(shown).AppendJSON(nil)))
	return func(r realtime.Receiver) []byte {
		text := bare
		if contains(readers, r.UserID) {
			text = full
		}
		out := append(append([]byte(nil), `"post":`...), text...)
		if m := more(r); len(m) > 0 {
			out = append(append(out, ','), m...)
		}
		return out
	}, slices.Concat(users, readers)
}

// readersOfPreview returns which members of ch may read the post that shown
// previews, sorted; everybody is true when all may, or there is no preview.
func (p *Posts) readersOfPreview(ctx context.Context, ch *access.ChannelFacts, shown *model.Post) (readers []string, everybody bool) {
	target := previewOf(shown)
	if target == nil || target.ChannelID == ch.ID {
		return nil, true
	}
	to, err := p.acc.Channel(ctx, target.ChannelID)
	if err != nil {
		return nil, false
	}
	list, err := db.List(ctx, p.db, db.One[string], `SELECT a.userid FROM channelmembers a JOIN channelmembers b ON b.userid = a.userid
		WHERE a.channelid = $1 AND b.channelid = $2 ORDER BY a.userid LIMIT 20000`, ch.ID, to.ID)
	if err != nil {
		p.log.Error("a preview was kept from those who may see it", "channel", ch.ID, "error", err)
	}
	slices.Sort(list)
	return list, false
}

func previewOf(post *model.Post) *model.PreviewPost {
	if post.Metadata == nil {
		return nil
	}
	for _, e := range post.Metadata.Embeds {
		if v, ok := e.Data.(*model.PreviewPost); ok {
			return v
		}
	}
	return nil
}

// withoutPreview is a copy of a post for somebody who may not read the post
// that it previews.
func withoutPreview(post *model.Post) *model.Post {
	c := *post
	m := *post.Metadata
	m.Embeds = slices.DeleteFunc(slices.Clone(m.Embeds), func(e *model.PostEmbed) bool { return e.Type == model.EmbedPermalink })
	c.Metadata = &m
	setProp(&c, model.PostPropPreviewedPost, "", false)
	return &c
}

// tellEdited sends the event post_edited.
func (p *Posts) tellEdited(ctx context.Context, ch *access.ChannelFacts, shown *model.Post) {
	var d posted
	extra, users := p.withPost(ctx, &d, ch, shown, func(realtime.Receiver) []byte { return nil }, nil)
	data := map[string]string{}
	if d.Post != "" {
		data["post"] = d.Post
		extra = nil
	}
	p.hub.Publish(realtime.Event{Name: model.EventPostEdited, Data: data, To: realtime.Audience{ChannelID: ch.ID},
		Extra: extra, ExtraUsers: users})
}

// tellDeleted sends the event post_deleted, to administrators with the name of
// who did it.
func (p *Posts) tellDeleted(post *model.Post, byID string) {
	text := string(Bare(post).AppendJSON(nil))
	p.hub.Publish(realtime.Event{Name: model.EventPostDeleted, Data: map[string]string{"post": text},
		To: realtime.Audience{ChannelID: post.ChannelID, Sanitized: true}})
	p.hub.Publish(realtime.Event{Name: model.EventPostDeleted, Data: map[string]string{"post": text, "delete_by": byID},
		To: realtime.Audience{ChannelID: post.ChannelID, Sensitive: true}})
}
