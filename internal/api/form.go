package api

import (
	"errors"
	"io"
	"net/http"
)

// What can be wrong with a form's file.
const (
	FormUnreadable = "parse"
	FormEmpty      = "no_file"
	FormSeveral    = "array"
	FormTooLarge   = "too_large"
)

// formRoom is what may stand around a form's file, bytes.
const formRoom = 1 << 16

// FormFile reads the only file of a form, the part called name, of at most limit
// bytes. It fails with what problem makes of what is wrong: one of the Form…
// constants, and why.
func FormFile(r Request, name string, limit int64, problem func(what string, cause error) error) ([]byte, error) {
	if r.ContentLength > limit+formRoom {
		return nil, problem(FormTooLarge, nil)
	}
	r.Body = http.MaxBytesReader(r.Writer, r.Body, limit+formRoom)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, problem(FormUnreadable, err)
	}
	var file []byte
	for {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF) && file == nil:
			return nil, problem(FormEmpty, nil)
		case errors.Is(err, io.EOF):
			return file, nil
		case err != nil:
			return nil, broken(err, problem)
		case part.FormName() != name:
			continue
		case file != nil:
			return nil, problem(FormSeveral, nil)
		}
		if file, err = io.ReadAll(io.LimitReader(part, limit+1)); err != nil {
			return nil, broken(err, problem)
		}
		if int64(len(file)) > limit {
			return nil, problem(FormTooLarge, nil)
		}
	}
}

func broken(err error, problem func(string, error) error) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return problem(FormTooLarge, err)
	}
	return problem(FormUnreadable, err)
}
