package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/server"
	"github.com/parley-chat/parley/internal/testkit"
)

// desk is where somebody runs parley ctl.
type desk struct {
	t       *testing.T
	environ []string
}

func newDesk(t *testing.T, environ ...string) *desk {
	return &desk{t: t, environ: append([]string{"LANG=en_GB.UTF-8", "HOME=" + t.TempDir()}, environ...)}
}

func (d *desk) run(in, line string) (code int, out, err string) {
	d.t.Helper()
	var o, e bytes.Buffer
	code = Run(d.t.Context(), append([]string{"ctl"}, words(line)...), d.environ, Streams{In: strings.NewReader(in), Out: &o, Err: &e})
	return code, o.String(), e.String()
}

// words splits a line as a shell does, with single quotes only.
func words(line string) []string {
	var list []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			list = append(list, part)
			continue
		}
		list = append(list, strings.Fields(part)...)
	}
	return list
}

func (d *desk) want(line string) string {
	d.t.Helper()
	code, out, err := d.run("", line)
	if code != 0 || err != "" {
		d.t.Fatalf("ctl %s: %d %s %s", line, code, out, err)
	}
	return out
}

func (d *desk) refused(line string, said ...string) {
	d.t.Helper()
	code, out, err := d.run("", line)
	if code != 1 {
		d.t.Fatalf("ctl %s: %d %s %s", line, code, out, err)
	}
	contains(d.t, err, said...)
}

// data runs a command with --json and decodes what it prints.
func (d *desk) data(line string) []map[string]any {
	d.t.Helper()
	var list []map[string]any
	if out := d.want("--json " + line); json.Unmarshal([]byte(out), &list) != nil {
		d.t.Fatalf("ctl %s: no list: %s", line, out)
	}
	return list
}

// ifServed runs a command whose route the server may not have yet: then it says so.
func (d *desk) ifServed(s *testkit.Server, route, line string) {
	d.t.Helper()
	for _, r := range s.Router().Routes() {
		if r.Method+" "+r.Path == route {
			d.want(line)
			return
		}
	}
	d.refused(line, "This server doesn’t have what is needed")
}

// withSocket has a server open its local socket, in a folder of its own.
func withSocket(t *testing.T) (path string, option testkit.Option) {
	t.Helper()
	dir, err := os.MkdirTemp("", "ctl")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path = filepath.Join(dir, "s")
	return path, testkit.Env("MM_SERVICESETTINGS_ENABLELOCALMODE=true", "MM_SERVICESETTINGS_LOCALMODESOCKETLOCATION="+path)
}

// A host's script, run over the local socket and with a token: people, teams,
// channels, settings, and what is looked for afterwards.
func TestCtlJourney(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		local := newDesk(t, "MMCTL_LOCAL=true", "MMCTL_LOCAL_SOCKET_PATH="+s.Config.Get().ServiceSettings.LocalModeSocketLocation)
		t.Run("local", func(t *testing.T) { on := *local; on.t = t; journey(t, &on, "l", s) })
		local.want("config set ServiceSettings.EnableUserAccessTokens true")
		local.refused("post create x:y -m hello", "no team x")
		local.refused("auth current", "auth login")
		local.refused("integrity --confirm", "parley doctor")
		local.refused("bot create helper", "needs a user")
		list := local.data("token list " + s.Admin.Username)
		if len(list) != 0 {
			t.Errorf("tokens: %v", list)
		}
		token, _, _ := strings.Cut(local.want("token generate "+s.Admin.Username+" scripts"), ":")
		file := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		remote := newDesk(t)
		remote.want("auth login " + s.URL + " --name here --access-token-file " + file)
		old := local.data("token generate " + s.Admin.Username + " other")[0]["id"].(string)
		contains(t, local.want("token list "+s.Admin.Username), "scripts", "other")
		local.want("token revoke " + old)
		remote.refused("integrity --confirm", "--local")
		t.Run("remote", func(t *testing.T) { on := *remote; on.t = t; journey(t, &on, "r", s) })
	}, func(o *server.Options) { _, set := withSocket(t); set(o) })
}

