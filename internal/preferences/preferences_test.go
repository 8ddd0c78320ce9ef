package preferences_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

func pref(userID, category, name, value string) model.Preference {
	return model.Preference{UserID: userID, Category: category, Name: name, Value: value}
}

func put(a *testkit.Actor, list ...model.Preference) *testkit.Response {
	return a.PUT("/users/me/preferences", list)
}

func TestRulesOfValues(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a := s.User("ann")
		for _, c := range []struct{ category, name, value, what string }{
			{"", "n", "v", "category"}, {strings.Repeat("c", 33), "n", "v", "category"}, {"c", strings.Repeat("n", 33), "v", "name"},
			{"c", "n", strings.Repeat("é", 20001), "value"}, {"theme", "", "blue", "theme"}, {"theme", "", "null", "theme"},
			{"sidebar_settings", "limit_visible_dms_gms", "41", "limit_visible_dms_gms"}, {"sidebar_settings", "limit_visible_dms_gms", "0", "limit_visible_dms_gms"},
			{"sidebar_settings", "limit_visible_dms_gms", "all", "limit_visible_dms_gms"},
		} {
			put(a, pref(a.ID, "good", "n", "v"), pref(a.ID, c.category, c.name, c.value)).Refused(t, 400, "model.preference.is_valid."+c.what+".app_error")
		}
		a.GET("/users/me/preferences/good").Refused(t, 404, "api.preference.preferences_category.get.app_error") // all or nothing
		put(a, pref(a.ID, strings.Repeat("c", 32), strings.Repeat("n", 32), strings.Repeat("é", 20000))).Want(t, 200)
		put(a, pref(a.ID, "sidebar_settings", "limit_visible_dms_gms", "10000"), pref(a.ID, "c", "", "")).Want(t, 200)
		put(a, pref(a.ID, "theme", "", `{"sidebarBg":"red;}body{display:none","linkColor":"#FFF","type":"custom"}`)).Want(t, 200)
		var theme []model.Preference
		a.GET("/users/me/preferences/theme").Want(t, 200).Into(t, &theme)
		if len(theme) != 1 || strings.Contains(theme[0].Value, "display") || !strings.Contains(theme[0].Value, `"#FFF"`) {
			t.Errorf("the theme is %v", theme)
		}
	})
}

func TestBodies(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a := s.User("ann")
		var many []model.Preference
		for i := range 101 {
			many = append(many, pref(a.ID, "c", fmt.Sprint(i), "v"))
		}
		for _, body := range []any{many, "", "null", "[]", `[{"user_id":1}]`, `{"category":"c"}`, `["x"]`, "[", strings.Repeat("[", 5000)} {
			a.PUT("/users/me/preferences", body).Refused(t, 400, "api.context.invalid_body_param.app_error")
			a.POST("/users/me/preferences/delete", body).Refused(t, 400, "api.context.invalid_body_param.app_error")
		}
		put(a, many[:100]...).Want(t, 200)
		put(a, pref(a.ID, "c", "1", "first"), pref(a.ID, "c", "1", "last")).Want(t, 200)
		var one model.Preference
		a.GET("/users/me/preferences/c/name/1").Want(t, 200).Into(t, &one)
		if one.Value != "last" {
			t.Errorf("of two values %q won", one.Value)
		}
		a.POST("/users/me/preferences/delete", many[:100]).Want(t, 200)
		a.POST("/users/me/preferences/delete", many[:1]).Want(t, 200) // there is none any more
		a.GET("/users/me/preferences/c").Refused(t, 404, "api.preference.preferences_category.get.app_error")
		a.GET("/users/me/preferences/c-d").Refused(t, 404, "api.context.404.app_error")
	})
}

