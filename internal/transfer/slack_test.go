package transfer_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
	"github.com/parley-chat/parley/internal/transfer"
)

// zipped packs files into an archive.
func zipped(t testing.TB, files map[string]string) *transfer.Source {
	t.Helper()
	return unpacked(t, packed(t, files))
}

func unpacked(t testing.TB, raw []byte) *transfer.Source {
	t.Helper()
	from, err := transfer.OpenZip(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return from
}

func packed(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// workspace is a Slack export with a bit of everything.
var workspace = map[string]string{
	"users.json": `[{"id":"U1","name":"ann","profile":{"email":"Ann@Example.com","real_name":"Ann Lee","display_name":"annie","title":"Gardener"}},
		{"id":"U2","name":"Ben O","deleted":true,"updated":1500000000,"profile":{"email":"ben@example.com"}},
		{"id":"U3","name":"cem","profile":{}},{"id":"UB","name":"deploybot","is_bot":true,"profile":{"real_name":"Deploy"}}]`,
	"channels.json": `[{"id":"C1","name":"general","is_general":true,"members":["U1","U2","U3"]},
		{"id":"C2","name":"Gärten & Co","members":["U1","U3"],"topic":{"value":"All about <http://beans.example|beans>"},"purpose":{"value":"p"}}]`,
	"groups.json": `[{"id":"G1","name":"secret","members":["U1"]}]`,
	"dms.json":    `[{"id":"D1","members":["U1","U3"]}]`,
	"mpims.json":  `[{"id":"M1","name":"mpdm-ann--ben--cem-1","members":["U1","U2","U3"]}]`,
	"general/2020-01-01.json": `[{"type":"message","subtype":"channel_join","user":"U1","text":"<@U1> has joined","ts":"1577836800.000100"},
		{"type":"message","user":"U1","text":"Hello <@U3>, see <#C2|x> and <https://example.com/a_(b)|the *page*> &amp; *this* ~that~ :wave::skin-tone-3:","ts":"1577836801.000200",
		 "thread_ts":"1577836801.000200","reactions":[{"name":"thumbsup","users":["U1","U3","U9"]}],"pinned_to":["C1"]},
		{"type":"message","user":"U3","text":"a reply","ts":"1577836802.000200","thread_ts":"1577836801.000200"},
		{"type":"message","subtype":"bot_message","username":"CI","bot_id":"B1","text":"built","ts":"1577836803.000300","attachments":[{"text":"*ok* <http://ci.example|log>","color":"#36a64f"}]},
		{"type":"message","user":"U1","text":"a file","ts":"1577836804.000000","files":[{"id":"F1","name":"plan.txt"},{"id":"F2","name":"gone.pdf","permalink":"https://files.example/F2"}]},
		{"type":"message","text":"no time"}]`,
	"general/2020-01-02.json":              `[{"type":"message","user":"U1","text":"a later reply","ts":"1577923200.000000","thread_ts":"1577836801.000200"}]`,
	"Gärten & Co/2020-01-01.json":          `[{"type":"message","user":"U3","text":"beans","ts":"1577836805.000000"}, "not a message"]`,
	"secret/2020-01-01.json":               `[{"type":"message","user":"U1","text":"psst","ts":"1577836806.000000"}]`,
	"D1/2020-01-01.json":                   `[{"type":"message","user":"U3","text":"between us","ts":"1577836807.000000"}]`,
	"mpdm-ann--ben--cem-1/2020-01-01.json": `[{"type":"message","user":"U2","text":"all three","ts":"1577836808.000000"}]`,
	"__uploads/F1/plan.txt":                "rows of beans",
	"secret/broken.json":                   `[{"type":`,
}

func TestSlack(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		var told []string
		o := transfer.Options{Skipped: func(p transfer.Problem) { told = append(told, p.Text("en")) }}
		dry := o
		dry.DryRun = true
		if report, err := s.Transfer().ImportSlack(t.Context(), zipped(t, workspace), "acme", dry); err != nil || report.Made["post"] != 9 {
			t.Errorf("dry run: %+v, %v\n%s", report, err, strings.Join(told, "\n"))
		}
		s.Admin.GET("/teams/name/acme").Want(t, 404)
		for run := range 2 {
			told = nil
			report, err := s.Transfer().ImportSlack(t.Context(), zipped(t, workspace), "acme", o)
			if err != nil {
				t.Fatal(err)
			}
			if want := []int64{9, 0}[run]; report.Made["post"] != want || report.Made["post"]+report.Known["post"] != 9 {
				t.Errorf("run %d: made %v, known %v\n%s", run+1, report.Made, report.Known, strings.Join(told, "\n"))
			}
			all := strings.Join(told, "\n")
			for _, want := range []string{"general/2020-01-01.json:6", "secret/broken.json", "no address"} {
				if run == 0 && !strings.Contains(all, want) {
					t.Errorf("not told of %s:\n%s", want, all)
				}
			}
		}
		seen(t, s)
	})
}

// seen looks at what has become of the workspace.
func seen(t *testing.T, s *testkit.Server) {
	t.Helper()
	_, lines := exported(t, s, transfer.ExportOptions{Files: true})
	all := strings.Join(lines, "\n")
	for _, want := range []string{
		`"message":"Hello @cem, see ~g-rten---co and [the *page*](https://example.com/a_%28b%29) & **this** ~~that~~ :wave_medium_light_skin_tone:"`,
		`"emoji_name":"thumbsup"`, `"is_pinned":true`, `"override_username":"CI"`, `"text":"**ok** [log](http://ci.example)"`,
		`"message":"a file\n[gone.pdf](https://files.example/F2)"`, `/0/plan.txt`, `"message":"a later reply"`, `"message":"between us"`, `"header":"All about [beans](http://beans.example)"`,
		`"display_name":"Gärten & Co"`, `"email":"ann@example.com"`, `"username":"ben-o"`, `"delete_at":1500000000000`, `"channel_members":["ann","ben-o","cem"]`,
	} {
		if !strings.Contains(all, want) {
			t.Errorf("lacking: %s", want)
		}
	}
	if n := strings.Count(all, "has joined"); n != 0 {
		t.Error("people joining were imported")
	}
	var team model.Team
	s.Admin.GET("/teams/name/acme").Want(t, 200).Into(t, &team)
	var c model.Channel
	s.Admin.GET("/teams/"+team.ID+"/channels/name/town-square").Want(t, 200).Into(t, &c)
	if c.TotalMsgCount != 5 || c.TotalMsgCountRoot != 3 || c.LastPostAt != 1577923200000 {
		t.Errorf("town square counts %d messages, %d roots, the last at %d", c.TotalMsgCount, c.TotalMsgCountRoot, c.LastPostAt)
	}
}

func TestNoSlackExport(t *testing.T) {
	s := testkit.Start(t, "sqlite")
	_, err := s.Transfer().ImportSlack(t.Context(), zipped(t, map[string]string{"a.txt": "x"}), "acme", transfer.Options{})
	if err == nil || !strings.Contains(err.Error(), "users.json") {
		t.Error(err)
	}
}
