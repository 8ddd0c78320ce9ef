package webhooks_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// What real programs sent (testdata/recorded/README.md) becomes the messages that
// they mean (want.json beside it).
func TestWhatRecordedProgramsSend(t *testing.T) {
	raw, err := os.ReadFile("testdata/recorded/want.json")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{}
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/recorded/*.http")
	if err != nil || len(files) != len(want) {
		t.Fatal(len(files), len(want), err)
	}
	testkit.Each(t, func(t *testing.T, s *testkit.Server) {
		ann := s.User("ann")
		team := s.Team(ann)
		var room model.Channel // by the name that the recordings have
		ann.POST("/channels", map[string]string{"team_id": team.ID, "name": "builds", "display_name": "Builds", "type": "O"}).Want(t, 201).Into(t, &room)
		h := incoming(t, s, &room, nil)
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".http")
			replay(t, s, file, "/hooks/"+h.ID)
			list := said(t, ann, &room)
			if diff := cmp.Diff(want[name], meant(t, list[len(list)-1])); diff != "" {
				t.Errorf("%s:\n%s", name, diff)
			}
		}
		if list := said(t, ann, &room); len(list) != len(files) {
			t.Errorf("%d messages", len(list))
		}
	}, open)
}

// replay sends a recorded request to a path as it was: its headers, its body.
func replay(t *testing.T, s *testkit.Server, file, path string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		t.Fatal(file, err)
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		t.Fatal(file, err)
	}
	var headers []string
	for name, values := range req.Header {
		headers = append(headers, name, values[0])
	}
	s.Nobody().Do("POST", "<site>"+path, string(body), headers...).Want(t, http.StatusOK)
}

// meant is all that a message shows: its sender, its text, and what each card has.
func meant(t *testing.T, p *model.Post) []string {
	t.Helper()
	out := []string{fmt.Sprint(p.Props["override_username"], " ", p.Props["override_icon_emoji"], " ", p.Props["override_icon_url"]), p.Message}
	cards, _ := p.Props["attachments"].([]any)
	for _, one := range cards {
		card := one.(map[string]any)
		for _, key := range []string{"color", "pretext", "author_name", "author_link", "title", "title_link", "text", "image_url", "thumb_url", "footer", "ts"} {
			if card[key] != nil && card[key] != "" {
				out = append(out, fmt.Sprint(key, ": ", card[key]))
			}
		}
		fields, _ := card["fields"].([]any)
		for _, f := range fields {
			field := f.(map[string]any)
			out = append(out, fmt.Sprint(field["title"], " (", field["short"], "): ", field["value"]))
		}
		if card["actions"] != nil {
			out = append(out, fmt.Sprint("actions: ", card["actions"]))
		}
	}
	return out
}
