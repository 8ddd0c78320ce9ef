package config

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-chat/parley/internal/fault"
)

func TestDefaultsAreValid(t *testing.T) {
	if n := len(Keys()); n != 683 {
		t.Fatalf("%d keys", n)
	}
	if err := Defaults().Validate(); err != nil {
		t.Fatal(err)
	}
}

// TestEveryRuleIsUnderstood sees to it that no cell "allowed" is ignored: it is a rule of its own or stands in crossChecks.
func TestEveryRuleIsUnderstood(t *testing.T) {
	source, err := os.ReadFile("cross.go")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := map[string]string{
		"ServiceSettings.UniqueEmojiReactionLimitPerPost": "normalize",
		"LogSettings.AdvancedLoggingJSON":                 "any object; targets are checked when logging starts",
		"ExperimentalAuditSettings.AdvancedLoggingJSON":   "any object; targets are checked when logging starts",
		"DataRetentionSettings.MessageRetentionDays":      "keep in cross.go",
		"DataRetentionSettings.MessageRetentionHours":     "keep in cross.go",
		"DataRetentionSettings.FileRetentionDays":         "keep in cross.go",
		"DataRetentionSettings.FileRetentionHours":        "keep in cross.go",
	}
	for _, k := range Keys() {
		if k.Allowed != "" && ruleOf(k.Allowed) == nil && elsewhere[k.Name] == "" && !strings.Contains(string(source), `"`+k.Name+`"`) {
			t.Errorf("%s: nothing checks %q", k.Name, k.Allowed)
		}
	}
}

// TestRoundTrip writes all keys with other values than the default and reads them back with the same JSON.
func TestRoundTrip(t *testing.T) {
	tree := map[string]any{"PluginX": map[string]any{"deep": []any{"a", json.Number("1.50")}},
		"ServiceSettings": map[string]any{"Unknown": json.Number("12345678901234")}}
	for _, k := range Keys() {
		var v any
		switch k.Type {
		case "string":
			v = "text ü\n\"" + k.Name
		case "boolean":
			v = k.Default() != true
		case "integer":
			v = json.Number("104857601")
		case "array<string>":
			v = []any{"x", "y"}
		case "array<object:ReplicaLagSettings>":
			v = []any{map[string]any{"DataSource": "a", "QueryAbsoluteLag": "b", "QueryTimeLag": "c"}}
		case "map<string,array<string>>":
			v = map[string]any{"k": []any{"v"}}
		case "map<string,object:PluginState>":
			v = map[string]any{"p": map[string]any{"Enable": true}}
		default:
			v = map[string]any{"p": map[string]any{"q": "r"}}
		}
		putPath(tree, k.path(), v)
	}
	want, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	l, err := parseLayer("x.json", want)
	if err != nil {
		t.Fatal(err)
	}
	s := &Store{files: []*layer{l}}
	got, err := json.Marshal(s.base())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Fatal(d)
	}
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// memory keeps the console's layer as a table would.
type memory map[string]Change

func (m memory) console() Console {
	return Console{
		Load: func(context.Context) ([]Change, error) {
			var out []Change
			for _, c := range m {
				out = append(out, c)
			}
			return out, nil
		},
		Save: func(_ context.Context, set []Change, reset []string, _ string) error {
			for _, c := range set {
				m[c.Key] = c
			}
			for _, k := range reset {
				delete(m, k)
			}
			return nil
		},
		Now: func() int64 { return 42 },
	}
}

