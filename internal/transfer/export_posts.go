package transfer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/emoji"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

// totals are the messages and the roots that count in a channel.
func (e *exporter) totals(ctx context.Context, c *place) ([2]int64, error) {
	if c.all == nil {
		all, err := db.Get(ctx, e.db, func(r db.Row) (n [2]int64, err error) { err = r.Scan(&n[0], &n[1]); return n, err },
			`SELECT count(*), coalesce(sum(CASE WHEN p.rootid = '' THEN 1 ELSE 0 END), 0) FROM posts p WHERE p.channelid = $1 AND `+counts, c.id, uncounted())
		if err != nil {
			return all, err
		}
		c.all = &all
	}
	return *c.all, nil
}

func (e *exporter) channelPosts(ctx context.Context) error {
	return e.eachPost(ctx, e.channels, e.putPosts)
}

func (e *exporter) conversationPosts(ctx context.Context) error {
	return e.eachPost(ctx, e.conversing, e.putPosts)
}

// eachPost calls fn with the roots of each place, a page at a time, in an order
// that is the same wherever they lie: by time, author and words.
func (e *exporter) eachPost(ctx context.Context, places []*place, fn func(context.Context, *place, []*model.Post) error) error {
	for _, c := range places {
		for after := int64(0); ; {
			roots, next, err := e.roots(ctx, c.id, after)
			if err != nil {
				return err
			}
			if len(roots) > 0 {
				e.order(roots)
				if err := fn(ctx, c, roots); err != nil {
					return err
				}
			}
			if next == 0 {
				break
			}
			after = next
		}
	}
	return nil
}

func (e *exporter) order(list []*model.Post) {
	slices.SortFunc(list, func(a, b *model.Post) int {
		return cmp.Or(cmp.Compare(a.CreateAt, b.CreateAt), cmp.Compare(e.usernames[a.UserID], e.usernames[b.UserID]), cmp.Compare(a.Message, b.Message))
	})
}

const (
	selectPosts = `SELECT ` + posts.Columns + ` FROM posts p WHERE `
	selectRoots = selectPosts + `p.channelid = $1 AND p.deleteat = 0 AND p.rootid = '' AND `
	rootsPage   = selectRoots + `p.createat > $2 ORDER BY p.createat, p.id LIMIT $3`
	rootsAt     = selectRoots + `p.createat = $2 LIMIT 1000000`
	repliesTo   = selectPosts + `p.rootid = ANY($1) AND p.deleteat = 0 LIMIT 1000000`
	reactionsTo = `SELECT postid, userid, emojiname, coalesce(createat,0) FROM reactions WHERE postid = ANY($1) AND coalesce(deleteat,0) = 0 LIMIT 1000000`
	flagsOf     = `SELECT name, userid, '', CAST(0 AS bigint) FROM preferences WHERE name = ANY($1) AND category = 'flagged_post' AND value = 'true' LIMIT 1000000`
	filesOf     = `SELECT postid, id, coalesce(name,''), coalesce(size,0) FROM fileinfo WHERE postid = ANY($1) AND deleteat = 0 LIMIT 1000000`
)

func scanPost(r db.Row) (*model.Post, error) { return posts.ScanPost(r) }

// roots reads a page of roots later than a time, whole milliseconds only, and
// returns where the next page begins; 0 after the last.
func (e *exporter) roots(ctx context.Context, channelID string, after int64) ([]*model.Post, int64, error) {
	list, err := db.List(ctx, e.db, scanPost, rootsPage, channelID, after, page)
	if err != nil || len(list) < page {
		return list, 0, err
	}
	last := list[len(list)-1].CreateAt
	whole := slices.IndexFunc(list, func(p *model.Post) bool { return p.CreateAt == last })
	if whole > 0 {
		return list[:whole], list[whole-1].CreateAt, nil
	}
	list, err = db.List(ctx, e.db, scanPost, rootsAt, channelID, last)
	return list, last, err
}

// hung is what hangs on the messages of a page.
type hung struct {
	replies   map[string][]*model.Post // by root
	reactions map[string][]Reaction
	flags     map[string][]string
	files     map[string]map[string]string // names by post and file id
	followers map[string][]Follower
}