func TestNobodyElsesPreferences(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, b := s.User("ann"), s.User("bob")
		mine := []model.Preference{pref(a.ID, "c", "n", "v")}
		put(a, mine...).Want(t, 200)
		base := "/users/" + a.ID + "/preferences"
		for _, who := range []struct {
			*testkit.Actor
			status int
			id     string
		}{{b, 403, "api.context.permissions.app_error"}, {s.Nobody(), 401, "api.context.session_expired.app_error"}} {
			who.GET(base).Refused(t, who.status, who.id)
			who.GET(base+"/c").Refused(t, who.status, who.id)
			who.GET(base+"/c/name/n").Refused(t, who.status, who.id)
			who.PUT(base, mine).Refused(t, who.status, who.id)
			who.POST(base+"/delete", mine).Refused(t, who.status, who.id)
		}
		put(b, mine...).Refused(t, 403, "api.preference.update_preferences.set.app_error")
		b.POST("/users/me/preferences/delete", mine).Refused(t, 403, "api.preference.delete_preferences.delete.app_error")
		s.Admin.GET(base+"/c/name/n").Want(t, 200)
		s.Admin.PUT(base, []model.Preference{pref(a.ID, "c", "n", "w")}).Want(t, 200)
		s.Admin.POST(base+"/delete", mine).Want(t, 200)
	})
}

// Saving a post is refused like reading it, or it would tell that it exists.
func TestOnlyReadablePostsAreSaved(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, b, out := s.User("ann"), s.User("bob"), s.User("out")
		team := s.Team(a, b)
		open, private := s.Channel(a, team), s.Private(a, team)
		seen, hidden := a.Say(open, "for all"), a.Say(private, "for few")
		flag := func(u *testkit.Actor, ids ...string) *testkit.Response {
			var list []model.Preference
			for _, postID := range ids {
				list = append(list, pref(u.ID, "flagged_post", postID, "true"))
			}
			return put(u, list...)
		}
		flag(b, seen.ID).Want(t, 200)
		flag(b, seen.ID, hidden.ID).Refused(t, 403, "api.context.permissions.app_error")
		flag(out, seen.ID).Refused(t, 403, "api.context.permissions.app_error")
		flag(b, id.New()).Refused(t, 404, "app.post.get.app_error")
		flag(b, "x").Refused(t, 400, "api.context.invalid_body_param.app_error")
		flag(a, seen.ID, hidden.ID).Want(t, 200)
		a.DELETE("/posts/"+hidden.ID).Want(t, 200)
		flag(a, hidden.ID).Refused(t, 404, "app.post.get.app_error")
		b.POST("/users/me/preferences/delete", []model.Preference{pref(b.ID, "flagged_post", hidden.ID, "")}).Want(t, 200)
	})
}

func TestEventsGoToOnesOwnClients(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a, b := s.User("ann"), s.User("bob")
		a.Listen()
		b.Listen()
		b.Listen().Events()
		s.Admin.PUT("/users/"+a.ID+"/preferences", []model.Preference{pref(a.ID, "c", "n", "v")}).Want(t, 200)
		a.Expect("sidebar_category_updated", nil)
		var list []model.Preference
		f := a.Expect("preferences_changed", nil)
		f.JSON(t, "preferences", &list)
		if len(list) != 1 || list[0] != pref(a.ID, "c", "n", "v") {
			t.Errorf("the event tells %v", list)
		}
		a.POST("/users/me/preferences/delete", list).Want(t, 200)
		a.Expect("preferences_deleted", nil)
		for _, f := range b.Listen().Events() {
			if strings.HasPrefix(f.Event, "preferences") {
				t.Errorf("somebody else hears %s", f.Event)
			}
		}
	})
}

func TestWritesAtOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		a := s.User("ann")
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				one, two := pref(a.ID, "c", "one", fmt.Sprint(i)), pref(a.ID, "c", "two", fmt.Sprint(i))
				if i%2 == 0 { // in the other order: two rows that could wait for each other
					one, two = two, one
				}
				if r := put(a, one, two); r.Status != 200 {
					t.Error(r)
				}
			})
		}
		all.Wait()
		var list []model.Preference
		a.GET("/users/me/preferences/c").Want(t, 200).Into(t, &list)
		if len(list) != 2 {
			t.Errorf("they left %v", list)
		}
	})
}
