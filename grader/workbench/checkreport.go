package workbench

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/rftgrader/rftgrader/grader/workbench/datarules"
	"github.com/rftgrader/rftgrader/grader/workbench/probes"
)

// findings keeps the first findings of each rule in each file, and counts all.
type findings struct {
	most   int // of each rule; 0 for all
	kept   []datarules.Finding
	counts map[findingKey]int
	order  []findingKey
	levels map[datarules.Level]int
}

// findingKey is what findings are counted by.
type findingKey struct {
	file, rule string
	level      datarules.Level
}

func newFindings(most int) *findings {
	return &findings{most: most, counts: map[findingKey]int{}, levels: map[datarules.Level]int{}}
}

func (f *findings) add(one datarules.Finding) {
	key := findingKey{one.File, one.Rule, one.Level}
	if f.counts[key] == 0 {
		f.order = append(f.order, key)
	}
	f.counts[key]++
	f.levels[one.Level]++
	if f.most == 0 || f.counts[key] <= f.most {
		f.kept = append(f.kept, one)
	}
}

// sorted returns what was kept by file and line, what is said of a file as a whole last.
func (f *findings) sorted() []datarules.Finding {
	files := map[string]int{}
	for _, key := range f.order {
		if _, ok := files[key.file]; !ok {
			files[key.file] = len(files)
		}
	}
	line := func(one datarules.Finding) int {
		if one.Line == 0 {
			return math.MaxInt
		}
		return one.Line
	}
	slices.SortStableFunc(f.kept, func(a, b datarules.Finding) int {
		return cmp.Or(cmp.Compare(files[a.File], files[b.File]), cmp.Compare(line(a), line(b)))
	})
	return f.kept
}

// hidden lists what was counted and not kept.
func (f *findings) hidden() []countedRule {
	var all []countedRule
	for _, key := range f.order {
		if n := f.counts[key]; f.most > 0 && n > f.most {
			all = append(all, countedRule{File: key.file, Rule: key.rule, Level: key.level, Count: n - f.most})
		}
	}
	return all
}

// checkResult is the JSON of rft check. What was not looked at is null.
type checkResult struct {
	OK         bool                `json:"ok"`       // no errors, and with --strict no warnings
	Complete   bool                `json:"complete"` // false after an interruption
	Target     string              `json:"target"`
	Records    int                 `json:"records"`
	Validation int                 `json:"validation_records"`
	Errors     int                 `json:"errors"`
	Warnings   int                 `json:"warnings"`
	Infos      int                 `json:"infos"`
	Findings   []datarules.Finding `json:"findings"`
	More       []countedRule       `json:"more"` // findings that --show leaves out
	Estimate   *datarules.Estimate `json:"estimate"`
	Spec       *checkedSpec        `json:"spec"`
	Gold       *checkedGold        `json:"gold"`
	Baseline   *checkedBaseline    `json:"baseline"`
	Time       *checkedTime        `json:"time"`
	Probes     *probes.Report      `json:"probes"`
}

type countedRule struct {
	File  string          `json:"file"`
	Rule  string          `json:"rule"`
	Level datarules.Level `json:"level"`
	Count int             `json:"count"`
}

type checkedSpec struct {
	Path      string  `json:"path"`
	Hash      string  `json:"hash"`
	FullMarks float64 `json:"full_marks"`
}

// checkedGold counts records by what the grader makes of their references.
type checkedGold struct {
	Checked    int    `json:"checked"`
	Full       int    `json:"full_marks"`
	Less       int    `json:"less"`
	Unreadable int    `json:"unreadable"`
	Failed     int    `json:"failed"`
	Judged     string `json:"judged"` // the kind whose references are no answers, so that none was put as one
}

// checkedBaseline is what the rollouts of --rollouts earn.
type checkedBaseline struct {
	Rollouts int     `json:"rollouts"`
	Ungraded int     `json:"ungraded"`
	Mean     float64 `json:"mean"`
	// AnswerTokensP99 is estimated, and MaxTokens is three times that, as AWS's samples
	// choose inferenceMaxTokens.
	AnswerTokensP99 int `json:"answer_tokens_p99"`
	MaxTokens       int `json:"suggested_inference_max_tokens"`
}

// checkedTime is how long gradings took here, in seconds.
type checkedTime struct {
	Gradings int     `json:"gradings"`
	Each     float64 `json:"each"`
	Batch    float64 `json:"batch"`
	Limit    float64 `json:"limit"`
}

func (k *checking) print() error {
	r, f := &k.result, k.report
	r.Target = k.options.target
	r.Errors, r.Warnings, r.Infos = f.levels[datarules.Error], f.levels[datarules.Warning], f.levels[datarules.Info]
	r.OK = r.Complete && r.Errors == 0 && (r.Warnings == 0 || !k.options.strict)
	r.Findings, r.More = f.sorted(), f.hidden()
	if r.Findings == nil {
		r.Findings = []datarules.Finding{}
	}
	if r.More == nil {
		r.More = []countedRule{}
	}
	return k.options.print(k.program.stdout, r, k.text)
}

