package golden

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	_ "golang.org/x/image/webp" // so that answers in this format can be measured
)

var (
	imageRE = regexp.MustCompile(`^<image ([a-z]+) (\d+)x(\d+)>$`)
	bytesRE = regexp.MustCompile(`^<(\d+) bytes>$`)
)

// body builds the bytes of a request and its content type.
func (r *run) body(st *Step) ([]byte, string, error) {
	req := st.Request
	if !req.HasBody {
		return nil, "", nil
	}
	if m, ok := req.Body.(map[string]any); ok {
		if typ, ok := m["<raw>"].(string); ok {
			b, err := r.raw(st, m["content"])
			return b, typ, err
		}
		if form, ok := m["<form>"].(map[string]any); ok {
			return r.form(form)
		}
		if fields, ok := m["<multipart>"].([]any); ok {
			files, _ := m["files"].([]any)
			return r.multipart(fields, files)
		}
	}
	v, err := r.fill(st, req.Body, "")
	if err != nil {
		return nil, "", err
	}
	b, err := marshal(v)
	return b, "application/json", err
}

func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(buf.Bytes()), nil
}

// raw builds a body that is sent as it stands.
func (r *run) raw(st *Step, content any) ([]byte, error) {
	switch c := content.(type) {
	case map[string]any:
		v, err := r.fill(st, c["<json>"], "")
		if err != nil {
			return nil, err
		}
		b, err := marshal(v)
		if st.Name == "duplicate keys" {
			// The recording shows the body decoded, so the first of the two keys is gone.
			b = bytes.Replace(b, []byte(`"message":`), []byte(`"message":"one","message":`), 1)
		}
		return b, err
	case string:
		if m := bytesRE.FindStringSubmatch(c); m != nil {
			// errors/malformed: the only body shown by its size is a post whose message has a byte
			// that is no UTF-8 (the answer gives a, the replacement character, b).
			id, ok := r.anyChannel()
			if !ok {
				return nil, fmt.Errorf("no channel for a body of %s bytes", m[1])
			}
			return []byte(`{"channel_id":"` + id + `","message":"a` + "\xff" + `b"}`), nil
		}
		return []byte(r.str(st, c, "")), nil
	}
	return nil, fmt.Errorf("raw body of %s", kind(content))
}

// anyChannel gives the channel made last in the scenario.
func (r *run) anyChannel() (string, bool) {
	return r.lastChannel, r.lastChannel != ""
}

func (r *run) form(fields map[string]any) ([]byte, string, error) {
	v := url.Values{}
	for _, k := range sortedKeys(fields) {
		list, _ := fields[k].([]any)
		for _, x := range list {
			s, err := r.field(x, k)
			if err != nil {
				return nil, "", err
			}
			v.Add(k, s)
		}
	}
	return []byte(v.Encode()), "application/x-www-form-urlencoded", nil
}

// field gives the text of one form field, which may be JSON shown decoded.
func (r *run) field(x any, key string) (string, error) {
	if m, ok := x.(map[string]any); ok {
		v, err := r.fill(nil, m["<json>"], key)
		if err != nil {
			return "", err
		}
		b, err := marshal(v)
		return string(b), err
	}
	s, ok := x.(string)
	if !ok {
		return "", fmt.Errorf("form field %s is %s", key, kind(x))
	}
	return r.str(nil, s, key), nil
}

func (r *run) multipart(fields, files []any) ([]byte, string, error) {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for _, f := range fields {
		pair, _ := f.([]any)
		if len(pair) != 2 {
			return nil, "", fmt.Errorf("multipart field %s", brief(f))
		}
		name, _ := pair[0].(string)
		s, err := r.field(pair[1], name)
		if err != nil {
			return nil, "", err
		}
		if err := w.WriteField(name, s); err != nil {
			return nil, "", err
		}
	}
	for _, f := range files {
		m, _ := f.(map[string]any)
		field, _ := m["field"].(string)
		name, _ := m["name"].(string)
		content, _ := m["content"].(string)
		part, err := w.CreateFormFile(field, r.str(nil, name, ""))
		if err != nil {
			return nil, "", err
		}
		data := []byte(r.b.known(content))
		if im := imageRE.FindStringSubmatch(content); im != nil {
			if data, err = picture(im[1], im[2], im[3]); err != nil {
				return nil, "", err
			}
		}
		if _, err := part.Write(data); err != nil {
			return nil, "", err
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return buf.Bytes(), w.FormDataContentType(), nil
}

// picture draws a picture of the given kind and size.
func picture(kind, width, height string) ([]byte, error) {
	w, _ := strconv.Atoi(width)
	h, _ := strconv.Atoi(height)
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{R: uint8(x * 255 / w), G: uint8(y * 255 / h), B: 120, A: 255})
		}
	}
	var buf bytes.Buffer
	var err error
	switch kind {
	case "png":
		err = png.Encode(&buf, img)
	case "jpeg", "jpg":
		err = jpeg.Encode(&buf, img, nil)
	case "gif":
		err = gif.Encode(&buf, img, nil)
	case "bmp":
		err = bmp.Encode(&buf, img)
	case "tiff":
		err = tiff.Encode(&buf, img, nil)
	default:
		err = fmt.Errorf("cannot draw a picture of kind %s", kind)
	}
	return buf.Bytes(), err
}

