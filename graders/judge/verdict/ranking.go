package verdict

import (
	"strconv"
	"strings"
)

// Ranking reads an order of n candidates, the best one first, and returns their
// indices from 0. Candidates are known by their numbers from 1 or by letters.
// An order that does not hold each of them exactly once is refused, and so is
// one with ties. The error is a [Reason].
func Ranking(text string, n int) ([]int, error) {
	if len(text) > MaxBytes {
		return nil, TooLong
	}
	if x, ok := document(text); ok {
		if order, err, ok := rankingOf(x, n, 2); ok {
			return order, err
		}
	}
	r := newReader(text, Scale{Max: 1})
	trimmed := strings.TrimSpace(r.text)
	if trimmed == "" {
		return nil, Empty
	}
	if order, err, ok := order(unwrapped(trimmed), n); ok {
		return order, err
	}
	var last []int
	var lastErr error
	found := false
	whole := r.eachObject(func(x *node, _ int) {
		if o, err, ok := rankingOf(x, n, 2); ok {
			last, lastErr, found = o, err, true
		}
	})
	switch {
	case !whole:
		return nil, None
	case found:
		return last, lastErr
	case r.broken:
		return nil, Truncated
	}
	for line := range strings.Lines(r.prose) {
		line = strings.Trim(line, " \t\n*_`#")
		if len(line) > 2000 {
			continue
		}
		if i := strings.LastIndex(line, ":"); i >= 0 {
			is := false
			for _, t := range tokens(line[:i]) {
				switch t.text {
				case "ranking", "order", "rank", "verdict", "result", "answer":
					is = true
				}
			}
			if !is {
				continue
			}
			line = line[i+1:]
		}
		if o, err, ok := order(untagged(line), n); ok {
			last, lastErr, found = o, err, true
		}
	}
	if !found {
		return nil, None
	}
	return last, lastErr
}

// untagged removes a tag around a line, and emphasis.
func untagged(line string) string {
	line = strings.Trim(line, " *_`")
	if line == "" || line[0] != '<' {
		return line
	}
	t, ok := tagAt(line, 0)
	n := strings.LastIndex(line, "</")
	if !ok || n < t.end {
		return line
	}
	return line[t.end:n]
}

// RankingInput is as [Ranking] for the input of a tool.
func RankingInput(raw []byte, n int) ([]int, error) {
	if len(raw) > MaxBytes {
		return nil, TooLong
	}
	x, ok := strictly(string(raw))
	if !ok {
		return Ranking(string(raw), n)
	}
	if order, err, ok := rankingOf(x, n, 2); ok {
		return order, err
	}
	return nil, None
}

func rankingKey(key string) bool {
	switch normal(key) {
	case "ranking", "rank", "ranks", "order", "ordering", "ranked", "verdict", "result", "answer", "sorted", "finalranking":
		return true
	}
	return false
}

// rankingOf reads an order from a list, a string, or an object that holds one.
func rankingOf(x *node, n, levels int) ([]int, error, bool) {
	switch x.kind {
	case str:
		if inner, ok := encoded(folded(x.text)); ok && levels > 0 {
			return rankingOf(inner, n, levels-1)
		}
		return order(folded(x.text), n)
	case list:
		if x.cut {
			return nil, Truncated, true
		}
		ids := make([]int, 0, len(x.items))
		for _, item := range x.items {
			if item.kind == object {
				return rankedObjects(x, n)
			}
			id, ok := idOf(item)
			if !ok {
				return nil, Unfit, true
			}
			ids = append(ids, id)
		}
		o, err := permutation(ids, n)
		return o, err, true
	case object:
	default:
		return nil, nil, false
	}
	var o []int
	var err error
	count := 0
	for _, m := range x.members {
		next := levels - 1
		if wrapper(m.key) {
			next = levels
		}
		if !rankingKey(m.key) && !wrapper(m.key) || next < 0 {
			continue
		}
		if p, e, ok := rankingOf(m.value, n, next); ok {
			o, err = p, e
			count++
		} else if rankingKey(m.key) {
			o, err = nil, Unusable
			if m.value.cut || x.cut {
				err = Truncated
			}
			count++
		}
	}
	if count > 1 {
		return nil, Several, true
	}
	return o, err, count == 1
}

