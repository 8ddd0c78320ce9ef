package notify

import (
	"context"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/posts"
)

func migrated(t testing.TB) *db.DB {
	d, err := db.Open(context.Background(), dbtest.Options(t, dbtest.SQLite))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return d
}

// However many posts come while decisions are slow, memory holds a bounded
// number; where the rest begins is remembered, and never marked as decided upon.
func TestTheFeedIsBounded(t *testing.T) {
	n := &Notify{db: migrated(t), feed: newFeed(), now: id.Now}
	base := id.Now()
	for i := range int64(maxFeed + 1000) {
		n.created(t.Context(), &posts.Saving{Post: &model.Post{ID: id.New(), CreateAt: base + i}})
	}
	if len(n.feed.posts) != maxFeed || n.feed.behind != base+maxFeed {
		t.Fatalf("%d posts wait, behind %d", len(n.feed.posts), n.feed.behind-base)
	}
	marked := func() string {
		n.mark(t.Context(), 0)
		at, err := n.state(t.Context(), markName)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	first := marked()
	one, some, _ := n.feed.next()
	if !some || one.post.CreateAt != base || marked() != first {
		t.Errorf("the mark moved to %s while its post is decided upon", marked())
	}
	n.feed.took(one, false)
	if again, _, _ := n.feed.next(); again.post != one.post {
		t.Error("a post that could not be decided upon lost its place")
	}
}

// What the loops ask all the time finds its rows by an index.
func TestTheQueueUsesIndexes(t *testing.T) {
	d := migrated(t)
	for _, sql := range []string{
		`SELECT id FROM parley_notify_queue WHERE kind = 'push' AND doneat = 0 AND leaseuntil = 0 AND dueat <= 1 ORDER BY dueat LIMIT 1`,
		`SELECT coalesce(min(dueat), 0) FROM parley_notify_queue WHERE kind = 'push' AND doneat = 0 AND leaseuntil = 0`,
		`SELECT id FROM parley_notify_queue WHERE kind = 'email' AND doneat = 0 AND leaseuntil = 0 AND userid = 'x' ORDER BY createat LIMIT 9`,
		`SELECT id FROM parley_notify_queue WHERE doneat > 0 AND doneat < 9 LIMIT 9`,
		`UPDATE parley_notify_queue SET doneat = 1 WHERE doneat = 0 AND leaseuntil > 0 AND leaseuntil < 9`,
		`SELECT id FROM parley_push_subscriptions WHERE userid = 'x'`,
		`SELECT id, createat FROM posts WHERE createat >= 1 AND (createat > 1 OR id > '') AND coalesce(deleteat,0) = 0 ORDER BY createat, id LIMIT 9`,
	} {
		plan, err := db.List(t.Context(), d, func(r db.Row) (string, error) {
			var a, b, c int
			var detail string
			err := r.Scan(&a, &b, &c, &detail)
			return detail, err
		}, "EXPLAIN QUERY PLAN "+sql)
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range plan {
			if strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "USING") || strings.Contains(step, "idx_posts_delete") {
				t.Errorf("%s\n%s", sql, strings.Join(plan, "\n"))
			}
		}
	}
}

// The bare default of the protocol is no leave to send people's words there.
func TestNothingGoesToTheDefaultProxy(t *testing.T) {
	for _, c := range []struct {
		env  []string
		want bool
	}{
		{nil, false},
		{[]string{"MM_EMAILSETTINGS_PUSHNOTIFICATIONSERVER="}, false},
		{[]string{"MM_EMAILSETTINGS_PUSHNOTIFICATIONSERVER=https://push-test.mattermost.com"}, true},
		{[]string{"MM_EMAILSETTINGS_PUSHNOTIFICATIONSERVER=https://push.example.com", "MM_EMAILSETTINGS_SENDPUSHNOTIFICATIONS=false"}, false},
	} {
		store, err := config.Open(config.Options{Environ: c.env})
		if err != nil {
			t.Fatal(err)
		}
		if n := (&Notify{cfg: store}); n.pushes() != c.want {
			t.Errorf("%v: pushes %v", c.env, n.pushes())
		}
	}
}

// No text is taken for a token, an endpoint or keys unless it is one.
func FuzzWhatPeopleSend(f *testing.F) {
	n := &Notify{}
	n.keys.unsubscribe = []byte("secret")
	userID := "abcdefghijklmnopqrstuvwxyz" // the same in every process of a run
	good, err := n.unsubscribeToken(context.Background(), userID)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"", ".", good, good + "A", userID + ".", userID + ".====", "https://push.example.com/x", "https://[::1", "BAAA", "\x00", "%zz"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if who, ok, err := n.unsubscriber(context.Background(), s); err != nil || ok && (who != userID || s[:len(userID)] != userID) {
			t.Errorf("%q is a token of %q (%v)", s, who, err)
		}
		if checkEndpoint(s) == nil && !strings.HasPrefix(strings.ToLower(s), "http") {
			t.Errorf("%q is an endpoint", s)
		}
		if checkKeys(s, s) == nil {
			t.Errorf("%q is a point and a secret", s)
		}
	})
}
