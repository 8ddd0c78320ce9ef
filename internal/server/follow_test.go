package server_test

import (
	"testing"

	"github.com/parley-chat/parley/internal/config"
	"github.com/parley-chat/parley/internal/config/stored"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/testkit"
)

// What a command or another node sets holds here soon after, and clients hear of it.
func TestSettingsOfOthersAreFollowed(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		alice.Listen()
		change := config.Change{Key: "TeamSettings.SiteName", Value: []byte(`"Elsewhere"`), At: id.Now()}
		if err := stored.Console(s.DB).Save(t.Context(), []config.Change{change}, nil, ""); err != nil {
			t.Fatal(err)
		}
		testkit.Eventually(t, "the new name holds", func() bool { return s.Config.Get().TeamSettings.SiteName == "Elsewhere" })
		alice.Expect("config_changed", nil)
		if err := stored.Console(s.DB).Save(t.Context(), nil, []string{"TeamSettings.SiteName"}, ""); err != nil {
			t.Fatal(err)
		}
		testkit.Eventually(t, "the old name is back", func() bool { return s.Config.Get().TeamSettings.SiteName == "Mattermost" })
	})
}
