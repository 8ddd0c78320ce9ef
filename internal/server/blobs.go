package server

import (
	"cmp"
	"log/slog"
	"path/filepath"

	"github.com/parley-chat/parley/internal/blob"
	"github.com/parley-chat/parley/internal/config"
)

func (s *Server) fileFolder() string { return fileFolder(s.opts, s.Config) }

func fileFolder(o Options, cfg *config.Store) string {
	dir := cfg.Get().FileSettings.Directory
	if filepath.IsAbs(dir) {
		return dir
	}
	return filepath.Join(cmp.Or(o.Data, "data"), "files")
}

// OpenBlobs opens the store of files that the settings name.
func OpenBlobs(o Options, cfg *config.Store) (blob.Store, error) {
	return blob.FromSettings(&cfg.Get().FileSettings, fileFolder(o, cfg), slog.New(slog.DiscardHandler))
}
