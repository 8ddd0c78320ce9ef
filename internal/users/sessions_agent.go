package users

import (
	"regexp"
	"strings"
)

// agent is what a User-Agent header tells of a client, in the words in which
// the protocol's clients show it to people.
type agent struct {
	Platform, OS, Browser string
	Mobile                bool // the app for phones and tablets
}

// maxAgent is how much of a User-Agent header is looked at.
const maxAgent = 1024

// apps name themselves; they are looked for before browsers, whose names they
// carry too.
var apps = []struct{ token, name string }{
	{"Mattermost Mobile/", "Mobile App"}, {"mmctl/", "mmctl"}, {"Mattermost/", "Desktop App"}, {"Franz/", "Franz"},
	{"ParleyIRC/", "IRC"},
}

// browsers, the more particular ones first: most of them pretend to be the ones
// below as well.
var browsers = []struct{ token, name string }{
	{"Edg/", "Edge"}, {"Edge/", "Edge"}, {"EdgA/", "Edge"}, {"EdgiOS/", "Edge"}, {"OPR/", "Opera"}, {"Opera/", "Opera"},
	{"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chromium/", "Chrome"}, {"Chrome/", "Chrome"},
	{"MSIE ", "Internet Explorer"},
}

var platforms = []struct{ token, platform, os string }{
	{"Windows Phone", "Windows Phone", "Windows Phone"}, {"Windows NT 10.0", "Windows", "Windows 10"}, {"Windows NT 6.3", "Windows", "Windows 8.1"},
	{"Windows NT 6.2", "Windows", "Windows 8"}, {"Windows NT 6.1", "Windows", "Windows 7"}, {"Windows", "Windows", "Windows"},
	{"iPod", "iPod", "iOS"}, {"iPad", "iPad", "iOS"}, {"iPhone", "iPhone", "iOS"}, {"BlackBerry", "BlackBerry", "BlackBerry"},
	{"Android", "Linux", "Android"}, {"CrOS", "Linux", "Chrome OS"}, {"Macintosh", "Macintosh", "Mac OS"}, {"Mac OS X", "Macintosh", "Mac OS"},
	{"Linux", "Linux", "Linux"}, {"X11", "Linux", "Linux"},
}

var (
	leadingVersion = regexp.MustCompile(`^[0-9]+(\.[0-9]+){0,3}`)
	trident        = regexp.MustCompile(`Trident/.*rv:([0-9.]+)`)
	safari         = regexp.MustCompile(`Version/([0-9.]+).*Safari/`)
)

// agentOf reads a User-Agent header. What it doesn't know is Unknown.
func agentOf(header string) agent {
	header = cut(header, maxAgent)
	a := agent{Platform: "Unknown"}
	for _, p := range platforms {
		if strings.Contains(header, p.token) {
			a.Platform, a.OS = p.platform, p.os
			break
		}
	}
	for _, app := range apps {
		if _, rest, ok := strings.Cut(header, app.token); ok {
			a.Browser, a.Mobile = app.name+"/"+versionOr(rest, "0.0"), app.name == "Mobile App"
			return a
		}
	}
	a.Browser = browserOf(header)
	return a
}

func browserOf(header string) string {
	for _, b := range browsers {
		if _, rest, ok := strings.Cut(header, b.token); ok {
			return b.name + "/" + majorMinor(rest)
		}
	}
	if m := trident.FindStringSubmatch(header); m != nil {
		return "Internet Explorer/" + majorMinor(m[1])
	}
	if m := safari.FindStringSubmatch(header); m != nil {
		return "Safari/" + majorMinor(m[1])
	}
	return "Unknown/0.0"
}

// versionOr is the version that s begins with.
func versionOr(s, none string) string {
	if v := leadingVersion.FindString(s); v != "" && len(v) <= 32 {
		return v
	}
	return none
}

// majorMinor is the first two parts of the version that s begins with.
func majorMinor(s string) string {
	parts := strings.Split(versionOr(s, "0.0"), ".")
	if len(parts) == 1 {
		parts = append(parts, "0")
	}
	return parts[0] + "." + parts[1]
}
