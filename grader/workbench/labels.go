package workbench

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/grader/workbench/figures"
)

// labels are what people said of graded rollouts. A nil one has none.
type labels struct {
	of      *rowCondition
	scores  []float64
	labels  []float64
	rows    []shownRow
	missing int // graded rollouts without a label that can be read
	first   string
}

// labelSummary is what the summary says of --label.
type labelSummary struct {
	Label        string            `json:"label"`
	Count        int               `json:"count"`
	Missing      int               `json:"missing"`
	FirstMissing *string           `json:"first_missing"`
	Binary       bool              `json:"binary"`
	Confusion    *confusionSummary `json:"confusion"`
	Accuracy     figure            `json:"accuracy"`
	Precision    figure            `json:"precision"`
	Recall       figure            `json:"recall"`
	Kappa        figure            `json:"kappa"`
	AUC          figure            `json:"auc"`
	Pearson      figure            `json:"pearson"`
	Spearman     figure            `json:"spearman"`
	TauB         figure            `json:"tau_b"`
	Disagree     *int              `json:"disagreements"`
	Worst        []disagreement    `json:"worst"`
}

type confusionSummary struct {
	TruePositive  int `json:"true_positive"`
	FalsePositive int `json:"false_positive"`
	FalseNegative int `json:"false_negative"`
	TrueNegative  int `json:"true_negative"`
}

type disagreement struct {
	Place  string  `json:"place"`
	ID     string  `json:"id"`
	Score  float64 `json:"score"`
	Label  float64 `json:"label"`
	Found  string  `json:"found"`
	Reason string  `json:"reason"`
}

// shownDisagreements is how many of the worst are named.
const shownDisagreements = 10

// labelWords are texts that are labels.
var labelWords = map[string]float64{
	"true": 1, "yes": 1, "correct": 1, "right": 1, "pass": 1, "good": 1, "positive": 1,
	"false": 0, "no": 0, "incorrect": 0, "wrong": 0, "fail": 0, "bad": 0, "negative": 0,
}

func (l *labels) add(at row, o *batch.Outcome) {
	if l == nil || !o.Graded() {
		return
	}
	x, err := l.read(o)
	if err != nil {
		if l.missing++; l.missing == 1 {
			l.first = at.place() + ": " + clip(err.Error(), maxCauseBytes)
		}
		return
	}
	l.scores = append(l.scores, o.Result.Score)
	l.labels = append(l.labels, x)
	l.rows = append(l.rows, newShownRow(at, o))
}

func (l *labels) read(o *batch.Outcome) (float64, error) {
	r, alone := l.of.Pointer()
	if !alone {
		holds, err := l.of.holds(o)
		return truth(holds), err
	}
	v, err := o.Item.Rollout.Lookup(l.of.pointers[r.Name])
	if err != nil {
		return 0, err
	}
	if jsontext.Value(v.Raw()).Kind() == '"' {
		text, err := v.Text()
		if err != nil {
			return 0, err
		}
		text = strings.ToLower(strings.TrimSpace(text))
		if x, ok := labelWords[text]; ok {
			return x, nil
		}
		if x, err := strconv.ParseFloat(text, 64); err == nil && finite(x) {
			return x, nil
		}
		return 0, grader.Dataf(v.Where(), "is a text that is no label: say which one is right, as in --label '%s == \"right\"'", r.Name)
	}
	x, err := numberIn(r.Name, v)
	if err == nil && !finite(x) {
		err = errors.New("the label is no finite number")
	}
	return x, err
}

func (l *labels) summary(t *tally) *labelSummary {
	if l == nil {
		return nil
	}
	least, greatest := t.least, t.greatest
	if !t.ranged {
		least, greatest = min(0, t.reward.Min()), max(1, t.reward.Max())
	}
	a := figures.Agree(l.scores, l.labels, t.threshold, least, greatest, shownDisagreements)
	s := &labelSummary{
		Label: l.of.String(), Count: a.N, Missing: l.missing, Binary: a.Binary && a.N > 0,
		Accuracy: figure(a.Accuracy), Precision: figure(a.Precision), Recall: figure(a.Recall), Kappa: figure(a.Kappa), AUC: figure(a.AUC),
		Pearson: figure(a.Pearson), Spearman: figure(a.Spearman), TauB: figure(a.TauB), Worst: []disagreement{},
	}
	if l.missing > 0 {
		s.FirstMissing = &l.first
	}
	if s.Binary {
		s.Confusion = &confusionSummary{a.TruePositive, a.FalsePositive, a.FalseNegative, a.TrueNegative}
		s.Disagree = &a.Disagree
	}
	for _, i := range a.Worst {
		r := l.rows[i]
		s.Worst = append(s.Worst, disagreement{r.place, r.id, l.scores[i], l.labels[i], r.found, r.reason})
	}
	return s
}

// check says that nothing could be compared.
func (s *labelSummary) check() error {
	if s == nil || s.Count > 0 || s.FirstMissing == nil {
		return nil
	}
	return fmt.Errorf("--label %s: none of the graded rollouts has such a label; the first, %s", s.Label, *s.FirstMissing)
}
