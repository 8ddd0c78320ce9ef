package server_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"mime/multipart"
	"slices"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
	"github.com/parley-chat/parley/internal/testkit"
)

// leak tells what a text holds that a role may not be told, "" for nothing.
func (w *world) leak(role, text string) string {
	if role == "token" {
		role = "member"
	}
	for _, s := range w.secrets {
		if !slices.Contains(strings.Fields(s.roles), role) && strings.Contains(text, s.text) {
			return s.what
		}
	}
	return ""
}

// keysNeverTold hold credentials in rows of the database and on no answer.
var keysNeverTold = map[string]bool{"password": true, "auth_data": true, "mfa_secret": true, "mfa_used_timestamps": true, "passwordhash": true}

// credential returns the path of a credential in a JSON answer, "" for none.
// What the caller has sent, and what is masked, is none.
func credential(body []byte, sent string) string {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return ""
	}
	return credentialIn(v, "", sent)
}

func credentialIn(v any, at, sent string) string {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			text, ok := inner.(string)
			if ok && strings.Trim(text, "*") != "" && keysNeverTold[strings.ToLower(k)] && !strings.Contains(sent, text) {
				return at + "." + k
			}
			if found := credentialIn(inner, at+"."+k, sent); found != "" {
				return found
			}
		}
	case []any:
		for _, inner := range v {
			if found := credentialIn(inner, at+"[]", sent); found != "" {
				return found
			}
		}
	}
	return ""
}

// checkShape fails unless a refusal has the shape of every error, and nothing
// failed inside the server.
func checkShape(t *testing.T, r *testkit.Response) {
	t.Helper()
	if r.Err != nil {
		t.Errorf("%s: %v", r.Call, r.Err)
		return
	}
	if r.Status < 400 || strings.Contains(r.Call, "/websocket") { // the protocol answers there with a text
		return
	}
	if strings.HasPrefix(r.Call, "HEAD ") || (strings.Contains(r.Call, " /files/") || strings.Contains(r.Call, " /public/") || strings.Contains(r.Call, " /oauth/authorize")) && strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		return
	}
	var e model.AppError
	if err := json.Unmarshal(r.Body, &e); err != nil || e.ID == "" || e.Message == "" || e.RequestID == "" || e.StatusCode != r.Status {
		t.Errorf("%v: not the shape of an error", r)
	}
	if e.Message == e.ID && e.ID != "" {
		t.Errorf("%v: the error has no text", r)
	}
	for _, inner := range []string{"SQL", "sqlite", "pq:", "goroutine ", "/internal/", "panic"} {
		if strings.Contains(e.DetailedError, inner) || strings.Contains(e.Message, inner) {
			t.Errorf("%v: tells of the server's inside", r)
		}
	}
}

// form makes a form with a file.
func form(field, name string, content []byte) (body []byte, contentType string) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, _ := m.CreateFormFile(field, name)
	_, _ = part.Write(content)
	_ = m.Close()
	return b.Bytes(), m.FormDataContentType()
}

// emojiForm is a new custom emoji of somebody's.
func emojiForm(creatorID string) (body []byte, contentType string) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, _ := m.CreateFormFile("image", "e.png")
	_, _ = part.Write(smallPNG())
	_ = m.WriteField("emoji", `{"name":"e`+id.New()+`","creator_id":"`+creatorID+`"}`)
	_ = m.Close()
	return b.Bytes(), m.FormDataContentType()
}

func smallPNG() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 4, 4)))
	return b.Bytes()
}

var (
	picture, pictureType = form("image", "a.png", smallPNG())
	licence, licenceType = form("license", "a.txt", []byte("nothing"))
)
