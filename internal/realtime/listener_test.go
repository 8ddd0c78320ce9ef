package realtime

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func (w *world) inside(userID string) *Listener {
	w.t.Helper()
	who, _ := identify(userID)
	l, err := w.Listen(context.Background(), who)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(l.Close)
	return l
}

func (w *world) next(l *Listener) (Heard, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return l.Next(ctx)
}

func TestAListenerHearsWhatASocketHears(t *testing.T) {
	w := newWorld(t, nil)
	w.channels["ann"], w.channels["bob"] = []string{"c1"}, []string{"c1", "c2"}
	l := w.inside("ann")
	if !w.Online("ann") {
		t.Error("a listener doesn't make its user online")
	}
	w.Publish(Event{Name: "other", To: Audience{ChannelID: "c2"}})
	w.Publish(Event{Name: "own", Data: map[string]int{"n": 1}, To: Audience{ChannelID: "c1"}, Extra: func(r Receiver) []byte { return []byte(`"for":"` + r.UserID + `"`) }})
	e, err := w.next(l)
	if err != nil || e.Event != "own" || string(e.Data) != `{"n":1,"for":"ann"}` || e.Broadcast.ChannelID != "c1" {
		t.Fatalf("heard %+v %s %v", e, e.Data, err)
	}
	w.JoinedChannel("ann", "c2")
	w.Publish(Event{Name: "joined", To: Audience{ChannelID: "c2"}})
	w.LeftChannel("ann", "c2")
	w.Publish(Event{Name: "left", To: Audience{ChannelID: "c2"}})
	w.Publish(Event{Name: "named", To: Audience{UserID: "ann"}})
	for _, want := range []string{"joined", "named"} {
		if e, err = w.next(l); err != nil || e.Event != want {
			t.Fatalf("heard %s %v, want %s", e.Event, err, want)
		}
	}
	l.Close()
	l.Close()
	if w.Online("ann") {
		t.Error("still online after the end")
	}
}

func TestAListenerEnds(t *testing.T) {
	ended := func(w *world, l *Listener, code int) {
		t.Helper()
		_, err := w.next(l)
		var e *Ended
		for err == nil {
			_, err = w.next(l)
		}
		if !errors.As(err, &e) || e.Code != code || !strings.Contains(e.Error(), e.Reason) {
			t.Errorf("ended with %v, want %d", err, code)
		}
		l.Close() // as the hub's end waits for it
	}
	w := newWorld(t, nil)
	w.channels["ann"] = []string{"c1"}
	one, two := w.inside("ann"), w.inside("ann/second")
	w.DropSession("second", "revoked")
	ended(w, two, CodeSessionEnded)
	if !w.Online("ann") {
		t.Error("the other session went with it")
	}
	w.DropUser("ann", "deactivated")
	ended(w, one, CodeSessionEnded)
	slow := w.inside("ann")
	for range w.lim.hardFrames + 10 {
		w.Publish(Event{Name: "much", To: Audience{ChannelID: "c1"}})
	}
	ended(w, slow, CodeSlowReader)
	missed := w.inside("ann")
	w.DropAll("missed")
	ended(w, missed, CodeMissed)
	last := w.inside("ann")
	done := make(chan error, 1)
	go func() { done <- w.Close(context.Background(), "the server is stopping") }()
	ended(w, last, CodeGoingAway)
	if err := <-done; err != nil {
		t.Errorf("the hub's end: %v", err)
	}
	who, _ := identify("ann")
	if _, err := w.Listen(context.Background(), who); err == nil {
		t.Error("a closed hub is listened to")
	}
}

func TestASessionThatEndedIsNotHeard(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Recheck = func(context.Context, Identity) error { return errors.New("gone") } })
	who, _ := identify("ann")
	if _, err := w.Listen(context.Background(), who); err == nil {
		t.Error("listening with a session that has ended")
	}
	if w.Online("ann") {
		t.Error("online all the same")
	}
}
