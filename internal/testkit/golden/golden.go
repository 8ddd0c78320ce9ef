// Package golden replays recorded scenarios against a running server and compares what comes back.
//
// A scenario is one JSON file: requests in order, with the answers, the websocket events and the
// outgoing calls that a recorded server gave. The replayer knows nothing of the server's code: it
// needs a base URL and a system admin. Random parts of the recording are placeholders (`id#3`,
// `<r>`, `<ms>`, …); an id mark is bound at its first sight in an answer and must mean the same id
// from then on, everywhere.
//
// Open prepares a server (settings, a mail sink, an HTTP listener) and gives a Bench; Bench.Replay
// runs one scenario, Bench.Run many of them in parallel. RunT does all of it inside a test.
// The package is only imported by tests and by cmd/replay.
package golden

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// Scenario is one recorded file.
type Scenario struct {
	Name  string `json:"scenario"` // "area/what"
	Area  string `json:"area"`
	Split string `json:"split"`
	Steps []Step `json:"steps"`
}

// Step is one thing that happened. Kind is setup, fault, http, events, inbound or value; the last
// four are check points.
type Step struct {
	Name     string           `json:"name"`
	Kind     string           `json:"kind"`
	Actor    string           `json:"actor"`
	Request  *Request         `json:"request"`
	Response *Response        `json:"response"`
	Events   map[string][]any `json:"events"`
	Optional []string         `json:"events_optional"`
	Value    any              `json:"value"`
	Sets     []string         `json:"sets"`
	Loose    []string         `json:"loose"`
}

// Request is what is sent. Method WS means a websocket action whose name is Path.
type Request struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
	Body    any               `json:"body"`
	HasBody bool              `json:"-"`
}

// Response is what came back when the scenario was recorded.
type Response struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    any               `json:"body"`
	HasBody bool              `json:"-"`
}

// UnmarshalJSON tells a body of null from no body.
func (r *Request) UnmarshalJSON(b []byte) error {
	type plain Request
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(b, &keys); err != nil {
		return err
	}
	_, r.HasBody = keys["body"]
	return decodeInto(b, (*plain)(r))
}

// UnmarshalJSON tells a body of null from no body.
func (r *Response) UnmarshalJSON(b []byte) error {
	type plain Response
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(b, &keys); err != nil {
		return err
	}
	_, r.HasBody = keys["body"]
	return decodeInto(b, (*plain)(r))
}

// checked says whether the step is a check point.
func (s *Step) checked() bool {
	switch s.Kind {
	case "http", "events", "inbound", "value":
		return true
	}
	return false
}

// State is the outcome of a step.
type State string

// Outcomes of a step. Excused marks recorded refusals for want of a licence, which are no model.
const (
	Met     State = "met"
	Failed  State = "failed"
	Excused State = "excused"
)

// StepResult is the outcome of one check point, or of a setup step that failed.
type StepResult struct {
	Name  string
	Kind  string
	State State
	Diffs []string // one difference each: "path: want … got …"
}

// Report is the outcome of a scenario. Failed setup steps are in Steps with Kind "setup"; the
// check points that were not reached because of it count as failed.
type Report struct {
	Scenario string
	Area     string
	Steps    []StepResult
}

// Failed says whether a step failed.
func (r Report) Failed() bool {
	for _, s := range r.Steps {
		if s.State == Failed {
			return true
		}
	}
	return false
}

// Count gives how many check points were met, excused and compared at all.
func (r Report) Count() (met, excused, total int) {
	for _, s := range r.Steps {
		if s.Kind == "setup" {
			continue
		}
		total++
		switch s.State {
		case Met:
			met++
		case Excused:
			excused++
		}
	}
	return met, excused, total
}

// Lines gives the failures, one line a difference: `scenario · step "name" · diff`.
func (r Report) Lines() []string {
	var out []string
	for _, s := range r.Steps {
		if s.State != Failed {
			continue
		}
		for _, d := range s.Diffs {
			out = append(out, fmt.Sprintf("%s · step %q · %s", r.Scenario, s.Name, d))
		}
	}
	return out
}

// Load reads every scenario below dir (dir/<area>/<name>.json), sorted by name.
func Load(dir string) ([]Scenario, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.json"))
	if err != nil {
		return nil, err
	}
	out := []Scenario{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		var sc Scenario
		if err := decodeInto(b, &sc); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		if sc.Name == "" || sc.Steps == nil {
			continue
		}
		out = append(out, sc)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no scenarios below %s", dir)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out, nil
}

// FindDir finds the folder of the scenarios: what PARLEY_GOLDEN names, else the nearest
// shared/golden beside one of the folders above the working directory.
func FindDir() (string, error) {
	if d := os.Getenv("PARLEY_GOLDEN"); d != "" {
		return d, nil
	}
	at, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		d := filepath.Join(at, "shared", "golden")
		if _, err := os.Stat(filepath.Join(d, "index.json")); err == nil {
			return d, nil
		}
		up := filepath.Dir(at)
		if up == at {
			return "", fmt.Errorf("no folder shared/golden above the working directory, and PARLEY_GOLDEN is not set")
		}
		at = up
	}
}

// alone says that a scenario changes what others see, so that nothing may run beside it.
func (sc *Scenario) alone() bool {
	if strings.Contains(sc.Name, "alone") {
		return true
	}
	for _, s := range sc.Steps {
		if s.Kind == "setup" && s.Request != nil && s.Request.Path == "/api/v4/config/patch" {
			return true
		}
	}
	return false
}
