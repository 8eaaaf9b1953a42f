package similarity

import (
	_ "embed"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/answer"
	"github.com/rftgrader/rftgrader/graders/internal/compared"
	"github.com/rftgrader/rftgrader/graders/similarity/textsim"
)

// Options are the options of the kind similarity.
type Options struct {
	Metric    Metric            `json:"metric" enum:"fuzzy,bleu,gleu,meteor,rouge_1,rouge_2,rouge_3,rouge_4,rouge_5,rouge_l,token_f1,exact_set,set_f1,edit_distance" doc:"how likeness is measured"`
	Scorer    Scorer            `json:"scorer" enum:"ratio,partial,token_sort,token_set,wratio" doc:"which ratio of rapidfuzz; for metric fuzzy"`
	Process   Process           `json:"process" enum:"none,default" doc:"default drops case and punctuation first, as rapidfuzz's default_process does; for metric fuzzy"`
	Measure   Measure           `json:"measure" enum:"f1,precision,recall" doc:"what is scored; for metrics rouge_1 to rouge_l, token_f1 and set_f1"`
	Stem      bool              `json:"stem" doc:"whether words are compared by their stems; for metrics rouge_1 to rouge_l"`
	Order     int               `json:"order" doc:"the longest n-grams, 1 to 8 words; for metrics bleu and gleu"`
	Smoothing textsim.Smoothing `json:"smoothing" enum:"none,epsilon,add_one" doc:"what an order of n-grams without a match counts; for metric bleu"`
	Unit      Unit              `json:"unit" enum:"characters,words" doc:"what is inserted, deleted and substituted; for metric edit_distance"`
	Separator string            `json:"separator" doc:"the characters that part the elements of a set in a text; for metrics exact_set and set_f1"`
	Text      compared.Text     `json:"text" doc:"which text is graded: what find finds, all behind the reasoning, the whole response, or a part of the tool calls"`
	Find      answer.Finders    `json:"find" doc:"where the answer is looked for with text: found; the first finder that finds something counts"`
	Reference grader.Pointer    `json:"reference,omitzero" doc:"which part of the reference answer to compare with: a JSON pointer such as /answer, \"\" for the whole"`
	Expect    compared.Expect   `json:"expect,omitzero" doc:"a text to compare with in the place of the reference; {{/name}} and {{metadata:/name}} stand for parts of the row"`
}

// Metric is a way to measure likeness.
type Metric string

const (
	Fuzzy        Metric = "fuzzy"
	BLEU         Metric = "bleu"
	GLEU         Metric = "gleu"
	METEOR       Metric = "meteor"
	Rouge1       Metric = "rouge_1"
	Rouge2       Metric = "rouge_2"
	Rouge3       Metric = "rouge_3"
	Rouge4       Metric = "rouge_4"
	Rouge5       Metric = "rouge_5"
	RougeL       Metric = "rouge_l"
	TokenF1      Metric = "token_f1"
	ExactSet     Metric = "exact_set"
	SetF1        Metric = "set_f1"
	EditDistance Metric = "edit_distance"
)

// Scorer is a ratio of rapidfuzz.
type Scorer string

const (
	ScorerRatio     Scorer = "ratio"
	ScorerPartial   Scorer = "partial"
	ScorerTokenSort Scorer = "token_sort"
	ScorerTokenSet  Scorer = "token_set"
	ScorerWRatio    Scorer = "wratio"
)

// Process says what is done with texts before they are compared.
type Process string

const (
	ProcessNone    Process = "none"
	ProcessDefault Process = "default"
)

// Measure is what of an overlap is scored.
type Measure string

const (
	MeasureF1        Measure = "f1"
	MeasurePrecision Measure = "precision"
	MeasureRecall    Measure = "recall"
)

// Unit is what an edit distance counts.
type Unit string

const (
	UnitCharacters Unit = "characters"
	UnitWords      Unit = "words"
)

const (
	defaultOrder     = 4
	defaultSeparator = ",;\n"
	defaultFind      = "whole"
)

//go:embed doc.go
var source string

// Kind is the kind similarity.
var Kind = grader.Define("similarity", grader.PackageDoc(source), Options{
	Metric:    Fuzzy,
	Scorer:    ScorerRatio,
	Process:   ProcessNone,
	Measure:   MeasureF1,
	Order:     defaultOrder,
	Smoothing: textsim.NoSmoothing,
	Unit:      UnitCharacters,
	Separator: defaultSeparator,
	Text:      compared.Found(),
	Find:      answer.MustParse(defaultFind),
}, build)

func build(_ *grader.Env, o Options) (grader.Grader, error) {
	const longest = 8
	rouge := o.Metric.rouge()
	overlaps := rouge || o.Metric == TokenF1 || o.Metric == SetF1
	sets := o.Metric == ExactSet || o.Metric == SetF1
	switch {
	case o.Find.IsZero():
		return nil, grader.Optionf("/find", "want at least one finder, such as whole")
	case !o.Expect.IsZero() && !o.Reference.IsZero():
		return nil, grader.Optionf("/expect", "expect and reference exclude each other: remove one of them")
	case o.Order < 1 || o.Order > longest:
		return nil, grader.Optionf("/order", "want 1 to %d words, got %d", longest, o.Order)
	case o.Metric != BLEU && o.Metric != GLEU && o.Order != defaultOrder:
		return nil, grader.Optionf("/order", "metric %s has no order: remove it, or set metric to bleu or gleu", o.Metric)
	case !sets && o.Separator != defaultSeparator:
		return nil, grader.Optionf("/separator", "metric %s compares no sets: remove it, or set metric to exact_set or set_f1", o.Metric)
	case o.Text != compared.Found() && o.Find.String() != defaultFind:
		return nil, grader.Optionf("/find", "means nothing to text: %s: remove one of them", o.Text)
	case sets && o.Separator == "":
		return nil, grader.Optionf("/separator", "want at least one character, such as \",\"")
	case o.Metric != Fuzzy && o.Scorer != ScorerRatio:
		return nil, grader.Optionf("/scorer", "metric %s has no scorer: remove it, or set metric to fuzzy", o.Metric)
	case o.Metric != Fuzzy && o.Process != ProcessNone:
		return nil, grader.Optionf("/process", "metric %s does not process texts so: remove it, or set metric to fuzzy", o.Metric)
	case !overlaps && o.Measure != MeasureF1:
		return nil, grader.Optionf("/measure", "metric %s has no precision and recall: remove it, or set metric to token_f1, set_f1 or a rouge", o.Metric)
	case !rouge && o.Stem:
		return nil, grader.Optionf("/stem", "metric %s does not stem, or always does: remove it, or set metric to a rouge", o.Metric)
	case o.Metric != BLEU && o.Smoothing != textsim.NoSmoothing:
		return nil, grader.Optionf("/smoothing", "metric %s is not smoothed: remove it, or set metric to bleu", o.Metric)
	case o.Metric != EditDistance && o.Unit != UnitCharacters:
		return nil, grader.Optionf("/unit", "metric %s has no unit: remove it, or set metric to edit_distance", o.Metric)
	}
	return &similarity{o}, nil
}

func (m Metric) rouge() bool {
	switch m {
	case Rouge1, Rouge2, Rouge3, Rouge4, Rouge5, RougeL:
		return true
	}
	return false
}
