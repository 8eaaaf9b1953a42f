package similarity

import (
	"context"
	"errors"
	"strconv"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
	"github.com/rftgrader/rftgrader/graders/internal/compared"
	"github.com/rftgrader/rftgrader/graders/similarity/textsim"
)

type similarity struct{ Options }

// Grade measures how alike the answer and the reference are.
func (g *similarity) Grade(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
	refs, err := g.references(r)
	if err != nil {
		return grader.Result{}, err
	}
	found := g.Text.Of(r, g.Find)
	if !found.OK {
		return result(found, likeness{}, "no answer: "+found.Why), nil
	}
	if compared.Blank(found.Text) {
		return result(found, likeness{}, found.Why+": nothing can be seen of the answer"), nil
	}
	best, err := g.compare(ctx, found.Text, refs)
	if errors.Is(err, textsim.ErrTooLong) {
		return result(found, likeness{}, found.Why+": an answer of "+strconv.Itoa(len(found.Text))+" bytes is too long to be compared with the reference by "+g.name()), nil
	}
	if err != nil {
		return grader.Result{}, err
	}
	reason := found.Why + ": " + grader.Excerpt(found.Text) + " is alike by " + strconv.FormatFloat(best.score, 'g', 4, 64) +
		" (" + g.name() + ") to " + grader.Excerpt(best.reference)
	return result(found, best, reason), nil
}

// references returns the texts to compare with. For sets there is one, which
// may be a list.
func (g *similarity) references(r *grader.Rollout) ([]string, error) {
	if !g.Expect.IsZero() {
		text, err := g.Expect.Of(r)
		if err == nil && !g.says(text) {
			err = grader.Dataf("", "option expect comes to nothing that metric %s compares in this row: give a text", g.Metric)
		}
		return []string{text}, err
	}
	ref, err := r.Lookup(g.Reference)
	if err != nil {
		return nil, err
	}
	texts, err := ref.Texts()
	if err != nil {
		return nil, err
	}
	for i, t := range texts {
		if !g.says(t) {
			at := ref.Where()
			if ref.Raw()[0] == '[' {
				at += "/" + strconv.Itoa(i)
			}
			e := grader.Dataf(at, "the reference holds nothing that metric %s compares: give a text", g.Metric)
			e.Detail = "the reference is " + grader.Excerpt(t)
			return nil, e
		}
	}
	return texts, nil
}

// says reports whether a reference holds anything to compare with.
func (g *similarity) says(text string) bool {
	switch {
	case compared.Blank(text):
		return false
	case g.Metric == TokenF1:
		return len(textsim.SquadWords(text)) > 0
	case g.Metric.rouge():
		return len(textsim.RougeWords(text, g.Stem)) > 0
	case g.Metric == ExactSet, g.Metric == SetF1:
		return len(distinct(g.elements(text))) > 0
	case g.Metric == Fuzzy && g.Process == ProcessDefault:
		return textsim.Process(text) != ""
	}
	return true
}

// A likeness is what a comparison comes to.
type likeness struct {
	score     float64
	overlap   *textsim.Overlap
	reference string
}

// compare returns the likeness to the reference that is most alike.
func (g *similarity) compare(ctx context.Context, text string, refs []string) (best likeness, err error) {
	switch g.Metric {
	case BLEU, GLEU:
		// These know several references, of which n-grams are taken together.
		words := make([][]string, len(refs))
		for i, r := range refs {
			words[i] = textsim.Words(r)
		}
		score := 0.0
		if g.Metric == BLEU {
			score = textsim.BLEU(textsim.Words(text), words, g.Order, g.Smoothing)
		} else {
			score = textsim.GLEU(textsim.Words(text), words, g.Order)
		}
		return likeness{score: score, reference: refs[0]}, nil
	case ExactSet, SetF1:
		return g.compareSets(text, refs), nil
	}
	best.score = -1
	for _, ref := range refs {
		one, err := g.compareOne(ctx, text, ref)
		if err != nil {
			return likeness{}, err
		}
		if one.score > best.score {
			best = one
		}
	}
	return best, nil
}

func (g *similarity) compareOne(ctx context.Context, text, ref string) (likeness, error) {
	overlap := func(o textsim.Overlap, err error) (likeness, error) {
		return likeness{g.measured(o), &o, ref}, err
	}
	var score float64
	var err error
	switch g.Metric {
	case METEOR:
		score = textsim.METEOR(textsim.Words(text), textsim.Words(ref))
	case TokenF1:
		return overlap(textsim.Bag(textsim.SquadWords(text), textsim.SquadWords(ref)), nil)
	case EditDistance:
		if g.Unit == UnitWords {
			score, err = textsim.EditSimilarityOfWords(ctx, textsim.Words(text), textsim.Words(ref))
		} else {
			score, err = textsim.EditSimilarity(ctx, text, ref)
		}
	case Fuzzy:
		score, err = g.fuzzy(ctx, text, ref)
	case RougeL:
		return overlap(textsim.RougeL(ctx, textsim.RougeWords(text, g.Stem), textsim.RougeWords(ref, g.Stem)))
	default: // rouge_1 to rouge_5
		n := int(g.Metric[len(g.Metric)-1] - '0')
		return overlap(textsim.RougeN(textsim.RougeWords(text, g.Stem), textsim.RougeWords(ref, g.Stem), n), nil)
	}
	return likeness{score: score, reference: ref}, err
}

func (g *similarity) fuzzy(ctx context.Context, text, ref string) (float64, error) {
	if g.Process == ProcessDefault {
		text, ref = textsim.Process(text), textsim.Process(ref)
		if text == "" {
			return 0, nil
		}
	}
	switch g.Scorer {
	case ScorerPartial:
		return textsim.Partial(ctx, ref, text)
	case ScorerTokenSort:
		return textsim.TokenSort(ctx, ref, text)
	case ScorerTokenSet:
		return textsim.TokenSet(ctx, ref, text)
	case ScorerWRatio:
		return textsim.WRatio(ctx, ref, text)
	}
	return textsim.Ratio(ctx, ref, text)
}

func (g *similarity) measured(o textsim.Overlap) float64 {
	switch g.Measure {
	case MeasurePrecision:
		return o.Precision
	case MeasureRecall:
		return o.Recall
	}
	return o.F1()
}

// name says for people what was measured.
func (g *similarity) name() string {
	switch {
	case g.Metric == Fuzzy:
		return "fuzzy, " + string(g.Scorer)
	case g.Measure != MeasureF1:
		return string(g.Metric) + ", " + string(g.Measure)
	}
	return string(g.Metric)
}

func result(found answer.Found, l likeness, reason string) grader.Result {
	metrics := []grader.Metric{grader.Measure("answer_found", 0)}
	if found.OK {
		metrics[0].Value = 1
	}
	if l.overlap != nil {
		metrics = append(metrics, grader.Measure("precision", l.overlap.Precision), grader.Measure("recall", l.overlap.Recall))
	}
	return grader.Result{Score: l.score, Metrics: metrics, Found: found.Text, Reason: reason}
}
