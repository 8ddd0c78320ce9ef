package attributes_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

const (
	noPermission = "api.context.permissions.app_error"
	root         = "/custom_profile_attributes"
	misfit       = "app.custom_profile_attributes.validate_value.app_error"
	invalid      = "app.custom_profile_attributes.sanitize_and_validate.app_error"
)

type attrs = map[string]any

func define(t *testing.T, s *testkit.Server, name, kind string, at attrs) *model.Attribute {
	t.Helper()
	var f model.Attribute
	s.Admin.POST(root+"/fields", attrs{"name": name, "type": kind, "attrs": at}).Want(t, 201).Into(t, &f)
	return &f
}

func give(a *testkit.Actor, f *model.Attribute, value any) *testkit.Response {
	return a.Do("PATCH", root+"/values", attrs{f.ID: value})
}

func said(t *testing.T, a *testkit.Actor, of string) map[string]json.RawMessage {
	t.Helper()
	out := map[string]json.RawMessage{}
	a.GET("/users/"+of+root).Want(t, 200).Into(t, &out)
	return out
}

func TestFields(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice := s.User("alice")
		alice.Listen()
		second := define(t, s, "Office", "text", attrs{"sort_order": 2})
		first := define(t, s, "Skills", "multiselect", attrs{"sort_order": 1, "visibility": "always", "value_type": "url",
			"options": []attrs{{"name": "Go", "color": "#00f"}, {"name": "Rust"}}})
		if first.Attrs.ValueType != "" || first.Attrs.Options[1].ID == "" || second.Attrs.Visibility != "when_set" {
			t.Errorf("made %+v, %+v", first, second)
		}
		var list []model.Attribute
		alice.GET(root+"/fields").Want(t, 200).Into(t, &list)
		if len(list) != 2 || list[0].ID != first.ID || list[0].Attrs.Options[0].Color != "#00f" {
			t.Errorf("listed %+v", list)
		}
		var group struct{ ID string }
		alice.GET(root+"/group").Want(t, 200).Into(t, &group)
		if group.ID != first.GroupID {
			t.Errorf("group %s, field of %s", group.ID, first.GroupID)
		}
		alice.POST(root+"/fields", attrs{"name": "Mine", "type": "text"}).Refused(t, 403, noPermission)
		alice.Do("PATCH", root+"/fields/"+first.ID, attrs{"name": "Mine"}).Refused(t, 403, noPermission)
		alice.DELETE(root+"/fields/"+first.ID).Refused(t, 403, noPermission)

		give(alice, second, "Lyon").Want(t, 200)
		var patched model.Attribute
		s.Admin.Do("PATCH", root+"/fields/"+second.ID, attrs{"name": "Desk", "attrs": attrs{"visibility": "hidden"}}).Want(t, 200).Into(t, &patched)
		if patched.Name != "Desk" || patched.Attrs.Visibility != "hidden" || patched.UpdateAt <= second.UpdateAt || len(said(t, alice, alice.ID)) != 1 {
			t.Errorf("patched %+v", patched)
		}
		s.Admin.Do("PATCH", root+"/fields/"+second.ID, attrs{"type": "date"}).Want(t, 200)
		if got := said(t, alice, alice.ID); len(got) != 0 {
			t.Errorf("of another type it still says %s", got)
		}
		s.Admin.Do("PATCH", root+"/fields/"+second.ID, attrs{}).Refused(t, 400, "api.custom_profile_attributes.invalid_field_patch")
		s.Admin.Do("PATCH", root+"/fields/"+second.ID, attrs{"name": "x", "target_id": id.New()}).Refused(t, 400, "api.custom_profile_attributes.invalid_field_patch")
		s.Admin.Do("PATCH", root+"/fields/"+id.New(), attrs{"name": "x"}).Refused(t, 404, "app.custom_profile_attributes.property_field_not_found.app_error")
		s.Admin.DELETE(root+"/fields/"+second.ID).Want(t, 200)
		s.Admin.DELETE(root+"/fields/"+second.ID).Refused(t, 404, "app.custom_profile_attributes.property_field_not_found.app_error")
		define(t, s, "Desk", "text", nil) // the name is free again
		var events []string
		for _, f := range alice.Listen().Events() {
			if name, ok := strings.CutPrefix(f.Event, "custom_profile_attributes_"); ok {
				events = append(events, name)
			}
		}
		if got, want := fmt.Sprint(events), "[field_created field_created values_updated field_updated field_updated field_deleted field_created]"; got != want {
			t.Errorf("heard %s, want %s", got, want)
		}
	})
}

