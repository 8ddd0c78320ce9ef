package transfer

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// The rows of messages, for the reason that store.go gives.

// rowsAtOnce bounds what one statement asks for, and tuplesAtOnce the rows that
// one inserts: measured on both engines, shorter ones cost less.
const (
	rowsAtOnce   = 500
	tuplesAtOnce = 50
)

func storePosts(ctx context.Context, tx *db.Tx, list []*model.Post) error {
	for part := range slices.Chunk(list, tuplesAtOnce) {
		args := make([]any, 0, 18*len(part))
		for _, p := range part {
			var remote any
			if p.RemoteID != nil {
				remote = *p.RemoteID
			}
			files, props := "[]", "{}"
			if len(p.FileIDs) > 0 {
				b, _ := json.Marshal(p.FileIDs)
				files = string(b)
			}
			if len(p.Props) > 0 {
				b, err := p.Props.MarshalJSON()
				if err != nil {
					return err
				}
				props = string(b)
			}
			args = append(args, p.ID, p.CreateAt, p.UpdateAt, p.EditAt, 0, p.IsPinned, p.UserID, p.ChannelID, p.RootID, "",
				p.Message, p.Type, props, p.Hashtags, "[]", files, p.HasReactions, remote)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO posts (id, createat, updateat, editat, deleteat, ispinned, userid, channelid, rootid, originalid,
			message, type, props, hashtags, filenames, fileids, hasreactions, remoteid) VALUES `+db.Tuples(len(part), 18, 0), args...); err != nil {
			return err
		}
	}
	return nil
}

const (
	selectKnown = `SELECT id, coalesce(originalid,''), coalesce(channelid,''), coalesce(rootid,''), coalesce(userid,''), coalesce(message,''), createat FROM posts
		WHERE createat = ANY($1) LIMIT 1000000`
	selectReplies = `SELECT rootid, coalesce(userid,''), createat FROM posts WHERE rootid = ANY($1) AND deleteat = 0 ORDER BY createat, id LIMIT 1000000`
)

// knownPosts adds the messages of some times to there. The former words of one
// that was edited since stand for it as well.
func knownPosts(ctx context.Context, q db.Querier, times []int64, there map[key]string) error {
	type row struct {
		k                key
		postID, original string
	}
	list, err := db.List(ctx, q, func(r db.Row) (p row, err error) {
		err = r.Scan(&p.postID, &p.original, &p.k.channelID, &p.k.rootID, &p.k.userID, &p.k.text, &p.k.at)
		return p, err
	}, selectKnown, times)
	for _, p := range list {
		if p.original != "" {
			p.postID = p.original
		} else if there[p.k] != "" {
			continue
		}
		there[p.k] = p.postID
	}
	return err
}

func storeReactions(ctx context.Context, tx *db.Tx, list []*pendingPost) error {
	var args []any
	var grown []string
	for _, p := range list {
		for _, m := range p.rows {
			for _, r := range m.reactions {
				args = append(args, r.userID, m.post.ID, r.emoji, r.at, r.at, 0, "", p.channel.id)
			}
			if m.known && len(m.reactions) > 0 {
				grown = append(grown, m.post.ID)
			}
		}
	}
	for part := range slices.Chunk(args, 8*tuplesAtOnce) {
		if _, err := tx.Exec(ctx, `INSERT INTO reactions (userid, postid, emojiname, createat, updateat, deleteat, remoteid, channelid) VALUES `+
			db.Tuples(len(part)/8, 8, 0)+` ON CONFLICT (postid, userid, emojiname) DO NOTHING`, part...); err != nil {
			return err
		}
	}
	if len(grown) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE posts SET hasreactions = true WHERE id = ANY($1) AND NOT coalesce(hasreactions, false)`, grown)
	return err
}

// storeThreads works out the threads that lines are about from the replies that
// are there, and who follows them.
func storeThreads(ctx context.Context, tx *db.Tx, list []*pendingPost) error {
	byRoot := map[string]*pendingPost{}
	var roots []string
	for _, p := range list {
		if len(p.rows) > 1 {
			rootID := p.rows[0].post.ID
			if byRoot[rootID] == nil {
				roots = append(roots, rootID)
			}
			byRoot[rootID] = p
		}
	}
	if len(roots) == 0 {
		return nil
	}
	threads, err := threadsOf(ctx, tx, roots)
	if err != nil {
		return err
	}
	now := id.Now() // who took part has read all that is imported
	var rows, seats []any
	for _, rootID := range roots {
		p, th := byRoot[rootID], threads[rootID]
		if th == nil {
			continue
		}
		people, _ := json.Marshal(th.people)
		rows = append(rows, rootID, th.replies, th.last, string(people), p.channel.id, p.channel.teamID)
		followers := p.followers
		if followers == nil {
			for _, userID := range once(append([]string{p.rows[0].post.UserID}, th.people...)) {
				followers = append(followers, seat{userID: userID, viewed: now})
			}
		}
		for _, f := range followers {
			seats = append(seats, rootID, f.userID, true, f.viewed, max(f.viewed, th.last), f.mentions)
		}
	}
	for part := range slices.Chunk(rows, 6*tuplesAtOnce) {
		if _, err := tx.Exec(ctx, `INSERT INTO threads (postid, replycount, lastreplyat, participants, channelid, threadteamid) VALUES `+
			db.Tuples(len(part)/6, 6, 0)+` ON CONFLICT (postid) DO UPDATE SET replycount = excluded.replycount, lastreplyat = excluded.lastreplyat,
			participants = excluded.participants`, part...); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(seats, 6*tuplesAtOnce) {
		if _, err := tx.Exec(ctx, `INSERT INTO threadmemberships (postid, userid, following, lastviewed, lastupdated, unreadmentions) VALUES `+
			db.Tuples(len(part)/6, 6, 0)+` ON CONFLICT (postid, userid) DO NOTHING`, part...); err != nil {
			return err
		}
	}
	return nil
}

// threadNow is a thread as its replies make it.
type threadNow struct {
	replies, last int64
	people        []string // the latest to reply last
}

func threadsOf(ctx context.Context, q db.Querier, roots []string) (map[string]*threadNow, error) {
	type reply struct {
		rootID, userID string
		at             int64
	}
	out := map[string]*threadNow{}
	list, err := db.List(ctx, q, func(r db.Row) (p reply, err error) { err = r.Scan(&p.rootID, &p.userID, &p.at); return p, err },
		selectReplies, roots)
	for _, p := range list {
		th := out[p.rootID]
		if th == nil {
			th = &threadNow{}
			out[p.rootID] = th
		}
		th.replies++
		th.last = p.at
		th.people = append(slices.DeleteFunc(th.people, func(u string) bool { return u == p.userID }), p.userID)
	}
	return out, err
}
