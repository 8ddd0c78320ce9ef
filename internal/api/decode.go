package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"
	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// Request gives a handler the raw request: multipart forms, streams, headers.
type Request struct {
	*http.Request
	Writer http.ResponseWriter // for limits and cookies; the answer itself is Out
}

var requestType = reflect.TypeFor[Request]()

// plan is how an In is filled, worked out once when the route is mounted.
type plan struct {
	path, query, header []field
	body                *field
	request             []int
}

type field struct {
	index    []int
	name     string
	kind     string // path: "id" or "text"; body: "json" or "raw"
	def      string
	max      int64
	optional bool
}

// planFor reads the tags of In:
//
//	path:"user_id"        26-character id; "me" becomes the caller for user_id
//	path:"name,text"      free text
//	query:"page" default:"0" max:"200"
//	header:"If-None-Match"
//	body:"json,post"      the whole body; the second word names it in errors
//	body:"json,post,optional"  an empty body is fine
//	body:"raw"            []byte
func planFor[In any](route string) *plan {
	p := &plan{}
	t := reflect.TypeFor[In]()
	if t.Kind() != reflect.Struct {
		panic(route + ": In must be a struct")
	}
	for _, f := range flatten(t, nil) {
		if f.Type == requestType {
			p.request = f.Index
			continue
		}
		if tag, ok := f.Tag.Lookup("path"); ok {
			name, kind, _ := strings.Cut(tag, ",")
			if kind == "" {
				kind = "id"
			}
			p.path = append(p.path, field{index: f.Index, name: name, kind: kind})
		}
		if tag, ok := f.Tag.Lookup("query"); ok {
			limit, _ := strconv.ParseInt(f.Tag.Get("max"), 10, 64)
			p.query = append(p.query, field{index: f.Index, name: tag, def: f.Tag.Get("default"), max: limit})
		}
		if tag, ok := f.Tag.Lookup("header"); ok {
			p.header = append(p.header, field{index: f.Index, name: tag})
		}
		if tag, ok := f.Tag.Lookup("body"); ok {
			words := append(strings.Split(tag, ","), "", "")
			p.body = &field{index: f.Index, kind: words[0], name: words[1], optional: words[2] == "optional"}
			if p.body.name == "" {
				p.body.name = "body"
			}
		}
	}
	return p
}

// flatten lists the fields of a struct with those of embedded structs, whatever
// their names hide.
func flatten(t reflect.Type, at []int) []reflect.StructField {
	var out []reflect.StructField
	for i := range t.NumField() {
		f := t.Field(i)
		f.Index = append(append([]int(nil), at...), i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct && f.Type != requestType {
			out = append(out, flatten(f.Type, f.Index)...)
			continue
		}
		out = append(out, f)
	}
	return out
}

func (p *plan) decode(w http.ResponseWriter, r *http.Request, caller string, maxBody int64, in any) error {
	v := reflect.ValueOf(in).Elem()
	for _, f := range p.path {
		s, err := pathText(r, f.name)
		if err == nil && f.kind == "id" {
			s, err = pathID(f.name, s, caller)
		}
		if err != nil {
			return err
		}
		v.FieldByIndex(f.index).SetString(s)
	}
	if len(p.query) > 0 {
		q := r.URL.Query()
		for _, f := range p.query {
			setQuery(v.FieldByIndex(f.index), f, q[f.name])
		}
	}
	for _, f := range p.header {
		v.FieldByIndex(f.index).SetString(r.Header.Get(f.name))
	}
	if p.request != nil {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		v.FieldByIndex(p.request).Set(reflect.ValueOf(Request{r, w}))
	}
	if p.body == nil {
		return nil
	}
	return p.body.decodeBody(w, r, maxBody, v.FieldByIndex(p.body.index))
}

// pathText is the text of a variable in the path. The router matched the path
// as it was sent when that differs from its plain form: only then is there
// something left to decode. What no database holds is a path that does not
// exist.
func pathText(r *http.Request, name string) (string, error) {
	s := chi.URLParam(r, name)
	if r.URL.RawPath != "" && strings.IndexByte(s, '%') >= 0 {
		if u, err := url.PathUnescape(s); err == nil {
			s = u
		}
	}
	if strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) {
		return "", fault.NotFound("api.context.404.app_error")
	}
	return s, nil
}

// pathID checks an id in a path. Other characters than letters and digits make
// it a path that does not exist, as the protocol's route patterns say.
func pathID(name, s, caller string) (string, error) {
	if s == "me" && name == "user_id" {
		if caller == "" {
			return "", fault.Unauthenticated("api.context.session_expired.app_error")
		}
		return caller, nil
	}
	if s == model.UploadNoUser && name == "user_id" {
		return s, nil
	}
	for _, c := range s {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return "", fault.NotFound("api.context.404.app_error")
		}
	}
	if !id.Valid(s) {
		return "", fault.InvalidURLParam(name)
	}
	return s, nil
}

// setQuery fills a query field; what can't be read becomes the default.
func setQuery(v reflect.Value, f field, values []string) {
	if v.Kind() == reflect.Slice {
		v.Set(reflect.ValueOf(append([]string(nil), values...)))
		return
	}
	s := f.def
	if len(values) > 0 && values[0] != "" {
		s = values[0]
	}
	if v.Kind() == reflect.Pointer {
		if s == "" {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", ""))
	case reflect.Bool:
		b, _ := strconv.ParseBool(s)
		v.SetBool(b)
	default:
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil || n < 0 {
			n, _ = strconv.ParseInt(f.def, 10, 64)
		}
		if f.max > 0 && n > f.max {
			n = f.max
		}
		if v.OverflowInt(n) || n > 1<<53 {
			n = 0
		}
		v.SetInt(n)
	}
}

func (f *field) decodeBody(w http.ResponseWriter, r *http.Request, limit int64, v reflect.Value) error {
	raw, err := ReadBody(w, r, limit)
	if err != nil {
		return err
	}
	if f.kind == "raw" {
		v.SetBytes(raw)
		return nil
	}
	if len(bytes.TrimSpace(raw)) == 0 && f.optional {
		return nil
	}
	if err := DecodeJSON(raw, v.Addr().Interface()); err != nil {
		return fault.InvalidParam(f.name).Wrap(err)
	}
	return nil
}

// ReadBody reads a whole body of at most limit bytes.
func ReadBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		return nil, fault.TooLarge("api.context.request_body_too_large.app_error", "Max", limit)
	case err != nil:
		return nil, fault.InvalidParam("body").Wrap(err)
	}
	return raw, nil
}

// maxDepth bounds the nesting of a JSON body: deeper ones serve nobody and
// cost whoever reads them again.
const maxDepth = 1000

var (
	errNUL  = errors.New("holds a NUL character")
	errDeep = errors.New("nested too deeply")
)

// DecodeJSON decodes the first JSON value of raw into v. Unknown keys and what
// follows the value are ignored, as the protocol's clients expect; a NUL
// character, which PostgreSQL can't store, is refused.
func DecodeJSON(raw []byte, v any) error {
	if err := inspect(raw); err != nil {
		return err
	}
	return json.NewDecoder(bytes.NewReader(raw)).Decode(v)
}

func inspect(raw []byte) error {
	depth, quoted := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			if bytes.HasPrefix(raw[i:], []byte(`\u0000`)) {
				return errNUL
			}
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return errDeep
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}
