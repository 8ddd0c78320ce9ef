package links

import (
	"bufio"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/outgoing"
)

// Bounds of an answer.
const (
	longest  = 30 * time.Second // of any request; the setting is shorter
	maxPage  = 1536 << 10       // bytes of a page, unpacked: some put a lot of script before what they say of themselves
	maxProbe = 512 << 10        // bytes in which an image must say its size
	maxGIF   = 8 << 20          // bytes in which the frames of an animation are counted
)

var errRestricted = errors.New("links: RestrictLinkPreviews names the domain")

// agent is what other servers see.
const agent = "Mozilla/5.0 (compatible; Parley; link preview)"

// ask finds out what stands at an address.
func (l *Links) ask(ctx context.Context, address string) *Link {
	timeout := time.Duration(l.cfg.Get().ExperimentalSettings.LinkMetadataTimeoutMilliseconds) * time.Millisecond
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	k, err := l.visit(ctx, address)
	if err != nil {
		l.log.Debug("a link could not be followed", "error", err)
		return &Link{Kind: KindNone}
	}
	if k.Kind == KindPage {
		l.measureFirst(ctx, k.Page)
	}
	return k
}

func (l *Links) visit(ctx context.Context, address string) (*Link, error) {
	resp, err := l.get(ctx, address, "text/html,application/xhtml+xml;q=0.9,image/*;q=0.8,*/*;q=0.1")
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body := bufio.NewReader(resp.Body)
	switch kind := contentType(resp, body); {
	case resp.StatusCode < 200 || resp.StatusCode > 299:
	case kind == "text/html" || kind == "application/xhtml+xml":
		if page := readPage(body, resp.Header.Get("Content-Type"), resp.Request.URL); page != nil {
			if page.URL != "" {
				page.URL = address // what a page says of its address could be another's
			}
			return &Link{Kind: KindPage, Page: page}, nil
		}
	case strings.HasPrefix(kind, "image/") && kind != svg:
		if size := measure(body); size != nil {
			return &Link{Kind: KindImage, Image: size}, nil
		}
	}
	return &Link{Kind: KindNone}, nil
}

// get asks for an address; the caller closes the body.
func (l *Links) get(ctx context.Context, address, accept string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	if err := outgoing.Check(req.URL); err != nil {
		return nil, err
	}
	req.Header.Set("Accept", accept)
	req.Header.Set("User-Agent", agent)
	req.Header.Set("Accept-Language", l.cfg.Get().LocalizationSettings.DefaultServerLocale)
	return l.web.Do(req)
}

// contentType is what a body is said to be, or looks like when nothing is said.
func contentType(resp *http.Response, body *bufio.Reader) string {
	said := resp.Header.Get("Content-Type")
	if said == "" {
		start, err := body.Peek(512)
		if err != nil && !errors.Is(err, io.EOF) {
			return ""
		}
		said = http.DetectContentType(start)
	}
	kind, _, err := mime.ParseMediaType(said)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return ""
	}
	return kind
}

// measureFirst finds out how large the picture of a page is, so that clients
// can leave room for it. One that isn't there, or is no picture, is left out;
// two tries are enough.
func (l *Links) measureFirst(ctx context.Context, page *model.OpenGraph) {
	for try := 0; try < 2 && len(page.Images) > 0; try++ {
		first := page.Images[0]
		if size := l.sizeOf(ctx, imageURL(first)); size != nil {
			first.Width, first.Height, first.Type = uint64(size.Width), uint64(size.Height), "image/"+size.Format
			return
		}
		page.Images = page.Images[1:]
	}
	page.Images = nil
}

func (l *Links) sizeOf(ctx context.Context, address string) *model.PostImage {
	resp, err := l.get(ctx, address, "image/*")
	if err != nil {
		return nil
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil
	}
	return measure(resp.Body)
}

// imageURL is where a picture of a page is loaded from.
func imageURL(m *model.OpenGraphMedia) string {
	if m.SecureURL != "" {
		return m.SecureURL
	}
	return m.URL
}
