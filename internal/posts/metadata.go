package posts

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// Whether prepare may take from the posts that they are new.
const (
	stored = false
	fresh  = true
)

// Prepare fills in the metadata that v is to see of posts, and takes away what
// v may not see. The posts must be the caller's own copies. A page of plain
// posts costs no statement, one with reactions, priorities or acknowledgements
// costs one, files and custom emojis one each.
func (p *Posts) Prepare(ctx context.Context, v access.Viewer, posts []*model.Post) error {
	return p.prepare(ctx, v, posts, stored)
}

func (p *Posts) prepare(ctx context.Context, v access.Viewer, posts []*model.Post, isNew bool) error {
	for _, post := range posts {
		if post.Metadata == nil || !isNew {
			post.Metadata = &model.PostMetadata{}
		}
		if post.DeleteAt != 0 && post.OriginalID == "" {
			post.Message = ""
		}
	}
	live := slices.DeleteFunc(slices.Clone(posts), func(post *model.Post) bool { return post.DeleteAt != 0 })
	if !isNew {
		if err := p.addExtras(ctx, live); err != nil {
			return err
		}
	}
	if err := p.addFiles(ctx, live); err != nil {
		return err
	}
	if err := p.addEmojis(ctx, live); err != nil {
		return err
	}
	if err := p.unveil(ctx, v, live); err != nil {
		return err
	}
	addAttachments(live)
	if err := p.addLinks(ctx, live, isNew); err != nil {
		return err
	}
	return p.addPreviews(ctx, v, live)
}

// extra is a row about a post: r reaction, p priority, a acknowledgement.
type extra struct {
	kind, postID, userID, text, channelID string
	remote                                string
	created, updated                      int64
	flag1, flag2                          bool
}

const reactionRows = `SELECT 'r', postid, userid, emojiname, channelid, coalesce(remoteid,''), coalesce(createat,0), coalesce(updateat,0), false, false
	FROM reactions WHERE postid = ANY($1) AND coalesce(deleteat,0) = 0`

const priorityRows = `SELECT 'p', postid, '', priority, channelid, '', CAST(0 AS bigint), CAST(0 AS bigint), coalesce(requestedack,false), coalesce(persistentnotifications,false)
	FROM postspriority WHERE postid = ANY($2)`

const ackRows = `SELECT 'a', postid, userid, '', coalesce(channelid,''), coalesce(remoteid,''), coalesce(acknowledgedat,0), CAST(0 AS bigint), false, false
	FROM postacknowledgements WHERE postid = ANY($2) AND coalesce(acknowledgedat,0) > 0`

// addExtras loads reactions, and, where the server has any, priorities and
// acknowledgements, with one statement.
func (p *Posts) addExtras(ctx context.Context, posts []*model.Post) error {
	var reacted, roots []string
	byID := make(map[string]*model.Post, len(posts))
	priorities := p.anyPriority.Load()
	for _, post := range posts {
		byID[post.ID] = post
		if post.HasReactions {
			reacted = append(reacted, post.ID)
		}
		if priorities && post.RootID == "" && !post.IsSystem() {
			roots = append(roots, post.ID)
		}
	}
	if len(reacted) == 0 && len(roots) == 0 {
		return nil
	}
	sql, args := reactionRows, []any{reacted}
	if len(roots) > 0 {
		sql, args = sql+` UNION ALL `+priorityRows+` UNION ALL `+ackRows, append(args, roots)
	}
	// 7 and 8 are the times: reactions are shown in the order in which they came.
	rows, err := db.List(ctx, p.db, func(r db.Row) (x extra, err error) {
		err = r.Scan(&x.kind, &x.postID, &x.userID, &x.text, &x.channelID, &x.remote, &x.created, &x.updated, &x.flag1, &x.flag2)
		return x, err
	}, sql+` ORDER BY 7, 3, 4 LIMIT 100000`, args...)
	if err != nil {
		return err
	}
	for i := range rows {
		rows[i].into(byID[rows[i].postID].Metadata)
	}
	return nil
}

func (x *extra) into(m *model.PostMetadata) {
	switch x.kind {
	case "r":
		m.Reactions = append(m.Reactions, &model.Reaction{UserID: x.userID, PostID: x.postID, EmojiName: x.text, CreateAt: x.created,
			UpdateAt: x.updated, RemoteID: x.remote, ChannelID: x.channelID})
	case "p":
		m.Priority = &model.PostPriority{Priority: &x.text, RequestedAck: &x.flag1, PersistentNotifications: &x.flag2}
	case "a":
		m.Acknowledgements = append(m.Acknowledgements, &model.PostAcknowledgement{UserID: x.userID, PostID: x.postID,
			AcknowledgedAt: x.created, ChannelID: x.channelID, RemoteID: &x.remote})
	}
}

// addFiles loads the files of posts that have any. A former version has those
// that the post has lost since, and so has a deleted post.
func (p *Posts) addFiles(ctx context.Context, posts []*model.Post) error {
	var ids []string
	for _, post := range posts {
		ids = append(ids, post.FileIDs...)
	}
	if len(ids) == 0 {
		return nil
	}
	list, err := p.files.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	files := make(map[string]*model.FileInfo, len(list))
	for _, f := range list {
		files[f.ID] = f
	}
	for _, post := range posts {
		for _, fileID := range post.FileIDs {
			f := files[fileID]
			if f == nil || f.PostID != post.ID && f.PostID != post.OriginalID || f.DeleteAt != 0 && post.DeleteAt == 0 {
				continue
			}
			post.Metadata.Files = append(post.Metadata.Files, f)
		}
	}
	return nil
}

// addAttachments marks posts with message attachments, and hides from clients
// where the buttons of these lead.
func addAttachments(posts []*model.Post) {
	for _, post := range posts {
		list, _ := post.Props[model.PostPropAttachments].([]any)
		if len(list) == 0 {
			continue
		}
		post.Metadata.Embeds = append(post.Metadata.Embeds, &model.PostEmbed{Type: model.EmbedMessageAttachment})
		setProp(post, model.PostPropAttachments, withoutIntegrations(list), true)
	}
}

func withoutIntegrations(list []any) []any {
	out := make([]any, len(list))
	for i, a := range list {
		out[i] = a
		m, _ := a.(map[string]any)
		actions, _ := m["actions"].([]any)
		if len(actions) == 0 {
			continue
		}
		safe := make([]any, len(actions))
		for j, action := range actions {
			safe[j] = action
			if b, ok := action.(map[string]any); ok {
				c := model.StringInterface(b).Clone()
				delete(c, "integration")
				safe[j] = map[string]any(c)
			}
		}
		c := model.StringInterface(m).Clone()
		c["actions"] = safe
		out[i] = map[string]any(c)
	}
	return out
}
