package cli

import (
	"bufio"
	"os"
	"strings"

	"github.com/parley-chat/parley/internal/cli/ctl"
)

// ctlCommand hands its words over to package ctl, which reads them as the
// protocol's official tool does.
type ctlCommand struct {
	Args []string `arg:"" optional:"" help:"${ctl_args}"`
}

// Run calls a server's API.
func (c *ctlCommand) Run(s *session) error {
	code := ctl.Run(s.ctx, ctl.Options{Environ: s.environ, Locale: s.locale, Out: s.out, Err: s.err, In: s.in, Secret: s.secret}, c.Args)
	if code != 0 {
		return errUnwell
	}
	return nil
}

// secret is a password that exists already: asked for once, not shown on a
// terminal.
func (s *session) secret() (string, error) {
	terminal, ok := s.in.(*os.File)
	if !ok || !isTerminal(terminal) {
		return s.firstLine(s.in)
	}
	restore, err := hideInput(terminal)
	if err != nil {
		return "", err
	}
	defer restore()
	line, err := bufio.NewReader(terminal).ReadString('\n')
	return strings.TrimRight(line, "\r\n"), err
}
