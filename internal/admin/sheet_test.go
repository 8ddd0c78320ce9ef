package admin_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/testkit"
)

type settingRow struct {
	Key, Type, Layer, Source, Env, Who string
	Value, Default, Below              any
	At                                 int64
	Secret, Locked, Restart            bool
}

type changeRow struct {
	ID, Key, Who, Username string
	Old, New               json.RawMessage
	Secret                 bool
	At                     int64
}

// atConsole returns how an administrator looks at a setting, and sets one.
func atConsole(t *testing.T, s *testkit.Server) (row func(key string) settingRow, patch func(section, key string, value any)) {
	return func(key string) settingRow {
			var list []settingRow
			s.Admin.GET("/parley/settings").Want(t, 200).Into(t, &list)
			for _, r := range list {
				if r.Key == key {
					return r
				}
			}
			t.Fatalf("no %s among %d", key, len(list))
			return settingRow{}
		}, func(section, key string, value any) {
			s.Admin.PUT("/config/patch", map[string]any{section: map[string]any{key: value}}).Want(t, 200)
		}
}

// TestSettingsHaveAPast changes settings in the console, looks at where each
// comes from, and takes changes back.
func TestSettingsHaveAPast(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			s := testkit.Start(t, engine, testkit.Env("MM_TEAMSETTINGS_MAXUSERSPERTEAM=321"))
			row, patch := atConsole(t, s)
			if r := row("TeamSettings.MaxUsersPerTeam"); !r.Locked || r.Layer != "environment" || r.Source != "MM_TEAMSETTINGS_MAXUSERSPERTEAM" || r.Value != 321.0 || r.Default != 50.0 {
				t.Errorf("held by the environment: %+v", r)
			}
			if r := row("SqlSettings.MaxOpenConns"); !r.Restart {
				t.Errorf("%+v", r)
			}
			before := time.Now().UnixMilli()
			patch("SupportSettings", "HelpLink", "https://help.example.com")
			patch("SupportSettings", "HelpLink", "https://second.example.com")
			patch("EmailSettings", "SMTPPassword", "very secret")
			patch("SupportSettings", "AboutLink", "https://about.example.com")
			r := row("SupportSettings.HelpLink")
			if r.Layer != "console" || r.Value != "https://second.example.com" || r.Who != s.Admin.ID || r.At < before || r.Below == r.Value {
				t.Errorf("changed: %+v", r)
			}
			if r := row("EmailSettings.SMTPPassword"); !r.Secret || strings.Contains(r.Value.(string), "secret") {
				t.Errorf("a secret: %+v", r)
			}
			var past []changeRow
			raw := s.Admin.GET("/parley/settings/history?key=SupportSettings.HelpLink").Want(t, 200)
			raw.Into(t, &past)
			if len(past) != 2 || past[0].Username != s.Admin.Username || string(past[0].Old) != `"https://help.example.com"` || past[1].Old != nil {
				t.Fatalf("history: %s", raw.Body)
			}
			s.Admin.POST("/parley/settings/rollback", map[string]any{"id": past[0].ID}).Want(t, 200)
			if r := row("SupportSettings.HelpLink"); r.Value != "https://help.example.com" {
				t.Errorf("one taken back: %+v", r)
			}
			var secret []changeRow
			raw = s.Admin.GET("/parley/settings/history?key=EmailSettings.SMTPPassword").Want(t, 200)
			if raw.Into(t, &secret); len(secret) != 1 || !secret[0].Secret || strings.Contains(string(raw.Body), "very") {
				t.Errorf("a secret's history: %s", raw.Body)
			}
			s.Admin.POST("/parley/settings/rollback", map[string]any{"id": secret[0].ID}).Refused(t, 403, "api.config.rollback.kept.app_error")
			s.Admin.POST("/parley/settings/rollback", map[string]any{"id": "nobody"}).Refused(t, 404, "api.config.rollback.no_change.app_error")
			s.Admin.POST("/parley/settings/rollback", map[string]any{"since": before}).Want(t, 200)
			for _, key := range []string{"SupportSettings.HelpLink", "SupportSettings.AboutLink"} {
				if r := row(key); r.Layer == "console" || r.Value != r.Default {
					t.Errorf("all taken back: %+v", r)
				}
			}
			if s.Config.Get().EmailSettings.SMTPPassword != "very secret" {
				t.Error("a secret was taken back")
			}
			patch("SupportSettings", "AboutLink", "https://about.example.com")
			s.Admin.POST("/parley/settings/reset", map[string]any{"keys": []string{"SupportSettings.AboutLink", "TeamSettings.SiteName"}}).Want(t, 200)
			if r := row("SupportSettings.AboutLink"); r.Layer == "console" {
				t.Errorf("reset: %+v", r)
			}
			s.Admin.POST("/parley/settings/reset", map[string]any{"keys": []string{"No.Such"}}).Want(t, 400)
		})
	}
}

// TestOverviewReminds looks at the console's first page before and after
// something is set right.
func TestOverviewReminds(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			s := testkit.Start(t, engine)
			type overview struct {
				Version, Engine string
				Size            int64 `json:"database_bytes"`
				Memory          int64 `json:"memory_bytes"`
				RoomAll         int64 `json:"room_all"`
				Counts          struct{ Users, Teams map[string]int64 }
				Reminders       []struct {
					ID    string
					Count int64
				}
			}
			look := func() (o overview, reminders map[string]int64) {
				s.Admin.GET("/parley/overview").Want(t, 200).Into(t, &o)
				reminders = map[string]int64{}
				for _, r := range o.Reminders {
					reminders[r.ID] = max(r.Count, 1)
				}
				return o, reminders
			}
			s.Admin.PUT("/config/patch", map[string]any{"ServiceSettings": map[string]any{"SiteURL": "http://chat.example.com"}}).Want(t, 200)
			o, reminders := look()
			if o.Engine != string(engine) || o.Version == "" || o.Size <= 0 || o.Memory <= 0 || o.RoomAll <= 0 || o.Counts.Users["active"] < 1 {
				t.Errorf("%+v", o)
			}
			if reminders["site_plain"] == 0 || reminders["admins_mfa"] != 1 || reminders["backup_none"] == 0 {
				t.Errorf("reminders: %v", reminders)
			}
			s.Admin.PUT("/config/patch", map[string]any{"ServiceSettings": map[string]any{"SiteURL": "https://chat.example.com"}}).Want(t, 200)
			if _, reminders := look(); reminders["site_plain"] != 0 {
				t.Errorf("reminders: %v", reminders)
			}
		})
	}
}
