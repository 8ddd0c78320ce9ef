package server

import (
	"context"
	"time"
)

// slices are the features of the server, in the order of their floor. Each is
// made from what lies below it and mounts its routes.
type slices struct {
}

// buildSlices makes every slice and mounts its routes.
func (s *Server) buildSlices(_ context.Context) (*slices, error) {
	all := &slices{}
	return all, nil
}

// start sets off what runs beside requests; the function returned ends it.
func (*slices) start(context.Context) (stop func(context.Context)) {
	return func(context.Context) {}
}

// busy reports whether the server sheds what can wait.
func (*slices) busy() bool { return false }

// observe counts an answered request.
func (*slices) observe(_, _ string, _ int, _ time.Duration) {}

// guestSees reports whether a guest may know of a user.
func (*slices) guestSees(_, _ string) bool { return false }

// connected and disconnected follow the websockets of a user.
func (*slices) connected(_ string, _ bool)    {}
func (*slices) disconnected(_ string, _ bool) {}

// locale is the language of a user.
func (*slices) locale(string) string { return "en" }
