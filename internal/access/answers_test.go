package access

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/parley-chat/parley/internal/bus"
)

func answersOf(b bus.Bus) *Answers { return newAnswers(b, slog.New(slog.DiscardHandler)) }

// text is an answer that encodes itself.
type text string

func (s text) AppendJSON(dst []byte) []byte { return append(dst, s...) }

func TestAnswersAreMadeAnewAfterChanges(t *testing.T) {
	var loop bus.Loop
	here, there := answersOf(loop.Node()), answersOf(loop.Node())
	made := 0
	ask := func(s *Answers, wantMade bool) {
		t.Helper()
		before := made
		a, err := s.Get(AnswerKey{What: "x", User: "ann"}, func() (any, []Fact, error) {
			made++
			return text(fmt.Sprint(made)), []Fact{UserFact("ann"), ChannelFact("c")}, nil
		})
		if err != nil || wantMade != (made > before) || wantMade && string(a.Body) != fmt.Sprint(made) {
			t.Errorf("%s %v, made: %v, want %v", a.Body, err, made > before, wantMade)
		}
	}
	ask(here, true)
	ask(here, false)
	ask(there, true)
	here.Changed(UserFact("bob"))
	ask(here, false)
	for _, f := range []Fact{UserFact("ann"), ChannelFact("c"), Anything} {
		there.Changed(f)
		ask(here, true)
		ask(there, true)
		ask(here, false)
	}
	if _, err := here.Get(AnswerKey{What: "fails"}, func() (any, []Fact, error) { return nil, nil, errors.New("no") }); err == nil {
		t.Error("an error is lost")
	}
}

// What changes while an answer is being made is not hidden by it.
func TestAnswerOvertakenByAChange(t *testing.T) {
	s := answersOf(bus.Alone{})
	key, f := AnswerKey{What: "x"}, FactOf("a", "b")
	_, _ = s.Get(key, func() (any, []Fact, error) { s.Changed(f); return text("old"), []Fact{f}, nil })
	a, _ := s.Get(key, func() (any, []Fact, error) { return text("new"), []Fact{f}, nil })
	if string(a.Body) != "new" {
		t.Errorf("remembered %s", a.Body)
	}
}

// Readers never see less than what was answered as changed before they asked.
func TestAnswersUnderWay(t *testing.T) {
	s := answersOf(bus.Alone{})
	var state, told atomic.Int64
	f := FactOf("state", "")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5000 {
				least := told.Load()
				a, _ := s.Get(AnswerKey{What: "state"}, func() (any, []Fact, error) {
					return text(strings.Repeat("x", int(state.Load()))), []Fact{f}, nil
				})
				if int64(len(a.Body)) < least {
					t.Errorf("saw %d after %d", len(a.Body), least)
					return
				}
			}
		})
	}
	wg.Go(func() {
		for range 500 {
			n := state.Add(1)
			s.Changed(f)
			told.Store(n)
		}
	})
	wg.Wait()
}

func TestAnswersAreBounded(t *testing.T) {
	s := answersOf(bus.Alone{})
	big := text(strings.Repeat("x", answersBytes/10))
	for i := range 50 {
		_, _ = s.Get(AnswerKey{What: "big", Of: fmt.Sprint(i)}, func() (any, []Fact, error) { return big, nil, nil })
	}
	if s.bytes > answersBytes || s.kept.Len() > 10 || s.kept.Len() < 8 {
		t.Errorf("%d bytes in %d answers", s.bytes, s.kept.Len())
	}
	s.Get(AnswerKey{What: "huge"}, func() (any, []Fact, error) { return text(strings.Repeat("x", answersBytes/2)), nil, nil })
	if s.kept.Contains(AnswerKey{What: "huge"}) {
		t.Error("one answer took half of the room")
	}
}

func BenchmarkRememberedAnswer(b *testing.B) {
	s := answersOf(bus.Alone{})
	from := make([]Fact, 44)
	for i := range from {
		from[i] = FactOf("x", fmt.Sprint(i))
	}
	load := func() (any, []Fact, error) { return text("x"), from, nil }
	for b.Loop() {
		_, _ = s.Get(AnswerKey{What: "x", User: "abcdefghijklmnopqrstuvwxyz"}, load)
	}
}
