package judge

import (
	"encoding/json"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
	"github.com/rftgrader/rftgrader/graders/judge/prompt"
)

// shows says what of a rollout the judge sees.
type shows struct {
	prompt, thoughts bool
	reference        wanted
	at               grader.Pointer
	context          grader.Pointer
	criteria         *CriteriaFrom
	maxCandidate     int
	maxOther         int
	cut              prompt.Where
}

// wanted says whether there must be a reference.
type wanted uint8

const (
	unwanted wanted = iota
	ifThere         // where the rollout has one
	needed
)

// material is what the judge sees of one rollout.
type material struct {
	// shared is what does not depend on the answer.
	shared []prompt.Piece
	// reference is the text of the reference, "" where there is none.
	reference string
	// items are the rollout's own criteria.
	items []item
	// whole is the answer, and candidate what the judge sees of it.
	whole     string
	candidate prompt.Piece
	long      bool // whether the answer was longer than the judge may see
}

// pieces returns everything that the judge of one answer sees.
func (m *material) pieces() []prompt.Piece {
	return append(m.shared[:len(m.shared):len(m.shared)], m.candidate)
}

// found is the beginning of the answer, for people.
func (m *material) found() string {
	const most = 500
	text, _ := prompt.Cut(m.whole, most, prompt.End)
	return text
}

// names lists the pieces that every rollout may have, in order.
func (s shows) names(criteria bool) []string {
	var names []string
	if s.prompt {
		names = append(names, prompt.Prompt)
	}
	if !s.context.IsZero() {
		names = append(names, prompt.Context)
	}
	if s.reference != unwanted {
		names = append(names, prompt.Reference)
	}
	if criteria && s.criteria != nil {
		names = append(names, prompt.Criteria)
	}
	return names
}

// material reads a rollout. Its errors are faults of the data.
func (s shows) material(r *grader.Rollout) (*material, error) {
	m := &material{}
	add := func(name, text string) {
		text, left := prompt.Cut(text, s.maxOther, prompt.Middle)
		m.shared = append(m.shared, prompt.Piece{Name: name, Text: text, Left: left})
	}
	if s.prompt {
		add(prompt.Prompt, transcript(r.Prompt()))
	}
	if !s.context.IsZero() {
		ref, err := r.Lookup(s.context)
		if err != nil {
			return nil, err
		}
		add(prompt.Context, textOf(ref))
	}
	if s.reference == needed || s.reference == ifThere && !r.Reference.Missing() {
		ref, err := r.Lookup(s.at)
		if err != nil {
			return nil, err
		}
		if m.reference = textOf(ref); strings.TrimSpace(m.reference) == "" {
			return nil, grader.Dataf(ref.Where(), "the reference answer is empty")
		}
		add(prompt.Reference, m.reference)
	}
	if s.criteria != nil {
		items, err := s.criteria.read(r)
		if err != nil {
			return nil, err
		}
		m.items = items
	}
	m.whole = s.answer(r)
	m.long = len(m.whole) > s.maxCandidate
	text, left := prompt.Cut(m.whole, s.maxCandidate, s.cut)
	m.candidate = prompt.Piece{Name: prompt.Candidate, Text: text, Left: left}
	return m, nil
}

// answer is what the model generated: its text without its reasoning, unless
// the judge is to see that, and the calls of tools that it asks for.
func (s shows) answer(r *grader.Rollout) string {
	text := r.Response()
	if body := answer.Strip(text); !s.thoughts || strings.TrimSpace(body.Text()) == "" {
		text = body.Text()
	}
	if n := len(r.Messages); n > 0 && r.Messages[n-1].FromModel() {
		text += toolCalls(r.Messages[n-1])
	}
	return text
}

func toolCalls(m grader.Message) string {
	var b strings.Builder
	for _, c := range m.ToolCalls {
		b.WriteString("\n[calls the tool " + c.Name + " with " + c.Arguments + "]")
	}
	return b.String()
}

// transcript writes a prompt: the text of a single user's turn, or every turn
// under its role.
func transcript(messages []grader.Message) string {
	if len(messages) == 1 && messages[0].Role == "user" {
		return messages[0].Content.Text()
	}
	var b strings.Builder
	for i, m := range messages {
		if i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString("[" + m.Role + "]\n" + m.Content.Text() + toolCalls(m))
	}
	return b.String()
}

// textOf returns a string as it is and anything else as JSON.
func textOf(ref grader.Reference) string {
	if text, err := ref.Text(); err == nil {
		return text
	}
	return string(ref.Raw())
}

// read reads a rollout's own criteria: a list of texts, or of objects with the
// members that the options name.
func (c *CriteriaFrom) read(r *grader.Rollout) ([]item, error) {
	ref, err := r.Lookup(c.Reference)
	if err != nil {
		return nil, err
	}
	var list []json.RawMessage
	if err := ref.Decode(&list); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, grader.Dataf(ref.Where(), "the list of criteria is empty")
	}
	if len(list) > mostOwnCriteria {
		return nil, grader.Dataf(ref.Where(), "the list has %d criteria: want at most %d", len(list), mostOwnCriteria)
	}
	items := make([]item, len(list))
	positive := false
	for i, raw := range list {
		if items[i], err = c.item(ref, i, raw); err != nil {
			return nil, err
		}
		positive = positive || items[i].worth > 0
	}
	if !positive {
		return nil, grader.Dataf(ref.Where(), "no criterion has points above 0")
	}
	return items, nil
}
