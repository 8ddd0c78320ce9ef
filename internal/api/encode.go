package api

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/parley-chat/parley/internal/fault"
)

// Reply is an Out that isn't JSON, or that brings headers of its own.
type Reply struct {
	Status int         // 0: the route's
	Header http.Header // added to the answer's
	Body   []byte
	Stream io.Reader // instead of Body; closed after sending when it is an io.Closer
	JSON   any       // instead of Body and Stream
	// Serve writes the answer itself, instead of all of these: ranges, conditions.
	Serve func(w http.ResponseWriter, r *http.Request)
}

// Tagged is an Out with an ETag: a client that has it already is answered 304
// without a body. Value may be left empty when Etag equals the request's.
type Tagged[T any] struct {
	Etag  string
	Value T
}

func (t Tagged[T]) tagged() (string, any) { return t.Etag, t.Value }

// Unchanged reports whether the request's If-None-Match names etag.
func Unchanged(ifNoneMatch, etag string) bool {
	return etag != "" && strings.Trim(strings.TrimPrefix(ifNoneMatch, "W/"), `"`) == etag
}

// appender is a value that encodes itself; the hot types of model do.
type appender interface{ AppendJSON([]byte) []byte }

var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 4096); return &b }}

// keep bounds what goes back into the pools.
const keep = 256 << 10

func write(w http.ResponseWriter, r *http.Request, status int, out any) error {
	switch o := out.(type) {
	case Reply:
		return writeReply(w, r, status, o)
	case interface{ tagged() (string, any) }:
		etag, value := o.tagged()
		if etag != "" {
			w.Header().Set("Etag", etag)
			if Unchanged(r.Header.Get("If-None-Match"), etag) {
				w.WriteHeader(http.StatusNotModified)
				return nil
			}
		}
		out = value
	}
	return writeJSON(w, r, status, out)
}

func writeReply(w http.ResponseWriter, r *http.Request, status int, o Reply) error {
	for k, v := range o.Header {
		w.Header()[k] = v
	}
	if o.Status != 0 {
		status = o.Status
	}
	switch {
	case o.Serve != nil:
		o.Serve(w, r)
	case o.JSON != nil:
		return writeJSON(w, r, status, o.JSON)
	case o.Stream != nil:
		w.WriteHeader(status)
		_, _ = io.Copy(w, o.Stream) // the client went away; nothing to say to it
		if c, ok := o.Stream.(io.Closer); ok {
			_ = c.Close()
		}
	default:
		w.WriteHeader(status)
		_, _ = w.Write(o.Body)
	}
	return nil
}

func writeJSON(w http.ResponseWriter, r *http.Request, status int, out any) error {
	p := buffers.Get().(*[]byte)
	buf := (*p)[:0]
	defer func() {
		if cap(buf) <= keep {
			*p = buf
			buffers.Put(p)
		}
	}()
	buf, err := encode(buf, out)
	if err != nil {
		return err
	}
	writeBytes(w, r, status, "application/json", buf)
	return nil
}

// Encode returns out as an answer has it.
func Encode(out any) ([]byte, error) { return encode(nil, out) }

func encode(buf []byte, out any) ([]byte, error) {
	if a, ok := out.(appender); ok {
		return a.AppendJSON(buf), nil
	}
	b := bytes.NewBuffer(buf)
	if err := json.NewEncoder(b).Encode(out); err != nil {
		return buf, fault.Internal("api.marshal_error", err)
	}
	return b.Bytes(), nil
}

var zippers = sync.Pool{New: func() any { z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed); return z }}

// worthZipping is the size from which compression pays for its headers.
const worthZipping = 1400

// Send writes a whole answer, compressed when that pays and the client takes it.
func Send(w http.ResponseWriter, r *http.Request, status int, kind string, body []byte) {
	writeBytes(w, r, status, kind, body)
}

func writeBytes(w http.ResponseWriter, r *http.Request, status int, kind string, body []byte) {
	h := w.Header()
	h["Content-Type"] = []string{kind}
	if len(body) >= worthZipping {
		h.Add("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			w.WriteHeader(status)
			z := zippers.Get().(*gzip.Writer)
			z.Reset(w)
			_, _ = z.Write(body)
			_ = z.Close()
			z.Reset(io.Discard)
			zippers.Put(z)
			return
		}
	}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
