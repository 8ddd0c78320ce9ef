package users

import (
	"strings"
	"testing"
)

func TestAgentOf(t *testing.T) {
	const like = "Mozilla/5.0 "
	for header, want := range map[string]agent{
		"":             {Platform: "Unknown", Browser: "Unknown/0.0"},
		"golden":       {Platform: "Unknown", Browser: "Unknown/0.0"},
		"curl/8.5.0":   {Platform: "Unknown", Browser: "Unknown/0.0"},
		"mmctl/11.6.0": {Platform: "Unknown", Browser: "mmctl/11.6.0"},
		like + "(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36":                                     {"Windows", "Windows 10", "Chrome/126.0", false},
		like + "(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.56":                   {"Windows", "Windows 10", "Edge/126.0", false},
		like + "(Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko":                                                                                       {"Windows", "Windows 7", "Internet Explorer/11.0", false},
		like + "(X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0":                                                                              {"Linux", "Linux", "Firefox/127.0", false},
		like + "(X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36":                                      {"Linux", "Chrome OS", "Chrome/125.0", false},
		like + "(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15":                               {"Macintosh", "Mac OS", "Safari/17.5", false},
		like + "(iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1":             {"iPhone", "iOS", "Safari/17.5", false},
		like + "(iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1":               {"iPad", "iOS", "Chrome/126.0", false},
		like + "(Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.6478.71 Mobile Safari/537.36":                           {"Linux", "Android", "Chrome/126.0", false},
		like + "(X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Mattermost/5.8.1 Chrome/124.0.6367.243 Electron/30.1.0 Safari/537.36":         {"Linux", "Linux", "Desktop App/5.8.1", false},
		like + "(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Mattermost/5.8.1 Chrome/124.0.6367 Electron/30 Safari/537.36": {"Macintosh", "Mac OS", "Desktop App/5.8.1", false},
		"Mattermost Mobile/2.18.0+5021122 (Android; 14; Pixel 8)":                                                                                        {"Linux", "Android", "Mobile App/2.18.0", true},
		"Mattermost Mobile/2.18.0+5021122 (iOS; iPhone)":                                                                                                 {"iPhone", "iOS", "Mobile App/2.18.0", true},
		like + "(Windows NT 10.0) AppleWebKit/537.36 Chrome/125 Safari/537.36 OPR/111.0":                                                                 {"Windows", "Windows 10", "Opera/111.0", false},
		"Chrome/" + strings.Repeat("9", 5000): {"Unknown", "", "Chrome/0.0", false},
		"Firefox/" + "\xff\xfe":               {"Unknown", "", "Firefox/0.0", false},
	} {
		if got := agentOf(header); got != want {
			t.Errorf("%.120s:\n got %+v\nwant %+v", header, got, want)
		}
	}
}
