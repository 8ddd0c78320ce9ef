package links

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/parley-chat/parley/internal/access"
	"github.com/parley-chat/parley/internal/api"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/outgoing"
)

// Bounds of the proxy.
const (
	maxProxied   = 32               // images on their way at the same moment
	maxPicture   = 50 << 20         // bytes of one (reference: text-facts.json)
	pictureStart = 64               // bytes that tell what it is
	pictureTime  = 25 * time.Second // for one image, from the first byte to the last
)

// Mount adds the routes of the slice.
func (l *Links) Mount(r *access.Router) {
	api.Get(r, "/image", access.Session, l.image, api.Sheddable())
}

type imageIn struct {
	URL string `query:"url"`
	For string `header:"Sec-Fetch-Dest"`
	api.Request
}

func errImage(cause error) error { return fault.Invalid("api.image.get.app_error").Wrap(cause) }

// image sends an image of another site. Without a proxy of one's own the client
// is told where to load it from; only as an image, when a browser says what it
// is for, since a link of this site must not lead people to others.
func (l *Links) image(ctx context.Context, _ access.Viewer, in imageIn) (api.Reply, error) {
	u, err := url.Parse(in.URL)
	if err != nil || len(in.URL) > maxURL || outgoing.Check(u) != nil {
		return api.Reply{}, errImage(err)
	}
	set := l.cfg.Get().ImageProxySettings
	to := u.String()
	switch {
	case l.own(to):
	case !set.Enable && in.For != "" && in.For != "image" && in.For != "empty":
		return api.Reply{}, errImage(nil)
	case !set.Enable:
	case set.ImageProxyType == "atmos/camo":
		to = l.camo(to)
	default:
		return l.proxied(ctx, to)
	}
	return api.Reply{Status: http.StatusFound, Header: http.Header{"Location": {to}, "Cache-Control": {"private, max-age=300"}}}, nil
}

// proxied fetches an image and passes it on. What it is is told by its first
// bytes and not by the other server.
func (l *Links) proxied(ctx context.Context, address string) (api.Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, pictureTime)
	select {
	case l.images <- struct{}{}:
	case <-ctx.Done():
		cancel()
		return api.Reply{}, errImage(ctx.Err())
	}
	// The place is given back when the time is over, too: a client that reads
	// slowly must not keep others waiting.
	context.AfterFunc(ctx, func() { <-l.images })
	p, err := l.picture(ctx, address)
	if err != nil {
		cancel()
		return api.Reply{}, errImage(err)
	}
	p.done = cancel
	return api.Reply{Stream: p, Header: http.Header{
		"Content-Type":            {p.kind},
		"Cache-Control":           {"private, max-age=86400"},
		"Expires":                 nil,
		"Content-Security-Policy": {"default-src 'none'; sandbox"},
		"Content-Disposition":     {"inline"},
	}}, nil
}

func (l *Links) picture(ctx context.Context, address string) (*picture, error) {
	resp, err := l.get(ctx, address, "image/*")
	if err != nil {
		return nil, err
	}
	p := &picture{body: resp.Body, left: maxPicture - pictureStart}
	if resp.StatusCode != http.StatusOK || resp.ContentLength > maxPicture {
		_ = resp.Body.Close()
		return nil, errNoPicture
	}
	n, err := io.ReadFull(resp.Body, p.start[:])
	p.rest = p.start[:n]
	if p.kind = pictureType(p.rest); p.kind == "" || err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		_ = resp.Body.Close()
		return nil, errNoPicture
	}
	return p, nil
}

// picture is an image on its way.
type picture struct {
	start [pictureStart]byte
	rest  []byte // of start
	body  io.ReadCloser
	left  int64 // bytes that may still come
	kind  string
	done  func()
	// broken says that the image did not come to its end.
	broken bool
}

// Read reads on.
func (p *picture) Read(b []byte) (int, error) {
	if len(p.rest) > 0 {
		n := copy(b, p.rest)
		p.rest = p.rest[n:]
		return n, nil
	}
	n, err := p.body.Read(b[:min(int64(len(b)), p.left+1)])
	if p.left -= int64(n); p.left < 0 {
		n, err = 0, outgoing.ErrTooLarge
	}
	p.broken = err != nil && !errors.Is(err, io.EOF)
	return n, err
}

// Close ends the request to the other server. After a failure the connection to
// the client is broken off, so that nobody takes the beginning for the whole.
func (p *picture) Close() error {
	p.done()
	err := p.body.Close()
	if p.broken {
		panic(http.ErrAbortHandler)
	}
	return err
}