func journey(t *testing.T, d *desk, tag string, s *testkit.Server) {
	team, ann, bob := "crew"+tag, "ann"+tag, "bob"+tag
	contains(t, d.want("team create --name "+team+" --display-name 'The Crew' --email crew@example.com"), "Done: team create "+team)
	for _, name := range []string{ann, bob} {
		d.want("user create --username " + name + " --email " + name + "@example.com --password " + testkit.Password + " --firstname First")
	}
	d.refused("user create --username "+ann+" --email x@example.com --password "+testkit.Password, "Error:")
	d.want("team users add " + team + " " + ann + "@example.com " + bob)
	d.want("channel create --team " + team + " --name engine --display-name Engine --private")
	d.want("channel users add " + team + ":engine " + ann + " " + bob)
	contains(t, d.want("channel list "+team), "engine (private)", "town-square")
	d.want("channel modify " + team + ":engine --public")
	d.want("channel rename " + team + ":engine --name motor --display-name Motor")
	d.want("channel archive " + team + ":motor")
	contains(t, d.want("channel list "+team), "motor (archived)")
	d.want("channel unarchive " + team + ":motor")
	contains(t, d.want("channel search motor --team "+team), "motor: Motor")
	d.want("channel users remove " + team + ":motor " + bob)
	d.want("channel users remove " + team + ":motor --all-users")
	people(t, d, team, ann, bob)
	settingsOf(t, d, s)

	d.want("team rename " + team + " --display-name Sailors")
	d.want("team modify " + team + " --private")
	if list := d.data("team search " + team); len(list) != 1 || list[0]["display_name"] != "Sailors" || list[0]["type"] != model.TeamInvite {
		t.Errorf("team search: %v", list)
	}
	d.refused("team archive "+team, "wasn’t confirmed")
	d.want("team archive --confirm " + team)
	contains(t, d.want("team list"), team+" (archived)")
	d.want("team restore " + team)
	d.want("channel create --team " + team + " --name brief --display-name Brief")
	if tag == "r" { // over the socket no setting keeps from it
		d.refused("channel delete --confirm "+team+":brief", "EnableAPIChannelDeletion")
		d.want("config set ServiceSettings.EnableAPIChannelDeletion true")
	}
	d.want("channel delete --confirm " + team + ":brief")
	groupsOf(t, d, team, ann)
	if tag == "r" {
		d.want("config set ServiceSettings.EnableBotAccountCreation true")
		d.ifServed(s, "POST /api/v4/bots", "bot create helper --display-name Helper --description Helps")
	}
	d.ifServed(s, "GET /api/v4/bots", "bot list --all")
	d.ifServed(s, "GET /api/v4/hooks/incoming", "webhook list "+team)
}

func people(t *testing.T, d *desk, team, ann, bob string) {
	if list := d.data("user search " + ann + " " + bob + "@example.com"); len(list) != 2 || list[0]["username"] != ann || list[1]["username"] != bob {
		t.Errorf("user search: %v", list)
	}
	if code, out, err := d.run("", "user search "+ann+" nobody "+bob); code != 1 || !strings.Contains(out, bob) || !strings.Contains(err, "no user nobody") {
		t.Errorf("a search goes on after a miss: %d %s %s", code, out, err)
	}
	contains(t, d.want("user list --team "+team), ann, bob)
	d.want("roles system-admin " + ann)
	d.want("roles member " + ann)
	d.want("permissions role assign system_user_manager " + bob)
	if list := d.data("user search " + bob); list[0]["roles"] != "system_user system_user_manager" {
		t.Errorf("roles: %v", list[0]["roles"])
	}
	d.want("permissions role unassign system_user_manager " + bob)
	d.want("user deactivate " + bob)
	d.want("user activate " + bob)
	d.want("user verify " + bob)
	d.want("user edit email " + bob + " new-" + bob + "@example.com")
	d.want("user change-password " + bob + " --password Another-Passw0rd-2")
	d.want("user edit username " + bob + " " + bob + ".new")
	d.want("user preference set --category mine --name x --value y " + ann)
	contains(t, d.want("user preference get --category mine --name x "+ann), "mine/x: y")
	d.want("user preference delete --category mine --name x " + ann)
	d.want("team users remove " + team + " " + bob + ".new")
	d.refused("user delete "+bob+".new", "wasn’t confirmed")
}

