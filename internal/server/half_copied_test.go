package server_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/parley-chat/parley/internal/db"
	"github.com/parley-chat/parley/internal/db/dbcopy"
	"github.com/parley-chat/parley/internal/db/dbtest"
	"github.com/parley-chat/parley/internal/server"
)

// A database that holds a part of a copy lacks rows and indexes: no server starts on it until the copy is whole.
func TestHalfACopyIsNotServed(t *testing.T) {
	for _, engine := range dbtest.Engines {
		from, o := dbtest.Open(t, dbtest.SQLite), dbtest.Options(t, engine, dbtest.Empty)
		to, err := db.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		_, _ = dbcopy.Run(ctx, dbcopy.Options{From: from, To: to, Progress: func(dbcopy.Progress) { cancel() }})
		cancel()
		starts := func() error {
			s, err := server.New(t.Context(), server.Options{Data: t.TempDir(), Database: &o, Log: slog.New(slog.DiscardHandler)})
			if err == nil {
				s.Close()
			}
			return err
		}
		if err := starts(); err == nil || !strings.Contains(err.Error(), "parley db copy") {
			t.Errorf("%s, half a copy: %v", engine, err)
		}
		if _, err := dbcopy.Run(t.Context(), dbcopy.Options{From: from, To: to}); err != nil {
			t.Fatal(err)
		}
		if err := to.Close(); err != nil {
			t.Fatal(err)
		}
		if err := starts(); err != nil {
			t.Errorf("%s, a whole copy: %v", engine, err)
		}
	}
}
