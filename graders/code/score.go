package code

import (
	"github.com/rftgrader/rftgrader/graders/code/suite"
)

// A unit is what earns credit as a whole under the rule of the spec.
type unit struct {
	tests  []int
	weight float64
}

// units returns the units of a suite of n tests.
func (g *codeGrader) units(s *suite.Suite, n int) []unit {
	if g.Score == ScoreGroups {
		out := make([]unit, len(s.Groups))
		for i, group := range s.Groups {
			out[i] = unit{group.Tests, group.Weight}
		}
		return out
	}
	out := make([]unit, n)
	for i := range out {
		out[i] = unit{[]int{i}, 1}
		if g.Score == ScoreWeighted && i < len(s.Tests) {
			out[i].weight = s.Tests[i].Weight
		}
	}
	return out
}

// share returns the share of the weight of units whose tests all passed.
func share(units []unit, passed func(test int) bool) float64 {
	var sum, total float64
	for _, u := range units {
		total += u.weight
		whole := len(u.tests) > 0
		for _, t := range u.tests {
			whole = whole && passed(t)
		}
		if whole {
			sum += u.weight
		}
	}
	if total == 0 {
		return 0
	}
	return sum / total
}

// constant returns what the best constant answer would earn: the greatest share
// that one and the same output passes. An output that only one test wants is no
// guess and counts nothing. Tests that are programs want no output that could
// be known.
func (g *codeGrader) constant(s *suite.Suite) float64 {
	if len(s.Cases) == 0 {
		return 0
	}
	keys := make([]string, len(s.Tests)) // "" for a test that no constant passes
	count := map[string]int{}
	for i, t := range s.Tests {
		for j, c := range t.Cases {
			key, ok := s.Cases[c].Answer()
			if !ok || j > 0 && "="+key != keys[i] {
				keys[i] = ""
				break
			}
			keys[i] = "=" + key
		}
		if keys[i] != "" {
			count[keys[i]]++
		}
	}
	units := g.units(s, len(s.Tests))
	weight := map[string]float64{}
	var total, best float64
	for _, u := range units {
		total += u.weight
		key := keys[u.tests[0]]
		for _, t := range u.tests {
			if keys[t] != key {
				key = ""
			}
		}
		if key != "" && count[key] > 1 {
			weight[key] += u.weight
			best = max(best, weight[key])
		}
	}
	return best / total
}

// score is what an outcome earns.
func (g *codeGrader) score(t *task, out outcome) float64 {
	if !out.compiled || len(out.tests) == 0 {
		return 0
	}
	units := g.units(t.Suite, len(out.tests))
	s := share(units, func(test int) bool { return out.tests[test].passed })
	switch all := out.passed() == len(out.tests); {
	case all:
		return 1
	case g.Score == ScoreAll || t.guess >= 1:
		s = 0
	default:
		s = max(0, (s-t.guess)/(1-t.guess))
	}
	return g.Credit + (1-g.Credit)*s
}
