package sidebar

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/model"
)

// channel is a channel that a person is in, as far as a board needs it.
type channel struct {
	id               string
	direct, archived bool
}

// memberOf returns the channels of a team, and the direct and group messages,
// that a person is in: by name, conversations by their newest post.
func memberOf(ctx context.Context, q db.Querier, userID, teamID string) ([]channel, error) {
	return db.List(ctx, q, func(r db.Row) (c channel, err error) { err = r.Scan(&c.id, &c.direct, &c.archived); return c, err },
		`SELECT c.id, coalesce(c.teamid, '') = '', c.deleteat > 0 FROM channelmembers m JOIN channels c ON c.id = m.channelid
		WHERE m.userid = $1 AND coalesce(c.teamid, '') IN ($2, '')
		ORDER BY CASE WHEN coalesce(c.teamid, '') = '' THEN -c.lastpostat ELSE 0 END, lower(c.displayname), c.id LIMIT $3`, userID, teamID, maxListed)
}

// load returns a board as clients see it: two statements, and a transaction once
// for a board that isn't there yet. Somebody outside the team has none.
func (s *Sidebar) load(ctx context.Context, userID, teamID string) (*board, error) {
	b, _, err := s.loadFrom(ctx, userID, teamID)
	return b, err
}

// loadFrom is load; it also returns the channels that it looked at.
func (s *Sidebar) loadFrom(ctx context.Context, userID, teamID string) (*board, []channel, error) {
	b, err := stored(ctx, s.db, userID, teamID)
	if err != nil {
		return nil, nil, err
	}
	if !b.whole() {
		in, err := s.acc.InTeam(ctx, userID, teamID)
		if err != nil || !in {
			return b, nil, err
		}
		err = s.db.Tx(ctx, func(tx *db.Tx) (err error) {
			b, err = s.openBoard(ctx, tx, userID, teamID)
			return err
		})
		if err != nil {
			return nil, nil, err
		}
	}
	list, err := memberOf(ctx, s.db, userID, teamID)
	if err != nil {
		return nil, nil, err
	}
	b.show(list)
	return b, list, nil
}

// boardsOf is the fact of all categories of a person.
func boardsOf(userID string) access.Fact { return access.FactOf("boards", userID) }

// madeFrom returns what a board is shown by: its rows, the memberships and the
// channels; conversations also by their newest post, which orders them.
func (b *board) madeFrom(in []channel) []access.Fact {
	from := make([]access.Fact, 0, 2+len(in))
	from = append(from, boardsOf(b.userID), access.UserFact(b.userID))
	for _, c := range in {
		from = append(from, access.ChannelFact(c.id))
		if c.direct {
			from = append(from, access.CountFact(c.id))
		}
	}
	return from
}

// show completes a board that was read from its rows: it takes out the channels
// that the person is no longer in, and those that another category lists too,
// and puts those that are listed nowhere where they belong.
func (b *board) show(in []channel) {
	unlisted := make(map[string]bool, len(in))
	for _, c := range in {
		unlisted[c.id] = true
	}
	for _, c := range b.list {
		kept := c.ChannelIDs[:0]
		for _, channelID := range c.ChannelIDs {
			if unlisted[channelID] {
				delete(unlisted, channelID)
				kept = append(kept, channelID)
			}
		}
		c.ChannelIDs = kept
	}
	room, direct := b.kind(model.SidebarChannels), b.kind(model.SidebarDirectMessages)
	if room == nil || direct == nil {
		return
	}
	for _, c := range in {
		switch {
		case !unlisted[c.id] || c.archived:
		case c.direct:
			direct.ChannelIDs = append(direct.ChannelIDs, c.id)
		default:
			room.ChannelIDs = append(room.ChannelIDs, c.id)
		}
	}
}

// one returns a single category; 404 when it isn't on the board.
func (s *Sidebar) one(ctx context.Context, userID, teamID, categoryID string) (*model.SidebarCategoryWithChannels, error) {
	b, err := s.load(ctx, userID, teamID)
	if err != nil {
		return nil, err
	}
	c := b.find(categoryID)
	if c == nil {
		return nil, failed(fault.KindNotFound)
	}
	return c, nil
}
