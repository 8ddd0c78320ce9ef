//go:build !unix

package backup

// hold is known on Unix only: elsewhere what killed backups left stays.
func hold(string) (free func(), err error) { return nil, errNoLocks }
