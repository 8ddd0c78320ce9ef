//go:build !linux

package cli

import (
	"errors"
	"os"
)

// isTerminal reports whether f is a device that somebody types at.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// hideInput fails: on this system a password comes from a file or a pipe.
func hideInput(*os.File) (restore func(), err error) {
	return nil, errors.New("a password can't be typed hidden on this system; use --password-file or a pipe")
}