func groupsOf(t *testing.T, d *desk, team, ann string) {
	field := "Port of " + ann
	d.want("user attributes field create '" + field + "' select --option Brest --option Calais")
	d.want("user attributes value set " + ann + " '" + field + "' --value Calais")
	contains(t, d.want("user attributes value list "+ann), field+": Calais")
	d.want("user attributes field edit '" + field + "' --name '" + field + "!' --option Calais,Dover")
	contains(t, d.want("user attributes value list "+ann), field+"!: Calais")
	d.want("user attributes field delete --confirm '" + field + "!'")
	contains(t, d.want("group team status "+team), "disabled")
	d.refused("group team enable "+team, "has no groups")
	contains(t, d.want("group channel status "+team+":town-square"), "disabled")
	d.want("license get")
	d.want("roles list")
	d.refused("user convert --user --bot x", "Usage:")
	file := filepath.Join(t.TempDir(), "import.zip")
	if err := os.WriteFile(file, []byte("PK"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.want("import upload " + file)
	d.want("import list incomplete")
}

func settingsOf(t *testing.T, d *desk, s *testkit.Server) {
	d.want("config set TeamSettings.SiteName 'The Ship'")
	if got := strings.TrimSpace(d.want("config get TeamSettings.SiteName")); got != "The Ship" || s.Config.Get().TeamSettings.SiteName != got {
		t.Errorf("the name is %q", got)
	}
	d.want("config set TeamSettings.MaxUsersPerTeam 123")
	d.want("config set ServiceSettings.TrustedProxyIPHeader X-Real-Ip X-Forwarded-For")
	if c := s.Config.Get(); c.TeamSettings.MaxUsersPerTeam != 123 || len(c.ServiceSettings.TrustedProxyIPHeader) != 2 {
		t.Error("the settings were not kept")
	}
	d.refused("config set TeamSettings.MaxUsersPerTeam many", "is no value")
	d.refused("config get Nothing.Such", "no setting")
	d.want("config reset --confirm TeamSettings.MaxUsersPerTeam ServiceSettings.TrustedProxyIPHeader")
	if s.Config.Get().TeamSettings.MaxUsersPerTeam == 123 {
		t.Error("the setting was not reset")
	}
	file := filepath.Join(t.TempDir(), "patch.json")
	if err := os.WriteFile(file, []byte(`{"TeamSettings":{"SiteName":"Patched"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	d.want("config patch " + file)
	var tree struct{ TeamSettings struct{ SiteName string } }
	if out := d.want("config show --json"); json.Unmarshal([]byte(out), &tree) != nil || tree.TeamSettings.SiteName != "Patched" {
		t.Errorf("config show: %.200s", out)
	}
	d.want("config reload")
	d.want("config export")
	contains(t, d.want("system status"), "status: OK")
	contains(t, d.want("system version"), "11.")
	d.want("system setbusy -s 60")
	contains(t, d.want("system getbusy"), "busy: true")
	d.want("system clearbusy")
	d.want("logs -n 5")
	d.want("job list --all")
	d.want("permissions role show system_user")
	d.want("permissions remove team_user read_public_channel")
	d.want("permissions reset team_user")
	contains(t, d.want("permissions role show team_user"), "read_public_channel")
	zip := filepath.Join(t.TempDir(), "support.zip")
	d.want("system supportpacket -o " + zip)
	if info, err := os.Stat(zip); err != nil || info.Size() == 0 || info.Mode().Perm() != 0o600 {
		t.Errorf("the packet: %v %v", info, err)
	}
	if out := d.want("--quiet team list"); out != "" {
		t.Errorf("quiet, yet: %s", out)
	}
	d.want("--strict system version")
}

// Credentials are kept where only their owner can read them, and several
// servers side by side.
func TestCtlCredentials(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		d := newDesk(t)
		d.refused("user list", "parley ctl auth login")
		file := filepath.Join(t.TempDir(), "password")
		if err := os.WriteFile(file, []byte(testkit.Password), 0o600); err != nil {
			t.Fatal(err)
		}
		login := "auth login " + s.URL + " --username " + s.Admin.Username
		contains(t, d.want(login+" --name one --password-file "+file), "Logged in to one")
		if code, _, err := d.run(testkit.Password+"\n", login+" --name two --no-activate"); code != 0 {
			t.Fatal(err)
		}
		if code, _, err := d.run("wrong\n", login+" --name three"); code != 1 || !strings.Contains(err, "Error") {
			t.Errorf("a wrong password: %d %s", code, err)
		}
		kept := filepath.Join(strings.TrimPrefix(d.environ[1], "HOME="), ".config", "parley", "ctl.json")
		info, err := os.Stat(kept)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("the credentials: %v %v", info, err)
		}
		contains(t, d.want("auth list"), "* one", "two")
		contains(t, d.want("auth current"), "one")
		d.want("auth set two")
		d.want("user list")
		d.want("auth renew --password-file " + file)
		post(t, d, s)
		d.want("auth delete two")
		d.refused("user list", "auth login")
		d.refused("auth set two", "no credentials named two")
		d.want("auth set one")
		if err := os.Chmod(kept, 0o644); err != nil {
			t.Fatal(err)
		}
		d.refused("user list", "Others can read")
		if err := os.Chmod(kept, 0o600); err != nil {
			t.Fatal(err)
		}
		d.want("auth clean")
		d.refused("user list", "auth login")
	})
}

func post(t *testing.T, d *desk, s *testkit.Server) {
	team := s.Team(s.Admin)
	room := s.Channel(s.Admin, team)
	where := team.Name + ":" + room.Name
	made := d.data("post create " + where + " --message 'Hello there'")
	contains(t, d.want("post list -i "+where), "["+s.Admin.Username+"] Hello there", made[0]["id"].(string))
	d.want("post create " + room.ID + " -m Again -r " + made[0]["id"].(string))
	d.want("post delete --confirm " + made[0]["id"].(string))
}

func TestCtlSocketIsLookedAt(t *testing.T) {
	dir := t.TempDir()
	d := newDesk(t, "MMCTL_LOCAL_SOCKET_PATH="+filepath.Join(dir, "none"))
	d.refused("--local user list", "No server listens")
	file := filepath.Join(dir, "none")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	d.refused("--local user list", "Nothing was sent")
}

// Its help is translated, and what isn't offered says why.
func TestCtlHelp(t *testing.T) {
	d := newDesk(t)
	contains(t, d.want("--help"), "user", "Manage users.", "--local")
	contains(t, d.want("user"), "create", "Create a user.")
	contains(t, d.want("user create --help"), "--system-admin", "Usage: parley ctl user create")
	d.refused("sampledata", "loadgen")
	d.refused("ldap sync", "LDAP")
	d.refused("nonsense", "no command “nonsense”")
	d.refused("user create --nonsense", "no flag --nonsense")
	d.refused("team users add one", "Usage: parley ctl team users add")
	contains(t, d.want("version"), "parley ctl")
	d.environ[0] = "LANG=fr_FR.UTF-8"
	contains(t, d.want("user create -h"), "Créer un utilisateur", "Options :")
	sh := &shell{t: t, environ: []string{"LANG=en"}}
	contains(t, sh.want("", "--help"), "ctl")
}
