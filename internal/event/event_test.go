package event

import (
	"context"
	"testing"
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
