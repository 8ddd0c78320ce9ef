package api

import (
	"net/http"

	"github.com/parley-chat/parley/internal/fault"
)

// Option changes how a route is served.
type Option func(*option)

type option struct {
	status    int
	maxBody   int64
	sheddable bool
	pages     bool
	also      Also
	perSecond float64
	burst     int
}

func options(opts []Option) option {
	o := option{status: http.StatusOK}
	for _, set := range opts {
		set(&o)
	}
	return o
}

// Created answers 201 instead of 200.
func Created() Option { return Status(http.StatusCreated) }

// Status answers with another status than 200.
func Status(status int) Option { return func(o *option) { o.status = status } }

// MaxBody allows bodies up to n bytes on this route.
func MaxBody(n int64) Option { return func(o *option) { o.maxBody = n } }

// Pages has refusals written as pages, for routes that people open in a browser.
func Pages() Option { return func(o *option) { o.pages = true } }

// Also says what a refusal has beside the shape of every refusal: headers of the
// answer, and members of its JSON.
type Also func(r *http.Request, e *fault.Error) (header http.Header, fields map[string]any)

// Refusals has refusals of a route bring what another protocol asks for, too.
func Refusals(also Also) Option { return func(o *option) { o.also = also } }

// Sheddable has the route refused with 503 while the server is marked busy.
func Sheddable() Option { return func(o *option) { o.sheddable = true } }

// RateLimit allows an address perSecond calls, with bursts.
func RateLimit(perSecond float64, burst int) Option {
	return func(o *option) { o.perSecond, o.burst = perSecond, burst }
}

// None is the input of a route that takes nothing.
type None struct{}

// OK is the answer of a route that has nothing more to say.
type OK struct {
	Status string `json:"status"`
}

// Done is the value of OK.
func Done() OK { return OK{Status: "OK"} }

// Page is a slice of a list: embed it in an In. Anything unreadable becomes the
// default; more than 200 rows a page become 200.
type Page struct {
	Page    int `query:"page" default:"0"`
	PerPage int `query:"per_page" default:"60" max:"200"`
}

// Offset is the number of rows before the page.
func (p Page) Offset() int { return p.Page * p.PerPage }
