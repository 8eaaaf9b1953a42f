package workbench

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rftgrader/rftgrader/grader/internal/nearest"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/condition"
)

// gates are the bounds of --fail-under, and the conditions of --fail-if.
type gates struct {
	under []gate
	when  []*condition.Condition
}

// A gate is a bound below which a figure must not be.
type gate struct {
	figure string
	least  float64
}

// figureMean is the figure of a bare number.
const figureMean = "mean"

// summaryFigures are the figures that every summary has, or could have.
var summaryFigures = []string{
	"mean", "sd", "min", "p10", "p25", "p50", "p75", "p90", "max",
	"rollouts", "graded", "ungraded", "ungraded.data", "ungraded.transient", "ungraded.permanent", "ungraded.deadline",
	"found", "prompts", "groups", "flat", "all_right", "all_wrong", "sd_within", "sd_between", "equal",
	"length", "length_correlation", "accuracy", "precision", "recall", "kappa", "auc", "noise", "advice",
}

var drawFigure = regexp.MustCompile(`^(pass|best)@([1-9]\d{0,6})$`)

// parseGates reads the values of --fail-under, X or FIGURE=X, and of --fail-if.
func parseGates(under, when []string, s *spec.Spec) (gates, error) {
	var g gates
	for _, text := range under {
		name, value, named := strings.Cut(text, "=")
		if !named {
			name, value = figureMean, text
		}
		name = strings.TrimSpace(name)
		if err := checkFigure(name, s); err != nil {
			return g, fmt.Errorf("--fail-under %s: %w; want a number, or mean=number", text, err)
		}
		least, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil || math.IsNaN(least) || math.IsInf(least, 0) {
			return g, fmt.Errorf("--fail-under %s: want a number, or mean=number", text)
		}
		g.under = append(g.under, gate{name, least})
	}
	for _, text := range when {
		c, err := condition.Parse(text)
		if err != nil {
			return g, conditionFault("--fail-if", text, err)
		}
		for _, r := range c.Refs() {
			err := checkFigure(r.Name, s)
			switch {
			case r.Pointer:
				err = errors.New("a summary has no pointers: want figures such as ungraded or mean")
			case r.Text():
				err = errors.New("figures are numbers: compare them with numbers")
			}
			if err != nil {
				return g, conditionFault("--fail-if", text, &condition.Error{Offset: r.Offset, Err: err})
			}
		}
		g.when = append(g.when, c)
	}
	return g, nil
}

func checkFigure(name string, s *spec.Spec) error {
	of, _, _ := strings.Cut(name, ".")
	if slices.Contains(summaryFigures, name) || drawFigure.MatchString(name) || s.KindOf(of) != "" {
		return nil
	}
	return fmt.Errorf("there is no figure %q%s (there are %s, pass@K, best@K and the means of metrics)", name, nearest.Hint(name, summaryFigures), strings.Join(summaryFigures, ", "))
}

// draws returns the ks of pass@k and best@k that the gates ask for.
func (g gates) draws() []int {
	var ks []int
	add := func(name string) {
		if m := drawFigure.FindStringSubmatch(name); m != nil {
			if k, err := strconv.Atoi(m[2]); err == nil && !slices.Contains(ks, k) {
				ks = append(ks, k)
			}
		}
	}
	for _, u := range g.under {
		add(u.figure)
	}
	for _, c := range g.when {
		for _, r := range c.Refs() {
			add(r.Name)
		}
	}
	return ks
}

// A gateResult is what became of one gate.
type gateResult struct {
	name   string
	failed string // why, or ""
}

// results asks each gate. A mean of the few rollouts that could be graded says
// nothing of the others: it passes no gate where a batch of a training job would
// fail. What cannot be told passes no gate, either.
func (g gates) results(s *summary, maxUngraded float64) []gateResult {
	var out []gateResult
	if len(g.under) > 0 {
		r := gateResult{name: "max_ungraded"}
		if crowded(s.Ungraded.Total, s.Rollouts, maxUngraded) {
			r.failed = fmt.Sprintf("%d of %s ungraded (%s), and max_ungraded is %v", s.Ungraded.Total, count(s.Rollouts, "rollout"), percent(s.Ungraded.Total, s.Rollouts), maxUngraded)
		}
		out = append(out, r)
	}
	for _, u := range g.under {
		r := gateResult{name: fmt.Sprintf("--fail-under %s=%v", u.figure, u.least)}
		switch x, err := s.figure(u.figure); {
		case err != nil:
			r.failed = err.Error()
		case !(x >= u.least):
			r.failed = fmt.Sprintf("the %s is %v, below %v", u.figure, x, u.least)
		}
		out = append(out, r)
	}
	for _, c := range g.when {
		r := gateResult{name: "--fail-if " + c.String()}
		holds, err := c.Holds(condition.Values{Number: func(r condition.Ref) (float64, error) { return s.figure(r.Name) }})
		switch {
		case err != nil:
			r.failed = fmt.Sprintf("%s cannot be told: %v", c, err)
		case holds:
			r.failed = s.holding(c)
		}
		out = append(out, r)
	}
	return out
}