func TestWhatAFieldMayBe(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		define(t, s, "Office", "text", nil)
		for _, c := range []struct {
			body    any
			status  int
			errorID string
		}{
			{attrs{"name": "Office", "type": "text"}, 400, "app.property.invalid_input.app_error"},
			{attrs{"name": " ", "type": "text"}, 400, "model.property_field.is_valid.app_error"},
			{attrs{"name": strings.Repeat("x", 256), "type": "text"}, 400, "model.property_field.is_valid.app_error"},
			{attrs{"name": "Rank", "type": "number"}, 400, invalid},
			{attrs{"name": "Rank"}, 400, invalid},
			{attrs{"name": "Rank", "type": "text", "attrs": attrs{"visibility": "friends"}}, 400, invalid},
			{attrs{"name": "Rank", "type": "text", "attrs": attrs{"value_type": "colour"}}, 400, invalid},
			{attrs{"name": "Rank", "type": "select", "attrs": attrs{"options": []attrs{{"name": "a"}, {"name": "a"}}}}, 400, invalid},
			{attrs{"name": "Rank", "type": "select", "attrs": attrs{"options": []attrs{{"name": ""}}}}, 400, invalid},
			{"[]", 400, "api.context.invalid_body_param.app_error"},
		} {
			s.Admin.POST(root+"/fields", c.body).Refused(t, c.status, c.errorID)
		}
	})
}

func TestThereAreTwentyFields(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		for i := range model.AttributeFieldsMax {
			define(t, s, fmt.Sprint("Field ", i), "text", nil)
		}
		s.Admin.POST(root+"/fields", attrs{"name": "One more", "type": "text"}).Refused(t, 422, "app.custom_profile_attributes.limit_reached.app_error")
	})
}

func TestValues(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		pick := define(t, s, "Floor", "select", attrs{"options": []attrs{{"name": "One"}, {"name": "Two"}}})
		many := define(t, s, "Skills", "multiselect", attrs{"options": []attrs{{"name": "Go"}, {"name": "Rust"}}})
		one, two := pick.Attrs.Options[0].ID, many.Attrs.Options[1].ID
		for _, c := range []struct {
			f    *model.Attribute
			good map[string]any // kept as, what is given
			bad  []any
		}{
			{define(t, s, "Text", "text", nil), map[string]any{`"a b"`: " a b ", `""`: nil}, []any{7, []string{"x"}, strings.Repeat("x", 65), "a\nb", attrs{}}},
			{define(t, s, "Mail", "text", attrs{"value_type": "email"}), map[string]any{`"a@example.com"`: "a@example.com"}, []any{"a", "A <a@example.com>"}},
			{define(t, s, "Site", "text", attrs{"value_type": "url"}), map[string]any{`"https://example.com"`: "https://example.com"}, []any{"example.com", "javascript:alert(1)"}},
			{define(t, s, "Phone", "text", attrs{"value_type": "phone"}), map[string]any{`"+33 1 23"`: "+33 1 23"}, []any{"call me", "+"}},
			{define(t, s, "Birthday", "date", nil), map[string]any{`"1990-02-28"`: "1990-02-28"}, []any{"1990-02-30", "yesterday"}},
			{pick, map[string]any{`"` + one + `"`: one}, []any{"One", id.New(), []string{one}}},
			{many, map[string]any{`["` + two + `"]`: []string{two, two, " "}, `[]`: []string{}}, []any{two, []string{id.New()}, []int{1}}},
			{define(t, s, "Manager", "user", nil), map[string]any{`"` + bob.ID + `"`: bob.ID}, []any{id.New(), "bob"}},
			{define(t, s, "Team", "multiuser", nil), map[string]any{`["` + bob.ID + `"]`: []string{bob.ID}}, []any{[]string{bob.ID, id.New()}, bob.ID}},
		} {
			for _, value := range c.bad {
				give(alice, c.f, value).Refused(t, 400, misfit)
			}
			for kept, value := range c.good {
				var out map[string]json.RawMessage
				give(alice, c.f, value).Want(t, 200).Into(t, &out)
				if got := said(t, bob, alice.ID)[c.f.ID]; string(out[c.f.ID]) != kept || string(got) != kept {
					t.Errorf("%s: %v is answered as %s, kept as %s", c.f.Name, value, out[c.f.ID], got)
				}
			}
		}
		// One that doesn't fit keeps all out.
		alice.Do("PATCH", root+"/values", attrs{pick.ID: "", many.ID: "no"}).Refused(t, 400, misfit)
		if got := said(t, alice, alice.ID)[pick.ID]; string(got) != `"`+one+`"` {
			t.Errorf("half written: %s", got)
		}
		// An option that is gone leaves what was chosen.
		s.Admin.Do("PATCH", root+"/fields/"+pick.ID, attrs{"attrs": attrs{"options": pick.Attrs.Options[1:]}}).Want(t, 200)
		s.Admin.Do("PATCH", root+"/fields/"+many.ID, attrs{"attrs": attrs{"options": many.Attrs.Options}}).Want(t, 200)
		give(alice, many, []string{two}).Want(t, 200)
		if got := said(t, bob, alice.ID); string(got[pick.ID]) != `""` || string(got[many.ID]) != `["`+two+`"]` {
			t.Errorf("without the option: %s, %s", got[pick.ID], got[many.ID])
		}
		alice.Do("PATCH", root+"/values", attrs{id.New(): "x"}).Refused(t, 404, "app.custom_profile_attributes.property_field_not_found.app_error")
		for _, raw := range []string{"", "{}", "[]", "null", `{"x":`} {
			alice.Do("PATCH", root+"/values", raw).Refused(t, 400, "api.context.invalid_body_param.app_error")
		}
	})
}