// text writes the findings as compilers do, and a summary below them.
func (k *checking) text(paint paint) string {
	var b strings.Builder
	for _, one := range k.result.Findings {
		level := string(one.Level)
		if one.Level != datarules.Info {
			level = paint.warn(level)
		}
		where := printable(one.File, 200)
		if one.Line > 0 {
			where += fmt.Sprintf(":%d", one.Line)
		}
		fmt.Fprintf(&b, "%s: %s %s: %s (%s)\n", where, level, one.Rule, printable(one.Text, 1000), one.Source)
	}
	for _, m := range k.result.More {
		fmt.Fprintf(&b, "%s: and %d more of %s\n", printable(m.File, 200), m.Count, m.Rule)
	}
	if k.options.quiet {
		return b.String()
	}
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	return b.String() + k.summary(paint) + "\n"
}

func (k *checking) summary(paint paint) string {
	t, r := newGrid(paint), &k.result
	line := func(name, format string, args ...any) {
		t.AppendRow(table.Row{paint.bold(name), fmt.Sprintf(format, args...)})
	}
	if len(k.data) > 0 {
		records := count(r.Records, "record")
		if len(k.data) > 1 {
			records += fmt.Sprintf(" for training, %d for validation", r.Validation)
		}
		line("data", "%s, for %s", records, r.Target)
	}
	line("found", "%s, %s, %s", count(r.Errors, "error"), count(r.Warnings, "warning"), count(r.Infos, "note"))
	if !r.Complete {
		line("not all", "%s", paint.warn("the data was not checked to its end"))
	}
	if g := r.Gold; g != nil {
		switch {
		case g.Judged != "":
			line("references", "%d of %d can be read; a reference of the kind %s is no answer, so none was put as one", g.Checked-g.Unreadable-g.Failed, g.Checked, g.Judged)
		default:
			line("references", "%d of %d earn full marks (%s); %d earn less, %d cannot be read", g.Full, g.Checked, number(r.Spec.FullMarks), g.Less, g.Unreadable+g.Failed)
		}
	}
	if a := r.Baseline; a != nil {
		line("rollouts", "%d with a mean reward of %s, %d ungraded", a.Rollouts, number(a.Mean), a.Ungraded)
		line("answers", "99 %% up to about %d tokens (estimated): an inferenceMaxTokens of %d would do", a.AnswerTokensP99, max(a.MaxTokens, 1))
	}
	if q := r.Probes; q != nil {
		tried, paid, ungraded := 0, 0, 0
		for _, one := range q.Tallies {
			tried, paid, ungraded = tried+one.Tried, paid+one.Paid, ungraded+one.Ungraded
		}
		text := fmt.Sprintf("%d answers of %s, from %s; %d paid", tried, count(len(q.Tallies), "probe"), count(q.Good, "good rollout"), paid)
		if paid > 0 {
			text = paint.warn(text)
		}
		if ungraded > 0 {
			text += fmt.Sprintf("; %d ungraded", ungraded)
		}
		line("probes", "%s", text)
	} else if k.runner != nil && k.options.probes > 0 {
		line("probes", "none, for want of good rollouts: name some with --rollouts")
	}
	if e := r.Estimate; e != nil && e.Records > 0 {
		line("events", "%s with usual records, %s at most, of 6 MB, if %d are sent at once; %d would fit", megabytes(e.UsualEvent), megabytes(e.Event), e.Batch, e.LargestBatch)
		line("prompts", "about %d tokens at most, 99 %% up to %d (estimated): a maxPromptLength of %d would do", e.PromptTokensMost, e.PromptTokensP99, max(e.MaxPromptLength, 1))
	}
	if c := r.Time; c != nil {
		line("time", "%s for a batch of %d at the rate measured here, of 15 minutes", seconds(c.Batch), k.options.rules.Batch)
	}
	return t.Render()
}

// ownRules are those that this command adds to the rules of the data.
func ownRules() []datarules.Rule {
	grader, lambda := []string{checkSource}, []string{"AWS Lambda quotas"}
	all := []datarules.Rule{
		{ID: "G1", Level: datarules.Error, Says: "the grader can read every record and its reference", Source: grader},
		{ID: "G2", Level: datarules.Error, Says: "the reference itself, put as the answer, earns full marks", Source: grader},
		{ID: "G3", Level: datarules.Error, Says: "the grading does not fail", Source: grader},
		{ID: "L1", Level: datarules.Warning, Says: "a batch of usual records fits into a Lambda event", Source: lambda},
		{ID: "L2", Level: datarules.Warning, Says: "a batch is graded before a Lambda function is ended", Source: lambda},
	}
	for _, p := range probes.All() {
		says := "earns little"
		switch p.Bound {
		case probes.Half:
			says = "earns no more than half of what the right ones alone earn"
		case probes.NoMore:
			says = "earns no more than a good answer"
		case probes.AsAlone:
			says = "earns no more than the answer alone"
		}
		all = append(all, datarules.Rule{ID: "P:" + p.Name, Level: datarules.Error, Says: p.Says + " " + says, Source: grader})
	}
	return all
}

// listedRule is a rule as --list-rules prints it.
type listedRule struct {
	ID     string          `json:"rule"`
	Level  datarules.Level `json:"level"`
	Says   string          `json:"says"`
	Source string          `json:"source"`
}

func allRules() []listedRule {
	var list []listedRule
	for _, r := range slices.Concat(datarules.Rules(), ownRules()) {
		list = append(list, listedRule{r.ID, r.Level, r.Says, strings.Join(r.Source, ", ")})
	}
	return list
}

func rulesText(paint paint) string {
	t := newGrid(paint, "rule", "level", "what is wanted", "source")
	for _, r := range allRules() {
		t.AppendRow(table.Row{r.ID, string(r.Level), r.Says, r.Source})
	}
	return t.Render() + "\n"
}
