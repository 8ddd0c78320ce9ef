package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/parley-chat/parley/internal/model"
)

// ErrTooLong is the error of writing more into an Inside than it takes.
var ErrTooLong = errors.New("api: the answer is too long")

// Inside takes what a route writes for a gateway that calls the server's own
// routes in this process, where they meet every rule that they would meet from
// outside.
type Inside struct {
	Status int // 0 until something was written
	Body   bytes.Buffer
	header http.Header
	most   int
}

// NewInside returns one that takes an answer of at most so many bytes.
func NewInside(most int) *Inside { return &Inside{header: http.Header{}, most: most} }

// Header is what http.ResponseWriter asks for.
func (i *Inside) Header() http.Header { return i.header }

// WriteHeader is what http.ResponseWriter asks for.
func (i *Inside) WriteHeader(status int) {
	if i.Status == 0 {
		i.Status = status
	}
}

// Write is what http.ResponseWriter asks for. It fails with ErrTooLong.
func (i *Inside) Write(p []byte) (int, error) {
	i.WriteHeader(http.StatusOK)
	if i.Body.Len()+len(p) > i.most {
		return 0, ErrTooLong
	}
	return i.Body.Write(p)
}

// Refusal returns the error that the route answered, with a message in any case;
// nil when it did what it was asked for.
func (i *Inside) Refusal() *model.AppError {
	if i.Status >= 200 && i.Status < 300 {
		return nil
	}
	e := &model.AppError{}
	if json.Unmarshal(i.Body.Bytes(), e) != nil || e.Message == "" {
		e.Message = http.StatusText(i.Status)
	}
	e.StatusCode = i.Status
	return e
}