func (e *exporter) putPosts(ctx context.Context, c *place, roots []*model.Post) error {
	h, err := e.hung(ctx, roots)
	if err != nil {
		return err
	}
	for _, root := range roots {
		if e.usernames[root.UserID] == "" || root.Type == model.PostTypeBurnOnRead {
			e.out.LeftOut += 1 + int64(len(h.replies[root.ID]))
			continue
		}
		p := &Post{Team: c.teamTag, Channel: c.name, Entry: e.entry(c, root, h)}
		kind := kindPost
		if c.people != nil {
			kind, p.Team, p.Channel, p.ChannelMembers = kindDirectPost, "", "", c.people
		}
		for _, reply := range h.replies[root.ID] {
			if e.usernames[reply.UserID] == "" || reply.CreateAt < root.CreateAt {
				e.out.LeftOut++
				continue
			}
			p.Replies = append(p.Replies, e.entry(c, reply, h))
		}
		if len(p.Replies) > 0 {
			list := h.followers[root.ID]
			if list == nil {
				list = []Follower{}
			}
			p.Followers = &list
		}
		if err := e.putPost(kind, p); err != nil {
			return err
		}
	}
	e.o.Progress(Progress{Lines: e.out.Lines, Posts: e.out.Posts, Done: e.out.Posts, Of: e.of})
	return nil
}

// putPost writes the line of a root. A thread too long for one line is written as
// several, each with the root.
func (e *exporter) putPost(kind string, p *Post) error {
	line := &Line{Type: kind, Post: p}
	if kind == kindDirectPost {
		line.Post, line.DirectPost = nil, p
	}
	if n := len(p.Replies); n > 100 {
		if raw, err := json.Marshal(line); err == nil && len(raw) > maxLine/2 {
			first, second := *p, *p
			first.Replies, second.Replies = p.Replies[:n/2], p.Replies[n/2:]
			if err := e.putPost(kind, &first); err != nil {
				return err
			}
			return e.putPost(kind, &second)
		}
	}
	e.out.Posts += 1 + int64(len(p.Replies))
	return e.put(line)
}

func (e *exporter) entry(c *place, p *model.Post, h *hung) Entry {
	out := Entry{User: e.usernames[p.UserID], Type: p.Type, Text: p.Message, Props: p.Props, CreateAt: p.CreateAt, EditAt: p.EditAt, IsPinned: p.IsPinned,
		Reactions: h.reactions[p.ID], FlaggedBy: h.flags[p.ID]}
	if e.o.Files {
		for i, fileID := range p.FileIDs {
			if name, ok := h.files[p.ID][fileID]; ok {
				out.Attachments = append(out.Attachments, Attachment{Path: e.pathOf(c, p, i, name)})
			}
		}
	}
	return out
}

// pathOf names a file by what it belongs to: where, when, who and what was said.
func (e *exporter) pathOf(c *place, p *model.Post, i int, name string) string {
	sum := sha256.Sum256([]byte(p.Message))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == '/' || r == '\\' {
			return '_'
		}
		return r
	}, name)
	if name == "" || name == "." || name == ".." {
		name = "_"
	}
	return c.folder() + "/" + strconv.FormatInt(p.CreateAt, 10) + "-" + e.usernames[p.UserID] + "-" + hex.EncodeToString(sum[:4]) + "/" + strconv.Itoa(i) + "/" + name
}

// hung reads what hangs on a page of roots.
func (e *exporter) hung(ctx context.Context, roots []*model.Post) (*hung, error) {
	h := &hung{replies: map[string][]*model.Post{}, reactions: map[string][]Reaction{}, flags: map[string][]string{},
		files: map[string]map[string]string{}, followers: map[string][]Follower{}}
	ids := make([]string, len(roots))
	for i, p := range roots {
		ids[i] = p.ID
	}
	replies, err := db.List(ctx, e.db, scanPost, repliesTo, ids)
	if err != nil {
		return nil, err
	}
	e.order(replies)
	all := slices.Clone(ids)
	for _, p := range replies {
		h.replies[p.RootID] = append(h.replies[p.RootID], p)
		all = append(all, p.ID)
	}
	if err := e.addFollowers(ctx, ids, h); err != nil {
		return nil, err
	}
	for part := range slices.Chunk(all, 1000) {
		if err := e.addMarks(ctx, part, h); err != nil {
			return nil, err
		}
	}
	return h, nil
}

func (e *exporter) addFollowers(ctx context.Context, roots []string, h *hung) error {
	type row struct {
		rootID, userID string
		Follower
	}
	list, err := db.List(ctx, e.db, func(r db.Row) (f row, err error) {
		err = r.Scan(&f.rootID, &f.userID, &f.LastViewed, &f.UnreadMentions)
		return f, err
	}, `SELECT postid, userid, coalesce(lastviewed,0), coalesce(unreadmentions,0) FROM threadmemberships WHERE postid = ANY($1) AND following = true LIMIT 1000000`, roots)
	for i := range list {
		list[i].User = e.usernames[list[i].userID]
	}
	sortBy(list, func(f row) string { return f.User })
	for _, f := range list {
		if f.User != "" {
			h.followers[f.rootID] = append(h.followers[f.rootID], f.Follower)
		}
	}
	return err
}

