//go:build !linux

package cli

import "runtime/debug"

// settle gives back the heap that only the start needed.
func settle() { debug.FreeOSMemory() }
