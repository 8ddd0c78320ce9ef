package event

import (
	"context"
	"errors"
	"testing"

	"github.com/parley-chat/parley/internal/db"
)

func TestOrder(t *testing.T) {
	var topic Topic[int]
	var got []int
	topic.Subscribe(func(_ context.Context, n int) { got = append(got, n) })
	topic.Subscribe(func(_ context.Context, n int) { got = append(got, n*10) })
	topic.Publish(t.Context(), 1)
	topic.Publish(t.Context(), 2)
	if len(got) != 4 || got[0] != 1 || got[1] != 10 || got[2] != 2 || got[3] != 20 {
		t.Fatalf("got %v", got)
	}
}

func TestParts(t *testing.T) {
	var topic Topic[*int]
	n, failure := 0, errors.New("failed")
	if part := topic.Parts(t.Context(), &n); part != nil || part.In(t.Context(), nil) != nil {
		t.Fatal("nobody adds anything")
	}
	add := func(err error) func(context.Context, *int) Part {
		return func(_ context.Context, to *int) Part {
			if *to < 0 {
				return nil
			}
			return func(context.Context, *db.Tx) error { *to++; return err }
		}
	}
	for _, err := range []error{nil, failure, nil} {
		topic.Within(add(err))
	}
	if err := topic.Parts(t.Context(), &n).In(t.Context(), nil); !errors.Is(err, failure) || n != 2 {
		t.Errorf("%v after %d", err, n)
	}
	if n = -1; topic.Parts(t.Context(), &n) != nil {
		t.Error("all had nothing to add")
	}
}
