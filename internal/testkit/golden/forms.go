package golden

import (
	"bytes"
	"fmt"
	"image"
	"strings"
)

// isForm says whether a recorded body is shown by its form alone.
func isForm(g string) bool {
	return g == "<html>" || imageRE.MatchString(g) || bytesRE.MatchString(g)
}

// form compares a body that the recording shows by kind and size.
func (c *comparer) form(g string, a *answer) {
	switch {
	case g == "<html>":
		if s := strings.ToLower(string(a.raw)); !strings.Contains(s, "<html") && !strings.Contains(s, "<!doctype html") {
			c.diff(nil, "want a page of HTML got %s", brief(string(a.raw)))
		}
	case bytesRE.MatchString(g):
		if got := fmt.Sprintf("<%d bytes>", len(a.raw)); got != g {
			c.diff(nil, "want %s got %s", g, got)
		}
	default:
		conf, typ, err := image.DecodeConfig(bytes.NewReader(a.raw))
		if err != nil {
			c.diff(nil, "want %s got %d bytes that are no picture", g, len(a.raw))
			return
		}
		if got := fmt.Sprintf("<image %s %dx%d>", typ, conf.Width, conf.Height); got != g {
			c.diff(nil, "want %s got %s", g, got)
		}
	}
}
