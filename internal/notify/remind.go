package notify

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/realtime"
)

// Urgent messages may ask that whom they mention be notified again and again
// until they have acknowledged or answered them (the protocol's persistent
// notifications).

// remindEvery is how often it is looked whom to remind.
const remindEvery = 3 * time.Second

// remindBatch is how many messages are looked at then.
const remindBatch = 100

// due is a message whose people are to be reminded.
type due struct {
	postID string
	lastAt int64
	sent   int
}

func scanDue(r db.Row) (d due, err error) {
	err = r.Scan(&d.postID, &d.lastAt, &d.sent)
	return d, err
}

func (n *Notify) remind(ctx context.Context) {
	tick := time.NewTicker(remindEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := n.remindAll(ctx); err != nil && ctx.Err() == nil {
			n.log.Error("people could not be reminded of urgent messages", "error", err)
		}
	}
}

func (n *Notify) remindAll(ctx context.Context) error {
	set := n.cfg.Get().ServiceSettings
	if !set.PostPriority || !set.AllowPersistentNotifications {
		return nil
	}
	before := n.now() - int64(set.PersistentNotificationIntervalMinutes)*time.Minute.Milliseconds()
	list, err := db.List(ctx, n.db, scanDue, `SELECT postid, coalesce(lastsentat, 0), coalesce(sentcount, 0) FROM persistentnotifications
		WHERE coalesce(deleteat, 0) = 0 AND createat <= $1 AND coalesce(lastsentat, 0) <= $1 ORDER BY createat LIMIT $2`, before, remindBatch)
	for _, d := range list {
		if err := n.remindOf(ctx, d, int(set.PersistentNotificationMaxCount)); err != nil {
			return err
		}
	}
	return err
}

// remindOf takes one round of a message, which no other node then takes, and
// tells who has neither acknowledged nor answered it.
func (n *Notify) remindOf(ctx context.Context, d due, most int) error {
	now, ends := n.now(), int64(0)
	if d.sent+1 >= most {
		ends = now
	}
	taken, err := n.db.Exec(ctx, `UPDATE persistentnotifications SET lastsentat = $2, sentcount = $3, deleteat = $4
		WHERE postid = $1 AND coalesce(lastsentat, 0) = $5 AND coalesce(sentcount, 0) = $6 AND coalesce(deleteat, 0) = 0`,
		d.postID, now, d.sent+1, ends, d.lastAt, d.sent)
	if err != nil || taken == 0 {
		return err
	}
	post, err := n.load(ctx, d.postID)
	if errors.Is(err, db.ErrNotFound) {
		return n.remindNoMore(ctx, d.postID)
	}
	if err != nil {
		return err
	}
	ids, err := n.unanswered(ctx, post)
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		return n.remindNoMore(ctx, d.postID)
	}
	return n.tellAgain(ctx, post, ids, d.sent+1)
}

func (n *Notify) remindNoMore(ctx context.Context, postID string) error {
	_, err := n.db.Exec(ctx, `UPDATE persistentnotifications SET deleteat = $2 WHERE postid = $1`, postID, n.now())
	return err
}

// unanswered are those whom a message mentions, less who has acknowledged it or
// written in its thread.
func (n *Notify) unanswered(ctx context.Context, post *model.Post) ([]string, error) {
	mentioned, err := n.posts.Mentioned(ctx, post)
	if err != nil {
		return nil, err
	}
	answered, err := db.List(ctx, n.db, db.One[string], `SELECT userid FROM postacknowledgements WHERE postid = $1 AND acknowledgedat > 0 AND userid = ANY($2)
		UNION SELECT userid FROM posts WHERE rootid = $1 AND deleteat = 0 AND userid = ANY($2) LIMIT $3`, post.ID, mentioned, len(mentioned))
	return slices.DeleteFunc(mentioned, func(one string) bool { return one == post.UserID || slices.Contains(answered, one) }), err
}

// tellAgain notifies people as of a mention that is new.
func (n *Notify) tellAgain(ctx context.Context, post *model.Post, ids []string, round int) error {
	people, err := n.people(ctx, post.ChannelID, ids)
	if err != nil {
		return err
	}
	var pushed []string
	for _, p := range people {
		p.Mentioned = true
		v := Decide(n.rules(), Post{AuthorID: post.UserID, ChannelID: post.ChannelID}, p.Person)
		n.count(kindPush, v.Push)
		n.count("websocket", v.Desktop)
		if v.Push == Told {
			pushed = append(pushed, p.UserID)
		}
		if v.Desktop == Told {
			if err := n.triggered(ctx, post, p.UserID); err != nil {
				return err
			}
		}
	}
	devices, err := n.devices(ctx, pushed)
	if err != nil {
		return err
	}
	var list []*item
	for _, d := range devices {
		i := n.itemOf(post, d.kind, d.userID, d.target, n.now())
		i.Type, i.round = typeReminder, round
		list = append(list, i)
	}
	return n.add(ctx, list)
}

// triggered tells the open clients of one person (reference: websocket.json).
func (n *Notify) triggered(ctx context.Context, post *model.Post, userID string) error {
	s, why, err := n.about(ctx, &item{ID: id.New(), UserID: userID, PostID: post.ID, ChannelID: post.ChannelID}, false)
	if err != nil || why != Told {
		return err
	}
	ch, err := n.acc.Channel(ctx, post.ChannelID)
	if err != nil {
		return err
	}
	stored, err := n.posts.Stored(ctx, post.ID)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(stored)
	if err != nil {
		return err
	}
	data := map[string]string{"channel_display_name": s.place, "channel_name": ch.Name, "channel_type": ch.Type, "sender_name": s.sender,
		"team_id": ch.TeamID, "post": string(raw), "mentions": `["` + userID + `"]`}
	if len(post.FileIDs) > 0 {
		data["otherFile"] = "true"
	}
	n.hub.Publish(realtime.Event{Name: model.EventPersistentNotificationTriggered, Data: data, To: realtime.Audience{UserID: userID}})
	return nil
}
