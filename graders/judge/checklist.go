package judge

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/prompt"
	"github.com/rftgrader/rftgrader/graders/judge/rubric"
)

// mostOwnCriteria bounds a rollout's own list.
const mostOwnCriteria = rubric.MostCriteria

// An item is one criterion with what it counts.
type item struct {
	prompt.Item
	name     string // in metrics; "" for a rollout's own
	worth    float64
	required bool
	invert   bool
	labels   rubric.Labels
}

func itemsOf(list []rubric.Criterion) []item {
	items := make([]item, len(list))
	for i, c := range list {
		items[i] = item{
			Item: prompt.Item{
				ID: c.Name, Text: c.Prompt, Form: c.Resolved(), NotApplicable: c.NotApplicable,
				Scale: c.Scale(), Labels: c.Labels.Names(),
			},
			name: c.Name, worth: c.Worth(), required: c.Required, invert: c.Invert, labels: c.Labels,
		}
	}
	return items
}

// item reads one of a rollout's own criteria.
func (c *CriteriaFrom) item(ref grader.Reference, i int, raw json.RawMessage) (item, error) {
	at := ref.Where() + "/" + strconv.Itoa(i)
	it := item{Item: prompt.Item{ID: "c" + strconv.Itoa(i+1), Form: rubric.Boolean}, worth: 1}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		it.Text = text
	} else {
		var members map[string]json.RawMessage
		if json.Unmarshal(raw, &members) != nil {
			return it, grader.Dataf(at, "want a criterion: a text, or an object with the members %q and %q", c.text(), c.points())
		}
		if json.Unmarshal(members[c.text()], &it.Text) != nil {
			return it, grader.Dataf(at, "want a text in the member %q: set the option criteria_from.text to the member that holds it", c.text())
		}
		if json.Unmarshal(members[c.points()], &it.worth) != nil {
			return it, grader.Dataf(at, "want a number in the member %q: set the option criteria_from.points to the member that holds it", c.points())
		}
	}
	switch {
	case strings.TrimSpace(it.Text) == "":
		return it, grader.Dataf(at, "the criterion's text is empty")
	case it.worth == 0 || math.IsInf(it.worth, 0):
		return it, grader.Dataf(at, "the criterion has no points: want a number other than 0")
	}
	return it, nil
}

func (c *CriteriaFrom) text() string   { return cmp.Or(c.Text, "criterion") }
func (c *CriteriaFrom) points() string { return cmp.Or(c.Points, "points") }

// checklist judges by criteria, one by one.
type checklist struct {
	items     []item // the same for all rollouts; nil where each has its own
	task      prompt.Task
	form      converse.Form
	reasoning bool
	oneCall   bool
}

// opine asks for all criteria in one call, or for each in one of its own.
func (c *checklist) opine(ctx context.Context, j *judge, p *panelist, sample int, m *material) (opinion, tally, error) {
	items := c.items
	if items == nil {
		items = m.items
	}
	batches := [][]item{items}
	if !c.oneCall {
		batches = batches[:0]
		for i := range items {
			batches = append(batches, items[i:i+1])
		}
	}
	values := make([][]part, len(batches))
	tallies := make([]tally, len(batches))
	reasons := make([]string, len(batches))
	asks := make([]func() error, len(batches))
	for b, batch := range batches {
		asks[b] = func() error {
			var err error
			tallies[b], err = j.ask(ctx, p, c.question(batch, m), sample, func(a *converse.Answer) error {
				parts, err := readCriteria(a, batch)
				if err == nil {
					values[b], reasons[b] = parts, reasonIn(a)
				}
				return err
			})
			return err
		}
	}
	err := together(asks...)
	var t tally
	var parts []part
	for b := range batches {
		t.add(tallies[b])
		parts = append(parts, values[b]...)
	}
	if err != nil {
		return opinion{}, t, err
	}
	score, why, err := tallyUp(items, parts)
	if err != nil {
		return opinion{}, t, err
	}
	return opinion{score: score, parts: parts, reason: why + verdicts(items, parts) + strings.Join(reasons, "\n")}, t, nil
}

// verdicts lists the verdicts for people.
func verdicts(items []item, parts []part) string {
	var b strings.Builder
	for i, it := range items {
		v := "does not apply"
		if parts[i].there {
			v = strconv.FormatFloat(parts[i].value, 'g', 4, 64)
		}
		b.WriteString(it.ID + ": " + v + ", ")
	}
	return strings.TrimSuffix(b.String(), ", ") + ". "
}

func (c *checklist) question(items []item, m *material) question {
	asked := make([]prompt.Item, len(items))
	for i, it := range items {
		asked[i] = it.Item
	}
	task, pieces := c.task, m.shared[:len(m.shared):len(m.shared)]
	if c.items == nil {
		pieces = append(pieces, prompt.Piece{Name: prompt.Criteria, Text: prompt.Listed(asked)})
	} else {
		task.Items = asked
	}
	return question{
		system:  prompt.System(task),
		output:  prompt.Checklist(c.form, c.reasoning, asked),
		pieces:  append(pieces, m.candidate),
		closing: closing,
	}
}

// tallyUp is the points that were achieved as a share of those that could be:
// the sum of what is met over the sum of the positive weights, kept within 0
// and 1, as HealthBench (arXiv 2505.08775) counts. What does not apply is left
// out of both; an unmet required criterion makes the whole 0.
func tallyUp(items []item, parts []part) (score float64, why string, err error) {
	achieved, possible := 0.0, 0.0
	var failed []string
	for i, it := range items {
		v := parts[i]
		if !v.there {
			continue
		}
		achieved += it.worth * v.value
		possible += max(it.worth, 0)
		if it.required && v.value <= 0 {
			failed = append(failed, it.ID)
		}
	}
	switch {
	case possible == 0:
		return 0, "", notApplicable()
	case len(failed) > 0:
		return 0, "a required criterion is not met: " + strings.Join(failed, ", ") + ". ", nil
	}
	return max(0, min(1, achieved/possible)), "", nil
}

// notApplicable is the fault of a rollout to which the rubric does not apply:
// there is nothing to reward in it, neither well nor badly.
func notApplicable() error {
	return &grader.DataError{Err: errNotApplicable}
}
