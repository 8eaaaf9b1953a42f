package judge

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/prompt"
	"github.com/rftgrader/rftgrader/graders/judge/rubric"
	"github.com/rftgrader/rftgrader/graders/judge/verdict"
)

// read reads the verdict of an answer: of the call of the tool, of JSON by a
// schema, or of text. Several calls must say the same.
func read[V any](a *converse.Answer, input func([]byte) (V, error), text func(string) (V, error), same func(a, b V) bool) (V, error) {
	var none V
	if len(a.Tools) == 0 {
		if a.Form == converse.FormSchema {
			return input([]byte(a.JoinedText()))
		}
		return text(a.JoinedText())
	}
	v, err := input(a.Tools[0].Input)
	if err != nil {
		return none, err
	}
	for _, t := range a.Tools[1:] {
		other, err := input(t.Input)
		if err != nil || !same(v, other) {
			return none, verdict.Several
		}
	}
	return v, nil
}

func equal[V comparable](a, b V) bool { return a == b }

func readNumber(a *converse.Answer, s rubric.Scale) (float64, error) {
	scale := verdict.Scale{Min: s.Min, Max: s.Max}
	return read(a,
		func(raw []byte) (float64, error) { return verdict.Input(raw, scale) },
		func(text string) (float64, error) { return verdict.Number(text, scale) }, equal)
}

// readLabel returns one of the labels.
func readLabel(a *converse.Answer, labels []string) (string, error) {
	i, err := read(a,
		func(raw []byte) (int, error) { return verdict.LabelInput(raw, labels) },
		func(text string) (int, error) { return verdict.Label(text, labels) }, equal)
	if err != nil {
		return "", err
	}
	return labels[i], nil
}

// readChoice returns what the candidate that was shown first gets: 1, 0.5 or 0.
func readChoice(a *converse.Answer) (float64, error) {
	side, err := read(a, verdict.ChoiceInput, verdict.Choice, equal)
	if err != nil {
		return 0, err
	}
	switch side {
	case verdict.First:
		return 1, nil
	case verdict.Second:
		return 0, nil
	}
	return 0.5, nil
}

// readRanking returns the numbers of n candidates, from 1, the best one first.
func readRanking(a *converse.Answer, n int) ([]int, error) {
	order, err := read(a,
		func(raw []byte) ([]int, error) { return verdict.RankingInput(raw, n) },
		func(text string) ([]int, error) { return verdict.Ranking(text, n) }, slices.Equal)
	if err != nil {
		return nil, err
	}
	numbers := make([]int, n)
	for place, index := range order {
		numbers[place] = index + 1
	}
	return numbers, nil
}

// readCriteria returns the verdict on every item. Where one is missing there is
// none at all.
func readCriteria(a *converse.Answer, items []item) ([]part, error) {
	asked := make([]verdict.Item, len(items))
	for i, it := range items {
		asked[i] = verdict.Item{Name: it.ID, NotApplicable: it.NotApplicable}
		switch it.Form {
		case rubric.OnScale:
			asked[i].Scale = &verdict.Scale{Min: it.Scale.Min, Max: it.Scale.Max}
		case rubric.ByLabel:
			asked[i].Labels = it.Labels
		}
	}
	findings, err := read(a,
		func(raw []byte) ([]verdict.Finding, error) { return verdict.CriteriaInput(raw, asked) },
		func(text string) ([]verdict.Finding, error) { return verdict.Criteria(text, asked) }, slices.Equal)
	if err != nil {
		return nil, err
	}
	if len(findings) != len(items) {
		return nil, verdict.Unfit
	}
	parts := make([]part, len(items))
	for i, f := range findings {
		if f.Err != nil {
			return nil, f.Err
		}
		parts[i] = items[i].part(f)
	}
	return parts, nil
}

func (it item) part(f verdict.Finding) part {
	p := part{name: it.name, there: !f.NotApplicable}
	if f.NotApplicable {
		return p
	}
	switch it.Form {
	case rubric.OnScale:
		p.value = it.Scale.Unit(f.Value)
	case rubric.ByLabel:
		p.value = it.labels[it.Labels[f.Label]]
	default:
		if f.Met {
			p.value = 1
		}
	}
	if it.invert {
		p.value = 1 - p.value
	}
	return p
}

// reasonIn returns the judge's reasons, for people.
func reasonIn(a *converse.Answer) string {
	const most = 2000
	raw := []byte(a.JoinedText())
	if len(a.Tools) > 0 {
		raw = a.Tools[0].Input
	}
	var members map[string]json.RawMessage
	var text string
	if json.Unmarshal(raw, &members) != nil || json.Unmarshal(members[prompt.MemberReasoning], &text) != nil {
		text = a.JoinedText()
	}
	text, _ = prompt.Cut(strings.ToValidUTF8(strings.TrimSpace(text), "\ufffd"), most, prompt.End)
	return text
}
