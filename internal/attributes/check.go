package attributes

import (
	"encoding/json"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/id"
	"github.com/parley-chat/parley/internal/model"
)

// mostPicked bounds the people of one value.
const mostPicked = 200

// clean returns a value in the form in which it is kept, or says that it
// doesn't fit its field. An empty text or list says that there is none.
func clean(f *model.Attribute, raw json.RawMessage) (json.RawMessage, error) {
	switch f.Type {
	case model.PropertyMultiselect, model.PropertyMultiuser:
		return cleanList(f, raw)
	}
	var text string
	if string(raw) != "null" {
		if err := json.Unmarshal(raw, &text); err != nil {
			return nil, misfit(f)
		}
	}
	text = strings.TrimSpace(text)
	if text != "" && !fits(f, text) {
		return nil, misfit(f)
	}
	return json.Marshal(text)
}

func misfit(f *model.Attribute) error {
	return fault.Invalid("app.custom_profile_attributes.validate_value.app_error", "Name", f.Name)
}

func cleanList(f *model.Attribute, raw json.RawMessage) (json.RawMessage, error) {
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, misfit(f)
	}
	kept := []string{}
	for _, one := range list {
		if one = strings.TrimSpace(one); one == "" || slices.Contains(kept, one) {
			continue
		}
		if len(kept) == mostPicked || !fits(f, one) {
			return nil, misfit(f)
		}
		kept = append(kept, one)
	}
	return json.Marshal(kept)
}

func fits(f *model.Attribute, text string) bool {
	switch f.Type {
	case model.PropertySelect, model.PropertyMultiselect:
		return slices.ContainsFunc(f.Attrs.Options, func(o model.AttributeOption) bool { return o.ID == text })
	case model.PropertyUser, model.PropertyMultiuser:
		return id.Valid(text) // whether such a person is there, the store asks
	case model.PropertyDate:
		_, err := time.Parse(time.DateOnly, text)
		return err == nil
	}
	if len(text) > model.AttributeTextMaxLength || strings.ContainsFunc(text, unicode.IsControl) {
		return false
	}
	switch f.Attrs.ValueType {
	case model.AttributeEmail:
		a, err := mail.ParseAddress(text)
		return err == nil && a.Address == text
	case model.AttributeURL:
		u, err := url.Parse(text)
		return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
	case model.AttributePhone:
		return strings.ContainsFunc(text, unicode.IsDigit) &&
			!strings.ContainsFunc(text, func(c rune) bool { return !unicode.IsDigit(c) && !strings.ContainsRune("+-./() x#*", c) })
	}
	return true
}

// empty tells whether a kept value says nothing.
func empty(value json.RawMessage) bool {
	return len(value) == 0 || string(value) == `""` || string(value) == "[]" || string(value) == "null"
}

// people are the users that a kept value names.
func people(f *model.Attribute, value json.RawMessage) []string {
	var one string
	var many []string
	switch f.Type {
	case model.PropertyUser:
		if json.Unmarshal(value, &one) == nil && one != "" {
			many = []string{one}
		}
	case model.PropertyMultiuser:
		_ = json.Unmarshal(value, &many)
	}
	return many
}
