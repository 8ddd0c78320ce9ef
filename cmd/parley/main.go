// Command parley is the team-messaging server: `parley serve` runs it, the
// other commands look after its settings, database and users.
//
// Everything is in internal/cli; main only hands over what the process got.
package main

import (
	"os"

	_ "golang.org/x/crypto/x509roots/fallback" // an image that holds the program alone knows the public authorities

	"github.com/parley-chat/parley/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], os.Environ(), cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
