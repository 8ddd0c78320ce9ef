package access

import (
	"context"
	"time"

	"github.com/parley-chat/parley/internal/db"
)

// How long before the end of an access token its owner is told: of one that lives
// at least longLife the first, of a shorter one the second.
const (
	longLife       = 14 * 24 * time.Hour
	noticeWeek     = 7 * 24 * time.Hour
	noticeDay      = 24 * time.Hour
	endingTogether = 500 // told of in one run
)

// tellAt is when the owner of a token made at now is told of its end, Unix ms; 0
// for never: it has no end, or one so near that they have just chosen it.
func tellAt(now, end int64) int64 {
	life := time.Duration(end-now) * time.Millisecond
	switch {
	case end == 0 || life <= noticeDay:
		return 0
	case life < longLife:
		return end - noticeDay.Milliseconds()
	}
	return end - noticeWeek.Milliseconds()
}

// EndingToken is an access token that works and ends soon.
type EndingToken struct {
	ID, UserID, Description string
	ExpiresAt               int64 // Unix ms
}

// EndingTokens returns tokens whose owners are to be told at now, Unix ms, that
// they end: the longest due first, of those that work now.
func (a *Access) EndingTokens(ctx context.Context, now int64) ([]EndingToken, error) {
	return db.List(ctx, a.db, func(r db.Row) (t EndingToken, err error) {
		err = r.Scan(&t.ID, &t.UserID, &t.Description, &t.ExpiresAt)
		return t, err
	}, `SELECT t.id, u.id, coalesce(t.description,''), l.expiresat
		FROM parley_token_limits l JOIN useraccesstokens t ON t.id = l.tokenid JOIN users u ON u.id = t.userid LEFT JOIN bots b ON b.userid = u.id
		WHERE l.tellat > 0 AND l.tellat <= $1 AND l.expiresat > $1 AND t.isactive = true AND u.deleteat = 0 AND (b.userid IS NOT NULL OR $2)
		ORDER BY l.tellat LIMIT $3`, now, a.cfg.Get().ServiceSettings.EnableUserAccessTokens, endingTogether)
}

// ToldOfEnd notes that the owner of a token knows that it ends.
func (a *Access) ToldOfEnd(ctx context.Context, tokenID string) error {
	_, err := a.db.Exec(ctx, `UPDATE parley_token_limits SET tellat = 0 WHERE tokenid = $1`, tokenID)
	return err
}
