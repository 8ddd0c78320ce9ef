package users

import (
	"strconv"

	"github.com/parley-chat/parley/internal/api"
)

// fields is a body of the kind that most routes of credentials take: an object
// of strings.
type fields map[string]string

// fieldsOf reads a body. One that is no object counts as empty, and a value of
// another type as absent, except that a truth value is read as its word: clients
// send both forms.
func fieldsOf(body []byte) fields {
	var raw map[string]any
	if api.DecodeJSON(body, &raw) != nil {
		return fields{}
	}
	f := make(fields, len(raw))
	for k, v := range raw {
		switch v := v.(type) {
		case string:
			f[k] = v
		case bool:
			f[k] = strconv.FormatBool(v)
		}
	}
	return f
}
