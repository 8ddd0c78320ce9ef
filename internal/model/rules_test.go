package model

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The patterns that the hand-written checks stand for (reference: limits.tsv).
var (
	usernamePattern    = regexp.MustCompile(`^[a-z0-9\.\-_]+$`)
	teamNamePattern    = regexp.MustCompile(`^[a-z0-9]+([a-z\-0-9]+|(__)?)[a-z0-9]+$`)
	channelNamePattern = regexp.MustCompile(`^[a-z0-9]+([a-z\-\_0-9]+|(__)?)[a-z0-9]*$`)
	emojiNamePattern   = regexp.MustCompile(`^[a-zA-Z0-9+_-]+$`)
	hashtagPattern     = regexp.MustCompile(`^(#\pL[\pL\d\-_.]*[\pL\d])$`)
	categoryPattern    = regexp.MustCompile(`^((favorites|channels|direct_messages)_[a-z0-9]{26}_)?[a-z0-9]{26}$`)
	colorPattern       = regexp.MustCompile(`^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$`)
)

func FuzzNames(f *testing.F) {
	for _, s := range []string{
		"", "a", "a_", "a__b", "a__b__c", "_a", "a-", "-a", "a--b", "a.b", "A", "é", "all", "a\n", "a__", "__", "a_b", "a-__b", "#abc", "#abcdef0",
		"channels_ybndrfg8ejkmcpqxot1uwisza3_ybndrfg8ejkmcpqxot1uwisza3", "ybndrfg8ejkmcpqxot1uwisza3", strings.Repeat("a", 64), strings.Repeat("a", 65),
	} {
		f.Add(s)
	}
	f.Fuzz(checkNames)
}

func checkNames(t *testing.T, s string) {
	size := len(s) >= 1 && len(s) <= 64
	for name, pair := range map[string][2]bool{
		"username": {ValidUsername(s), usernamePattern.MatchString(s) && size && !ReservedUsername(s)},
		"team":     {ValidTeamName(s), teamNamePattern.MatchString(s) && size},
		"channel":  {ValidChannelName(s), channelNamePattern.MatchString(s) && size && !IsDirectChannelName(s)},
		"emoji":    {ValidEmojiName(s), emojiNamePattern.MatchString(s) && size},
		"category": {ValidSidebarCategoryID(strings.ToLower(s)), categoryPattern.MatchString(strings.ToLower(s))},
		"color":    {ValidColor(s), colorPattern.MatchString(s)},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %q is %v, the pattern says %v", name, s, pair[0], pair[1])
		}
	}
	if c := CleanUsername(s); c != "" && !ValidUsername(c) {
		t.Errorf("CleanUsername(%q) = %q, which is no username", s, c)
	}
}

// Names that random bytes would hardly hit.
func TestNames(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		checkNames(t, rapid.StringOfN(rapid.SampledFrom([]rune("ab09-__.+A#é")), 0, 9, -1).Draw(rt, "name"))
	})
}

func TestReservedNames(t *testing.T) {
	for _, s := range []string{"admin", "api", "administrators", "plugins-2", "playbooks"} {
		if !ReservedTeamName(s) {
			t.Errorf("%s is not reserved", s)
		}
	}
	if ReservedTeamName("crew") || ReservedTeamName("my-admin") {
		t.Error("free names are reserved")
	}
	for _, s := range []string{"all", "channel", "matterbot", "system"} {
		if ValidUsername(s) {
			t.Errorf("%s is a username", s)
		}
	}
}

func TestEmail(t *testing.T) {
	for s, want := range map[string]bool{
		"alice@example.com": true, "helper@localhost": true, "a.b+c@x.example": true, "o'hara@example.com": true,
		"nope": false, "": false, "Alice@example.com": false, "Alice <alice@example.com>": false, "a@b@c": false, "a b@c.d": false,
		"@example.com": false, "alice@": false, "a@b.c\r\nBcc: x@y.z": false, `"a b"@example.com`: false, "a@[127.0.0.1]": false,
		strings.Repeat("a", 117) + "@example.com": false,
	} {
		if got := ValidEmail(s); got != want {
			t.Errorf("ValidEmail(%q) = %v", s, got)
		}
	}
}

