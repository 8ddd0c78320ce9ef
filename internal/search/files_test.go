package search_test

import (
	"slices"
	"testing"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// foundFiles searches for files and returns their names, newest first.
func foundFiles(t *testing.T, a *testkit.Actor, teamID, terms string, more ...any) []string {
	t.Helper()
	body := map[string]any{"terms": terms}
	for i := 0; i+1 < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	path := "/files/search"
	if teamID != "" {
		path = "/teams/" + teamID + path
	}
	var out model.FileInfoList
	a.POST(path, body).Want(t, 200).Into(t, &out)
	names := []string{}
	for _, fileID := range out.Order {
		names = append(names, out.FileInfos[fileID].Name)
	}
	return names
}

func TestFilesAreFoundByNameAndText(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		alice, bob := s.User("alice"), s.User("bob")
		team := s.Team(alice, bob)
		room, secret := s.Channel(alice, team, bob), s.Private(alice, team)
		show := func(a *testkit.Actor, c *model.Channel, name, content string) *model.Post {
			return a.Show(c, a.Upload(c, name, []byte(content)))
		}
		show(alice, room, "Quarterly-report_2024.txt", "the harvest of mangoes was good")
		show(alice, room, "übersicht.md", "mangoes, and apricots")
		gone := show(alice, room, "report-old.txt", "mangoes too")
		show(bob, room, "日本語の資料.txt", "予算")
		show(alice, secret, "secret-report.txt", "mangoes of the board")
		alice.Upload(room, "report-unposted.txt", []byte("mangoes"))
		alice.DELETE("/posts/"+gone.ID).Want(t, 200)
		for terms, want := range map[string][]string{
			"report":                             {"Quarterly-report_2024.txt"},
			"rep":                                {"Quarterly-report_2024.txt"},
			"quarterly":                          {"Quarterly-report_2024.txt"},
			"2024":                               {"Quarterly-report_2024.txt"},
			"mango":                              {"übersicht.md", "Quarterly-report_2024.txt"},
			"mangoes -harvest":                   {"übersicht.md"},
			"mangoes apricots":                   {"übersicht.md"},
			`"harvest of mangoes"`:               {"Quarterly-report_2024.txt"},
			`"mangoes of harvest"`:               {},
			"ext:md":                             {"übersicht.md"},
			"mangoes -ext:md":                    {"Quarterly-report_2024.txt"},
			"from:" + bob.Username:               {"日本語の資料.txt"},
			"mangoes from:" + bob.Username:       {},
			"資料":                                 {"日本語の資料.txt"},
			"予算":                                 {"日本語の資料.txt"},
			"in:" + room.Name + " report":        {"Quarterly-report_2024.txt"},
			"in:" + secret.Name:                  {},
			"secret":                             {},
			"unposted":                           {},
			"' OR 1=1 --":                        {},
			"before:2001-01-01 mangoes":          {},
			`after:2001-01-01 "mangoes, and ap"`: {},
		} {
			expect(t, terms, foundFiles(t, bob, team.ID, terms), want...)
			expect(t, terms, foundFiles(t, bob, "", terms), want...)
		}
		got := foundFiles(t, alice, "", "apricots secret", "is_or_search", true)
		slices.Sort(got)
		expect(t, "either", got, "secret-report.txt", "übersicht.md")
		expect(t, "second page", foundFiles(t, bob, "", "mangoes", "page", 1, "per_page", 1), "Quarterly-report_2024.txt")
		bob.DELETE("/channels/"+room.ID+"/members/"+bob.ID).Want(t, 200)
		expect(t, "after leaving", foundFiles(t, bob, "", "mangoes"))
		alice.POST("/files/search", "{").Refused(t, 400, "api.post.search_files.invalid_body.app_error")
		alice.POST("/files/search", "[]").Refused(t, 400, "api.post.search_files.invalid_body.app_error")
	})
}

func TestSearchForFilesCanBeOff(t *testing.T) {
	s := testkit.Start(t, "sqlite", testkit.Env("MM_SERVICESETTINGS_ENABLEFILESEARCH=false"))
	s.Admin.POST("/files/search", map[string]string{"terms": "x"}).Refused(t, 501, "store.sql_file_info.search.disabled")
}
