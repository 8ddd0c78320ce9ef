package traces

import (
	"context"
	"log/slog"
)

// logs adds trace_id to what is logged within a trace.
type logs struct{ slog.Handler }

// Logs returns a handler that adds the number of the context's trace to what h
// writes.
func Logs(h slog.Handler) slog.Handler { return logs{h} }

// Handle is what slog.Handler asks for.
func (l logs) Handle(ctx context.Context, r slog.Record) error {
	if id := ID(ctx); id != "" {
		r = r.Clone()
		r.AddAttrs(slog.String("trace_id", id))
	}
	return l.Handler.Handle(ctx, r)
}

// WithAttrs is what slog.Handler asks for.
func (l logs) WithAttrs(attrs []slog.Attr) slog.Handler { return logs{l.Handler.WithAttrs(attrs)} }

// WithGroup is what slog.Handler asks for.
func (l logs) WithGroup(name string) slog.Handler { return logs{l.Handler.WithGroup(name)} }