func TestCleanUsername(t *testing.T) {
	for s, want := range map[string]string{
		"Alice Liddell": "alice-liddell", " bob ": "bob", "é!": "", "all": "", "-x-": "x", "a@b.c": "a-b.c",
		strings.Repeat("a", 70): strings.Repeat("a", 64),
	} {
		if got := CleanUsername(s); got != want {
			t.Errorf("CleanUsername(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestConversationNames(t *testing.T) {
	a, b := "abndrfg8ejkmcpqxot1uwisza3", "bbndrfg8ejkmcpqxot1uwisza3"
	name := DirectChannelName(b, a)
	if name != a+"__"+b || !IsDirectChannelName(name) || ValidChannelName(name) {
		t.Errorf("direct name %q", name)
	}
	for user, want := range map[string]string{a: b, b: a, "x": ""} {
		if got := DirectChannelPartner(name, user); got != want {
			t.Errorf("partner of %s is %q", user, got)
		}
	}
	if got := DirectChannelPartner(a+"__"+a, a); got != a {
		t.Errorf("partner in notes to oneself is %q", got)
	}
	ids := []string{b, a}
	if GroupChannelName(ids) != GroupChannelName([]string{a, b}) || len(GroupChannelName(ids)) != 40 || ids[0] != b {
		t.Error("group name depends on the order, or changed it")
	}
}

func TestParseHashtags(t *testing.T) {
	for _, tt := range []struct{ text, tags, plain string }{
		{"#one #two-three #1 ## #été (#four)", "#one #two-three #été #four", "#1 ##"}, // recorded
		{"hello @bob #tag", "#tag", "hello @bob"},                                     // recorded
		{"no tag here", "", "no tag here"},
		{"##a ##ab, #a.b. #x#y a#b #a_ ...#dots!", "#ab #a.b #dots", "##a #x#y a#b #a_"},
		{"#\u65e5\u672c #a1", "#\u65e5\u672c #a1", ""},
		{"", "", ""},
	} {
		if tags, plain := ParseHashtags(tt.text); tags != tt.tags || plain != tt.plain {
			t.Errorf("%q: %q, %q; want %q, %q", tt.text, tags, plain, tt.tags, tt.plain)
		}
	}
	tags, _ := ParseHashtags(strings.Repeat("#"+strings.Repeat("a", 99)+" ", 20))
	if len(tags) > PostHashtagsMaxLength || len(tags) < 900 || strings.HasSuffix(tags, " ") {
		t.Errorf("%d bytes of tags", len(tags))
	}
}

func FuzzParseHashtags(f *testing.F) {
	for _, s := range []string{"#one two", "##x", "\xff#ab\xff", "(#a.b.)", "#a\u00a0#bc", "#1a #a1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tags, plain := ParseHashtags(s)
		for _, tag := range strings.Fields(tags) {
			if !hashtagPattern.MatchString(tag) {
				t.Errorf("%q: %q is no hashtag", s, tag)
			}
		}
		for _, word := range strings.Fields(plain) {
			if hashtagPattern.MatchString(word) {
				t.Errorf("%q: the hashtag %q was missed", s, word)
			}
		}
		if len(tags) > PostHashtagsMaxLength {
			t.Errorf("%d bytes of tags", len(tags))
		}
	})
}

func TestMemberInvite(t *testing.T) {
	for body, want := range map[string]int{`["a@b.c"]`: 0, `{"emails":["a@b.c"],"channelIds":["x"]}`: 1} {
		var m MemberInvite
		if err := json.Unmarshal([]byte(body), &m); err != nil || len(m.Emails) != 1 || len(m.ChannelIDs) != want {
			t.Errorf("%s: %+v, %v", body, m, err)
		}
	}
}

func TestMemberFor(t *testing.T) {
	m := ChannelMember{UserID: "a", LastViewedAt: 5, LastUpdateAt: 6}
	if got := m.For("b"); got.LastViewedAt != -1 || got.LastUpdateAt != -1 {
		t.Errorf("others see %+v", got)
	}
	if got := m.For("a"); got.LastViewedAt != 5 || got.LastUpdateAt != 6 {
		t.Errorf("the member sees %+v", got)
	}
}

func TestTeamSanitized(t *testing.T) {
	team := Team{Email: "a@b.c", InviteID: "x"}
	if got := team.Sanitized(false, false); got.Email != "" || got.InviteID != "" {
		t.Errorf("strangers see %+v", got)
	}
	if got := team.Sanitized(false, true); got.Email != "" || got.InviteID != "x" {
		t.Errorf("who may invite sees %+v", got)
	}
	if team.Email == "" {
		t.Error("the team itself was changed")
	}
}

func TestChannelPatchMergesBanner(t *testing.T) {
	yes, words := true, "words"
	c := Channel{Header: "h", BannerInfo: &ChannelBannerInfo{Text: &words}}
	old := c.BannerInfo
	(&ChannelPatch{BannerInfo: &ChannelBannerInfo{Enabled: &yes}}).Apply(&c)
	if c.Header != "h" || !*c.BannerInfo.Enabled || *c.BannerInfo.Text != "words" || old.Enabled != nil {
		t.Errorf("banner %+v", c.BannerInfo)
	}
}
