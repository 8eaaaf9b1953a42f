package length

import (
	_ "embed"

	"github.com/rftgrader/rftgrader/grader"
)

// Options are the options of the kind length.
type Options struct {
	Mode  Mode    `json:"mode" enum:"range,overlong,repetition" doc:"what is scored: a length in a range, one below a soft limit, or how little is repeated"`
	Text  Text    `json:"text" enum:"answer,response,reasoning" doc:"which text counts: what stands behind the reasoning, the whole response, or the reasoning alone"`
	Unit  Unit    `json:"unit" enum:"words,characters,sentences,tokens" doc:"what is counted; tokens are estimated; repetition knows words and characters"`
	Min   float64 `json:"min" doc:"least length with full marks, 0 or more; for mode range"`
	Max   float64 `json:"max" doc:"greatest length with full marks, or 0 for none; for mode overlong the length above which nothing is paid"`
	Below float64 `json:"below" doc:"how far below min the score falls to 0; 0 is at once; for mode range"`
	Above float64 `json:"above" doc:"how far above max the score falls to 0; 0 is at once; for mode range"`
	Ramp  Ramp    `json:"ramp" enum:"linear,cosine" doc:"how the score falls beside the range: in a straight line, or along half a wave"`
	Cache float64 `json:"cache" doc:"how far below max the penalty begins, above 0 and at most max; for mode overlong"`
	NGram int     `json:"ngram" doc:"how many words, or characters, are repeated together, 1 to 50; for mode repetition"`
	Allow float64 `json:"allow" doc:"share of repeated n-grams up to which full marks are paid, 0 to below 1; for mode repetition"`
	Limit float64 `json:"limit" doc:"share of repeated n-grams from which nothing is paid, above allow and at most 1; for mode repetition"`
}

// Mode is what is scored.
type Mode string

const (
	ModeRange      Mode = "range"
	ModeOverlong   Mode = "overlong"
	ModeRepetition Mode = "repetition"
)

// Text is which text counts.
type Text string

const (
	TextAnswer    Text = "answer"
	TextResponse  Text = "response"
	TextReasoning Text = "reasoning"
)

// Unit is what is counted.
type Unit string

const (
	UnitWords      Unit = "words"
	UnitCharacters Unit = "characters"
	UnitSentences  Unit = "sentences"
	UnitTokens     Unit = "tokens"
)

// Ramp is how a score falls.
type Ramp string

const (
	RampLinear Ramp = "linear"
	RampCosine Ramp = "cosine"
)

//go:embed doc.go
var source string

// Kind is the kind length.
var Kind = grader.Define("length", grader.PackageDoc(source), Options{
	Mode:  ModeRange,
	Text:  TextAnswer,
	Unit:  UnitWords,
	Ramp:  RampLinear,
	NGram: 3,
	Limit: 1,
}, build)

func build(_ *grader.Env, o Options) (grader.Grader, error) {
	check := []struct {
		option string
		value  float64
	}{{"/min", o.Min}, {"/max", o.Max}, {"/below", o.Below}, {"/above", o.Above}, {"/cache", o.Cache}}
	for _, c := range check {
		if !(c.value >= 0) {
			return nil, grader.Optionf(c.option, "want 0 or more, got %v", c.value)
		}
	}
	var err error
	switch o.Mode {
	case ModeRange:
		err = o.checkRange()
	case ModeOverlong:
		err = o.checkOverlong()
	default:
		err = o.checkRepetition()
	}
	if err != nil {
		return nil, err
	}
	return &length{o}, nil
}

// unused refuses options that mean nothing to the mode.
func (o Options) unused(options ...string) error {
	for _, name := range options {
		set := map[string]bool{
			"min": o.Min != 0, "max": o.Max != 0, "below": o.Below != 0, "above": o.Above != 0, "ramp": o.Ramp != RampLinear,
			"cache": o.Cache != 0, "ngram": o.NGram != 3, "allow": o.Allow != 0, "limit": o.Limit != 1,
		}[name]
		if set {
			return grader.Optionf("/"+name, "means nothing to mode %s: remove it, or set another mode", o.Mode)
		}
	}
	return nil
}

func (o Options) checkRange() error {
	switch {
	case o.Min == 0 && o.Max == 0:
		return grader.Optionf("/max", "want a least or a greatest length: set min, max or both")
	case o.Max != 0 && o.Max < o.Min:
		return grader.Optionf("/max", "want at least min (%v), got %v", o.Min, o.Max)
	case o.Below > o.Min:
		return grader.Optionf("/below", "want at most min (%v), since no text is shorter than 0, got %v", o.Min, o.Below)
	case o.Above > 0 && o.Max == 0:
		return grader.Optionf("/above", "means nothing without max: set max")
	}
	return o.unused("cache", "ngram", "allow", "limit")
}

func (o Options) checkOverlong() error {
	switch {
	case o.Max == 0:
		return grader.Optionf("/max", "mode overlong needs the length above which nothing is paid: want more than 0")
	case o.Cache == 0 || o.Cache > o.Max:
		return grader.Optionf("/cache", "want more than 0 and at most max (%v), got %v", o.Max, o.Cache)
	}
	return o.unused("min", "below", "above", "ramp", "ngram", "allow", "limit")
}

func (o Options) checkRepetition() error {
	const longest = 50
	switch {
	case o.Unit == UnitSentences || o.Unit == UnitTokens:
		return grader.Optionf("/unit", "repetition is counted in words or characters, got %s", o.Unit)
	case o.NGram < 1 || o.NGram > longest:
		return grader.Optionf("/ngram", "want 1 to %d, got %d", longest, o.NGram)
	case !(o.Allow >= 0 && o.Allow < 1):
		return grader.Optionf("/allow", "want 0 or more and less than 1, got %v", o.Allow)
	case !(o.Limit > o.Allow && o.Limit <= 1):
		return grader.Optionf("/limit", "want more than allow (%v) and at most 1, got %v", o.Allow, o.Limit)
	}
	return o.unused("min", "max", "below", "above", "ramp", "cache")
}
