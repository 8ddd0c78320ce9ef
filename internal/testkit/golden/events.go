package golden

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// grace is how long after the websocket's own barrier events may still come that are made aside
// of the request (notifications of a post, for one).
const grace = 60 * time.Millisecond

// listen opens the websockets that the step needs, and when the step is the act of an events step
// notes how far each has come. A websocket that cannot be opened shows where it is missed.
func (r *run) listen(ctx context.Context, i int) {
	st := &r.sc.Steps[i]
	if st.Request.Method == "WS" && st.Request.Path != "authentication_challenge" {
		r.openFor(ctx, st.Actor)
	}
	ev := r.actOf(i)
	if ev == nil {
		return
	}
	for _, actor := range r.listeners() {
		if _, has := r.tokens[actor]; has {
			r.openFor(ctx, actor)
		}
	}
	for _, actor := range sortedKeys(ev.Events) {
		if s := r.socks[actor]; s != nil {
			s.barrier(ctx)
		}
	}
	pause(ctx, grace)
	for actor, s := range r.socks {
		r.act[actor] = s.count()
		if _, ok := r.from[actor]; !ok {
			r.from[actor] = r.act[actor]
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// actOf gives the events step whose act is step i: the last request before it that is no GET.
func (r *run) actOf(i int) *Step {
	if r.sc.Steps[i].Request.Method == "GET" {
		return nil
	}
	for j := i + 1; j < len(r.sc.Steps); j++ {
		st := &r.sc.Steps[j]
		if st.Kind == "events" {
			return st
		}
		if st.Request != nil && st.Request.Method != "GET" {
			return nil
		}
	}
	return nil
}

// listeners gives everybody for whom an events step shows events.
func (r *run) listeners() []string {
	all := map[string]bool{}
	for i := range r.sc.Steps {
		for actor := range r.sc.Steps[i].Events {
			all[actor] = true
		}
	}
	return sortedKeys(all)
}

// openFor opens an actor's websocket if it is not open, trying once.
func (r *run) openFor(ctx context.Context, actor string) {
	if r.socks[actor] != nil || r.deaf[actor] != nil {
		return
	}
	t, err := r.token(actor)
	if err == nil {
		var s *sock
		if s, err = r.open(ctx, t); err == nil {
			r.socks[actor] = s
			return
		}
	}
	r.deaf[actor] = err
}

// sock gives an actor's open websocket.
func (r *run) sock(actor string) (*sock, error) {
	if s := r.socks[actor]; s != nil {
		return s, nil
	}
	if err := r.deaf[actor]; err != nil {
		return nil, fmt.Errorf("%s: %w", actor, err)
	}
	return nil, fmt.Errorf("%s has no websocket open", actor)
}

func (r *run) hangUp() {
	for _, s := range r.socks {
		_ = s.conn.NetConn().Close()
	}
}

// events waits for what must come, then a little longer, and compares.
func (r *run) events(ctx context.Context, st *Step) []string {
	actors := sortedKeys(st.Events)
	for _, actor := range actors {
		if _, err := r.sock(actor); err != nil {
			return []string{err.Error()}
		}
	}
	for _, actor := range actors {
		s := r.socks[actor]
		deadline, cancel := context.WithTimeout(ctx, r.target.Patience)
		s.wait(deadline, func() bool {
			at := len(r.b.log)
			diffs, _ := r.matchEvents(st, actor, s.events)
			r.b.undo(at)
			return len(diffs) == 0
		})
		cancel()
	}
	for _, actor := range actors {
		r.socks[actor].barrier(ctx)
	}
	pause(ctx, grace)
	var out []string
	for _, actor := range actors {
		list := r.socks[actor].since(0)
		diffs, used := r.matchEvents(st, actor, list)
		out = append(out, diffs...)
		out = append(out, r.unwanted(st, actor, list, used)...)
	}
	for actor, s := range r.socks {
		r.from[actor] = s.count()
	}
	return out
}

// matchEvents pairs the golden events of an actor with those that came since the last events step;
// those since the last act come first.
func (r *run) matchEvents(st *Step, actor string, list []map[string]any) ([]string, map[int]bool) {
	wanted := map[string][]any{}
	for _, g := range st.Events[actor] {
		name, _ := dig(g, "event").(string)
		wanted[name] = append(wanted[name], g)
	}
	var diffs []string
	used := map[int]bool{}
	for _, name := range sortedKeys(wanted) {
		var order []int
		for i := r.act[actor]; i < len(list); i++ {
			order = append(order, i)
		}
		for i := min(r.act[actor], len(list)) - 1; i >= r.from[actor]; i-- {
			order = append(order, i)
		}
		order = slices.DeleteFunc(order, func(i int) bool { return list[i]["event"] != name })
		c := newComparer(r.b, st)
		pairs := c.pair(len(wanted[name]), len(order), func(sub *comparer, i, j int) {
			sub.compare(wanted[name][i], any(list[order[j]]), []string{})
		})
		for _, d := range c.diffs {
			diffs = append(diffs, actor+": "+name+strings.TrimPrefix(d, "body"))
		}
		for i, p := range pairs {
			if p < 0 {
				diffs = append(diffs, fmt.Sprintf("%s: missing event %s %s", actor, name, brief(dig(wanted[name][i], "broadcast"))))
				continue
			}
			used[order[p]] = true
		}
	}
	return diffs, used
}

// unwanted lists events since the last act that nothing asked for. Events to everybody that name
// nobody and nothing of this scenario come from scenarios beside it.
func (r *run) unwanted(st *Step, actor string, list []map[string]any, used map[int]bool) []string {
	var out []string
	for i := r.act[actor]; i < len(list); i++ {
		name, _ := list[i]["event"].(string)
		if used[i] || name == "hello" || !knownEvents[name] || slices.Contains(st.Optional, name) || r.foreign(list[i]) {
			continue
		}
		out = append(out, fmt.Sprintf("%s: unwanted event %s %s %s", actor, name, brief(list[i]["broadcast"]), brief(list[i]["data"])))
	}
	return out
}

// foreign says whether an event goes to everybody and shows nothing of this scenario.
func (r *run) foreign(e map[string]any) bool {
	for _, k := range []string{"user_id", "channel_id", "team_id"} {
		if s, _ := dig(e, "broadcast."+k).(string); s != "" {
			return false
		}
	}
	if r.sc.alone() {
		return false
	}
	text := asText(e)
	if strings.Contains(text, r.word) {
		return false
	}
	for mark, id := range r.b.ids {
		if mark != "id#1" && strings.Contains(text, id) {
			return false
		}
	}
	return true
}
