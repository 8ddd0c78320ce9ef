package reports_test

import (
	"bytes"
	"encoding/csv"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/jobs"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// row is an account of a report as it is on the wire.
type row struct {
	ID           string `json:"id"`
	Username     string `json:"username"`
	Email        string `json:"email"`
	LastLogin    int64  `json:"last_login"`
	LastStatusAt *int64 `json:"last_status_at"`
	LastPostDate *int64 `json:"last_post_date"`
	DaysActive   *int64 `json:"days_active"`
	TotalPosts   *int64 `json:"total_posts"`
	ChannelCount *int64 `json:"channel_count"`
}

func ask(t *testing.T, a *testkit.Actor, pairs ...string) []row {
	t.Helper()
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	var list []row
	a.GET("/reports/users?"+q.Encode()).Want(t, 200).Into(t, &list)
	return list
}

func names(list []row) string {
	var out []string
	for _, r := range list {
		out = append(out, r.Username)
	}
	return strings.Join(out, " ")
}

func TestAReportOfPeople(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann, ben, gus := s.User("ann"), s.User("ben"), s.User("gus")
		s.User("zoe")
		team := s.Team(ann, ben)
		room, other := s.Channel(ann, team), s.Channel(ann, team)
		ann.Say(room, "one")
		last := ann.Say(room, "two")
		gone := ann.Say(room, "three")
		ann.DELETE("/posts/"+gone.ID).Want(t, 200)
		s.Admin.PUT("/users/"+ben.ID+"/active", map[string]bool{"active": false}).Want(t, 200)
		s.Admin.POST("/users/"+gus.ID+"/demote", nil).Want(t, 200)
		s.Admin.POST("/bots", map[string]string{"username": id.New()}).Want(t, 201)

		if _, err := db.Exec(t.Context(), s.DB, `INSERT INTO status (userid, status, manual, lastactivityat) VALUES ($1, 'online', false, 5)
			ON CONFLICT (userid) DO UPDATE SET lastactivityat = 5`, ann.ID); err != nil {
			t.Fatal(err)
		}
		all := ask(t, s.Admin)
		by := map[string]row{}
		for _, r := range all {
			by[r.ID] = r
		}
		if got := by[ann.ID]; len(all) != 5 || got.LastLogin == 0 || got.TotalPosts == nil || *got.TotalPosts != 2 || *got.DaysActive < 1 ||
			*got.LastPostDate != last.CreateAt || got.LastStatusAt == nil || *got.LastStatusAt != 5 || got.ChannelCount != nil || got.Email == "" {
			t.Errorf("%d accounts, ann: %+v", len(all), got)
		}
		if got := by[gus.ID]; got.ChannelCount == nil || *got.ChannelCount != 0 || got.TotalPosts != nil {
			t.Errorf("a guest: %+v", got)
		}
		tellsNoSecrets(t, s, len(all))
		if got := ask(t, s.Admin, "date_range", "previous_month", "search_term", ann.Username); len(got) != 1 || got[0].TotalPosts != nil {
			t.Errorf("the month before: %+v", got)
		}
		for _, c := range []struct{ key, value, want string }{
			{"hide_active", "true", ben.Username}, {"team_filter", team.ID, ann.Username + " " + ben.Username}, {"search_term", "zo", all[4].Username},
			{"role_filter", "system_admin", s.Admin.Username}, {"guest_filter", "all", gus.Username}, {"guest_filter", "single_channel", ""},
		} {
			if got := names(ask(t, s.Admin, c.key, c.value)); got != c.want {
				t.Errorf("%s=%s: %s, not %s", c.key, c.value, got, c.want)
			}
			var n int
			s.Admin.GET("/reports/users/count?"+c.key+"="+c.value).Want(t, 200).Into(t, &n)
			if n != len(strings.Fields(c.want)) {
				t.Errorf("%s=%s: %d counted", c.key, c.value, n)
			}
		}
		if got := ask(t, s.Admin, "has_no_team", "true", "hide_inactive", "true"); len(got) < 2 || strings.Contains(names(got), ann.Username) {
			t.Errorf("without a team: %s", names(got))
		}
		for _, ch := range []*model.Channel{room, other} {
			if _, err := db.Exec(t.Context(), s.DB, `INSERT INTO channelmembers (channelid, userid, roles) VALUES ($1, $2, '')`, ch.ID, gus.ID); err != nil {
				t.Fatal(err)
			}
		}
		if got := ask(t, s.Admin, "guest_filter", "multi_channel"); len(got) != 1 || *got[0].ChannelCount != 2 {
			t.Errorf("a guest in two channels: %+v", got)
		}
	}, testkit.Env("MM_GUESTACCOUNTSSETTINGS_ENABLE=true", "MM_SERVICESETTINGS_ENABLEBOTACCOUNTCREATION=true"))
}

// tellsNoSecrets looks at what stands on the wire about so many accounts.
func tellsNoSecrets(t *testing.T, s *testkit.Server, accounts int) {
	t.Helper()
	raw := string(s.Admin.GET("/reports/users").Want(t, 200).Body)
	for _, secret := range []string{"argon2", "pbkdf2", "mfa_secret", `"password"`} {
		if strings.Contains(raw, secret) {
			t.Errorf("in the report: %s", secret)
		}
	}
	if n := strings.Count(raw, `"last_login"`); n != accounts {
		t.Errorf("last_login stands %d times for %d accounts", n, accounts)
	}
}

