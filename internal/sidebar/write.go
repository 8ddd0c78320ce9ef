package sidebar

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

type category = model.SidebarCategoryWithChannels

// create makes a custom category after the favourites and moves channels into
// it. Of in the name, muted and the channels are taken; channels that the person
// isn't in are left out.
func (s *Sidebar) create(ctx context.Context, userID, teamID string, in category) (*category, error) {
	made := &category{SidebarCategory: model.SidebarCategory{ID: id.New(), UserID: userID, TeamID: teamID, Type: model.SidebarCustom,
		DisplayName: in.DisplayName, Muted: in.Muted}, ChannelIDs: in.ChannelIDs}
	var b *board
	var mute muting
	err := s.db.Tx(ctx, func(tx *db.Tx) (err error) {
		if b, err = s.openBoard(ctx, tx, userID, teamID); err != nil {
			return err
		}
		if len(b.list) >= maxCategories {
			return failed(fault.KindInvalid)
		}
		at := 0
		if b.list[0].Type == model.SidebarFavorites {
			at = 1
		}
		before := b.copy()
		b.list = slices.Insert(b.list, at, made)
		b.number()
		if err := b.saveAll(ctx, tx); err != nil {
			return err
		}
		in, err := memberOf(ctx, tx, userID, teamID)
		if err != nil {
			return err
		}
		mute, err = s.place(ctx, tx, before, b, []*category{made}, in)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.apply(ctx, b, mute)
	s.tell(b, model.EventSidebarCategoryCreated, map[string]any{"category_id": made.ID})
	return made, nil
}

// update changes categories and what they list. The fixed categories keep their
// names, direct messages also what is listed there and that they aren't muted.
func (s *Sidebar) update(ctx context.Context, userID, teamID string, list []category) ([]*category, error) {
	var out []*category
	var b *board
	var mute muting
	var in []channel
	err := s.db.Tx(ctx, func(tx *db.Tx) (err error) {
		if b, err = s.openBoard(ctx, tx, userID, teamID); err != nil {
			return err
		}
		if in, err = memberOf(ctx, tx, userID, teamID); err != nil {
			return err
		}
		before := b.copy()
		out = make([]*category, len(list))
		var listing []*category
		for i, want := range list {
			c := b.find(want.ID)
			if c == nil {
				return failed(fault.KindNotFound)
			}
			out[i] = c
			c.Sorting, c.Collapsed = want.Sorting, want.Collapsed
			if c.Type == model.SidebarCustom {
				c.DisplayName = want.DisplayName
			}
			if c.Type != model.SidebarDirectMessages {
				c.Muted, c.ChannelIDs = want.Muted, slices.Clone(want.ChannelIDs)
				listing = append(listing, c)
			}
		}
		if err := b.saveAll(ctx, tx); err != nil {
			return err
		}
		mute, err = s.place(ctx, tx, before, b, listing, in)
		return err
	})
	if err != nil {
		return nil, err
	}
	// Direct messages, which are mostly listed nowhere, are shown; channels are
	// answered as they were sent.
	b.show(slices.DeleteFunc(in, func(c channel) bool { return !c.direct && !b.lists(c.id) }))
	s.apply(ctx, b, mute)
	text, _ := json.Marshal(out) // plain structs
	s.tell(b, model.EventSidebarCategoryUpdated, map[string]any{"updatedCategories": string(text)})
	return out, nil
}

// place lists the channels of some categories of b in their new places. What it
// moves out of the favourites or into them moves as a preference too. in is
// where the person is; other channels are left out. It returns what is to be muted.
func (s *Sidebar) place(ctx context.Context, tx *db.Tx, before, b *board, listing []*category, in []channel) (muting, error) {
	ours := make(map[string]bool, len(in))
	for _, c := range in {
		ours[c.id] = true
	}
	for _, c := range slices.Backward(listing) { // the last one that names a channel gets it
		kept := []string{}
		for _, channelID := range c.ChannelIDs {
			if ours[channelID] {
				delete(ours, channelID)
				kept = append(kept, channelID)
			}
		}
		c.ChannelIDs = kept
	}
	if err := b.relist(ctx, tx, listing); err != nil {
		return muting{}, err
	}
	b.unlistMoved(listing)
	before.show(in)
	return changedMuting(before, listing), s.favouritesMoved(ctx, tx, before, b)
}

// unlistMoved takes the channels that listing lists out of the other categories.
func (b *board) unlistMoved(listing []*category) {
	moved := map[string]bool{}
	for _, c := range listing {
		for _, channelID := range c.ChannelIDs {
			moved[channelID] = true
		}
	}
	for _, c := range b.list {
		if !slices.Contains(listing, c) {
			c.ChannelIDs = slices.DeleteFunc(c.ChannelIDs, func(channelID string) bool { return moved[channelID] })
		}
	}
}

func (b *board) lists(channelID string) bool {
	return slices.ContainsFunc(b.list, func(c *category) bool { return slices.Contains(c.ChannelIDs, channelID) })
}

// copy returns a board that changes of b don't reach.
func (b *board) copy() *board {
	c := &board{userID: b.userID, teamID: b.teamID, list: make([]*category, len(b.list))}
	for i, one := range b.list {
		dup := *one
		dup.ChannelIDs = slices.Clone(one.ChannelIDs)
		c.list[i] = &dup
	}
	return c
}

// remove deletes a custom category; what it listed shows where it belongs.
func (s *Sidebar) remove(ctx context.Context, userID, teamID, categoryID string) error {
	var b *board
	err := s.db.Tx(ctx, func(tx *db.Tx) (err error) {
		if b, err = s.openBoard(ctx, tx, userID, teamID); err != nil {
			return err
		}
		c := b.find(categoryID)
		if c == nil {
			return failed(fault.KindNotFound)
		}
		if c.Type != model.SidebarCustom {
			return failed(fault.KindInvalid)
		}
		for _, sql := range []string{`DELETE FROM sidebarchannels WHERE categoryid = $1`, `DELETE FROM sidebarcategories WHERE id = $1`} {
			if _, err := tx.Exec(ctx, sql, categoryID); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		s.tell(b, model.EventSidebarCategoryDeleted, map[string]any{"category_id": categoryID})
	}
	return err
}

// reorder puts the categories of a board into an order that names each of them
// once. 403 when v names one that isn't theirs, 400 for any other list.
func (s *Sidebar) reorder(ctx context.Context, v access.Viewer, userID, teamID string, order []string) error {
	var b *board
	err := s.db.Tx(ctx, func(tx *db.Tx) (err error) {
		if b, err = s.openBoard(ctx, tx, userID, teamID); err != nil {
			return err
		}
		sorted := make([]*category, 0, len(order))
		for _, categoryID := range order {
			c := b.find(categoryID)
			switch {
			case c == nil && !v.Can(ctx, access.PermEditOtherUsers):
				return fault.NoPermission(string(access.PermEditOtherUsers))
			case c == nil || slices.Contains(sorted, c):
				return failed(fault.KindInvalid)
			}
			sorted = append(sorted, c)
		}
		if len(sorted) != len(b.list) {
			return failed(fault.KindInvalid)
		}
		b.list = sorted
		b.number()
		return b.saveAll(ctx, tx)
	})
	if err == nil {
		s.tell(b, model.EventSidebarCategoryOrderUpdated, map[string]any{"order": order})
	}
	return err
}