// fill puts actual values in the place of a request body's placeholders. key is the name that the
// value stands at; st may be nil.
func (r *run) fill(st *Step, v any, key string) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		if inner, ok := v["<json>"]; ok && len(v) == 1 {
			x, err := r.fill(st, inner, key)
			if err != nil {
				return nil, err
			}
			b, err := marshal(x)
			return string(b), err
		}
		out := map[string]any{}
		for _, k := range sortedKeys(v) {
			x, err := r.fill(st, v[k], k)
			if err != nil {
				return nil, err
			}
			if s, ok := v[k].(string); ok && (s == "<ms>" || s == "<seconds>" || s == "<minus ms>") {
				x = r.moment(v, k, s)
			}
			out[r.str(st, k, "")] = x
		}
		return out, nil
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			y, err := r.fill(st, x, key)
			if err != nil {
				return nil, err
			}
			out[i] = y
		}
		return out, nil
	case string:
		return r.str(st, v, key), nil
	}
	return v, nil
}

// moment gives a time for a request: that of the resource sent when an answer showed it, else now,
// or in an hour for what is scheduled.
func (r *run) moment(obj map[string]any, key, form string) any {
	if mark, ok := obj["id"].(string); ok {
		if seen, ok := r.objects[r.b.known(mark)]; ok && kind(seen[key]) == "number" {
			return seen[key]
		}
	}
	t := time.Now()
	if strings.HasPrefix(key, "scheduled") || strings.HasPrefix(key, "target") {
		t = t.Add(time.Hour)
	}
	if form == "<seconds>" {
		return t.Unix()
	}
	return t.UnixMilli()
}

// str fills the placeholders of one string. Ids that nothing has shown are taken from what setup
// answers held but the recording leaves out, or are new: the scenario then means a missing thing.
func (r *run) str(st *Step, s, key string) string {
	switch s {
	case "<any string>":
		return r.secret(key)
	case "<time>":
		if st != nil && st.Name == "expired" {
			return time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
		}
		return time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	case "<text>":
		return "some words"
	}
	for _, mark := range markRE.FindAllString(s, -1) {
		if _, ok := r.b.ids[mark]; !ok {
			r.invent(st, mark, s, key)
		}
	}
	return r.b.known(s)
}

// invent binds a mark that appears in a request before any answer showed it.
func (r *run) invent(st *Step, mark, s, key string) {
	source := key
	switch {
	case key == "file_ids" || strings.Contains(s, "/files/"+mark):
		source = "file"
	case key == "token" && st != nil && st.Request != nil && st.Request.Method == "WS":
		source = ""
		if t, err := r.token(st.Actor); err == nil && r.b.bind(mark, t) == nil {
			return
		}
	}
	for q := r.hidden[source]; len(q) > 0; q = r.hidden[source] {
		r.hidden[source] = q[1:]
		if r.b.bind(mark, q[0]) == nil {
			return
		}
	}
	_ = r.b.bind(mark, randomID()) // a new id cannot be bound already
}

// secret gives the value of a request field that the recording hides.
func (r *run) secret(key string) string {
	switch {
	case key == "code" && r.mfaSecret != "":
		return totp(r.mfaSecret, time.Now())
	case key == "code":
		return r.oauthCode
	case key == "token":
		return r.resetToken
	}
	return "x"
}

// totp gives the six digits of RFC 6238 (SHA-1, 30 s) for a base32 secret.
func totp(secret string, at time.Time) string {
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.TrimRight(strings.ToUpper(secret), "="))
	if err != nil {
		return "000000"
	}
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, uint64(at.Unix()/30))
	sum := mac.Sum(nil)
	off := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[off:])&0x7fffffff)%1000000)
}
