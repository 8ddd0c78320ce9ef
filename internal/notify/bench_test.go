package notify_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// crowd puts so many people with phones into a channel.
func crowd(b *testing.B, s *testkit.Server, ch *model.Channel, size int) {
	b.Helper()
	props, member := model.DefaultUserNotifyProps(), model.DefaultChannelNotifyProps()
	err := s.DB.Tx(b.Context(), func(tx *db.Tx) error {
		for range size {
			userID := id.New()
			if _, err := db.Exec(tx.Context(), tx, `INSERT INTO users (id, createat, updateat, deleteat, username, email, roles, notifyprops, locale, emailverified)
				VALUES ($1, 1, 1, 0, $1, $1, 'system_user', $2, 'en', true)`, userID, db.JSON(props)); err != nil {
				return err
			}
			if _, err := db.Exec(tx.Context(), tx, `INSERT INTO channelmembers (channelid, userid, notifyprops, lastviewedat, msgcount, mentioncount, lastupdateat, schemeuser)
				VALUES ($1, $2, $3, 0, 0, 0, 0, true)`, ch.ID, userID, db.JSON(member)); err != nil {
				return err
			}
			if _, err := db.Exec(tx.Context(), tx, `INSERT INTO sessions (id, token, createat, expiresat, lastactivityat, userid, deviceid, roles, isoauth, props, expirednotify)
				VALUES ($1, $1, 1, 0, 1, $2, $3, 'system_user', false, '{}', false)`, id.New(), userID, "android_rn:"+userID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkMentionOfEverybody posts @all into a channel of 10,000 people with
// phones, with notifications and without, and reports how long authors wait.
// Run it with -benchtime=20x.
func BenchmarkMentionOfEverybody(b *testing.B) {
	for _, engine := range dbtest.Engines {
		for name, on := range map[string]string{"with": "true", "without": "false"} {
			b.Run(fmt.Sprintf("%s/%s", engine, name), func(b *testing.B) {
				s := testkit.Start(b, engine, testkit.Env("MM_TEAMSETTINGS_MAXNOTIFICATIONSPERCHANNEL=20000",
					"MM_EMAILSETTINGS_SENDPUSHNOTIFICATIONS="+on, "MM_EMAILSETTINGS_PUSHNOTIFICATIONSERVER=http://127.0.0.1:9"))
				alice := s.User("alice")
				ch := s.Channel(alice, s.Team(alice))
				crowd(b, s, ch, 10_000)
				alice.Say(ch, "@all first")
				began, queued := time.Now(), time.Duration(0)
				if on == "true" {
					testkit.Eventually(b, "everybody is queued", func() bool {
						n, err := db.Value[int64](b.Context(), s.DB, `SELECT count(*) FROM parley_notify_queue`)
						return err == nil && n >= 10_000
					})
					queued = time.Since(began)
				}
				var took []time.Duration
				for b.Loop() {
					began := time.Now()
					alice.Say(ch, "@all hello")
					took = append(took, time.Since(began))
				}
				slices.Sort(took)
				b.ReportMetric(float64(queued.Milliseconds()), "queued-after-ms")
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			})
		}
	}
}
