// Package web holds the built web client, embedded into the server's binary.
//
// Files is the folder that `make web` fills: index.html, what stands beside it under its own
// name (the worker, the manifest, icons), and assets/, whose files have a hash of their text in
// their names and lie there compressed, as .br and .gz. Before the first build it holds a
// .gitkeep only, so that the server compiles without the client.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Packages are the npm packages that the client is built from, a line each: name,
// version and licence, with tabs between. A test holds them against the lock file.
//
//go:embed packages.tsv
var Packages string

// Files is the web client with index.html at its root.
var Files = must(fs.Sub(dist, "dist"))

// must is safe here: Sub fails only for an invalid path, and this one is a constant.
func must(files fs.FS, err error) fs.FS {
	if err != nil {
		panic(err)
	}
	return files
}
