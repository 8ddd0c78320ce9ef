package model

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// storedUser is the row behind the recorded answers of testdata/user_views.json, with every secret set.
func storedUser() User {
	return User{
		ID: "id#2", CreateAt: 1700000000000, UpdateAt: 1700000000000, Username: "aliceabc", Password: "a hash",
		Email: "aliceabc@example.com", Roles: "system_user", NotifyProps: DefaultUserNotifyProps(),
		LastPasswordUpdate: 1700000000000, Locale: "en", Timezone: DefaultTimezone(), RemoteID: new(string),
		MFASecret: "secret", LastLogin: 1700000000000, MFAUsedTimestamps: StringList{"1"},
	}
}

// What each viewer sees of a user is what recorded answers show.
func TestUserViews(t *testing.T) {
	b, err := os.ReadFile("testdata/user_views.json")
	if err != nil {
		t.Fatal(err)
	}
	var recorded map[string]json.RawMessage
	if err := json.Unmarshal(b, &recorded); err != nil {
		t.Fatal(err)
	}
	open := Visibility{Email: true, FullName: true}
	withStatus := storedUser()
	withStatus.Props = StringMap{UserPropCustomStatus: `{"emoji":"palm_tree"}`}
	for name, u := range map[string]User{
		"self":             storedUser().ForSelf(),
		"admin":            storedUser().ForAdmin(),
		"others":           storedUser().ForOthers(open),
		"bare participant": User{ID: "id#3"}.ForOthers(open),
	} {
		got, err := json.Marshal(u)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(decoded(t, recorded[name]), decoded(t, got)); diff != "" {
			t.Errorf("%s (-recorded +written):\n%s", name, diff)
		}
	}
	if got := withStatus.ForOthers(open).Props[UserPropCustomStatus]; got == "" {
		t.Error("others do not see the custom status")
	}
}

func TestUserViewsHideWhatSettingsHide(t *testing.T) {
	u := storedUser()
	u.FirstName, u.LastName, u.Nickname = "Alice", "Liddell", "Al"
	u.Props = StringMap{userPropRemoteEmail: "alice@elsewhere.example", "x": "y"}
	u.NotifyProps[NotifyPropMentionKeys] = "rabbit"
	identity := "cn=alice"
	u.AuthData, u.AuthService, u.MFAActive, u.EmailVerified = &identity, UserAuthServiceLDAP, true, true
	before := u

	v := u.ForOthers(Visibility{})
	if v.Email != "" || v.FirstName != "" || v.LastName != "" || v.Props[userPropRemoteEmail] != "" {
		t.Errorf("hidden fields are shown: %+v", v)
	}
	if v.Nickname != "Al" || v.Props["x"] != "y" {
		t.Errorf("the profile is not shown: %+v", v)
	}
	if *v.AuthData != "" || v.MFAActive || v.EmailVerified || v.NotifyProps != nil {
		t.Errorf("what concerns the owner alone is shown: %+v", v)
	}
	if self := u.ForSelf(); *self.AuthData != "" || self.Password != "" || self.MFASecret != "" {
		t.Errorf("secrets are shown to their owner: %+v", self)
	}
	if diff := cmp.Diff(before, u); diff != "" || u.Props[userPropRemoteEmail] == "" || identity != "cn=alice" {
		t.Errorf("a view changed the user: %s", diff)
	}
}

func TestRoles(t *testing.T) {
	for _, tt := range []struct {
		roles, name string
		want        bool
	}{
		{"system_user system_admin", RoleSystemAdmin, true},
		{"system_user", RoleSystemAdmin, false},
		{"system_admins", RoleSystemAdmin, false},
		{"", "", false},
	} {
		if got := HasRole(tt.roles, tt.name); got != tt.want {
			t.Errorf("HasRole(%q, %q) = %v", tt.roles, tt.name, got)
		}
	}
	guest, admin := User{Roles: RoleSystemGuest}, User{Roles: "system_user system_admin"}
	if !guest.IsGuest() || guest.IsAdmin() || admin.IsGuest() || !admin.IsAdmin() {
		t.Error("guest and admin are mistaken")
	}
}

func TestRenamedMentionKeys(t *testing.T) {
	for keys, want := range map[string]string{
		"wonder":               ",wonder", // recorded
		",wonder":              ",wonder",
		"":                     "",
		"alice,@alice, wonder": ",wonder",
	} {
		u := User{NotifyProps: StringMap{NotifyPropMentionKeys: keys}}
		if got := u.RenamedMentionKeys("alice"); got != want {
			t.Errorf("%q becomes %q, want %q", keys, got, want)
		}
	}
}

func TestUserPatch(t *testing.T) {
	u := storedUser()
	var p UserPatch
	if err := json.Unmarshal([]byte(`{"nickname":"Al","email":null,"timezone":{"manualTimezone":"Europe/Paris"}}`), &p); err != nil {
		t.Fatal(err)
	}
	p.Apply(&u)
	want := storedUser()
	want.Nickname, want.Timezone = "Al", StringMap{TimezoneManual: "Europe/Paris"}
	if diff := cmp.Diff(want, u); diff != "" {
		t.Error(diff)
	}
}
