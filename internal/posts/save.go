package posts

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/model"
)

// uncounted are the types of messages that make nothing unread: they tell of
// people coming and going.
var uncounted = map[string]bool{
	model.PostTypeJoinLeave: true, model.PostTypeAddRemove: true, model.PostTypeJoinChannel: true, model.PostTypeLeaveChannel: true,
	model.PostTypeJoinTeam: true, model.PostTypeLeaveTeam: true, model.PostTypeAddToChannel: true, model.PostTypeRemoveFromChannel: true,
	model.PostTypeAddToTeam: true, model.PostTypeRemoveFromTeam: true, model.PostTypeGuestJoinChannel: true, model.PostTypeAddGuestToChannel: true,
}

// Uncounted are the types of messages that make nothing unread.
func Uncounted() []string { return slices.Sorted(maps.Keys(uncounted)) }

// insertCounting writes a batch of rows and counts them.
var insertCounting = channels.CountingWith(pgInsert, pgInsertArgs)

// save writes a batch in one transaction. On PostgreSQL a batch of plain
// posts is a single statement, which is its own transaction: one round trip.
func (p *Posts) save(ctx context.Context, batch []*Saving) error {
	bumps := bumpsOf(batch)
	defer p.channels.Counted(bumps)
	if !p.db.SQLite() && !slices.ContainsFunc(batch, (*Saving).special) {
		return insertCounting.Count(ctx, p.db, pgInsertValues(batch), bumps)
	}
	return p.db.Tx(ctx, func(tx *db.Tx) error {
		for _, s := range batch {
			if err := p.attach(ctx, tx, s); err != nil {
				return err
			}
		}
		if err := insertBatch(ctx, tx, batch, bumps); err != nil {
			return err
		}
		return p.saveMore(ctx, tx, batch)
	})
}

// special posts need more than their row and the counters.
func (s *Saving) special() bool {
	return s.Root != nil || len(s.also) > 0 || len(s.Post.FileIDs) > 0 || s.secret != "" || s.Post.Metadata != nil && s.Post.Metadata.Priority != nil
}

func insertBatch(ctx context.Context, tx *db.Tx, batch []*Saving, bumps []channels.Bump) error {
	if !tx.SQLite() {
		return insertCounting.Count(ctx, tx, pgInsertValues(batch), bumps)
	}
	for _, s := range batch {
		if err := insert(ctx, tx, s.Post, s.stored()); err != nil {
			return err
		}
	}
	return channels.Count(ctx, tx, bumps)
}

func (p *Posts) attach(ctx context.Context, tx *db.Tx, s *Saving) error {
	if len(s.Post.FileIDs) == 0 {
		return nil
	}
	ids, err := p.files.Attach(ctx, tx, s.Post)
	s.Post.FileIDs = ids
	return err
}

func (p *Posts) saveMore(ctx context.Context, tx *db.Tx, batch []*Saving) error {
	var replies []*Saving
	for _, s := range batch {
		if s.Root != nil {
			replies = append(replies, s)
		}
		if err := p.savePriority(ctx, tx, s); err != nil {
			return err
		}
		if err := p.saveSecret(ctx, tx, s); err != nil {
			return err
		}
		for _, also := range s.also {
			if err := also(ctx, tx); err != nil {
				return err
			}
		}
	}
	if len(replies) == 0 {
		return nil
	}
	for _, hook := range p.saving {
		if err := hook(ctx, tx, replies); err != nil {
			return err
		}
	}
	return nil
}

// bumpsOf works out what a batch does to the counters, channel by channel and
// member by member, in the order of their ids.
func bumpsOf(batch []*Saving) []channels.Bump {
	byChannel := map[string][]*Saving{}
	for _, s := range batch {
		byChannel[s.Post.ChannelID] = append(byChannel[s.Post.ChannelID], s)
	}
	bumps := make([]channels.Bump, 0, len(byChannel))
	for channelID, list := range byChannel {
		bumps = append(bumps, bumpOf(channelID, list))
	}
	slices.SortFunc(bumps, func(a, b channels.Bump) int { return strings.Compare(a.ChannelID, b.ChannelID) })
	return bumps
}

func bumpOf(channelID string, list []*Saving) channels.Bump {
	b := channels.Bump{ChannelID: channelID}
	members := map[string]*channels.MemberBump{}
	member := func(userID string) *channels.MemberBump {
		m := members[userID]
		if m == nil {
			m = &channels.MemberBump{UserID: userID}
			members[userID] = m
		}
		return m
	}
	type seen struct{ posts, roots int64 }
	viewed := map[string]seen{} // Posts and Roots when the member posted
	for _, s := range list {
		root := s.Post.RootID == ""
		b.LastPostAt = max(b.LastPostAt, s.Post.CreateAt)
		if root {
			b.LastRootPostAt = max(b.LastRootPostAt, s.Post.CreateAt)
		}
		if !uncounted[s.Post.Type] {
			b.Posts++
			if root {
				b.Roots++
			}
		}
		for _, userID := range s.Mentions.Users {
			m := member(userID)
			m.Mentions++
			if root {
				m.RootMentions++
			}
			if s.Urgent {
				m.Urgent++
			}
		}
		if s.Views {
			*member(s.Post.UserID) = channels.MemberBump{UserID: s.Post.UserID, ViewedAt: s.Post.CreateAt}
			viewed[s.Post.UserID] = seen{b.Posts, b.Roots}
		}
	}
	for userID, m := range members {
		if v, ok := viewed[userID]; ok {
			m.After, m.RootsAfter = b.Posts-v.posts, b.Roots-v.roots
		}
		b.Members = append(b.Members, *m)
	}
	slices.SortFunc(b.Members, func(a, b channels.MemberBump) int { return strings.Compare(a.UserID, b.UserID) })
	return b
}
