package transfer

import (
	"context"
	"errors"
	"slices"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/posts"
)

// count works out the counters of the channels that an import has touched, from
// the messages that are there: what a channel counts, and what each member has
// read of it, which is what isn't later than their last look. Then the caches
// forget what they know.
func (l *loader) count(ctx context.Context) error {
	if l.o.DryRun {
		return nil
	}
	var problems error
	ids := make([]string, 0, len(l.touched))
	for channelID := range l.touched {
		ids = append(ids, channelID)
	}
	slices.Sort(ids)
	for _, channelID := range ids {
		if err := l.db.Tx(ctx, func(tx *db.Tx) error { return countChannel(ctx, tx, channelID) }); err != nil {
			problems = errors.Join(problems, err)
			break
		}
	}
	l.acc.ForgetEverything()
	return problems
}

// counts are the conditions on messages p that count in a channel.
const counts = `p.deleteat = 0 AND NOT (coalesce(p.type,'') = ANY($2))`

func countChannel(ctx context.Context, tx *db.Tx, channelID string) error {
	if _, err := tx.Exec(ctx, `UPDATE channels SET
		totalmsgcount = (SELECT count(*) FROM posts p WHERE p.channelid = $1 AND `+counts+`),
		totalmsgcountroot = (SELECT count(*) FROM posts p WHERE p.channelid = $1 AND `+counts+` AND p.rootid = ''),
		lastpostat = greatest(coalesce(lastpostat, 0), coalesce((SELECT max(p.createat) FROM posts p WHERE p.channelid = $1 AND p.deleteat = 0), 0)),
		lastrootpostat = greatest(coalesce(lastrootpostat, 0), coalesce((SELECT max(p.createat) FROM posts p WHERE p.channelid = $1 AND p.deleteat = 0 AND p.rootid = ''), 0))
		WHERE id = $1`, channelID, posts.Uncounted()); err != nil {
		return err
	}
	// Most members have read nearly all: what came after their last look is a
	// short range of the index.
	if _, err := tx.Exec(ctx, `UPDATE channelmembers SET
		msgcount = (SELECT c.totalmsgcount FROM channels c WHERE c.id = $1) - (SELECT count(*) FROM posts p WHERE p.channelid = $1 AND `+counts+`
			AND p.createat > coalesce(channelmembers.lastviewedat, 0)),
		msgcountroot = (SELECT c.totalmsgcountroot FROM channels c WHERE c.id = $1) - (SELECT count(*) FROM posts p WHERE p.channelid = $1 AND `+counts+`
			AND p.createat > coalesce(channelmembers.lastviewedat, 0) AND p.rootid = '')
		WHERE channelid = $1`, channelID, posts.Uncounted()); err != nil {
		return err
	}
	// Nobody is mentioned more often than there are messages that they haven't read.
	_, err := tx.Exec(ctx, `UPDATE channelmembers SET
		mentioncount = least(coalesce(mentioncount, 0), (SELECT c.totalmsgcount FROM channels c WHERE c.id = $1) - msgcount),
		mentioncountroot = least(coalesce(mentioncountroot, 0), (SELECT c.totalmsgcountroot FROM channels c WHERE c.id = $1) - msgcountroot),
		urgentmentioncount = least(coalesce(urgentmentioncount, 0), (SELECT c.totalmsgcount FROM channels c WHERE c.id = $1) - msgcount)
		WHERE channelid = $1 AND (mentioncount > 0 OR mentioncountroot > 0 OR urgentmentioncount > 0)`, channelID)
	return err
}
