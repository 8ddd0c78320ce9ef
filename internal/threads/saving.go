package threads

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

// thread is one thread of a batch of new replies.
type thread struct {
	rootID  string
	channel string
	team    string
	direct  bool // a conversation: each message is meant for everybody
	savings []*posts.Saving
	auto    []string // who follows every thread of the channel

	replies      int64    // before the batch
	participants []string // user ids, the latest to reply last
	seats        map[string]*seat
	present      map[string]bool // of those who may get a seat: members of the channel
}

// seat is a membership of a thread: as it was before the batch and what the
// batch makes of it.
type seat struct {
	following bool
	present   bool // a member of the channel
	viewed    int64
	mentions  int64

	dirty   bool
	sat     int64 // time up to which the member has read by a reply of their own; 0: none
	further int64 // mentions since, or without, that reply
	last    int64 // time of the latest mentions, and how many these are
	atLast  int64
}

// saving brings the tables up to date with the replies of a batch of new
// posts, inside its transaction: the replies of a channel come one batch after
// the other, since that transaction holds the channel's row.
func (t *Threads) saving(ctx context.Context, tx *db.Tx, batch []*posts.Saving) error {
	list := group(batch)
	before := map[string][]string{}
	if err := t.count(ctx, tx, list, before); err != nil {
		return err
	}
	if err := t.seat(ctx, tx, list); err != nil {
		return err
	}
	updates := make(map[*posts.Saving]*update, len(batch))
	for _, th := range list {
		for i, s := range th.savings {
			updates[s] = t.play(th, s, int64(i))
		}
	}
	if err := storeParticipants(ctx, tx, list, before); err != nil {
		return err
	}
	if err := storeSeats(ctx, tx, list); err != nil {
		return err
	}
	tx.AfterCommit(func() {
		for s, u := range updates {
			t.updates.Store(s, u)
		}
	})
	return nil
}

// group sorts the replies of a batch by thread, in the order of root ids, so
// that two nodes never wait for each other's rows in a circle.
func group(batch []*posts.Saving) []*thread {
	byRoot := map[string]*thread{}
	var list []*thread
	for _, s := range batch {
		th := byRoot[s.Post.RootID]
		if th == nil {
			th = &thread{rootID: s.Post.RootID, channel: s.Channel.ID, team: s.Channel.TeamID, direct: s.Channel.Direct(),
				seats: map[string]*seat{}, present: map[string]bool{}}
			byRoot[th.rootID] = th
			list = append(list, th)
		}
		th.savings = append(th.savings, s)
	}
	slices.SortFunc(list, func(a, b *thread) int { return strings.Compare(a.rootID, b.rootID) })
	return list
}

// play takes one reply into account, in memory: who follows the thread by it,
// whose mentions rise, what the author has read. It returns what the followers
// are to hear, and tells posts the number of replies and who follows.
func (t *Threads) play(th *thread, s *posts.Saving, i int64) *update {
	author, auto := s.Post.UserID, t.autoFollow()
	s.ReplyCount = th.replies + i + 1
	fresh := map[string]bool{}
	if auto {
		if s.ReplyCount == 1 {
			th.invite(s.Root.UserID, fresh)
		}
		for _, userID := range th.auto {
			th.invite(userID, fresh)
		}
	}
	for _, userID := range s.Mentions.Users {
		th.mention(userID, s.Post.CreateAt, auto && (th.direct || contains(s.Mentions.Explicit, userID)), fresh)
	}
	if auto && ownAct(s.Post) {
		th.join(author, fresh)
	}
	u := &update{reply: s.Post, root: s.Root, team: th.team, replies: s.ReplyCount, urgent: s.Urgent}
	u.beside, u.ahead = th.sameTime(i)
	th.participants = appendLast(th.participants, author)
	u.participants = slices.Clone(th.participants)
	for userID, st := range th.seats {
		if !st.following || !st.present {
			continue
		}
		if userID != author {
			s.Followers = append(s.Followers, userID)
		}
		u.followers = append(u.followers, follower{userID: userID, viewed: st.viewed, mentions: st.mentions,
			fresh: fresh[userID], mentioned: contains(s.Mentions.Users, userID)})
	}
	slices.Sort(s.Followers)
	slices.SortFunc(u.followers, func(a, b follower) int { return strings.Compare(a.userID, b.userID) })
	if st := th.seats[author]; st != nil && ownAct(s.Post) {
		st.read(s.Post.CreateAt, th.company(s))
		u.author = &reader{st.viewed, st.mentions}
	}
	return u
}

