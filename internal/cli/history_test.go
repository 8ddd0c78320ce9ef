package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Settings are imported, their changes listed, and taken back: one by one, or
// all since a moment.
func TestConfigHistory(t *testing.T) {
	each(t, func(t *testing.T, sh *shell) {
		sh.want("", "db", "migrate")
		file := filepath.Join(t.TempDir(), "house.toml")
		write := func(text string) {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		contains(t, sh.want("", "config", "history"), "Nothing was changed")
		write("[TeamSettings]\nSiteName = \"First\"\nMaxUsersPerTeam = 77\n")
		contains(t, sh.want("", "config", "import", file), "TeamSettings.SiteName", `– → "First"`, "within seconds")
		contains(t, sh.want("", "config", "import", file), "Nothing in")
		between := time.Now().Add(time.Millisecond).Format(time.RFC3339Nano)
		write("[TeamSettings]\nSiteName = \"Second\"\n[EmailSettings]\nSMTPPassword = \"hidden-words\"\n")
		contains(t, sh.want("", "config", "import", file), `"First" → "Second"`)
		list := sh.want("", "config", "history")
		if strings.Contains(list, "hidden-words") || !strings.Contains(list, "SMTPPassword") || !strings.Contains(list, "(command)") {
			t.Errorf("the history says %s", list)
		}
		contains(t, sh.want("", "config", "diff", "--console"), "Second")

		secret := regexp.MustCompile(`(?m)^(\S+).*SMTPPassword`).FindStringSubmatch(list)[1]
		contains(t, sh.refused("", "config", "rollback", secret), "is a secret")
		second := regexp.MustCompile(`(?m)^(\S+).*Second`).FindStringSubmatch(list)[1]
		contains(t, sh.want("", "config", "rollback", second), `TeamSettings.SiteName is "First" again`)
		contains(t, sh.want("", "config", "show", "TeamSettings.SiteName"), "First")
		write("[TeamSettings]\nSiteName = \"Third\"\nMaxUsersPerTeam = 5\n")
		sh.want("", "config", "import", file)
		contains(t, sh.want("", "config", "rollback", "--to", between), `SiteName is "First" again`, "MaxUsersPerTeam is 77 again", "SMTPPassword is a secret")
		contains(t, sh.want("", "config", "show", "TeamSettings"), "First", "77")
		contains(t, sh.want("", "config", "rollback", "--to", "2000-01-01"), "SiteName is – again")
		contains(t, sh.refused("", "config", "rollback"), "Say which change")
		contains(t, sh.refused("", "config", "rollback", "--to", "soon"), "no moment")
		contains(t, sh.refused("", "config", "rollback", "nothing"), "no change")
	})
}
