package admin

import (
	"context"
	"net/http"
	"net/url"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/outgoing"
)

// maxURL bounds an address that a client asks about, and the one it leads to.
const maxURL = 2100

type redirectIn struct {
	URL string `query:"url"`
}

type redirectOut struct {
	Location string `json:"location"`
}

// redirectLocation tells where a short address leads, "" when nowhere or when
// link previews, for which clients ask, are off.
func (a *Admin) redirectLocation(ctx context.Context, _ access.Viewer, in redirectIn) (redirectOut, error) {
	if !a.cfg.Get().ServiceSettings.EnableLinkPreviews {
		return redirectOut{}, nil
	}
	if in.URL == "" || len(in.URL) > maxURL {
		return redirectOut{}, fault.InvalidParam("url")
	}
	u, err := url.Parse(in.URL)
	if err != nil || outgoing.Check(u) != nil {
		return redirectOut{}, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, u.String(), nil)
	if err != nil {
		return redirectOut{}, nil
	}
	once := *a.web
	once.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := once.Do(req)
	if err != nil {
		a.log.Debug("an address could not be followed", "error", err)
		return redirectOut{}, nil
	}
	_ = resp.Body.Close()
	to := resp.Header.Get("Location")
	if len(to) > maxURL {
		to = ""
	}
	return redirectOut{Location: to}, nil
}
