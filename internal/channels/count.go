package channels

import (
	"context"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/db"
)

// Bump is what a batch of new posts does to one channel and its members.
type Bump struct {
	ChannelID      string
	Posts, Roots   int64 // messages that count as unread, and those of them that begin a thread
	LastPostAt     int64 // Unix ms of the newest post, whether it counts or not; 0: none
	LastRootPostAt int64
	Members        []MemberBump
}

// MemberBump is what a batch of new posts does to one member. The zero
// ViewedAt is somebody who did not post. Viewing comes before the mentions:
// those of a post that the member has read by posting after it aren't in here.
type MemberBump struct {
	UserID                         string
	ViewedAt                       int64 // Unix ms of the member's own post, up to which they have read
	After, RootsAfter              int64 // of Posts and Roots, how many came after that post
	Mentions, RootMentions, Urgent int64
}

// Counted has the answers made anew that show the counters of a batch. It is
// for who has committed it.
func (c *Channels) Counted(bumps []Bump) {
	from := make([]access.Fact, 0, 2*len(bumps))
	for i := range bumps {
		from = append(from, access.CountFact(bumps[i].ChannelID))
		for j := range bumps[i].Members {
			from = append(from, access.ReadingFact(bumps[i].Members[j].UserID))
		}
	}
	c.acc.Answers.Changed(from...)
}

// Count applies bumps inside the transaction that saves the posts. Bumps must
// be in the order of channel ids, each channel once, and members in the order
// of user ids, so that two batches never wait for each other in a circle.
func Count(ctx context.Context, q db.Querier, bumps []Bump) error {
	if q.SQLite() {
		// No round trips to spare there: one prepared statement a row is the fastest.
		return countEach(ctx, q, bumps)
	}
	return countAlone.Count(ctx, q, nil, bumps)
}

var countAlone = &Counting{sql: pgCountText("", 0)}

// Counting is Count in one statement with data-changing table expressions of
// the caller. It is how a batch of posts costs one round trip on PostgreSQL;
// SQLite has no such expressions.
type Counting struct {
	sql string
	n   int
}

// CountingWith prepares the statement for with, which is `name AS (INSERT …)`
// with n parameters.
func CountingWith(with string, n int) *Counting {
	return &Counting{sql: pgCountText(with+", ", n), n: n}
}

// Count runs the statement: args are the parameters of with.
func (c *Counting) Count(ctx context.Context, q db.Querier, args []any, bumps []Bump) error {
	_, err := q.Exec(ctx, c.sql, append(args, pgCountArgs(bumps)...)...)
	return err
}

func countEach(ctx context.Context, q db.Querier, bumps []Bump) error {
	for i := range bumps {
		b := &bumps[i]
		if _, err := q.Exec(ctx, `UPDATE channels SET lastpostat = greatest(coalesce(lastpostat,0), $2),
			lastrootpostat = greatest(coalesce(lastrootpostat,0), $3),
			totalmsgcount = coalesce(totalmsgcount,0) + $4, totalmsgcountroot = coalesce(totalmsgcountroot,0) + $5
			WHERE id = $1`, b.ChannelID, b.LastPostAt, b.LastRootPostAt, b.Posts, b.Roots); err != nil {
			return err
		}
		for j := range b.Members {
			if err := countMember(ctx, q, b.ChannelID, &b.Members[j]); err != nil {
				return err
			}
		}
	}
	return nil
}

func countMember(ctx context.Context, q db.Querier, channelID string, m *MemberBump) error {
	if m.ViewedAt == 0 {
		_, err := q.Exec(ctx, `UPDATE channelmembers SET mentioncount = coalesce(mentioncount,0) + $3,
			mentioncountroot = coalesce(mentioncountroot,0) + $4, urgentmentioncount = coalesce(urgentmentioncount,0) + $5
			WHERE channelid = $1 AND userid = $2`, channelID, m.UserID, m.Mentions, m.RootMentions, m.Urgent)
		return err
	}
	_, err := q.Exec(ctx, `UPDATE channelmembers SET
		msgcount = (SELECT totalmsgcount FROM channels WHERE id = $1) - $4,
		msgcountroot = (SELECT totalmsgcountroot FROM channels WHERE id = $1) - $5,
		mentioncount = $6, mentioncountroot = $7, urgentmentioncount = $8,
		lastviewedat = greatest(coalesce(lastviewedat,0), $3), lastupdateat = greatest(coalesce(lastupdateat,0), $3)
		WHERE channelid = $1 AND userid = $2`,
		channelID, m.UserID, m.ViewedAt, m.After, m.RootsAfter, m.Mentions, m.RootMentions, m.Urgent)
	return err
}
