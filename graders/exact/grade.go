package exact

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
	"github.com/rftgrader/rftgrader/graders/internal/compared"
)

type exact struct {
	find      answer.Finders
	text      compared.Text
	expect    compared.Expect
	reference grader.Pointer
	match     Match
	form      form
	labels    []string // in the form
	lexicon   lexicon  // of labels
	seen      revealed
	written   []string // as the options have them
}

// Grade compares the answer with the reference.
func (g *exact) Grade(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
	wants, err := g.readReferences(r)
	if err != nil {
		return grader.Result{}, err
	}
	found := g.text.Of(r, g.find)
	if !found.OK {
		return result(found, 0, "no answer: "+found.Why), nil
	}
	got := g.form.of(found.Text)
	if blank(got) {
		return result(found, 0, found.Why+": nothing is left of the answer but marks that do not count"), nil
	}
	ok, verdict, err := g.compare(ctx, found.Text, got, wants)
	if err != nil {
		return grader.Result{}, err
	}
	if ok {
		return result(found, 1, found.Why+": "+grader.Excerpt(found.Text)+" "+verdict), nil
	}
	return result(found, 0, found.Why+": "+grader.Excerpt(found.Text)+" "+verdict+g.near(found.Text, wants)), nil
}

// A want is a reference in the form, and as it is written.
type want struct{ text, written string }

func (g *exact) readReferences(r *grader.Rollout) ([]want, error) {
	ref, texts, err := g.texts(r)
	if err != nil {
		return nil, err
	}
	wants := make([]want, len(texts))
	for i, t := range texts {
		at := ref.Where()
		if raw := ref.Raw(); len(raw) > 0 && raw[0] == '[' {
			at += "/" + strconv.Itoa(i)
		}
		w := want{g.form.of(t), t}
		switch {
		case blank(t):
			return nil, grader.Dataf(at, "the reference is empty: give a text to compare with")
		case blank(w.text):
			e := grader.Dataf(at, "the options of this grader leave nothing of the reference: loosen unicode, punctuation or articles less")
			e.Detail = "the reference is " + grader.Excerpt(t)
			return nil, e
		case g.labels != nil && !slices.Contains(g.labels, w.text):
			e := grader.Dataf(at, "the reference is none of the %d labels: add it to the option labels, or correct the row", len(g.labels))
			e.Detail = "the reference is " + grader.Excerpt(t)
			return nil, e
		}
		wants[i] = w
	}
	return wants, nil
}

// texts returns the texts to compare with, and the reference that they are from.
func (g *exact) texts(r *grader.Rollout) (grader.Reference, []string, error) {
	if !g.expect.IsZero() {
		text, err := g.expect.Of(r)
		return grader.Reference{}, []string{text}, err
	}
	ref, err := r.Lookup(g.reference)
	if err != nil {
		return ref, nil, err
	}
	texts, err := ref.Texts()
	return ref, texts, err
}

// compare says whether the answer matches and, for people, how. The answer is
// given as it was found and in the form.
func (g *exact) compare(ctx context.Context, found, got string, wants []want) (bool, string, error) {
	switch g.match {
	case MatchContains:
		if g.labels != nil {
			return g.containsLabel(ctx, found, got, wants)
		}
		texts := make([]string, len(wants))
		for i, w := range wants {
			texts[i] = w.text
		}
		first := -1
		err := newLexicon(texts).find(ctx, got, func(o occurrence) bool {
			first = o.word
			return false
		})
		if err != nil || first < 0 {
			return false, "does not contain " + names(wants), err
		}
		return true, "contains the reference " + grader.Excerpt(wants[first].written), nil
	case MatchSubstring:
		for _, w := range wants {
			if strings.Contains(got, w.text) {
				return true, "contains the reference " + grader.Excerpt(w.written), nil
			}
		}
		return false, "does not contain " + names(wants), nil
	case MatchSubstringOf:
		for _, w := range wants {
			if strings.Contains(w.text, got) {
				return true, "stands in the reference " + grader.Excerpt(w.written), nil
			}
		}
		return false, "does not stand in " + names(wants), nil
	case MatchOneOf:
		if !slices.Contains(g.labels, got) {
			rest, ok := withoutName(found)
			if got = g.form.of(rest); !ok || !slices.Contains(g.labels, got) {
				return false, "is none of the labels", nil
			}
		}
	}
	for _, w := range wants {
		if got == w.text {
			return true, "is the reference " + grader.Excerpt(w.written), nil
		}
	}
	return false, "is not " + names(wants), nil
}

func (g *exact) containsLabel(ctx context.Context, found, got string, wants []want) (bool, string, error) {
	one, other, no := -1, -1, false
	err := g.lexicon.find(ctx, got, func(o occurrence) bool {
		no = no || denied(got, o.start)
		switch {
		case one < 0:
			one = o.word
		case o.word != one:
			other = o.word
		}
		return other < 0
	})
	if err == nil && one >= 0 && other < 0 {
		other, err = g.seen.another(ctx, found, one)
	}
	switch {
	case err != nil:
		return false, "", err
	case one < 0:
		return false, "contains none of the labels", nil
	case other >= 0:
		return false, "contains more than one label, " + grader.Excerpt(g.written[one]) + " and " + grader.Excerpt(g.written[other]), nil
	case no:
		return false, "denies the label " + grader.Excerpt(g.written[one]), nil
	}
	if slices.ContainsFunc(wants, func(w want) bool { return w.text == g.labels[one] }) {
		return true, "contains the label " + grader.Excerpt(g.written[one]) + " alone", nil
	}
	return false, "contains the label " + grader.Excerpt(g.written[one]) + ", not " + names(wants), nil
}

// near says which single option would make the two equal, so that a person
// sees a harmless difference at once.
func (g *exact) near(text string, wants []want) string {
	if g.match != MatchEqual && g.match != MatchOneOf {
		return ""
	}
	loose := []struct {
		option string
		form   form
	}{
		{"wrapping: strip", g.form.with(func(f *form) { f.wrapping = WrappingStrip })},
		{"case: fold", g.form.with(func(f *form) { f.letters = CaseFold })},
		{"punctuation: ends", g.form.with(func(f *form) { f.punctuation = PunctuationEnds })},
		{"articles: remove", g.form.with(func(f *form) { f.articles = ArticlesRemove })},
		{"whitespace: remove", g.form.with(func(f *form) { f.whitespace = WhitespaceRemove })},
		{"unicode: nfkc", g.form.with(func(f *form) { f.unicode = UnicodeNFKC })},
	}
	for _, w := range wants {
		if len(text) > 2*len(w.written)+64 {
			continue
		}
		for _, l := range loose {
			if l.form != g.form && l.form.of(text) == l.form.of(w.written) && !blank(l.form.of(text)) {
				return "; they would be equal with " + l.option
			}
		}
	}
	return ""
}

func result(found answer.Found, score float64, reason string) grader.Result {
	m := grader.Measure("answer_found", 0)
	if found.OK {
		m.Value = 1
	}
	return grader.Result{Score: score, Metrics: []grader.Metric{m}, Found: found.Text, Reason: reason}
}

func names(wants []want) string {
	if len(wants) == 1 {
		return "the reference " + grader.Excerpt(wants[0].written)
	}
	var b strings.Builder
	b.WriteString("any of the references")
	for i, w := range wants {
		if i == 3 {
			b.WriteString(" and " + strconv.Itoa(len(wants)-i) + " more")
			break
		}
		b.WriteString(" " + grader.Excerpt(w.written))
	}
	return b.String()
}
