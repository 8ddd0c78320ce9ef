package model

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wireTypes names the type that each group of testdata/wire.json belongs to. The samples are recorded answers
// and events of a server that speaks the protocol, with ids and times replaced.
var wireTypes = map[string]func() any{
	"Bot":                         func() any { return new(Bot) },
	"Channel":                     func() any { return new(Channel) },
	"ChannelMember":               func() any { return new(ChannelMember) },
	"ChannelMemberWithTeamData":   func() any { return new(ChannelMemberWithTeamData) },
	"ChannelStats":                func() any { return new(ChannelStats) },
	"ChannelUnread":               func() any { return new(ChannelUnread) },
	"ChannelUnreadAt":             func() any { return new(ChannelUnreadAt) },
	"ChannelViewResponse":         func() any { return new(ChannelViewResponse) },
	"ChannelWithTeamData":         func() any { return new(ChannelWithTeamData) },
	"Draft":                       func() any { return new(Draft) },
	"Emoji":                       func() any { return new(Emoji) },
	"FileInfo":                    func() any { return new(FileInfo) },
	"FileInfoList":                func() any { return new(FileInfoList) },
	"FileUploadResponse":          func() any { return new(FileUploadResponse) },
	"OpenGraph":                   func() any { return new(OpenGraph) },
	"OrderedSidebarCategories":    func() any { return new(OrderedSidebarCategories) },
	"Post":                        func() any { return new(Post) },
	"PreviewPost":                 func() any { return new(PreviewPost) },
	"PostList":                    func() any { return new(PostList) },
	"PostSearchResults":           func() any { return new(PostSearchResults) },
	"Preference":                  func() any { return new(Preference) },
	"Reaction":                    func() any { return new(Reaction) },
	"Role":                        func() any { return new(Role) },
	"Session":                     func() any { return new(Session) },
	"SidebarCategoryWithChannels": func() any { return new(SidebarCategoryWithChannels) },
	"Status":                      func() any { return new(Status) },
	"Team":                        func() any { return new(Team) },
	"TeamMember":                  func() any { return new(TeamMember) },
	"TeamUnread":                  func() any { return new(TeamUnread) },
	"ThreadResponse":              func() any { return new(ThreadResponse) },
	"Threads":                     func() any { return new(Threads) },
	"User":                        func() any { return new(User) },
	"UsersStats":                  func() any { return new(UsersStats) },
	"UserAccessToken":             func() any { return new(UserAccessToken) },
	"UserAutocomplete":            func() any { return new(UserAutocomplete) },
	"WebSocketBroadcast":          func() any { return new(WebSocketBroadcast) },
}

func wireSamples(t *testing.T) map[string][]json.RawMessage {
	t.Helper()
	b, err := os.ReadFile("testdata/wire.json")
	if err != nil {
		t.Fatal(err)
	}
	var samples map[string][]json.RawMessage
	if err := json.Unmarshal(b, &samples); err != nil {
		t.Fatal(err)
	}
	return samples
}

// Every recorded object reads into its type and comes out with the same keys and values: no key is unknown,
// none is added, and null, [], {} and absence stay what they were.
func TestWireRoundTrip(t *testing.T) {
	for name, list := range wireSamples(t) {
		make := wireTypes[name]
		if make == nil {
			t.Errorf("testdata/wire.json has samples of %s, which wireTypes lacks", name)
			continue
		}
		for i, sample := range list {
			v := make()
			if err := json.Unmarshal(sample, v); err != nil {
				t.Errorf("%s %d: %v", name, i, err)
				continue
			}
			got, err := json.Marshal(v)
			if err != nil {
				t.Errorf("%s %d: %v", name, i, err)
				continue
			}
			if diff := cmp.Diff(decoded(t, sample), decoded(t, got)); diff != "" {
				t.Errorf("%s %d (-recorded +written):\n%s", name, i, diff)
			}
		}
	}
}

func decoded(t *testing.T, b []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%v in %s", err, b)
	}
	return v
}
