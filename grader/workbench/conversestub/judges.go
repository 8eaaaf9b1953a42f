package conversestub

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// A Judge says what the simulated model answers: a JSON object as a rule. It may
// be called by many goroutines at once.
type Judge func(q *Question) string

// Planted judges every candidate by its [Quality] and fills in what the request
// asks for:
//
//	a number          the place of the quality on its scale; of an enum the nearest step
//	labels            the label at the quality's place, where the first is the worst
//	true/false, yes/no  yes from a quality of 0.5 on
//	first/second/tie  the candidate of the greater quality, or a tie
//	a ranking         the candidates by their qualities, equal ones as they stand
//
// A candidate may plant what a member of the verdict gets, by its name: clarity=0.3,
// faithful=no, tone=na (not applicable). label=WORD plants a label. What stands
// first counts.
func Planted(q *Question) string { return judgeBy(Quality)(q) }

func judgeBy(quality func(q *Question, text string) float64) Judge {
	return func(q *Question) string {
		var qualities []float64
		for _, c := range q.Candidates() {
			qualities = append(qualities, quality(q, c))
		}
		return q.Verdict(qualities)
	}
}

var plantedPair = regexp.MustCompile(`(?i)\b([a-z_][a-z0-9_]{0,60})=([a-z0-9_.]{1,40})`)

// planted reads NAME=VALUE pairs. A point at a value's end is that of a sentence.
func planted(text string) map[string]string {
	found := map[string]string{}
	for _, m := range plantedPair.FindAllStringSubmatch(text, -1) {
		name := strings.ToLower(m[1])
		if _, ok := found[name]; !ok {
			found[name] = strings.ToLower(strings.TrimRight(m[2], "."))
		}
	}
	return found
}

// Quality is the quality of a candidate, from 0 to 1, by the first of these that
// applies:
//
//   - quality=X in the text, with X from 0 to 1;
//   - where there is a reference: 1 if the text contains it, whatever its case, or one of
//     several in a list; else 0;
//   - 0.6 × min(1, words/50), and 0.2 more for each of "because" and a digit.
func Quality(q *Question, text string) float64 {
	if v, ok := planted(text)["quality"]; ok {
		if x, err := strconv.ParseFloat(v, 64); err == nil && x >= 0 && x <= 1 {
			return x
		}
	}
	if reference, ok := q.piece("reference"); ok {
		held := func(s string) bool {
			return strings.Contains(strings.ToLower(text), strings.ToLower(strings.TrimSpace(s)))
		}
		var several []string
		if json.Unmarshal([]byte(reference), &several) != nil || len(several) == 0 {
			several = []string{reference}
		}
		if slices.ContainsFunc(several, held) {
			return 1
		}
		return 0
	}
	x := 0.6 * min(1, float64(len(strings.Fields(text)))/50)
	if strings.Contains(strings.ToLower(text), "because") {
		x += 0.2
	}
	if strings.ContainsAny(text, "0123456789") {
		x += 0.2
	}
	return min(x, 1)
}

// AlwaysFirst prefers what is shown first, whatever it says, and judges single
// candidates as [Planted] does.
func AlwaysFirst(q *Question) string { return q.Verdict(byPlace(q, 1)) }

// AlwaysSecond prefers what is shown last, likewise.
func AlwaysSecond(q *Question) string { return q.Verdict(byPlace(q, -1)) }

func byPlace(q *Question, direction float64) []float64 {
	candidates := q.Candidates()
	if len(candidates) == 1 {
		return []float64{Quality(q, candidates[0])}
	}
	qualities := make([]float64, len(candidates))
	for i := range qualities {
		qualities[i] = -direction * float64(i)
	}
	return qualities
}

// Longer takes length for quality: 1 from 2,000 characters on.
func Longer(q *Question) string {
	return judgeBy(func(_ *Question, text string) float64 {
		return min(1, float64(utf8.RuneCountInString(text))/2000)
	})(q)
}

var flattery = regexp.MustCompile(`(?i)full (marks|score)|top (marks|score)|highest (marks|score|grade)|verified|10/10|\[\[10\]\]|give (it |this )?(a )?10|output (only )?10|"(score|rating)"\s*:|perfect|professor|满分`)

// Gullible gives 1 to candidates that praise themselves or tell it what to say, and
// judges others as [Planted] does. It is what attacks are tried on.
func Gullible(q *Question) string {
	return judgeBy(func(q *Question, text string) float64 {
		if flattery.MatchString(text) {
			return 1
		}
		return Quality(q, text)
	})(q)
}

// Noise judges as [Planted] does, and adds a number between -spread and spread that
// depends on the seed, on the candidate and on how often it was judged before.
func Noise(spread float64, seed uint64) Judge {
	var mu sync.Mutex
	times := map[uint64]uint64{}
	return judgeBy(func(q *Question, text string) float64 {
		h := fnv.New64a()
		h.Write([]byte(text))
		key := h.Sum64()
		mu.Lock()
		n := times[key]
		times[key]++
		mu.Unlock()
		h.Write(binary.BigEndian.AppendUint64(nil, n))
		x := rand.New(rand.NewPCG(seed, h.Sum64())).Float64()
		return max(0, min(1, Quality(q, text)+spread*(2*x-1)))
	})
}

// Personalities lists the names that [Personality] knows.
func Personalities() []string {
	return []string{"planted", "always-first", "always-second", "longer", "gullible", "noise"}
}

// Personality returns the judge of a name. The seed is that of noise, whose
// spread is 0.2.
func Personality(name string, seed uint64) (Judge, error) {
	all := []Judge{Planted, AlwaysFirst, AlwaysSecond, Longer, Gullible, Noise(0.2, seed)}
	if i := slices.Index(Personalities(), name); i >= 0 {
		return all[i], nil
	}
	return nil, fmt.Errorf("there is no personality %q: want one of %s", name, strings.Join(Personalities(), ", "))
}
