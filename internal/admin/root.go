package admin

import "os"

// runsAsRoot reports whether the process has the rights of root, which a
// server should not need.
func runsAsRoot() bool { return os.Geteuid() == 0 }
