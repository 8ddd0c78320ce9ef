package admin

import (
	"context"
	"slices"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
)

// maxNoticesViewed bounds what one call marks, and the ids' width is the column's.
const (
	maxNoticesViewed = 100
	maxNoticeID      = 26
)

type noticesIn struct {
	TeamID        string `path:"team_id"`
	Client        string `query:"client"`
	ClientVersion string `query:"clientVersion"`
}

// noticeClients are the kinds of clients that notices are made for.
var noticeClients = []string{"web", "desktop", "mobile-ios", "mobile-android"}

// notices are messages of the product's makers to its users. Parley's makers
// send none into other people's servers, so there never is one to show.
func (a *Admin) notices(_ context.Context, _ access.Viewer, in noticesIn) ([]struct{}, error) {
	if !slices.Contains(noticeClients, in.Client) {
		return nil, fault.InvalidParam("client")
	}
	return []struct{}{}, nil
}

type viewNoticesIn struct {
	Raw []byte `body:"raw"`
}

// viewNotices notes which notices the viewer has seen, for the day when the
// database goes back to a server that shows some.
func (a *Admin) viewNotices(ctx context.Context, v access.Viewer, in viewNoticesIn) (api.OK, error) {
	ids, err := words(in.Raw, maxNoticesViewed)
	if err != nil {
		return api.OK{}, err
	}
	for _, n := range ids {
		if n == "" || len(n) > maxNoticeID {
			return api.OK{}, fault.Invalid("api.system.update_viewed_notices.failed")
		}
	}
	return api.Done(), a.db.Tx(ctx, func(tx *db.Tx) error {
		for _, n := range ids {
			_, err := db.Exec(ctx, tx, `INSERT INTO productnoticeviewstate (userid, noticeid, viewed, timestamp) VALUES ($1, $2, 1, $3)
				ON CONFLICT (userid, noticeid) DO UPDATE SET viewed = productnoticeviewstate.viewed + 1, timestamp = EXCLUDED.timestamp`,
				v.UserID, n, id.Now()/1000)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// words reads a body that is a list of texts: at least one, at most limit, each once, sorted.
func words(raw []byte, limit int) ([]string, error) {
	var list []string
	if err := api.DecodeJSON(raw, &list); err != nil {
		return nil, fault.Invalid("api.payload.parse.error").Wrap(err)
	}
	if len(list) == 0 || len(list) > limit {
		return nil, fault.Invalid("api.payload.parse.error")
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}
