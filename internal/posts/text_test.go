package posts

import (
	"slices"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/channels"
	"github.com/parley-chat/parley/internal/model"
)

func TestReadableLeavesCodeOut(t *testing.T) {
	for message, want := range map[string]string{
		"plain @bob":                     "plain @bob",
		"`@bob` and @amy":                "  and @amy",
		"``a ` @bob`` @amy":              "  @amy",
		"lonely ` @bob":                  "lonely ` @bob",
		"```\n@bob\n```\n@amy":           "\n@amy",
		"~~~\n@bob\n~~~":                 "\n",
		"```go\n@bob":                    "\n",
		"```\n@bob\n~~~\n@carl\n```\nx":  "\nx",
		"text\n\n    @bob\n\n@amy":       "text\n\n\n\n@amy",
		"text\n    @bob":                 "text\n    @bob",
		"a `x\ny` @amy":                  "a   @amy",
		"x ```` @bob ``` @carl ```` end": "x   end",
	} {
		if got := readable(message); got != want {
			t.Errorf("readable(%q) = %q, want %q", message, got, want)
		}
	}
}

func TestWordsOfMentions(t *testing.T) {
	known := map[string]bool{"@bob": true, "@b.ob": true, "key": true, "@x_": true, "été": true}
	for text, want := range map[string]string{
		"@bob":            "@bob",
		"(@bob)":          "@bob",
		"@bob.":           "@bob",
		"@bob:":           "@bob",
		"@bob-":           "@bob",
		"hi,@bob!":        "@bob",
		"mail@bob":        "",
		"no@bobx":         "",
		"@bobx":           "",
		"@b.ob":           "@b.ob",
		"@b.ob.":          "@b.ob",
		"@bob.tail":       "@bob",
		"@bob-s":          "@bob",
		"@x_":             "@x_",
		":key:":           "",
		"key":             "key",
		"_key_":           "key",
		"monkey":          "",
		"key:":            "key",
		"@@bob":           "",
		"a key, and @bob": "@bob key",
		"été!":            "été",
	} {
		var got []string
		words(text, func(w string) {
			forms(w, func(f string) bool {
				if known[strings.ToLower(f)] {
					got = append(got, strings.ToLower(f))
					return true
				}
				return false
			})
		})
		slices.Sort(got)
		if s := strings.Join(slices.Compact(got), " "); s != want {
			t.Errorf("%q mentions %q, want %q", text, s, want)
		}
	}
}

func TestHashtags(t *testing.T) {
	for message, want := range map[string]string{
		"":                                   "",
		"#one #two-three #1 ## #été (#four)": "#one #two-three #été #four",
		"##double #a #ab #abc":               "#double #ab #abc",
		"text#no #yes!":                      "#yes",
		"#with.dot. #under_score, #-no":      "#with.dot #under_score",
		"#" + strings.Repeat("x", 1000) + " #end": "",
	} {
		if got := hashtags(message, 3); got != want {
			t.Errorf("hashtags(%.40q) = %.40q, want %q", message, got, want)
		}
	}
}

func TestPermalink(t *testing.T) {
	const site, post = "https://chat.example.com", "abcdefghijklmnopqrstuvwxy1"
	for message, want := range map[string]string{
		"look " + site + "/team/pl/" + post:                     post,
		"(" + site + "/team/pl/" + post + ")":                   post,
		"https://other.example.com/team/pl/" + post:             "",
		site + "/team/pl/" + post + "x":                         "",
		"`" + site + "/team/pl/" + post + "`":                   "",
		"http://first.example " + site + "/team/pl/" + post:     "",
		site + "/team/pl/" + post + ".":                         post,
		"https://chat.example.com.evil.example/team/pl/" + post: "",
	} {
		if got := permalink(message, site); got != want {
			t.Errorf("permalink(%q) = %q, want %q", message, got, want)
		}
	}
}

func TestEmojiNames(t *testing.T) {
	var got []string
	emojiNames(":smile: a:b :+1::taco: 12:30:45 :not an emoji:", func(n string) { got = append(got, n) })
	if s := strings.Join(got, " "); s != "smile +1 taco 30" {
		t.Errorf("got %q", s)
	}
}

func TestBumpsOfABatch(t *testing.T) {
	post := func(at int64, user, root, kind string) *model.Post {
		return &model.Post{ChannelID: "c", UserID: user, RootID: root, Type: kind, CreateAt: at}
	}
	got := bumpsOf([]*Saving{
		{Post: post(10, "amy", "", ""), Views: true, Mentions: Mentions{Users: []string{"bob", "carl"}}},
		{Post: post(11, "bob", "", ""), Views: true, Mentions: Mentions{Users: []string{"amy"}}, Urgent: true},
		{Post: post(12, "carl", "r", ""), Mentions: Mentions{Users: []string{"bob"}}},
		{Post: post(13, "amy", "", model.PostTypeJoinChannel)},
	})
	want := channels.Bump{ChannelID: "c", Posts: 3, Roots: 2, LastPostAt: 13, LastRootPostAt: 13, Members: []channels.MemberBump{
		{UserID: "amy", ViewedAt: 10, After: 2, RootsAfter: 1, Mentions: 1, RootMentions: 1, Urgent: 1},
		{UserID: "bob", ViewedAt: 11, After: 1, RootsAfter: 0, Mentions: 1},
		{UserID: "carl", Mentions: 1, RootMentions: 1},
	}}
	if len(got) != 1 || got[0].Posts != want.Posts || got[0].Roots != want.Roots || got[0].LastPostAt != 13 ||
		got[0].LastRootPostAt != 13 || !slices.Equal(got[0].Members, want.Members) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}