// addMarks reads the reactions, the flags and the files of messages.
func (e *exporter) addMarks(ctx context.Context, ids []string, h *hung) error {
	type mark struct {
		postID, userID, name string
		at                   int64
	}
	scan := func(r db.Row) (m mark, err error) { err = r.Scan(&m.postID, &m.userID, &m.name, &m.at); return m, err }
	for _, one := range []struct {
		sql string
		put func(m mark, username string)
	}{
		{reactionsTo,
			func(m mark, username string) {
				h.reactions[m.postID] = append(h.reactions[m.postID], Reaction{User: username, CreateAt: m.at, EmojiName: m.name})
			}},
		{flagsOf,
			func(m mark, username string) { h.flags[m.postID] = append(h.flags[m.postID], username) }},
	} {
		list, err := db.List(ctx, e.db, scan, one.sql, ids)
		if err != nil {
			return err
		}
		sortBy(list, func(m mark) string { return strconv.FormatInt(1e15+m.at, 10) + e.usernames[m.userID] + "\x00" + m.name })
		for _, m := range list {
			if name := e.usernames[m.userID]; name != "" {
				one.put(m, name)
			}
		}
	}
	if !e.o.Files {
		return nil
	}
	files, err := db.List(ctx, e.db, scan, filesOf, ids)
	for _, f := range files {
		if h.files[f.postID] == nil {
			h.files[f.postID] = map[string]string{}
		}
		h.files[f.postID][f.userID] = f.name
	}
	return err
}

// allFiles writes the files that the lines name, going through the messages once
// more rather than keeping a list of them all.
func (e *exporter) allFiles(ctx context.Context) error {
	if err := e.pictures(ctx); err != nil {
		return err
	}
	list, err := e.emojis(ctx)
	if err != nil {
		return err
	}
	for _, m := range list {
		if err := e.blob(ctx, emoji.PicturePath(m.id), m.Image); err != nil {
			return err
		}
	}
	return e.eachPost(ctx, append(slices.Clone(e.channels), e.conversing...), func(ctx context.Context, c *place, roots []*model.Post) error {
		h, err := e.hung(ctx, roots)
		if err != nil {
			return err
		}
		done := map[string]bool{} // two messages may be the same in all that names their files
		for _, root := range roots {
			for _, p := range append([]*model.Post{root}, h.replies[root.ID]...) {
				if err := e.copyFiles(ctx, c, p, h, done); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (e *exporter) copyFiles(ctx context.Context, c *place, p *model.Post, h *hung, done map[string]bool) error {
	for i, fileID := range p.FileIDs {
		name, ok := h.files[p.ID][fileID]
		as := e.pathOf(c, p, i, name)
		if !ok || done[as] {
			continue
		}
		done[as] = true
		stored, err := db.Value[string](ctx, e.db, `SELECT coalesce(path,'') FROM fileinfo WHERE id = $1`, fileID)
		if err != nil {
			return err
		}
		if stored != "" {
			if err := e.blob(ctx, stored, as); err != nil {
				return err
			}
		}
	}
	return nil
}

// allConversations writes the direct and group channels.
func (e *exporter) allConversations(ctx context.Context) error {
	if err := e.conversations(ctx); err != nil {
		return err
	}
	for _, c := range e.conversing {
		if err := e.putConversation(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func (e *exporter) putConversation(ctx context.Context, c *place) error {
	all, err := e.totals(ctx, c)
	if err != nil {
		return err
	}
	members, err := db.List(ctx, e.db, scanMember, selectMembers+`WHERE m.channelid = $1 LIMIT 100`, c.id, uncounted())
	if err != nil {
		return err
	}
	sortBy(members, func(m *memberRow) string { return e.usernames[m.userID] })
	line := &DirectChannel{Members: c.people, Header: &c.header}
	for _, m := range members {
		name := e.usernames[m.userID]
		line.Participants = append(line.Participants, Participant{Username: name, NotifyProps: m.props(), Reading: m.reading(all)})
		if m.likes {
			line.FavoritedBy = append(line.FavoritedBy, name)
		}
		shows, of := model.PreferenceCategoryGroupChannelShow, c.id
		if c.kind == model.ChannelDirect {
			shows, of = model.PreferenceCategoryDirectChannelShow, model.DirectChannelPartner(c.name, m.userID)
		}
		shown, err := db.Value[bool](ctx, e.db, `SELECT EXISTS (SELECT 1 FROM preferences WHERE userid = $1 AND category = $2 AND name = $3 AND value = 'true')`, m.userID, shows, of)
		if err != nil {
			return err
		}
		if shown {
			line.ShownBy = append(line.ShownBy, name)
		}
	}
	return e.put(&Line{Type: kindDirectChannel, DirectChannel: line})
}
