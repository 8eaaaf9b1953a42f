// Package nearest finds the known word that a person most likely meant.
package nearest

import "strings"

// Word returns the candidate closest to word by edit distance without regard
// to case, or "" when none is close: at most a third of the longer word's
// letters may differ, and at least one must not.
func Word(word string, candidates []string) string {
	best, bestDistance := "", 0
	for _, c := range candidates {
		limit := max(len(word), len(c))/3 + 1
		if limit >= max(len(word), len(c)) {
			limit = max(len(word), len(c)) - 1
		}
		d := distance(strings.ToLower(word), strings.ToLower(c))
		if d <= limit && (best == "" || d < bestDistance) {
			best, bestDistance = c, d
		}
	}
	return best
}

// Hint returns `; did you mean "x"?`, or "" when no candidate is close.
func Hint(word string, candidates []string) string {
	if w := Word(word, candidates); w != "" {
		return `; did you mean "` + w + `"?`
	}
	return ""
}

// distance is the optimal string alignment distance: insertions, deletions,
// substitutions and swaps of neighbours.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return max(len(a), len(b))
	}
	var before, prev, row [65]int
	for j := range len(b) + 1 {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, prev, row = prev, row, before
	}
	return prev[len(b)]
}
