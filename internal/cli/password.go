package cli

import (
	"bufio"
	"errors"
	"io"
	"os"
	"strings"
)

// maxPassword bounds what is read; the rules for passwords are stricter.
const maxPassword = 4096

// password reads a password: from a file, from a terminal that doesn't show it,
// or from standard input. It is never an argument.
func (s *session) password(file string) (string, error) {
	if file != "" && file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", err
		}
		defer func() { _ = f.Close() }()
		return s.firstLine(f)
	}
	terminal, ok := s.in.(*os.File)
	if !ok || file == "-" || !isTerminal(terminal) {
		return s.firstLine(s.in)
	}
	restore, err := hideInput(terminal)
	if err != nil {
		return "", err
	}
	defer restore()
	lines := bufio.NewReader(terminal)
	first, err := s.ask(lines, "ask_password")
	if err != nil {
		return "", err
	}
	again, err := s.ask(lines, "ask_again")
	if err != nil {
		return "", err
	}
	if first != again {
		return "", s.problem("passwords_differ")
	}
	return first, nil
}

func (s *session) ask(lines *bufio.Reader, key string) (string, error) {
	_, _ = io.WriteString(s.err, s.text(key)+" ")
	line, err := lines.ReadString('\n')
	_, _ = io.WriteString(s.err, "\n")
	return strings.TrimRight(line, "\r\n"), err
}

// firstLine is the first line of r, which must not be empty.
func (s *session) firstLine(r io.Reader) (string, error) {
	if r == nil {
		return "", s.problem("no_password")
	}
	line, err := bufio.NewReader(io.LimitReader(r, maxPassword)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", s.problem("no_password")
	}
	return line, nil
}
