package transfer

import (
	"context"
	"errors"
	"slices"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

// Messages are written some at a time: that many, or lines of that many bytes.
const (
	batchRows  = 500
	batchBytes = 8 << 20
	// refusedMost is how many lines in a row the database may refuse before that
	// is taken for its own failure.
	refusedMost = 20
)

// batch are the messages that wait to be written.
type batch struct {
	posts       []*pendingPost
	rows, bytes int
	refused     int // lines in a row
}

// pendingPost is a root and its replies on their way into the database.
type pendingPost struct {
	at, kind  string
	line      *Post
	channel   *channel
	rows      []*message // the root first
	followers []seat     // nil: whoever took part
	again     bool       // the root came with a line before
}

// message is one row with what hangs on it.
type message struct {
	post      *model.Post
	entry     *Entry
	reactions []reaction
	flaggedBy []string // user ids
	known     bool     // it was there already, under post.ID
}

type reaction struct {
	userID, emoji string
	at            int64
}

// seat is a follower of a thread.
type seat struct {
	userID           string
	viewed, mentions int64
}

// addPost has a message of a line, with its replies, written with the next batch.
func (l *loader) addPost(ctx context.Context, p *pendingPost, size int) error {
	if err := l.resolve(ctx, p); err != nil {
		return l.note(p.at, p.kind, err)
	}
	l.batch.posts = append(l.batch.posts, p)
	l.batch.rows += len(p.rows)
	l.batch.bytes += size
	if l.batch.rows < batchRows && l.batch.bytes < batchBytes {
		return nil
	}
	return l.flush(ctx)
}

// resolve works out the rows of a line. A reply or a reaction that can't be
// taken is told of, and the rest stays.
func (l *loader) resolve(ctx context.Context, p *pendingPost) (err error) {
	if p.kind == kindDirectPost {
		p.channel, err = l.converse(ctx, &DirectChannel{Members: p.line.ChannelMembers})
	} else {
		p.channel, err = l.names.channel(ctx, p.line.Team, p.line.Channel)
	}
	if err != nil {
		return err
	}
	root, err := l.message(ctx, p, &p.line.Entry)
	if err != nil {
		return err
	}
	p.rows = append(p.rows, root)
	for i := range p.line.Replies {
		reply, err := l.message(ctx, p, &p.line.Replies[i])
		if err == nil {
			p.rows = append(p.rows, reply)
		} else if err := l.note(p.at, p.kind, err); err != nil {
			return err
		}
	}
	if p.line.Followers == nil {
		return nil
	}
	p.followers = []seat{}
	for _, f := range *p.line.Followers {
		who, err := l.names.user(ctx, f.User)
		if err == nil {
			p.followers = append(p.followers, seat{who.id, max(f.LastViewed, 0), max(f.UnreadMentions, 0)})
		} else if err := l.note(p.at, p.kind, err); err != nil {
			return err
		}
	}
	return nil
}

// message is the row of an entry.
func (l *loader) message(ctx context.Context, p *pendingPost, e *Entry) (*message, error) {
	author, err := l.names.user(ctx, e.User)
	if err != nil {
		return nil, err
	}
	row := &model.Post{ID: id.New(), CreateAt: e.CreateAt, UpdateAt: max(e.CreateAt, e.EditAt), EditAt: e.EditAt, UserID: author.id, ChannelID: p.channel.id,
		Message: e.Text, Type: e.Type, Props: e.Props, IsPinned: e.IsPinned}
	if !row.IsSystem() {
		row.RemoteID = new(string)
	}
	row.Hashtags, _ = model.ParseHashtags(e.Text)
	if len(p.rows) > 0 {
		row.RootID = p.rows[0].post.ID
	}
	if err := posts.Check(row); err != nil {
		return nil, err
	}
	m := &message{post: row, entry: e}
	for _, r := range e.Reactions {
		who, err := l.names.user(ctx, r.User)
		if err == nil {
			m.reactions = append(m.reactions, reaction{who.id, r.EmojiName, r.CreateAt})
			row.HasReactions = true
		} else if err := l.note(p.at, p.kind, err); err != nil {
			return nil, err
		}
	}
	for _, name := range e.FlaggedBy {
		who, err := l.names.user(ctx, name)
		if err == nil {
			m.flaggedBy = append(m.flaggedBy, who.id)
		} else if err := l.note(p.at, p.kind, err); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// flush writes the messages that wait. When the database refuses them, they are
// tried one by one, so that only the bad line is lost.
func (l *loader) flush(ctx context.Context) error {
	list := l.batch.posts
	l.batch.posts, l.batch.rows, l.batch.bytes = nil, 0, 0
	if len(list) == 0 {
		return nil
	}
	err := l.writePosts(ctx, list)
	if err != nil && len(list) > 1 && ctx.Err() == nil && !l.o.DryRun {
		for _, p := range list {
			if err = l.writeAlone(ctx, p); err != nil {
				return err
			}
		}
	} else if err != nil {
		return err
	}
	for _, p := range list {
		for i, m := range p.rows {
			if i > 0 || !p.again {
				l.counted(kindPost, !m.known)
			}
		}
	}
	l.tell()
	return nil
}

func (l *loader) writeAlone(ctx context.Context, p *pendingPost) error {
	err := l.writePosts(ctx, []*pendingPost{p})
	if err == nil {
		l.batch.refused = 0
		return nil
	}
	l.batch.refused++
	var strict Problem
	if errors.As(err, &strict) || ctx.Err() != nil || l.batch.refused > refusedMost || l.db.Ping(ctx) != nil {
		return err
	}
	l.log.Warn("an imported line was refused by the database", "line", p.at, "error", err)
	p.rows = nil
	return l.skip(Problem{At: p.at, Kind: p.kind, Why: errRefused})
}

var errRefused = fault.Invalid("parley.transfer.refused.app_error")

// writePosts writes lines in one transaction, after their files.
func (l *loader) writePosts(ctx context.Context, list []*pendingPost) error {
	for _, p := range list {
		l.touched[p.channel.id] = true
	}
	if err := l.recognise(ctx, list); err != nil || l.o.DryRun {
		return errors.Join(err, l.lookForFiles(list))
	}
	if err := l.takeFiles(ctx, list); err != nil {
		return err
	}
	return l.db.Tx(ctx, func(tx *db.Tx) error {
		var fresh []*model.Post
		var flags []model.Preference
		for _, p := range list {
			for _, m := range p.rows {
				if !m.known {
					fresh = append(fresh, m.post)
				}
				for _, userID := range m.flaggedBy {
					flags = append(flags, model.Preference{UserID: userID, Category: model.PreferenceCategoryFlaggedPost, Name: m.post.ID, Value: "true"})
				}
			}
		}
		if err := storePosts(ctx, tx, fresh); err != nil {
			return err
		}
		for _, post := range fresh {
			if len(post.FileIDs) > 0 {
				if _, err := l.Transfer.files.Attach(ctx, tx, post); err != nil {
					return err
				}
			}
		}
		if err := storeReactions(ctx, tx, list); err != nil {
			return err
		}
		for part := range slices.Chunk(flags, rowsAtOnce) {
			if err := l.prefs.PutTx(ctx, tx, part); err != nil {
				return err
			}
		}
		return storeThreads(ctx, tx, list)
	})
}

// key is what makes a message of a file the same as one of the database.
type key struct {
	channelID, rootID, userID, text string
	at                              int64
}

func keyOf(p *model.Post) key { return key{p.ChannelID, p.RootID, p.UserID, p.Message, p.CreateAt} }

// recognise finds the messages that are there already: imported before, be it
// by a run that broke off, and perhaps edited or deleted since.
func (l *loader) recognise(ctx context.Context, list []*pendingPost) error {
	var times []int64
	for _, p := range list {
		for _, m := range p.rows {
			times = append(times, m.post.CreateAt)
		}
	}
	slices.Sort(times)
	there := map[key]string{}
	for part := range slices.Chunk(slices.Compact(times), rowsAtOnce) {
		if err := knownPosts(ctx, l.db, part, there); err != nil {
			return err
		}
	}
	for _, p := range list {
		for i, m := range p.rows {
			if i > 0 {
				m.post.RootID = p.rows[0].post.ID
			}
			if known := there[keyOf(m.post)]; known != "" {
				m.post.ID, m.known = known, true
				continue
			}
			there[keyOf(m.post)] = m.post.ID
		}
	}
	return nil
}
