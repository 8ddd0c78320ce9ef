package ctl

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

var postActions = map[string]action{
	"post create": {1, 1, postCreate, false},
	"post list":   {1, 1, postList, false},
	"post delete": {1, many, postDelete, false},
	"post reveal": {1, 1, postReveal, false},
}

func postCreate(c *call) error {
	if err := c.need("message"); err != nil {
		return err
	}
	channel, err := c.channel(c.args[0])
	if err != nil {
		return err
	}
	body := object{"channel_id": field(channel, "id"), "message": c.flags.text("message")}
	if root := c.flags.text("reply-to"); root != "" {
		post, err := c.one(http.MethodGet, "/posts/"+seg(root), nil)
		if err != nil {
			return err
		}
		if body["root_id"] = field(post, "id"); field(post, "root_id") != "" {
			body["root_id"] = field(post, "root_id")
		}
	}
	if c.flags.on("burn-on-read") {
		body["type"] = model.PostTypeBurnOnRead
	}
	post, err := c.one(http.MethodPost, "/posts", body)
	if err != nil {
		return err
	}
	c.done(post, field(post, "id"))
	return nil
}

// followEvery is how often post list --follow asks for what is new.
const followEvery = 2 * time.Second

func postList(c *call) error {
	channel, err := c.channel(c.args[0])
	if err != nil {
		return err
	}
	base := "/channels/" + field(channel, "id") + "/posts"
	query := fmt.Sprintf("?per_page=%d", c.flags.number("number"))
	if since := c.flags.text("since"); since != "" {
		at, err := time.Parse(time.RFC3339, since)
		if err != nil {
			return c.problem("flag_value", "Flag", "--since", "Value", since)
		}
		query = fmt.Sprintf("?since=%d", at.UnixMilli())
	}
	names := map[string]string{}
	latest, err := c.showPosts(base+query, names, 0)
	for err == nil && c.flags.on("follow") {
		select {
		case <-c.ctx.Done():
			return nil
		case <-time.After(followEvery):
		}
		if latest == 0 {
			latest = id.Now() - followEvery.Milliseconds()
		}
		latest, err = c.showPosts(fmt.Sprintf("%s?since=%d", base, latest), names, latest)
	}
	return err
}

// showPosts prints posts, the oldest first, that were made after the time given,
// and returns when the latest was.
func (c *call) showPosts(path string, names map[string]string, after int64) (int64, error) {
	var list struct {
		Order []string          `json:"order"`
		Posts map[string]object `json:"posts"`
	}
	if err := c.get(path, &list); err != nil {
		return after, err
	}
	latest := after
	for _, postID := range slices.Backward(list.Order) {
		post := list.Posts[postID]
		n, _ := post["create_at"].(json.Number)
		at, _ := n.Int64()
		if at <= after || is(post, "delete_at") {
			continue
		}
		latest = max(latest, at)
		author := field(post, "user_id")
		if names[author] == "" {
			names[author] = author
			if u, err := c.first("/users/" + author); err == nil {
				names[author] = field(u, "username")
			}
		}
		mark := ""
		if c.flags.on("show-ids") {
			mark = postID + " "
		}
		c.show(post, "%s[%s] %s", mark, names[author], field(post, "message"))
	}
	return latest, nil
}

func postDelete(c *call) error {
	query := ""
	if c.flags.on("permanent") {
		query = "?permanent=true"
	}
	if err := c.confirm(strings.Join(c.args, ", ")); err != nil {
		return err
	}
	return c.each(c.args, func(postID string) error {
		if err := c.remove("/posts/" + seg(postID) + query); err != nil {
			return err
		}
		c.done(object{"id": postID}, postID)
		return nil
	})
}

func postReveal(c *call) error {
	post, err := c.one(http.MethodGet, "/posts/"+seg(c.args[0])+"/reveal", nil)
	if err != nil {
		return err
	}
	c.single = true
	c.show(post, "%s", field(post, "message"))
	return nil
}
