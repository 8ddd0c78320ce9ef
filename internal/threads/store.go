package threads

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
)

// maxSeats bounds how many followers of the threads of one batch are read.
const maxSeats = 100_000

// values returns the text of rows of parameters, `($1, $2), ($3, $4)`, the
// first of which names the types where they are given.
func values(rows int, types ...string) string {
	var b strings.Builder
	n := 0
	for i := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		for j, t := range types {
			n++
			sep := ", "
			if j == 0 {
				sep = "("
			}
			if i == 0 && t != "" {
				fmt.Fprintf(&b, "%sCAST($%d AS %s)", sep, n, t)
			} else {
				fmt.Fprintf(&b, "%s$%d", sep, n)
			}
		}
		b.WriteByte(')')
	}
	return b.String()
}

type counted struct {
	rootID       string
	replies      int64
	participants []string
}

// count adds a batch to the threads, new ones included. before gets the
// participants as the rows have them.
func (t *Threads) count(ctx context.Context, tx *db.Tx, list []*thread, before map[string][]string) error {
	args := make([]any, 0, 6*len(list))
	byRoot := make(map[string]*thread, len(list))
	for _, th := range list {
		var people []string
		var last int64
		for _, s := range th.savings {
			people = appendLast(people, s.Post.UserID)
			last = max(last, s.Post.CreateAt)
		}
		byRoot[th.rootID] = th
		args = append(args, th.rootID, len(th.savings), last, idsText(people), th.channel, th.team)
		var err error
		if th.auto, err = t.autoFollowers(ctx, tx, th.channel); err != nil {
			return err
		}
	}
	rows, err := db.List(ctx, tx, func(r db.Row) (c counted, err error) {
		err = r.Scan(&c.rootID, &c.replies, db.ScanJSON(&c.participants))
		return c, err
	}, `INSERT INTO threads (postid, replycount, lastreplyat, participants, channelid, threadteamid) VALUES `+
		values(len(list), "", "", "", "", "", "")+`
		ON CONFLICT (postid) DO UPDATE SET replycount = coalesce(threads.replycount,0) + excluded.replycount,
			lastreplyat = greatest(coalesce(threads.lastreplyat,0), excluded.lastreplyat)
		RETURNING postid, replycount, participants`, args...)
	for _, c := range rows {
		th := byRoot[c.rootID]
		th.replies = c.replies - int64(len(th.savings))
		before[c.rootID] = c.participants
		if th.replies > 0 { // of a new thread the row holds those of the batch already
			th.participants = c.participants
		}
	}
	return err
}

type seatRow struct {
	rootID, userID string
	exists         bool
	seat
}

// seat loads the followers of the threads, and of those who may become one
// their memberships and whether they are in the channel.
func (t *Threads) seat(ctx context.Context, tx *db.Tx, list []*thread) error {
	byRoot := make(map[string]*thread, len(list))
	roots := make([]string, len(list))
	for i, th := range list {
		roots[i], byRoot[th.rootID] = th.rootID, th
	}
	rows, err := db.List(ctx, tx, func(r db.Row) (s seatRow, err error) {
		err = r.Scan(&s.rootID, &s.userID, &s.exists, &s.following, &s.viewed, &s.mentions, &s.present)
		return s, err
	}, `SELECT tm.postid, tm.userid, true, coalesce(tm.following,false), coalesce(tm.lastviewed,0), coalesce(tm.unreadmentions,0),
			EXISTS (SELECT 1 FROM channelmembers cm WHERE cm.channelid = t.channelid AND cm.userid = tm.userid)
		FROM threadmemberships tm JOIN threads t ON t.postid = tm.postid
		WHERE tm.postid = ANY($1) AND (tm.following = true OR tm.userid = ANY($2))
		UNION ALL SELECT t.postid, cm.userid, false, false, CAST(0 AS bigint), CAST(0 AS bigint), true
		FROM threads t JOIN channelmembers cm ON cm.channelid = t.channelid
		WHERE t.postid = ANY($1) AND cm.userid = ANY($2) LIMIT $3`, roots, candidates(list), maxSeats)
	for _, s := range rows {
		th := byRoot[s.rootID]
		if s.exists {
			th.seats[s.userID] = &s.seat
		} else {
			th.present[s.userID] = true
		}
	}
	return err
}

// storeParticipants writes the lists that the batch changed the order of.
func storeParticipants(ctx context.Context, tx *db.Tx, list []*thread, before map[string][]string) error {
	for _, th := range list {
		if slices.Equal(th.participants, before[th.rootID]) {
			continue
		}
		if _, err := tx.Exec(ctx, `UPDATE threads SET participants = $2 WHERE postid = $1`, th.rootID, idsText(th.participants)); err != nil {
			return err
		}
	}
	return nil
}

// seatsAtOnce bounds the rows of one statement.
const seatsAtOnce = 1000

// storeSeats writes the memberships that a batch made or changed, in the order
// of root and user ids. Numbers are added, so that what others do at the same
// moment isn't undone; nobody gets a seat but members of the channel and the
// author.
func storeSeats(ctx context.Context, tx *db.Tx, list []*thread) error {
	var args []any
	now := id.Now()
	for _, th := range list {
		ids := make([]string, 0, len(th.seats))
		for userID, st := range th.seats {
			if st.dirty {
				ids = append(ids, userID)
			}
		}
		slices.Sort(ids)
		for _, userID := range ids {
			st := th.seats[userID]
			args = append(args, th.rootID, userID, st.following, st.sat, max(now, st.sat), st.further)
		}
	}
	for len(args) > 0 {
		some := args[:min(len(args), 6*seatsAtOnce)]
		args = args[len(some):]
		_, err := tx.Exec(ctx, `INSERT INTO threadmemberships (postid, userid, following, lastviewed, lastupdated, unreadmentions)
			SELECT v.column1, v.column2, v.column3, v.column4, v.column5, v.column6 FROM (VALUES `+
			values(len(some)/6, "text", "text", "boolean", "bigint", "bigint", "bigint")+`) v
			WHERE v.column4 > 0 OR EXISTS (SELECT 1 FROM threads t JOIN channelmembers cm ON cm.channelid = t.channelid
				WHERE t.postid = v.column1 AND cm.userid = v.column2)
			ON CONFLICT (postid, userid) DO UPDATE SET following = excluded.following,
				lastviewed = greatest(coalesce(threadmemberships.lastviewed,0), excluded.lastviewed),
				lastupdated = greatest(coalesce(threadmemberships.lastupdated,0), excluded.lastupdated),
				unreadmentions = CASE WHEN excluded.lastviewed > 0 THEN excluded.unreadmentions
					ELSE coalesce(threadmemberships.unreadmentions,0) + excluded.unreadmentions END`, some...)
		if err != nil {
			return err
		}
	}
	return nil
}