func TestWhoReadsAndWrites(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob, guest := s.User("alice"), s.User("bob"), s.User("guest")
		s.Admin.POST("/users/"+guest.ID+"/demote", nil).Want(t, 200)
		open, hidden := define(t, s, "Office", "text", nil), define(t, s, "Salary band", "text", attrs{"visibility": "hidden"})
		kept := define(t, s, "Badge", "text", attrs{"managed": "admin"})
		synced := define(t, s, "Cost centre", "text", attrs{"ldap": "costCenter"})
		bob.Listen()
		guest.Listen()
		alice.Do("PATCH", root+"/values", attrs{open.ID: "Lyon", hidden.ID: "secretband"}).Want(t, 200)
		give(alice, kept, "007").Refused(t, 403, "app.custom_profile_attributes.property_field_is_managed.app_error")
		give(alice, synced, "x").Refused(t, 400, "app.custom_profile_attributes.property_field_is_synced.app_error")
		s.Admin.Do("PATCH", "/users/"+alice.ID+root, attrs{kept.ID: "007"}).Want(t, 200)
		bob.Do("PATCH", "/users/"+alice.ID+root, attrs{open.ID: "Paris"}).Refused(t, 403, noPermission)
		for who, want := range map[*testkit.Actor]int{alice: 3, bob: 2, s.Admin: 3} {
			if got := said(t, who, alice.ID); len(got) != want {
				t.Errorf("%s reads %s", who.Username, got)
			}
		}
		guest.GET("/users/"+alice.ID+root).Refused(t, 403, noPermission)
		bob.GET("/users/"+id.New()+root).Want(t, 200) // nothing is said of nobody
		for who, want := range map[*testkit.Actor]int{bob: 2, guest: 0} {
			n := 0
			for _, f := range who.Listen().Events() {
				if f.Event == "custom_profile_attributes_values_updated" {
					n++
				}
				if strings.Contains(fmt.Sprint(f.Data), "secretband") {
					t.Errorf("%s is told of what is hidden: %v", who.Username, f.Data)
				}
			}
			if n != want {
				t.Errorf("%s heard of %d changes, want %d", who.Username, n, want)
			}
		}
	}, testkit.Env("MM_GUESTACCOUNTSSETTINGS_ENABLE=true"))
}

// What a plugin keeps is shown as the plugin says and changed by nobody else.
func TestWhatAPluginKeeps(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		f := define(t, s, "Clearances", "multiselect", attrs{"options": []attrs{{"name": "A"}, {"name": "B"}, {"name": "C"}}, "protected": true})
		if f.Attrs.Protected {
			t.Error("somebody without a plugin keeps an attribute to themselves")
		}
		o := f.Attrs.Options
		give(alice, f, []string{o[0].ID, o[1].ID}).Want(t, 200)
		give(bob, f, []string{o[1].ID, o[2].ID}).Want(t, 200)
		set := func(mode string) {
			t.Helper()
			at := f.Attrs
			at.Protected, at.AccessMode = true, mode
			raw, _ := json.Marshal(at)
			if _, err := s.DB.Exec(t.Context(), `UPDATE propertyfields SET attrs = $2 WHERE id = $1`, f.ID, string(raw)); err != nil {
				t.Fatal(err)
			}
		}
		set("shared_only")
		if got := said(t, bob, alice.ID)[f.ID]; string(got) != `["`+o[1].ID+`"]` {
			t.Errorf("bob reads %s", got)
		}
		set("source_only")
		if got := said(t, bob, alice.ID); len(got) != 0 {
			t.Errorf("bob reads %s", got)
		}
		const managed = "app.custom_profile_attributes.property_field_is_managed.app_error"
		give(alice, f, []string{o[2].ID}).Refused(t, 403, managed)
		s.Admin.Do("PATCH", root+"/fields/"+f.ID, attrs{"name": "Ours"}).Refused(t, 403, managed)
		s.Admin.DELETE(root+"/fields/"+f.ID).Refused(t, 403, managed)
	})
}