// rankedObjects reads [{"id": 3, "rank": 1}, ...]: by the ranks, or in the order
// of the list where there are none.
func rankedObjects(x *node, n int) ([]int, error, bool) {
	ids := make([]int, len(x.items))
	ranks := 0
	for i, item := range x.items {
		id, rank := -1, -1
		for _, m := range item.members {
			if v, ok := idOf(m.value); ok {
				switch normal(m.key) {
				case "id", "candidate", "response", "candidateid", "responseid", "index", "number", "answer", "name":
					id = v
				case "rank", "position", "place":
					rank = v
				}
			}
		}
		if id < 0 || len(x.items) != n || rank >= n {
			return nil, Unfit, true
		}
		at := i
		if rank >= 0 {
			at = rank
			ranks++
		}
		if ids[at] != 0 {
			return nil, Unfit, true
		}
		ids[at] = id + 1
	}
	if ranks != 0 && ranks != n {
		return nil, Unfit, true
	}
	for i := range ids {
		ids[i]--
	}
	o, err := permutation(ids, n)
	return o, err, true
}

// idOf returns the index from 0 of the candidate that a value names.
func idOf(x *node) (int, bool) {
	if x.cut || x.kind != str && x.kind != bare || len(x.text) > 60 {
		return 0, false
	}
	words := wordsOf(x.text)
	if len(words) == 2 && candidateWord(words[0]) {
		words = words[1:]
	}
	if len(words) != 1 {
		return 0, false
	}
	return idOfWord(words[0])
}

func idOfWord(s string) (int, bool) {
	if len(s) == 1 && isLetter(s[0]) {
		return int(s[0]|0x20) - 'a', true
	}
	for _, noun := range [...]string{"candidate", "response", "answer"} {
		s = strings.TrimPrefix(s, noun)
	}
	v, err := strconv.Atoi(s)
	return v - 1, err == nil && v >= 1 && v < 1<<20
}

// order reads an order in one line: "3 > 1 > 2", "[3, 1, 2]". It is none where
// anything else stands there.
func order(text string, n int) ([]int, error, bool) {
	if len(text) > 40*n+200 {
		return nil, nil, false
	}
	var ids []int
	tie := false
	for _, t := range tokens(strings.ReplaceAll(folded(text), ",", ", ")) {
		switch t.kind {
		case number:
			v := int(t.amount.value)
			if float64(v) != t.amount.value || v < 1 {
				return nil, nil, false
			}
			ids = append(ids, v-1)
		case badNumber:
			return nil, nil, false
		case word:
			if candidateWord(t.text) {
				continue
			}
			v, ok := idOfWord(t.text)
			if !ok {
				return nil, nil, false
			}
			ids = append(ids, v)
		case sign:
			switch t.sign {
			case '=':
				tie = true
			case '>', ',', '[', ']', '(', ')', '"', '\'', '.', '→', ';', '≻':
			default:
				return nil, nil, false
			}
		case gap:
			return nil, nil, false
		}
	}
	if len(ids) < 2 && n > 1 {
		return nil, nil, false
	}
	if tie {
		return nil, Doubtful, true
	}
	o, err := permutation(ids, n)
	return o, err, true
}

// permutation reports whether each of n candidates is there exactly once.
func permutation(ids []int, n int) ([]int, error) {
	if len(ids) != n {
		return nil, Unfit
	}
	seen := make([]bool, n)
	for _, id := range ids {
		if id < 0 || id >= n || seen[id] {
			return nil, Unfit
		}
		seen[id] = true
	}
	return ids, nil
}

// Scores reads a number on the scale for each of n candidates, known by their
// numbers from 1. A candidate without a number that can be used, one too many
// and one named twice refuse the whole. The error is a [Reason].
func Scores(text string, n int, s Scale) ([]float64, error) {
	items := make([]Item, n)
	for i := range items {
		items[i] = Item{Name: "candidate " + strconv.Itoa(i+1), Scale: &s}
	}
	findings, err := Criteria(text, items)
	if err != nil {
		return nil, err
	}
	scores := make([]float64, n)
	for i, f := range findings {
		if f.Err != nil {
			return nil, f.Err
		}
		scores[i] = f.Value
	}
	return scores, nil
}
