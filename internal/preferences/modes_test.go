package preferences

import (
	"log/slog"
	"testing"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/bus"
	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Who chose collapsed threads is asked once, and anew on every node after a change.
func TestChoiceOfThreads(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var loop bus.Loop
		node := func(setting string) *Preferences {
			cfg, err := config.Open(config.Options{Environ: []string{"MM_SERVICESETTINGS_COLLAPSEDTHREADS=" + setting}})
			if err != nil {
				t.Fatal(err)
			}
			p := &Preferences{db: d, cfg: cfg, bus: loop.Node(), log: slog.New(slog.DiscardHandler), modes: newModes()}
			p.acc = access.New(d, cfg, p.bus, p.log)
			p.bus.Subscribe(modesTopic, func(body []byte) { p.modes.forget(string(body)) })
			return p
		}
		off, on, always := node("default_off"), node("default_on"), node("always_on")
		ann := id.New()
		wants := func(atOff, atOn bool) {
			t.Helper()
			ctx, counter := db.CountStatements(t.Context())
			for range 2 {
				if off.CollapsedThreads(ctx, ann) != atOff || on.CollapsedThreads(ctx, ann) != atOn || !always.CollapsedThreads(ctx, ann) {
					t.Error("not as chosen")
				}
			}
			if counter.N() > 2 {
				t.Errorf("%d statements", counter.N())
			}
		}
		wants(false, true)
		for _, value := range []string{"on", "off"} {
			one := model.Preference{UserID: ann, Category: "display_settings", Name: "collapsed_reply_threads", Value: value}
			if err := d.Tx(t.Context(), func(tx *db.Tx) error { return off.PutTx(t.Context(), tx, []model.Preference{one}) }); err != nil {
				t.Fatal(err)
			}
			wants(value == "on", value == "on")
		}
	})
}