func TestPagesOfAReport(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		for _, name := range []string{"ann", "ben", "cas", "dee"} {
			s.User(name)
		}
		for _, column := range []string{"Username", "Email", "CreateAt", "FirstName", "LastName", "Nickname"} {
			for _, direction := range []string{"asc", "desc"} {
				whole := ask(t, s.Admin, "sort_column", column, "sort_direction", direction)
				var read, back []row
				value, last := "", ""
				turn := func(to string, size int) []row {
					return ask(t, s.Admin, "sort_column", column, "sort_direction", direction, "page_size", strconv.Itoa(size), "direction", to,
						"from_column_value", value, "from_id", last)
				}
				note := func(r row) {
					last = r.ID
					u := map[string]any{}
					s.Admin.GET("/users/"+r.ID).Want(t, 200).Into(t, &u)
					switch column {
					case "Username":
						value = r.Username
					case "Email":
						value = r.Email
					case "CreateAt":
						value = strconv.FormatInt(int64(u["create_at"].(float64)), 10)
					default:
						value = ""
					}
				}
				for page := turn("next", 2); len(page) > 0; page = turn("next", 2) {
					read = append(read, page...)
					note(page[len(page)-1])
				}
				if names(read) != names(whole) || len(whole) != 5 {
					t.Errorf("%s %s: %s, by pages %s", column, direction, names(whole), names(read))
				}
				if back = turn("prev", 3); names(back) != names(whole[1:4]) {
					t.Errorf("%s %s back: %s of %s", column, direction, names(back), names(whole))
				}
			}
		}
	})
}

func TestReportsRefuse(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		helper := s.User("helper")
		s.Admin.PUT("/users/"+helper.ID+"/roles", map[string]string{"roles": "system_user system_read_only_admin"}).Want(t, 200)
		helper.Login()
		for query, want := range map[string]string{
			"page_size=101": "api.getUsersForReporting.invalid_page_size", "page_size=0": "api.getUsersForReporting.invalid_page_size",
			"hide_active=true&hide_inactive=true": "api.getUsersForReporting.invalid_active_filter", "team_filter=x": "api.getUsersForReporting.invalid_team_filter",
			"sort_column=Password": "model.user_report_options.is_valid.invalid_sort_column", "guest_filter=some": "model.user_report_options.is_valid.invalid_guest_filter",
			"date_range=never": "model.reporting_base_options.is_valid.bad_date_range", "from_id=x": "api.context.invalid_url_param.app_error",
			"sort_column=CreateAt&from_column_value=x&from_id=" + id.New(): "api.context.invalid_url_param.app_error",
			"role_filter=No%20Role": "api.context.invalid_url_param.app_error",
		} {
			helper.GET("/reports/users?"+query).Refused(t, 400, want)
			s.Admin.POST("/reports/users/export?"+query, nil).Refused(t, 400, want)
		}
		helper.POST("/reports/users/export", nil).Want(t, 403)
		// What is hidden from people shows in no order, either.
		s.Admin.PUT("/config/patch", map[string]any{"PrivacySettings": map[string]bool{"ShowEmailAddress": false}}).Want(t, 200)
		helper.GET("/reports/users?sort_column=Email").Want(t, 403)
		for _, r := range ask(t, helper, "search_term", "example.com") {
			t.Errorf("found by a hidden address: %+v", r)
		}
	})
}

func TestTheListComesAsAMessage(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		evil := s.User("evil")
		evil.PUT("/users/me/patch", map[string]string{"first_name": `=HYPERLINK("https://example.com")`}).Want(t, 200)
		others := s.User("helper")
		so := s.Admin.Listen()
		s.Admin.POST("/reports/users/export?date_range=last_30_days&search_term="+evil.Username, nil).Want(t, 200)
		f := so.Expect("posted", func(testkit.Frame) bool { return true })
		var post model.Post
		if f.JSON(t, "post", &post); len(post.FileIDs) != 1 {
			t.Fatalf("%+v", post)
		}
		raw := s.Admin.GET("/files/"+post.FileIDs[0]).Want(t, 200).Body
		others.GET("/files/"+post.FileIDs[0]).Want(t, 403)
		lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff")))).ReadAll()
		if err != nil || len(lines) != 2 || lines[0][0] != "Id" || lines[1][0] != evil.ID || !strings.HasPrefix(lines[1][4], "'=HYPERLINK") || lines[1][10] != "0" {
			t.Errorf("%q, %v", raw, err)
		}
		// A job in the name of somebody who is no administrator sends nothing.
		var job model.Job
		s.Admin.POST("/jobs", map[string]any{"type": "export_users_to_csv", "data": map[string]string{"requesting_user_id": others.ID}}).Want(t, 201).Into(t, &job)
		testkit.Eventually(t, "the job's end", func() bool {
			s.Admin.GET("/jobs/"+job.ID).Want(t, 200).Into(t, &job)
			return job.Status == model.JobStatusError
		})
	})
}

func TestOneListAtATime(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		waiting := jobs.New(jobs.Options{DB: s.DB, Now: id.Now})
		_, err := waiting.Enqueue(t.Context(), s.DB, model.JobTypeExportUsersToCSV, map[string]string{"requesting_user_id": s.Admin.ID})
		if err != nil {
			t.Fatal(err)
		}
		s.Admin.POST("/reports/users/export", nil).Refused(t, 400, "app.report.start_users_batch_export.job_exists")
	})
}
