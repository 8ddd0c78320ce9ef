package posts

import (
	"context"
	"slices"
	"strings"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

const emojisKept = 20_000

// emojiCache remembers custom emojis by name, and names that are none.
type emojiCache struct {
	db    *db.DB
	mu    sync.Mutex
	known *lru.Cache[string, *model.Emoji] // nil: no custom emoji has the name
	epoch uint64
}

func newEmojiCache(d *db.DB) *emojiCache {
	known, err := lru.New[string, *model.Emoji](emojisKept)
	if err != nil {
		panic(err) // only for a size below one
	}
	return &emojiCache{db: d, known: known}
}

// find returns the custom emojis among names, with at most one statement.
func (c *emojiCache) find(ctx context.Context, names []string) (map[string]*model.Emoji, error) {
	out := map[string]*model.Emoji{}
	var missing []string
	c.mu.Lock()
	epoch := c.epoch
	for _, n := range names {
		switch e, ok := c.known.Get(n); {
		case !ok:
			missing = append(missing, n)
		case e != nil:
			out[n] = e
		}
	}
	c.mu.Unlock()
	if len(missing) == 0 {
		return out, nil
	}
	found, err := db.List(ctx, c.db, func(r db.Row) (*model.Emoji, error) {
		e := &model.Emoji{}
		return e, r.Scan(&e.ID, &e.CreateAt, &e.UpdateAt, &e.DeleteAt, &e.CreatorID, &e.Name)
	}, `SELECT id, coalesce(createat,0), coalesce(updateat,0), coalesce(deleteat,0), coalesce(creatorid,''), name
		FROM emoji WHERE name = ANY($1) AND deleteat = 0 LIMIT $2`, missing, len(missing))
	if err != nil {
		return nil, err
	}
	for _, e := range found {
		out[e.Name] = e
	}
	c.mu.Lock()
	if c.epoch == epoch {
		for _, n := range missing {
			c.known.Add(n, out[n])
		}
	}
	c.mu.Unlock()
	return out, nil
}

// ForgetEmoji drops what is known of an emoji's name, on every node: the emoji
// slice calls it after it made or deleted one.
func (p *Posts) ForgetEmoji(name string) { p.forget(forgetEmoji, name) }

func (c *emojiCache) forgetAll() {
	c.mu.Lock()
	c.epoch++
	c.known.Purge()
	c.mu.Unlock()
}

func (c *emojiCache) forget(name string) {
	c.mu.Lock()
	c.epoch++
	c.known.Remove(name)
	c.mu.Unlock()
}

// addEmojis fills in the custom emojis of messages, attachments and reactions,
// in the order of their names.
func (p *Posts) addEmojis(ctx context.Context, posts []*model.Post) error {
	if !p.cfg.Get().ServiceSettings.EnableCustomEmoji {
		return nil
	}
	used := map[string][]*model.Post{}
	for _, post := range posts {
		note := func(name string) {
			if list := used[name]; len(list) == 0 || list[len(list)-1] != post {
				used[name] = append(list, post)
			}
		}
		if strings.IndexByte(post.Message, ':') >= 0 {
			emojiNames(readable(post.Message), note)
		}
		for _, a := range attachmentsOf(post) {
			emojiNames(a.String("pretext"), note)
			emojiNames(a.String("title"), note)
			emojiNames(a.String("text"), note)
		}
		for _, r := range post.Metadata.Reactions {
			note(r.EmojiName)
		}
	}
	if len(used) == 0 {
		return nil
	}
	names := make([]string, 0, len(used))
	for n := range used {
		names = append(names, n)
	}
	slices.Sort(names)
	found, err := p.emojis.find(ctx, names)
	if err != nil {
		return err
	}
	for _, n := range names {
		if e := found[n]; e != nil {
			for _, post := range used[n] {
				post.Metadata.Emojis = append(post.Metadata.Emojis, e)
			}
		}
	}
	return nil
}
