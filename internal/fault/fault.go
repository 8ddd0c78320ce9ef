// Package fault is the one error that crosses Parley's floors.
//
// An Error says what kind of failure it is, under which public id clients know
// it, with which parameters its message is written, and what caused it. The
// kind is mapped to an HTTP status in this package alone; the text is looked up
// by id in internal/i18n when the answer is written, in the reader's language.
// The cause is for the log and never leaves the server.
//
// Not found is an error too: no function of Parley returns nil, nil for it.
package fault

import (
	"errors"
	"fmt"
	"net/http"
)

// Kind is the nature of a failure.
type Kind uint8

// The kinds, each with the HTTP status that it becomes.
const (
	KindInternal        Kind = iota // 500
	KindInvalid                     // 400
	KindUnauthenticated             // 401
	KindForbidden                   // 403
	KindNotFound                    // 404
	KindConflict                    // 409
	KindTooLarge                    // 413
	KindTooMany                     // 429
	KindNotImplemented              // 501
	KindUnavailable                 // 503
)

var statuses = [...]int{
	KindInternal: http.StatusInternalServerError, KindInvalid: http.StatusBadRequest,
	KindUnauthenticated: http.StatusUnauthorized, KindForbidden: http.StatusForbidden,
	KindNotFound: http.StatusNotFound, KindConflict: http.StatusConflict,
	KindTooLarge: http.StatusRequestEntityTooLarge, KindTooMany: http.StatusTooManyRequests,
	KindNotImplemented: http.StatusNotImplemented, KindUnavailable: http.StatusServiceUnavailable,
}

// Error is a failure that a client may be told about.
type Error struct {
	Kind   Kind
	ID     string         // public id, a key of the text catalogues
	Params map[string]any // parameters of the text
	Detail string         // public further detail; never secrets, names or causes
	Cause  error          // for the log only
	status int
}

// New returns an error of a kind. params are pairs of a name and a value for
// the text of id.
func New(kind Kind, id string, params ...any) *Error {
	e := &Error{Kind: kind, ID: id}
	for i := 0; i+1 < len(params); i += 2 {
		if e.Params == nil {
			e.Params = make(map[string]any, len(params)/2)
		}
		e.Params[params[i].(string)] = params[i+1]
	}
	return e
}

// Error is the text for the log.
func (e *Error) Error() string {
	s := e.ID
	for k, v := range e.Params {
		s += fmt.Sprintf(" %s=%v", k, v)
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Status is the HTTP status of the answer.
func (e *Error) Status() int {
	if e.status != 0 {
		return e.status
	}
	return statuses[e.Kind]
}

// WithStatus overrides the status of the kind, where the protocol says so.
func (e *Error) WithStatus(status int) *Error { e.status = status; return e }

// WithDetail adds public detail.
func (e *Error) WithDetail(detail string) *Error { e.Detail = detail; return e }

// Wrap notes the cause for the log.
func (e *Error) Wrap(cause error) *Error { e.Cause = cause; return e }

// Invalid is bad input: 400.
func Invalid(id string, params ...any) *Error { return New(KindInvalid, id, params...) }

// Unauthenticated is a missing or broken identity: 401.
func Unauthenticated(id string, params ...any) *Error {
	return New(KindUnauthenticated, id, params...)
}

// Forbidden is a known caller without the right: 403.
func Forbidden(id string, params ...any) *Error { return New(KindForbidden, id, params...) }

// NotFound is an object that isn't there for this caller: 404.
func NotFound(id string, params ...any) *Error { return New(KindNotFound, id, params...) }

// Conflict is a clash with what is there: 409.
func Conflict(id string, params ...any) *Error { return New(KindConflict, id, params...) }

// TooLarge is input beyond a limit of size: 413.
func TooLarge(id string, params ...any) *Error { return New(KindTooLarge, id, params...) }

// TooMany is a caller beyond its rate: 429.
func TooMany(id string, params ...any) *Error { return New(KindTooMany, id, params...) }

// NotImplemented is a feature that this server has switched off: 501, which
// the protocol uses for disabled features.
func NotImplemented(id string, params ...any) *Error { return New(KindNotImplemented, id, params...) }

// Unavailable is a server that can't answer for now: 503.
func Unavailable(id string, params ...any) *Error { return New(KindUnavailable, id, params...) }

// Internal is a failure of the server itself: 500.
func Internal(id string, cause error) *Error { return New(KindInternal, id).Wrap(cause) }

// InvalidParam is a request body whose part name is missing or wrong.
func InvalidParam(name string) *Error {
	return Invalid("api.context.invalid_body_param.app_error", "Name", name)
}

// InvalidURLParam is a path or query parameter that is missing or wrong.
func InvalidURLParam(name string) *Error {
	return Invalid("api.context.invalid_url_param.app_error", "Name", name)
}

// NoPermission is a caller who lacks the permissions named. The names go to
// the log, not to the answer.
func NoPermission(permissions ...string) *Error {
	return Forbidden("api.context.permissions.app_error").Wrap(fmt.Errorf("lacks %v", permissions))
}

// As returns the Error in err's chain; any other error becomes an internal
// one that carries it as its cause.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return Internal("api.unexpected.app_error", err)
}

// Is reports whether err carries an Error with the public id.
func Is(err error, id string) bool {
	var e *Error
	return errors.As(err, &e) && e.ID == id
}

// IsNotFound reports whether err carries an Error of KindNotFound.
func IsNotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == KindNotFound
}
