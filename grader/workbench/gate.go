package workbench

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A gate is a bound below which a figure must not be.
type gate struct {
	figure string
	least  float64
}

// figureMean is the figure that gates know, and the one of a bare number.
const figureMean = "mean"

// parseGates reads the values of --fail-under: X or mean=X.
func parseGates(texts []string) ([]gate, error) {
	var gates []gate
	for _, text := range texts {
		figure, value, named := strings.Cut(text, "=")
		if !named {
			figure, value = figureMean, text
		}
		if strings.TrimSpace(figure) != figureMean {
			return nil, fmt.Errorf("--fail-under %s: there is no figure %q; want a number, or mean=number", text, figure)
		}
		least, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil || math.IsNaN(least) || math.IsInf(least, 0) {
			return nil, fmt.Errorf("--fail-under %s: want a number, or mean=number", text)
		}
		gates = append(gates, gate{figureMean, least})
	}
	return gates, nil
}

// checkGates returns a *gateError where the summary fails a gate. A mean of
// the few rollouts that could be graded says nothing of the others: it passes no
// gate where a batch of a training job would fail.
func checkGates(gates []gate, s *summary, maxUngraded float64) error {
	if len(gates) == 0 {
		return nil
	}
	var failed []string
	if crowded(s.Ungraded.Total, s.Rollouts, maxUngraded) {
		failed = append(failed, fmt.Sprintf("%d of %s ungraded (%s), and max_ungraded is %v", s.Ungraded.Total, count(s.Rollouts, "rollout"), percent(s.Ungraded.Total, s.Rollouts), maxUngraded))
	}
	for _, g := range gates {
		// A mean that is no number passes no gate.
		if mean := float64(s.Reward.Mean); !(mean >= g.least) {
			failed = append(failed, fmt.Sprintf("the %s is %v, below %v", g.figure, mean, g.least))
		}
	}
	if len(failed) == 0 {
		return nil
	}
	return &gateError{fmt.Errorf("--fail-under: %s", strings.Join(failed, "; "))}
}

// crowded reports whether a batch with so many ungraded rollouts would fail.
func crowded(ungraded, rollouts int, most float64) bool {
	return float64(ungraded) > most*float64(rollouts)
}
