package transfer

import (
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/posts"
)

// What is asked for each batch and each page reads no table as a whole.
func TestQueriesUseIndexes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ids := []string{"a", "b"}
		dbtest.UsesIndex(t, d, selectKnown, []int64{1, 2})
		dbtest.UsesIndex(t, d, selectReplies, ids)
		dbtest.UsesIndex(t, d, rootsPage, "c", 1, 10)
		dbtest.UsesIndex(t, d, rootsAt, "c", 1)
		for _, query := range []string{repliesTo, reactionsTo, flagsOf, filesOf} {
			dbtest.UsesIndex(t, d, query, ids)
		}
		dbtest.UsesIndex(t, d, selectMembers+`WHERE m.channelid = $1 LIMIT 100`, "c", posts.Uncounted())
	})
}