// sameTime returns how many replies of the batch have the time of the one at i
// and stand before it, and after it: posts that waited at the same moment share
// their time.
func (th *thread) sameTime(i int64) (before, after int64) {
	for j, s := range th.savings {
		if s.Post.CreateAt == th.savings[i].Post.CreateAt {
			switch {
			case int64(j) < i:
				before++
			case int64(j) > i:
				after++
			}
		}
	}
	return before, after
}

// company reports whether somebody else replied at the very time of s.
func (th *thread) company(s *posts.Saving) bool {
	return slices.ContainsFunc(th.savings, func(o *posts.Saving) bool {
		return o.Post.CreateAt == s.Post.CreateAt && o.Post.UserID != s.Post.UserID
	})
}

// read notes that the member wrote at a time and so has read what was there.
// In company they can't have seen what others wrote at that time: it stays
// unread, and their own reply with it.
func (st *seat) read(at int64, company bool) {
	var mentions int64
	if company {
		if st.last == at {
			mentions = st.atLast
		}
		at--
	}
	st.viewed, st.mentions = max(st.viewed, at), mentions
	st.dirty, st.sat, st.further = true, at, mentions
}

// ownAct reports whether a person, or a bot, wrote the post by themselves:
// only then they follow the thread and have read it.
func ownAct(p *model.Post) bool {
	return !p.IsSystem() && p.Props.String(model.PostPropFromWebhook) != "true"
}

// invite has somebody follow who has never said whether to.
func (th *thread) invite(userID string, fresh map[string]bool) {
	if th.seats[userID] != nil || !th.present[userID] {
		return
	}
	th.seats[userID] = &seat{following: true, present: true, dirty: true}
	fresh[userID] = true
}

// join has somebody follow, whatever they said before.
func (th *thread) join(userID string, fresh map[string]bool) *seat {
	st := th.seats[userID]
	if st == nil {
		st = &seat{present: th.present[userID]}
		th.seats[userID] = st
	}
	if !st.following {
		st.following, st.dirty = true, true
		fresh[userID] = true
	}
	return st
}

// mention counts a mention of a follower; with joins it makes them one.
func (th *thread) mention(userID string, at int64, joins bool, fresh map[string]bool) {
	st := th.seats[userID]
	switch {
	case st != nil && st.following:
	case joins && (st != nil || th.present[userID]):
		st = th.join(userID, fresh)
	default:
		return
	}
	st.mentions++
	st.further++
	if st.last != at {
		st.last, st.atLast = at, 0
	}
	st.atLast++
	st.dirty = true
}

// appendLast puts the latest to reply at the end.
func appendLast(list []string, userID string) []string {
	if n := len(list); n > 0 && list[n-1] == userID {
		return list
	}
	list = slices.DeleteFunc(slices.Clone(list), func(id string) bool { return id == userID })
	return append(list, userID)
}

// candidates are those who may get a seat by the batch.
func candidates(list []*thread) []string {
	var ids []string
	for _, th := range list {
		for _, s := range th.savings {
			ids = append(ids, s.Post.UserID)
			if th.replies == 0 {
				ids = append(ids, s.Root.UserID)
			}
			ids = append(ids, s.Mentions.Users...)
		}
		ids = append(ids, th.auto...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// contains looks in a sorted list.
func contains(sorted []string, s string) bool {
	_, ok := slices.BinarySearch(sorted, s)
	return ok
}

// idsText is what the column participants holds.
func idsText(ids []string) string {
	if len(ids) == 0 {
		return "[]"
	}
	b, _ := json.Marshal(ids)
	return string(b)
}