func TestLayers(t *testing.T) {
	ctx := context.Background()
	secret := write(t, "password", "s3cret\n")
	first := write(t, "a.toml", "[TeamSettings]\nSiteName = \"A\"\nMaxUsersPerTeam = 7\n[EmailSettings]\nSMTPPassword = \"file\"\n")
	second := write(t, "b.json", `{"TeamSettings":{"SiteName":"B"},"LogSettings":{"EnableFile":false}}`)
	s, err := Open(Options{Files: []string{first, second}, Environ: []string{
		"MM_EMAILSETTINGS_SMTPPASSWORD_FILE=" + secret, "MM_LOGSETTINGS_ENABLECONSOLE=false", "MM_LOGSETTINGS_ENABLEFILE=",
		"MM_SERVICESETTINGS_TRUSTEDPROXYIPHEADER=X-Forwarded-For,X-Real-Ip", "PATH=/bin",
	}})
	if err != nil {
		t.Fatal(err)
	}
	kept := memory{}
	if err := s.Attach(ctx, kept.console()); err != nil {
		t.Fatal(err)
	}
	var heard []string
	s.OnChange(func(old, new *Config) {
		heard = Changed(old, new)
		if len(s.Diff(true)) != 3 || s.Origin(heard[0]).Layer != LayerConsole { // a watcher may look around
			t.Error("a watcher sees something else")
		}
	})
	if _, err := s.Patch(ctx, map[string]any{
		"TeamSettings":  map[string]any{"MaxUsersPerTeam": 9.0, "SiteName": "B", "Nonsense": 1},
		"LogSettings":   map[string]any{"EnableConsole": true},
		"EmailSettings": map[string]any{"SMTPPassword": Mask},
	}, "who"); err != nil {
		t.Fatal(err)
	}
	c := s.Get()
	got := []any{c.TeamSettings.SiteName, c.TeamSettings.MaxUsersPerTeam, c.EmailSettings.SMTPPassword, c.LogSettings.EnableFile,
		c.LogSettings.EnableConsole, c.ServiceSettings.TrustedProxyIPHeader, heard}
	want := []any{"B", 9, "s3cret", false, false, []string{"X-Forwarded-For", "X-Real-Ip"}, []string{"TeamSettings.MaxUsersPerTeam"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatal(d)
	}
	for key, want := range map[string]string{
		"TeamSettings.SiteName": "file " + second, "TeamSettings.MaxUsersPerTeam": "console by who",
		"EmailSettings.SMTPPassword": "environment MM_EMAILSETTINGS_SMTPPASSWORD_FILE", "TeamSettings.EnableOpenServer": "default",
		"LogSettings.EnableConsole": "environment MM_LOGSETTINGS_ENABLECONSOLE", "LogSettings.EnableFile": "file " + second,
	} {
		if o := s.Origin(key).String(); o != want {
			t.Errorf("%s comes from %q, want %q", key, o, want)
		}
	}
	if len(kept) != 3 { // two secrets of the first start, and what was patched
		t.Fatalf("kept %v", kept)
	}
	if d := s.Diff(true); len(d) != 3 || d[0].Key != "TeamSettings.MaxUsersPerTeam" || d[0].Below != "7" || d[1].Value != Mask {
		t.Fatalf("%+v", d)
	}
	s.mu.Lock()
	s.watchers = nil
	s.mu.Unlock()
	if _, err := s.Reset(ctx, "", "TeamSettings.MaxUsersPerTeam"); err != nil || s.Get().TeamSettings.MaxUsersPerTeam != 7 {
		t.Fatal(err, s.Get().TeamSettings.MaxUsersPerTeam)
	}
}

func TestReload(t *testing.T) {
	ctx := context.Background()
	file := write(t, "a.json", `{"TeamSettings":{"SiteName":"A"}}`)
	s, err := Open(Options{Files: []string{file}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Attach(ctx, memory{}.console()); err != nil {
		t.Fatal(err)
	}
	salt := s.Get().FileSettings.PublicLinkSalt
	if err := os.WriteFile(file, []byte(`{"TeamSettings":{"SiteName":"B","MaxUsersPerTeam":0}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Reload(ctx); err == nil || s.Get().TeamSettings.SiteName != "A" {
		t.Fatalf("a wrong file came into force: %v", err)
	}
	if err := os.WriteFile(file, []byte(`{"TeamSettings":{"SiteName":"B"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Reload(ctx); err != nil || s.Get().TeamSettings.SiteName != "B" || s.Get().FileSettings.PublicLinkSalt != salt || len(salt) != 32 {
		t.Fatal(err, s.Get())
	}
}

func TestWrongValuesAreNamed(t *testing.T) {
	file := write(t, "a.toml", "[ServiceSettings]\nMaximumLoginAttempts = -5\nSiteURL = \"not a url\"\n")
	_, err := Open(Options{Files: []string{file}, Environ: []string{"MM_SQLSETTINGS_ATRESTENCRYPTKEY=short"}})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"ServiceSettings.MaximumLoginAttempts = -5 (file " + file + "): allowed is > 0", "ServiceSettings.SiteURL",
		"SqlSettings.AtRestEncryptKey = " + Mask + " (environment MM_SQLSETTINGS_ATRESTENCRYPTKEY)"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %q", err, want)
		}
	}
	_, err = Open(Options{Environ: []string{"MM_TEAMSETTINGS_MAXUSERSPERTEAM=many"}})
	if err == nil || !strings.Contains(err.Error(), "MM_TEAMSETTINGS_MAXUSERSPERTEAM): allowed is a whole number") {
		t.Error(err)
	}
	bad := write(t, "b.json", "{\n\"TeamSettings\": {\n,}}")
	if _, err = Open(Options{Files: []string{bad}}); err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Error(err)
	}
}

func TestPatchRefuses(t *testing.T) {
	ctx := context.Background()
	s, err := Open(Options{})
	if err != nil {
		t.Fatal(err)
	}
	before := s.Get()
	for _, c := range []struct {
		tree map[string]any
		id   string
	}{
		{map[string]any{"ServiceSettings": map[string]any{"MaximumLoginAttempts": -5.0}}, "model.config.is_valid.login_attempts.app_error"},
		{map[string]any{"TeamSettings": map[string]any{"MaxUsersPerTeam": "many"}}, "api.context.invalid_body_param.app_error"},
		{map[string]any{"TeamSettings": 3.0}, "api.context.invalid_body_param.app_error"},
		{map[string]any{"ServiceSettings": map[string]any{"SiteURL": "not a url"}}, "model.config.is_valid.site_url.app_error"},
		{map[string]any{"ServiceSettings": map[string]any{"ThreadAutoFollow": false}}, "model.config.is_valid.collapsed_threads.autofollow.app_error"},
	} {
		_, err := s.Patch(ctx, c.tree, "")
		var f *fault.Error
		if !errors.As(err, &f) || f.ID != c.id || f.Status() != 400 {
			t.Errorf("%v: %v", c.tree, err)
		}
	}
	if s.Get() != before {
		t.Error("something changed")
	}
}

func TestPatchMergesMapsAndReplaceResets(t *testing.T) {
	ctx := context.Background()
	s, err := Open(Options{})
	if err != nil {
		t.Fatal(err)
	}
	plugin := func(id string, v any) map[string]any {
		return map[string]any{"PluginSettings": map[string]any{"Plugins": map[string]any{id: map[string]any{"k": v}}},
			"TeamSettings": map[string]any{"SiteName": id}, "EmailSettings": map[string]any{"SMTPPassword": "p"}}
	}
	for _, id := range []string{"a", "b"} {
		if _, err := s.Patch(ctx, plugin(id, id), ""); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.Get().PluginSettings.Plugins; len(got) != 2 || got["a"]["k"] != "a" {
		t.Fatal(got)
	}
	if _, err := s.Replace(ctx, map[string]any{"TeamSettings": map[string]any{"MaxUsersPerTeam": 3.0}}, ""); err != nil {
		t.Fatal(err)
	}
	c := s.Get()
	if c.TeamSettings.SiteName != "Mattermost" || c.TeamSettings.MaxUsersPerTeam != 3 || len(c.PluginSettings.Plugins) != 0 || c.EmailSettings.SMTPPassword != "p" {
		t.Fatal(c.TeamSettings, c.PluginSettings.Plugins)
	}
}

func TestMasked(t *testing.T) {
	s, err := Open(Options{Environ: []string{"MM_SQLSETTINGS_DATASOURCEREPLICAS=postgres://a:b@c/d postgres://e:f@g,h/i"}})
	if err != nil {
		t.Fatal(err)
	}
	got := s.Get().Masked(View{})
	sql, email := got["SqlSettings"].(map[string]any), got["EmailSettings"].(map[string]any)
	if sql["DataSource"] != Mask || email["SMTPPassword"] != "" || !cmp.Equal(sql["DataSourceReplicas"], []string{Mask, Mask}) {
		t.Fatal(sql, email)
	}
	for want, dsn := range map[string]string{
		"postgres://u:****@h:5/d?sslmode=disable": "postgres://u:p%40ss@h:5/d?sslmode=disable",
		"postgres://h/d?password=****&user=u":     "postgres://h/d?user=u&password=x",
		"host=h password=**** user=u":             "host=h password='x y' user=u",
		"****":                                    "postgres://u:p\n@h",
	} {
		if got := MaskDSN(dsn); got != want {
			t.Errorf("%s became %s", dsn, got)
		}
	}
	if s.DatabaseURL() != "" {
		t.Error("the default counts as a choice")
	}
}

func TestExportReadsBack(t *testing.T) {
	file := write(t, "a.json", `{"TeamSettings":{"SiteName":"A","Extra":{"n":1}},"PluginSettings":{"Plugins":{"p":{"x":1.5,"y":null}}}}`)
	s, err := Open(Options{Files: []string{file}})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"b.json", "b.toml"} {
		raw, err := s.Export(false, strings.HasSuffix(name, "toml"), true)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Open(Options{Files: []string{write(t, name, string(raw))}})
		if err != nil {
			t.Fatal(err)
		}
		if !cmp.Equal(again.Get().TeamSettings, s.Get().TeamSettings) {
			t.Fatalf("%s", raw)
		}
		if len(again.Warnings()) != 1 || again.Get().PluginSettings.Plugins["p"]["x"] == nil {
			t.Fatalf("%s\n%v", raw, again.Warnings())
		}
	}
	typo := write(t, "c.toml", "[TeamSettings]\nSitename = \"x\"\n")
	s, err = Open(Options{Files: []string{typo}})
	if err != nil || len(s.Warnings()) != 1 || !strings.Contains(s.Warnings()[0], "is it TeamSettings.SiteName?") {
		t.Fatal(err, s.Warnings())
	}
}

func TestClientConfig(t *testing.T) {
	c := Defaults()
	some, all := ClientConfig(c, Facts{MaxPostSize: 16383}, false), ClientConfig(c, Facts{MaxPostSize: 16383}, true)
	if _, ok := some["MaxFileSize"]; ok || some["SiteName"] != "Mattermost" || some["EnableSaml"] != "false" {
		t.Error(some)
	}
	for k, want := range map[string]string{"MaxFileSize": "104857600", "MaxPostSize": "16383", "DataRetentionFileRetentionHours": "8760",
		"ScheduledPosts": "true", "LdapFirstNameAttributeSet": "false", "AutoTranslationLanguages": "en", "IsDefaultMarketplace": "true"} {
		if all[k] != want {
			t.Errorf("%s = %q, want %q", k, all[k], want)
		}
	}
	if ClientLicense()["IsLicensed"] != "true" {
		t.Error("features are hidden")
	}
}

func FuzzParseFile(f *testing.F) {
	f.Add("a.json", `{"TeamSettings":{"SiteName":"A","MaxUsersPerTeam":1e3},"X":null,"PluginSettings":{"Plugins":{"a":null}}}`)
	f.Add("a.toml", "[SqlSettings]\nDataSource=\"\"\nx.y=1\n")
	f.Fuzz(func(t *testing.T, name, text string) {
		l, err := parseLayer(name, []byte(text))
		if err != nil {
			return
		}
		s := &Store{files: []*layer{l}, env: &layer{}}
		c := s.base()
		_ = c.Validate()
		if _, err := json.Marshal(c.Masked(View{})); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzEnvironment(f *testing.F) {
	f.Add("MM_PLUGINSETTINGS_PLUGINSTATES", `{"a":{"Enable":true}}`)
	f.Add("MM_SERVICESETTINGS_READTIMEOUT", "12")
	f.Fuzz(func(t *testing.T, name, value string) {
		if strings.HasSuffix(name, "_FILE") {
			return
		}
		l, err := envLayer([]string{name + "=" + value})
		if err != nil {
			return
		}
		s := &Store{env: l, console: map[*Key]Change{}}
		_, _ = s.build(nil)
	})
}

func BenchmarkParseTable(b *testing.B) {
	for b.Loop() {
		parseTable()
	}
}