// holding says that a condition holds, and of which figures.
func (s *summary) holding(c *condition.Condition) string {
	var of []string
	for _, r := range c.Refs() {
		if x, err := s.figure(r.Name); err == nil {
			if text := r.Name + " is " + number(x); !slices.Contains(of, text) {
				of = append(of, text)
			}
		}
	}
	if len(of) == 0 {
		return c.String()
	}
	return fmt.Sprintf("%s: %s", c, strings.Join(of, ", "))
}

// check returns a *gateError where the summary fails a gate.
func (g gates) check(s *summary, maxUngraded float64) error {
	var under, when []string
	for i, r := range g.results(s, maxUngraded) {
		switch {
		case r.failed == "":
		case len(g.under) > 0 && i <= len(g.under):
			under = append(under, r.failed)
		default:
			when = append(when, r.failed)
		}
	}
	var failed []string
	if len(under) > 0 {
		failed = append(failed, "--fail-under: "+strings.Join(under, "; "))
	}
	if len(when) > 0 {
		failed = append(failed, "--fail-if: "+strings.Join(when, "; "))
	}
	if len(failed) == 0 {
		return nil
	}
	return &gateError{errors.New(strings.Join(failed, "; "))}
}

// figure returns a figure by the name that gates have for it.
func (s *summary) figure(name string) (float64, error) {
	if x, ok := s.lookup(name); ok && finite(x) {
		return x, nil
	}
	return 0, fmt.Errorf("the %s is not known", name)
}

func (s *summary) lookup(name string) (float64, bool) {
	if m := drawFigure.FindStringSubmatch(name); m != nil {
		k, _ := strconv.Atoi(m[2]) // it is one by the pattern
		for _, p := range append(slices.Clone(s.Groups.Pass), s.Groups.asked...) {
			if p.K == k && m[1] == "pass" {
				return float64(p.PassAtK), true
			} else if p.K == k {
				return float64(p.BestOfK), true
			}
		}
		return 0, false
	}
	share := func(p *float64) (float64, bool) {
		if p == nil {
			return 0, false
		}
		return *p, true
	}
	switch name {
	case "rollouts":
		return float64(s.Rollouts), true
	case "graded":
		return float64(s.Graded), true
	case "ungraded":
		return float64(s.Ungraded.Total), true
	case "ungraded.data":
		return float64(s.Ungraded.Data), true
	case "ungraded.transient":
		return float64(s.Ungraded.Transient), true
	case "ungraded.permanent":
		return float64(s.Ungraded.Permanent), true
	case "ungraded.deadline":
		return float64(s.Ungraded.Deadline), true
	case "equal":
		return float64(s.Equal), true
	case "advice":
		return float64(len(s.Guidance)), true
	case "found":
		return share(s.Found.Share)
	case "prompts":
		return float64(s.Groups.Prompts), true
	case "groups":
		return float64(s.Groups.Groups), true
	case "flat":
		return share(s.Groups.FlatShare)
	case "all_right":
		return share(s.Groups.AllRightShare)
	case "all_wrong":
		return share(s.Groups.AllWrongShare)
	case "sd_within":
		return float64(s.Groups.Within), true
	case "sd_between":
		return float64(s.Groups.Between), true
	}
	if x, ok := s.lookupParts(name); ok {
		return x, true
	}
	for _, m := range s.Metrics {
		if m.Name == name {
			return float64(m.Mean), true
		}
	}
	return 0, false
}

// lookupParts knows the figures that a summary may lack.
func (s *summary) lookupParts(name string) (float64, bool) {
	if r := s.Reward; r != nil {
		of := map[string]float64{
			"mean": float64(r.Mean), "sd": float64(r.SD), "min": r.Min, "p10": r.P10, "p25": r.P25,
			"p50": r.P50, "p75": r.P75, "p90": r.P90, "max": r.Max,
		}
		if x, ok := of[name]; ok {
			return x, true
		}
	}
	if l := s.Length; l != nil {
		switch name {
		case "length":
			return float64(l.Mean), true
		case "length_correlation":
			return float64(l.Spearman), true
		}
	}
	if l := s.Labels; l != nil {
		of := map[string]figure{"accuracy": l.Accuracy, "precision": l.Precision, "recall": l.Recall, "kappa": l.Kappa, "auc": l.AUC}
		if x, ok := of[name]; ok {
			return float64(x), true
		}
	}
	if s.Repeat != nil && name == "noise" {
		return float64(s.Repeat.Share), true
	}
	return 0, false
}

// crowded reports whether a batch with so many ungraded rollouts would fail.
func crowded(ungraded, rollouts int, most float64) bool {
	return float64(ungraded) > most*float64(rollouts)
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
