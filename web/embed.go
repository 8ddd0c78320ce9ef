// Package web holds the built web client, embedded into the server's binary.
//
// Files is the folder that `make web` fills: index.html and what it asks for. The server
// serves it for every path that is neither the API nor a file of its own.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files is the web client with index.html at its root.
var Files = must(fs.Sub(dist, "dist"))

// must is safe here: Sub fails only for an invalid path, and this one is a constant.
func must(files fs.FS, err error) fs.FS {
	if err != nil {
		panic(err)
	}
	return files
}
