package figures

import (
	"fmt"
	"math"
)

// Facts are the figures that guidance is given on.
type Facts struct {
	Graded int
	Mean   float64
	// Least and Greatest are the bounds of the reward. Without bounds (both 0) the
	// reward is one from 0 to 1 if Min and Max are, and else there is no guidance on it.
	Least, Greatest float64
	Min, Max        float64
	Positive        int // rollouts with a reward above Least
	Groups, Flat    int // with two or more rollouts, and of these those without variance
	LengthRank      float64
}

// Advice is what a figure calls for.
type Advice struct {
	Rule   string // a name that stays
	Text   string
	Source string
}

const (
	// service is where the service's own guidance stands.
	service = "Amazon Nova documentation, reinforcement fine-tuning (evaluate first)"
	own     = "rftgrader"

	needless    = 0.95
	sparse      = 0.05
	lengthBound = 0.5
	fewest      = 20 // rollouts for a correlation that says anything
)

// Guidance returns what the figures call for; nothing is wrong where it is empty.
func Guidance(f Facts) []Advice {
	var out []Advice
	add := func(rule, source, format string, args ...any) {
		out = append(out, Advice{Rule: rule, Text: fmt.Sprintf(format, args...), Source: source})
	}
	if f.Graded == 0 {
		return nil
	}
	least, greatest := f.Least, f.Greatest
	known := least < greatest
	if !known && f.Min >= 0 && f.Max <= 1 {
		least, greatest, known = 0, 1, true
	}
	share := float64(f.Positive) / float64(f.Graded)
	switch mean := (f.Mean - least) / (greatest - least); {
	case !known:
	case f.Positive == 0:
		add("no-positives", service, "no rollout has a reward above %v: RFT has nothing to reinforce. Fine-tune with examples (SFT) first, or make the task or the grader easier", least)
	case share < sparse:
		add("sparse", service, "only %.1f%% of the rollouts have a reward above %v: under %.0f%% the signal is too sparse. Fine-tune with examples (SFT) first, give partial credit, or take easier prompts", 100*share, least, 100*sparse)
	case mean > needless:
		add("needless", service, "the mean is %.1f%% of what can be reached: over %.0f%% RFT may be needless. Take harder prompts or a stricter grader", 100*mean, 100*needless)
	}
	if f.Groups > 0 && f.Flat == f.Groups {
		add("no-signal", own, "no group has rewards that differ: under group-relative advantages (GRPO) nothing is learnt from them")
	}
	if f.Graded >= fewest && math.Abs(f.LengthRank) >= lengthBound {
		which := "long"
		if f.LengthRank < 0 {
			which = "short"
		}
		add("length", own, "rewards go with the length of the answer (rank correlation %+.2f): a policy may learn to write %s answers instead of right ones", f.LengthRank, which)
	}
	return out
}
