package transfer

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/i18n"
)

// Problem is a line that was passed over, or a part of one, and why.
type Problem struct {
	At   string // the line's number, or the file and number in it
	Kind string // of the line, "" when that isn't known
	Why  *fault.Error
}

// Text tells of the problem, and what to do, in the language of locale.
func (p Problem) Text(locale string) string {
	params := map[string]any{"At": p.At, "Kind": p.Kind, "Why": i18n.T(locale, p.Why.ID, p.Why.Params)}
	if p.Kind == "" {
		return i18n.T(locale, "transfer.problem", params)
	}
	return i18n.T(locale, "transfer.problem_of", params)
}

// Error makes the first problem of a strict import its end.
func (p Problem) Error() string {
	return fmt.Sprintf("transfer: line %s (%s): %v", p.At, p.Kind, p.Why)
}

// cut bounds a text from a file that is shown: in bytes, at the end of a character.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most] + "…"
}

// named is a fault that shows a name from a file.
func named(errorID, name string) *fault.Error {
	return fault.Invalid(errorID, "Name", cut(name, 80))
}

// publicFault is the fault in an error that is the line's, nil when the failure is
// the server's own.
func publicFault(err error) *fault.Error {
	var e *fault.Error
	if errors.As(err, &e) && e.Kind != fault.KindInternal && e.Kind != fault.KindUnavailable {
		return e
	}
	return nil
}
