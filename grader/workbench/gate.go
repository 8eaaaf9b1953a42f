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

// check returns a *gateError where the summary fails a gate.
func (g gate) check(s *summary) error {
	if s.Reward == nil {
		return &gateError{fmt.Errorf("--fail-under: no rollout was graded, so there is no %s", g.figure)}
	}
	// A mean that is no number passes no gate.
	if mean := float64(s.Reward.Mean); !(mean >= g.least) {
		return &gateError{fmt.Errorf("--fail-under: the %s is %v, below %v", g.figure, mean, g.least)}
	}
	return nil
}
