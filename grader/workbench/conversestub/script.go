package conversestub

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/rftgrader/rftgrader/grader/internal/nearest"
)

// A Step says what happens to some calls. A script is a list of steps; each call
// takes the first step that is not used up, in the order of arrival, and
// behind the last step calls are answered as usual. In YAML:
//
//   - {answer: throttle-tokens, for: 20s}
//   - {answer: ok, times: 3, delay: 2s}
//   - {status: 503, type: ServiceUnavailableException, message: busy}
//   - {status: 429, type: ThrottlingException, headers: {Retry-After: "3"}}
//   - {body: '{"output": {}}'}
//   - {answer: hang, always: true}
type Step struct {
	// Answer is one of [Faults]; "ok" and "" are the usual answer.
	Answer string `json:"answer"`
	// Status, Type and Message are an error of one's own.
	Status  int    `json:"status"`
	Type    string `json:"type"`
	Message string `json:"message"`
	// Body is the whole body of the response.
	Body *string `json:"body"`
	// Text is what the model says, in place of the judge's verdict.
	Text *string `json:"text"`
	// Stop is the stop reason.
	Stop string `json:"stop"`
	// Headers are added to the response.
	Headers map[string]string `json:"headers"`
	// Delay is waited before the answer, beside the usual latency.
	Delay Duration `json:"delay"`
	// Times is for how many calls the step holds; 0 is 1, unless For or Always is set.
	Times int `json:"times"`
	// For is for how long the step holds, from the first call that it meets.
	For Duration `json:"for"`
	// Always makes the step hold for ever.
	Always bool `json:"always"`
}

// Duration is a time.Duration that JSON writes as "1m30s".
type Duration time.Duration

// UnmarshalText reads the form of [time.ParseDuration].
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil || v < 0 {
		return fmt.Errorf("want a time such as 500ms or 20s, got %q", text)
	}
	*d = Duration(v)
	return nil
}

// ParseScript reads a script: JSON objects, one after the other, or an array of
// them.
func ParseScript(text []byte) ([]Step, error) {
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return nil, errors.New(`the script is empty: want steps such as {"answer": "throttle-tokens", "times": 3}`)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	var steps []Step
	if text[0] == '[' {
		if err := d.Decode(&steps); err != nil {
			return nil, err
		}
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return nil, errors.New("the script goes on behind its array")
		}
		return steps, checkScript(steps)
	}
	for {
		var s Step
		switch err := d.Decode(&s); {
		case errors.Is(err, io.EOF):
			return steps, checkScript(steps)
		case err != nil:
			return nil, fmt.Errorf("step %d: %w", len(steps)+1, err)
		}
		steps = append(steps, s)
	}
}

func checkScript(steps []Step) error {
	for i, s := range steps {
		if _, ok := faults()[s.answer()]; !ok {
			return fmt.Errorf("step %d: there is no answer %q%s", i+1, s.Answer, nearest.Hint(s.Answer, Faults()))
		}
		switch {
		case s.Status != 0 && (s.Status < 200 || s.Status > 599):
			return fmt.Errorf("step %d: status %d: want 200 to 599", i+1, s.Status)
		case s.Times < 0:
			return fmt.Errorf("step %d: times %d: want 1 or more", i+1, s.Times)
		case s.Answer != "" && s.Answer != "ok" && (s.Status != 0 || s.Body != nil || s.Text != nil):
			return fmt.Errorf("step %d: answer %s says it all: leave out status, body and text", i+1, s.Answer)
		case s.Status == 0 && (s.Type != "" || s.Message != ""):
			return fmt.Errorf("step %d: type and message are for errors: want a status", i+1)
		}
	}
	return nil
}

func (s Step) answer() string {
	if s.Answer == "" {
		return "ok"
	}
	return s.Answer
}

// canned returns what the step answers.
func (s Step) canned() canned {
	c := faults()[s.answer()]
	switch {
	case s.Body != nil:
		c.raw = s.Body
		if s.Status != 0 {
			c.fault = &fault{status: s.Status, kind: s.Type}
		}
	case s.Status >= 300:
		c.fault = &fault{status: s.Status, kind: s.Type, message: s.Message}
	}
	if s.Text != nil {
		c.content = []any{textBlock(*s.Text)}
	}
	if s.Stop != "" {
		c.stop = s.Stop
	}
	return c
}

// script hands out steps.
type script struct {
	mu    sync.Mutex
	steps []Step
	used  int // calls that the first of steps has met
	since time.Time
}

func (s *script) next(now time.Time) (Step, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.steps) > 0 {
		step := s.steps[0]
		if s.used == 0 {
			s.since = now
		}
		over := !step.Always && (step.For > 0 && now.Sub(s.since) >= time.Duration(step.For) ||
			step.Times > 0 && s.used >= step.Times ||
			step.Times == 0 && step.For == 0 && s.used >= 1)
		if !over {
			s.used++
			return step, true
		}
		s.steps, s.used = s.steps[1:], 0
	}
	return Step{}, false
}
