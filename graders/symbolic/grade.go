package symbolic

import (
	"context"
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
	"github.com/rftgrader/rftgrader/graders/symbolic/equal"
)

type symbolic struct {
	find      answer.Finders
	reference grader.Pointer
	last      bool
	undecided float64
	opt       equal.Options
}

// Grade finds the answer and compares it with the reference.
func (s *symbolic) Grade(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
	if err := ctx.Err(); err != nil {
		return grader.Result{}, err
	}
	ref, err := r.Lookup(s.reference)
	if err != nil {
		return grader.Result{}, err
	}
	texts, err := ref.Texts()
	if err != nil {
		return grader.Result{}, err
	}
	var refs []*equal.Reference
	for _, t := range texts {
		read, err := readReferences(t, s.opt)
		if err != nil {
			return grader.Result{}, &grader.DataError{Where: ref.Where(), Err: err, Detail: t}
		}
		refs = append(refs, read...)
	}
	found := s.candidates(r.Response())
	res := s.judge(refs, found)
	if res.Verdict == equal.Equal && contradicted(refs, found.rivals) {
		res.Result = equal.Result{Verdict: equal.Different, Reason: "what follows the answer gives another one"}
	}
	return s.result(res), nil
}

// A judgement is a verdict on the candidate that counted.
type judgement struct {
	equal.Result
	found string
	why   string
	none  bool // there was no answer at all
}

// judge compares the candidates in order. The first that can be read as an
// answer counts, whatever its verdict: no text gets two guesses.
func (s *symbolic) judge(refs []*equal.Reference, found candidates) judgement {
	if len(found.texts) == 0 {
		return judgement{none: true, why: found.why}
	}
	j := judgement{}
	for i, c := range found.texts {
		j = judgement{found: c.text, why: c.why}
		for _, ref := range refs {
			r := ref.Compare(c.text)
			if better(r.Verdict, j.Verdict) || j.Reason == "" {
				j.Result = r
			}
		}
		if j.Verdict == equal.Equal || i == len(found.texts)-1 {
			break
		}
		if j.Verdict != equal.Unparsed && !c.prose {
			break
		}
	}
	return j
}

// contradicted reports whether one of the values that the response gives behind
// its answer is not right as well.
func contradicted(refs []*equal.Reference, rivals []string) bool {
	return slices.ContainsFunc(rivals, func(v string) bool {
		return !slices.ContainsFunc(refs, func(r *equal.Reference) bool { return r.Compare(v).Verdict == equal.Equal })
	})
}

// better orders verdicts for references of which one must be met.
func better(a, b equal.Verdict) bool {
	rank := func(v equal.Verdict) int {
		switch v {
		case equal.Equal:
			return 3
		case equal.Undecided:
			return 2
		case equal.Different:
			return 1
		}
		return 0
	}
	return rank(a) > rank(b)
}

func (s *symbolic) result(j judgement) grader.Result {
	res := grader.Result{Found: j.found}
	undecided, unparsed := 0.0, 0.0
	switch {
	case j.none:
		res.Reason = "no answer found: " + j.why
	case j.Verdict == equal.Equal:
		res.Score = 1
		res.Reason = "equal: " + j.Reason
	case j.Verdict == equal.Undecided:
		undecided = 1
		res.Score = s.undecided
		res.Reason = "undecided: " + j.Reason
	case j.Verdict == equal.Unparsed:
		unparsed = 1
		res.Reason = "unreadable: " + j.Reason
	default:
		res.Reason = "different: " + j.Reason
	}
	if !j.none && j.why != "" {
		res.Reason += " (" + j.why + ")"
	}
	found := 1.0
	if j.none {
		found = 0
	}
	res.Metrics = []grader.Metric{
		grader.Measure("found", found),
		grader.Measure("undecided", undecided),
		grader.Measure("unparsed", unparsed),
	}
	return res
}

// readReferences reads a reference text: its boxes or what stands behind ####,
// if it is a whole solution, and else all of it. A list of quoted texts gives
// alternatives.
func readReferences(text string, opt equal.Options) ([]*equal.Reference, error) {
	var refs []*equal.Reference
	for _, t := range alternatives(text) {
		r, err := equal.Read(solution(t), opt)
		if err != nil {
			return nil, err
		}
		refs = append(refs, r)
	}
	return refs, nil
}

// alternatives returns the texts of a list such as "60", "60%".
func alternatives(text string) []string {
	t := strings.TrimSpace(text)
	if strings.HasPrefix(t, "[") && strings.HasSuffix(t, "]") {
		t = strings.TrimSpace(t[1 : len(t)-1])
	}
	if len(t) < 2 || t[0] != '"' || t[len(t)-1] != '"' {
		return []string{text}
	}
	var out []string
	for {
		end := strings.IndexByte(t[1:], '"')
		if end < 0 {
			return []string{text}
		}
		out = append(out, t[1:1+end])
		t = strings.TrimSpace(t[end+2:])
		if t == "" {
			return out
		}
		if t[0] != ',' {
			return []string{text}
		}
		if t = strings.TrimSpace(t[1:]); t == "" || t[0] != '"' {
			return []string{text}
		}
	}
}
