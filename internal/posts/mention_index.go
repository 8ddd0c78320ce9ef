package posts

import (
	"context"
	"strings"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/users"
)

// keywords are the words besides @names that mention members of one channel.
// Most channels have none, whatever their size.
type keywords struct {
	words      map[string][]string // lower case → user ids
	firstNames map[string][]string // as written → user ids
	inside     map[string][]string // words of scripts without blanks: anywhere in a word
}

func (k *keywords) empty() bool {
	return k == nil || len(k.words)+len(k.firstNames)+len(k.inside) == 0
}

// Bounds of the caches, in channels, people and members with words of their own.
const (
	keywordChannels = 10_000
	groupChannels   = 10_000
	namesKept       = 20_000
	keywordMembers  = 20_000
)

// mentionIndex remembers the keywords of channels and the members of group
// messages, which never change.
type mentionIndex struct {
	db      *db.DB
	mu      sync.Mutex
	entries *lru.Cache[string, *keywords]
	groups  *lru.Cache[string, []string]
	epoch   uint64
}

func newMentionIndex(d *db.DB) *mentionIndex {
	entries, err := lru.New[string, *keywords](keywordChannels)
	if err != nil {
		panic(err) // only for a size below one
	}
	groups, err := lru.New[string, []string](groupChannels)
	if err != nil {
		panic(err)
	}
	return &mentionIndex{db: d, entries: entries, groups: groups}
}

// of returns the keywords of a channel, with one query at the first use.
func (m *mentionIndex) of(ctx context.Context, channelID string) (*keywords, error) {
	m.mu.Lock()
	k, ok := m.entries.Get(channelID)
	epoch := m.epoch
	m.mu.Unlock()
	if ok {
		return k, nil
	}
	k, err := m.load(ctx, channelID)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	if m.epoch == epoch {
		m.entries.Add(channelID, k)
	}
	m.mu.Unlock()
	return k, nil
}

type keywordRow struct{ userID, firstName, useFirst, keys string }

func (m *mentionIndex) load(ctx context.Context, channelID string) (*keywords, error) {
	rows, err := db.List(ctx, m.db, func(r db.Row) (k keywordRow, err error) {
		err = r.Scan(&k.userID, &k.firstName, &k.useFirst, &k.keys)
		return k, err
	}, `SELECT u.id, coalesce(u.firstname,''), coalesce(u.notifyprops->>'first_name','false'), coalesce(u.notifyprops->>'mention_keys','')
		FROM channelmembers cm JOIN users u ON u.id = cm.userid
		WHERE cm.channelid = $1 AND u.deleteat = 0
			AND (coalesce(u.notifyprops->>'mention_keys','') <> '' OR u.notifyprops->>'first_name' = 'true')
		LIMIT $2`, channelID, keywordMembers)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	k := &keywords{words: map[string][]string{}, firstNames: map[string][]string{}, inside: map[string][]string{}}
	for _, r := range rows {
		k.add(r)
	}
	return k, nil
}

func (k *keywords) add(r keywordRow) {
	if r.useFirst == "true" && r.firstName != "" {
		k.firstNames[r.firstName] = append(k.firstNames[r.firstName], r.userID)
	}
	for word := range strings.SplitSeq(r.keys, ",") {
		word = strings.ToLower(strings.TrimSpace(word))
		switch {
		case word == "":
		case ascii(word):
			k.words[word] = append(k.words[word], r.userID)
		default:
			k.words[word] = append(k.words[word], r.userID)
			k.inside[word] = append(k.inside[word], r.userID)
		}
	}
}

func (m *mentionIndex) forget(channelID string) {
	m.mu.Lock()
	m.epoch++
	m.entries.Remove(channelID)
	m.mu.Unlock()
}

func (m *mentionIndex) forgetAll() {
	m.mu.Lock()
	m.epoch++
	m.entries.Purge()
	m.mu.Unlock()
}

// members returns the members of a direct or group message.
func (m *mentionIndex) members(ctx context.Context, channelID, channelType, name string) ([]string, error) {
	if channelType == model.ChannelDirect {
		if a, b, ok := strings.Cut(name, "__"); ok {
			return []string{a, b}, nil
		}
	}
	m.mu.Lock()
	ids, ok := m.groups.Get(channelID)
	m.mu.Unlock()
	if ok {
		return ids, nil
	}
	ids, err := db.List(ctx, m.db, db.One[string], `SELECT userid FROM channelmembers WHERE channelid = $1 LIMIT 100`, channelID)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	m.groups.Add(channelID, ids)
	m.mu.Unlock()
	return ids, nil
}

// named is who bears a username; the zero value is nobody.
type named struct {
	ID     string
	Closed bool // deactivated
	Bot    bool
}

// nameCache remembers who bears a username, and names that nobody bears.
type nameCache struct {
	users *users.Users
	mu    sync.Mutex
	known *lru.Cache[string, named]
	epoch uint64
}

func newNameCache(u *users.Users) *nameCache {
	known, err := lru.New[string, named](namesKept)
	if err != nil {
		panic(err) // only for a size below one
	}
	return &nameCache{users: u, known: known}
}

// find returns the bearers of names (in lower case); names that nobody bears
// are left out.
func (c *nameCache) find(ctx context.Context, names []string) (map[string]named, error) {
	out := make(map[string]named, len(names))
	var missing []string
	c.mu.Lock()
	epoch := c.epoch
	for _, n := range names {
		switch who, ok := c.known.Get(n); {
		case !ok:
			missing = append(missing, n)
		case who.ID != "":
			out[n] = who
		}
	}
	c.mu.Unlock()
	if len(missing) == 0 {
		return out, nil
	}
	found, err := c.users.ByUsernames(ctx, missing)
	if err != nil {
		return nil, err
	}
	for _, u := range found {
		out[u.Username] = named{ID: u.ID, Closed: u.DeleteAt != 0, Bot: u.IsBot}
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

func (c *nameCache) forgetAll() {
	c.mu.Lock()
	c.epoch++
	c.known.Purge()
	c.mu.Unlock()
}

func (c *nameCache) forget(names ...string) {
	c.mu.Lock()
	c.epoch++
	for _, n := range names {
		c.known.Remove(n)
	}
	c.mu.Unlock()
}
