package mailgate

import (
	"errors"
	"fmt"

	"github.com/emersion/go-smtp"

	"github.com/parley-chat/parley/internal/fault"
	"github.com/parley-chat/parley/internal/i18n"
)

// refused is a reason that the sender gets to read in the answer of SMTP.
type refused struct{ smtp.SMTPError }

func (r *refused) Error() string { return r.Message }

// refusal is one with its code (RFC 5321) and its enhanced code (RFC 3463). The
// text is a sentence in ASCII without the full stop.
func refusal(code, class, subject, detail int, text string) *refused {
	return &refused{smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{class, subject, detail}, Message: text}}
}

var (
	errUnknown = refusal(550, 5, 1, 1, "There is no such address here")
	errLater   = refusal(451, 4, 3, 0, "The mail can't be taken now; please try again later")
)

// reply is how an error is answered. What is no refusal is a failure of this
// server, of which the sender learns only that they may try again.
func (g *Gate) reply(err error) error {
	var r *refused
	if err == nil {
		return nil
	}
	if !errors.As(err, &r) {
		r = errLater
		g.Log.Error("a mail could not be taken; its sender will try again", "error", err)
	}
	if r.Code < 500 {
		g.count(outcomeDeferred)
	} else {
		g.count(outcomeRefused)
		g.Log.Info("a mail was refused", "reason", err)
	}
	return &r.SMTPError
}

// forbidden makes a refusal of the reason for which the server's own rules don't
// let a message be; failures stay what they are.
func forbidden(err error) error {
	f := fault.As(err)
	if f == nil || f.Kind == fault.KindInternal || f.Kind == fault.KindUnavailable || f.Kind == fault.KindTooMany {
		return err
	}
	return fmt.Errorf("%w: %w", refusal(550, 5, 7, 1, ascii(i18n.T("en", f.ID, f.Params))), err)
}

// ascii is text as answers of SMTP have it.
func ascii(s string) string {
	out := []rune(oneLine(s, 300))
	for i, r := range out {
		switch {
		case r == '’' || r == '‘':
			out[i] = '\''
		case r > '~':
			out[i] = '?'
		}
	}
	return string(out)
}
