package datarules

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// Limits of AWS Lambda's synchronous calls, and what a record should stay below.
const (
	// MaxEvent is how large the payload of a call may be: 6 MB (AWS Lambda quotas).
	MaxEvent  = 6 << 20
	maxRecord = 256 << 10
	// tokenBytes is how long a token is taken to be where an event is estimated, and
	// tokenRunes where a prompt's tokens are.
	tokenBytes, tokenRunes = 4, 4
)

// Lengths counts lengths in classes of one percent, so that percentiles need no list. The
// zero value is empty.
type Lengths struct {
	counts map[int]int
	total  int
	most   int
}

// Add counts a length, which is not negative.
func (l *Lengths) Add(n int) {
	if l.counts == nil {
		l.counts = map[int]int{}
	}
	l.counts[class(n)]++
	l.total++
	l.most = max(l.most, n)
}

// class returns the largest number of its class: exact to 256, then within one part of 128.
func class(n int) int {
	step := 1
	for n/step >= 256 {
		step *= 2
	}
	return (n/step+1)*step - 1
}

// Percentile returns a number that the share p of the lengths does not exceed, at most
// one percent too large, and 0 where there are none.
func (l *Lengths) Percentile(p float64) int {
	classes := make([]int, 0, len(l.counts))
	for c := range l.counts {
		classes = append(classes, c)
	}
	slices.Sort(classes)
	below := 0
	for _, c := range classes {
		if below += l.counts[c]; float64(below) >= p*float64(l.total) {
			return min(c, l.most)
		}
	}
	return l.most
}

// Tokens estimates the tokens of a text: a quarter of its characters.
func Tokens(text string) int { return (utf8.RuneCountInString(text) + tokenRunes - 1) / tokenRunes }

// sizes checks how long a prompt and a record are.
func (f *File) sizes(prompt string, text []byte) {
	tokens := Tokens(prompt)
	f.tokens.Add(tokens)
	f.bytes.Add(len(text))
	o := f.options
	if tokens > o.PromptTokens {
		f.find(f.line, "R17", "the prompt has about %d tokens (estimated as a quarter of the characters): maxPromptLength is %d", tokens, o.PromptTokens)
	}
	switch event := f.event(len(text)); {
	case len(text) > maxRecord:
		f.find(f.line, "R18", "the record has %d bytes: one of more than %d makes a Lambda event too large soon", len(text), maxRecord)
	case event > MaxEvent:
		f.find(f.line, "R18", "a batch of %d answers to this record may have %s: Lambda takes 6 MB", o.Batch, megabytes(event))
	}
}

// event estimates the size of a Lambda event with records of a length.
func (f *File) event(record int) int {
	return (record + tokenBytes*f.options.AnswerTokens) * f.options.Batch
}

func megabytes(n int) string { return fmt.Sprintf("%.1f MB", float64(n)/(1<<20)) }

// An Estimate says how large the events of the Lambda function will be, and what lengths
// the hyper-parameters should allow.
type Estimate struct {
	Records          int `json:"records"`
	Batch            int `json:"batch"`              // answers in an event: an assumption
	Event            int `json:"event_bytes"`        // with the largest record and the longest answers
	UsualEvent       int `json:"usual_event_bytes"`  // with the median record
	LargestBatch     int `json:"largest_batch"`      // that fits into 6 MB in the worst case
	PromptTokensP99  int `json:"prompt_tokens_p99"`  // estimated
	PromptTokensMost int `json:"prompt_tokens_most"` // estimated
	// MaxPromptLength is twice the 99th percentile, as AWS's samples choose it.
	MaxPromptLength int `json:"suggested_max_prompt_length"`
}

// Estimate estimates from the records so far.
func (f *File) Estimate() Estimate {
	e := Estimate{
		Records: f.bytes.total, Batch: f.options.Batch,
		Event: f.event(f.bytes.most), UsualEvent: f.event(f.bytes.Percentile(0.5)),
		PromptTokensP99: f.tokens.Percentile(0.99), PromptTokensMost: f.tokens.most,
	}
	e.LargestBatch = MaxEvent * f.options.Batch / max(1, e.Event)
	e.MaxPromptLength = 2 * e.PromptTokensP99
	return e
}

// Baseline makes the findings about the rewards that the model earns before training,
// as Amazon Nova's documentation reads them: graded rollouts, their mean, and how many
// have a reward above the least.
func Baseline(file string, graded, positive int, mean float64, report func(Finding)) {
	find := func(format string, args ...any) { report(found(file, 0, "R22", fmt.Sprintf(format, args...))) }
	switch {
	case graded == 0:
	case mean > 0.95:
		find("if these rollouts are a fair sample, there is little to learn, and RFT may be needless: their mean reward is %.3g, above 0.95", mean)
	case positive == 0:
		find("no rollout earns anything: fine-tune with examples first")
	case 20*positive < graded:
		find("%d of %d rollouts earn something: below 5 %% the signal is sparse; fine-tune with examples first, or give partial credit", positive, graded)
	}
}
