package users

import (
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/parley-chat/parley/internal/model"
)

// usersKept bounds the cache; a user takes about 1.5 KiB.
const usersKept = 20_000

// cache remembers users by id. A load that began before a forgetting isn't
// stored, so that nobody reads what was true before a change that was answered.
type cache struct {
	mu    sync.Mutex
	byID  *lru.Cache[string, *model.User]
	epoch uint64 // counts the forgettings
}

func newCache() *cache {
	byID, err := lru.New[string, *model.User](usersKept)
	if err != nil {
		panic(err) // only for a size below one
	}
	return &cache{byID: byID}
}

func (c *cache) peek(userID string) *model.User {
	c.mu.Lock()
	defer c.mu.Unlock()
	user, _ := c.byID.Get(userID)
	return user
}

// now is the epoch to hand to add with what is loaded from here on.
func (c *cache) now() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.epoch
}

func (c *cache) add(epoch uint64, found ...*model.User) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.epoch != epoch {
		return
	}
	for _, user := range found {
		c.byID.Add(user.ID, user)
	}
}

func (c *cache) get(userID string, load func() (*model.User, error)) (*model.User, error) {
	if user := c.peek(userID); user != nil {
		return user, nil
	}
	epoch := c.now()
	user, err := load()
	if err != nil {
		return nil, err
	}
	c.add(epoch, user)
	return user, nil
}

// forget drops a user, all of them for "".
func (c *cache) forget(userID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	if userID == "" {
		c.byID.Purge()
		return
	}
	c.byID.Remove(userID)
}
