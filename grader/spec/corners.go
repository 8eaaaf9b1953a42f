package spec

import (
	"fmt"
	"strings"
)

// mostCorners bounds how many combinations of scores a formula is tried with:
// all of them for up to ten graders.
const mostCorners = 1 << 10

// corners tries a formula with every grader at 0 and at 1, the ends of the
// scores that kinds give. What fails or leaves the range there would leave
// right answers without a score while a policy trains, so it is refused now.
func (r *reader) corners(d *document, s *scoring, n *node, path string) {
	values := make(map[string]float64, len(s.names))
	for corner := range min(mostCorners, 1<<min(len(s.names), 20)) {
		for i, name := range s.names {
			values[name] = float64(corner >> i & 1)
		}
		score, err := s.formula.Eval(func(name string) (float64, error) { return values[name], nil })
		if err != nil {
			r.fail(n.at, path, "with %s: %w", scores(s.names, values), err)
			return
		}
		if b := d.bounds; b != nil {
			if _, ok := b.hold(score); !ok {
				r.fail(n.at, path, "with %s it gives %v, outside the range %v to %v: clamp(x, %v, %v) the whole or a part of it, or widen the range",
					scores(s.names, values), score, b.lo, b.hi, b.lo, b.hi)
				return
			}
		}
	}
}

func scores(names []string, values map[string]float64) string {
	const most = 6
	var parts []string
	for i, name := range names {
		if i == most {
			parts = append(parts, "...")
			break
		}
		parts = append(parts, fmt.Sprintf("%s = %v", clip(name), values[name]))
	}
	return strings.Join(parts, ", ")
}
