package stats

// Groups tells for each prompt whether its rollouts differ in score. Under
// group-relative advantages (GRPO) a prompt whose rollouts all score the same
// teaches nothing. The zero value is ready for use.
//
// It keeps some fifty bytes for each key.
type Groups[K comparable] struct {
	of map[K]group
}

type group struct {
	n     int
	first float64
	vary  bool
}

// Add takes the score of one more rollout of a group.
func (g *Groups[K]) Add(key K, score float64) {
	if g.of == nil {
		g.of = map[K]group{}
	}
	was, ok := g.of[key]
	if !ok {
		was.first = score
	}
	was.n++
	was.vary = was.vary || score != was.first
	g.of[key] = was
}

// GroupCounts is what Groups says.
type GroupCounts struct {
	Prompts int // all keys
	Groups  int // keys with at least two scores
	Flat    int // groups whose scores are all equal
	FlatAt  map[float64]int
}

// Count counts the groups; FlatAt has the flat ones by their score.
func (g *Groups[K]) Count() GroupCounts {
	c := GroupCounts{Prompts: len(g.of), FlatAt: map[float64]int{}}
	for _, group := range g.of {
		if group.n < 2 {
			continue
		}
		c.Groups++
		if !group.vary {
			c.Flat++
			c.FlatAt[group.first]++
		}
	}
	return c
}
