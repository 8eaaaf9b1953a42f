package workbench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/datarules"
	"github.com/rftgrader/rftgrader/grader/workbench/gold"
	"github.com/rftgrader/rftgrader/grader/workbench/probes"
)

// goldChecker checks the references of one file, some at a time.
type goldChecker struct {
	*checking
	file    string
	records []*gold.Record
	bytes   int
}

func (g *goldChecker) add(ctx context.Context, r datarules.Row) error {
	prompt, answer, err := gold.Prompt(r.Text)
	g.records = append(g.records, &gold.Record{Line: r.Line, Prompt: prompt, Err: err})
	g.bytes += len(r.Text)
	if answer != nil && err == nil && len(g.goods) < g.options.probes {
		// Whether it is a good one is seen when it is graded.
		whole := *prompt
		whole.Messages = append(slices.Clone(prompt.Messages), *answer)
		g.goods = append(g.goods, probes.Good{Place: fmt.Sprintf("%s:%d", g.file, r.Line), Rollout: &whole})
	}
	if len(g.records) >= chunkRows || g.bytes >= chunkBytes {
		return g.flush(ctx)
	}
	return nil
}

// flush grades what was gathered.
func (g *goldChecker) flush(ctx context.Context) error {
	if len(g.records) == 0 {
		return nil
	}
	start := time.Now()
	n, err := gold.Check(ctx, g.runner, g.forms, g.marks, g.records)
	g.timed, g.count = g.timed+elapsed(start), g.count+n
	if err != nil {
		return err
	}
	if g.result.Gold == nil {
		g.result.Gold = &checkedGold{Judged: g.forms.Judged()}
	}
	for _, r := range g.records {
		g.result.Gold.Checked++
		g.judge(r)
	}
	g.records, g.bytes = g.records[:0], 0
	return nil
}

// judge makes the finding about a record.
func (g *goldChecker) judge(r *gold.Record) {
	find := func(rule string, level datarules.Level, format string, args ...any) {
		g.report.add(datarules.Finding{File: g.file, Line: r.Line, Rule: rule, Level: level, Source: checkSource, Text: fmt.Sprintf(format, args...)})
	}
	switch {
	case r.Err != nil && grader.FaultOf(r.Err) == grader.FaultData:
		g.result.Gold.Unreadable++
		find("G1", datarules.Error, "the grader cannot read the record: %s", printable(grader.Explain(r.Err), 300))
	case r.Err != nil:
		g.result.Gold.Failed++
		find("G3", datarules.Error, "the grading failed: %s", printable(r.Err.Error(), 300))
	case g.result.Gold.Judged != "":
	case r.Full(g.marks):
		g.result.Gold.Full++
	default:
		g.result.Gold.Less++
		level := datarules.Error
		if !g.forms.Sure() {
			level = datarules.Warning // a kind that looks for answers in a way of its own
		}
		best := "nothing"
		if !math.IsNaN(r.Best) {
			best = number(r.Best)
		}
		find("G2", level, "the reference itself earns %s of %s in %s: %s", best, number(g.marks), count(r.Tried, "form"), printable(r.Reason, 200))
	}
}

// writeProbes writes the probes that were paid as rollouts, to be graded again.
func (k *checking) writeProbes(r *probes.Report) error {
	if k.options.probesOut == "" {
		return nil
	}
	var b strings.Builder
	for _, paid := range r.Paid {
		line, err := jsonv2.Marshal(paid.JSON(), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true), jsonv2.Deterministic(true))
		if err != nil {
			return fmt.Errorf("write the probes: %w", err)
		}
		b.Write(append(line, '\n'))
	}
	if err := os.WriteFile(k.options.probesOut, []byte(b.String()), 0o666); err != nil {
		return fmt.Errorf("write the probes: %w", err)
	}
	return nil
}

// fieldsOf returns the fields of the row that a spec's options point to.
func fieldsOf(s *spec.Spec) []string {
	var fields []string
	for _, name := range s.Graders() {
		dec := jsontext.NewDecoder(strings.NewReader(string(s.OptionsOf(name))))
		for {
			t, err := dec.ReadToken()
			if err != nil {
				break
			}
			if t.Kind() != '"' {
				continue
			}
			pointer, ok := strings.CutPrefix(t.String(), "metadata:/")
			if ok && jsontext.Pointer("/"+pointer).IsValid() {
				for token := range jsontext.Pointer("/" + pointer).Tokens() {
					fields = append(fields, token)
					break
				}
			}
		}
	}
	return fields
}

// gradeRollouts grades the rollouts that were named, for what they say of the baseline
// and to find the good ones.
func (k *checking) gradeRollouts(ctx context.Context) error {
	if len(k.rollouts) == 0 {
		return nil
	}
	_, together := k.runner.Grader.(grader.BatchGrader)
	rows := &chunker{feed: &feed{inputs: k.rollouts}, together: together}
	defer rows.feed.close()
	least := 0.0
	if lo, _, ok := k.spec.Range(); ok {
		least = lo
	}
	var base checkedBaseline
	graded, positive, sum := 0, 0, 0.0
	var answers datarules.Lengths
	prompts := map[grader.Key]bool{}
	for {
		chunk, end := rows.next(ctx)
		if ctx.Err() != nil {
			return errInterrupted
		}
		items := make([]grader.Item, len(chunk))
		for i := range chunk {
			items[i] = chunk[i].Item
		}
		start := time.Now()
		for i, o := range k.runner.Run(ctx, items) {
			base.Rollouts++
			if chunk[i].Err == nil {
				answers.Add(datarules.Tokens(chunk[i].Rollout.Response()))
			}
			if !o.Graded() {
				base.Ungraded++
				continue
			}
			graded++
			sum += o.Result.Score
			if o.Result.Score > least {
				positive++
			}
			// One of each prompt: what its others show is much the same.
			key := o.Item.Rollout.PromptKey()
			if len(k.goods) < k.options.probes && !prompts[key] && o.Result.Score > least && o.Result.Score >= least+(k.marks-least)/2 {
				prompts[key] = true
				k.goods = append(k.goods, probes.Good{Place: chunk[i].place(), Rollout: o.Item.Rollout})
			}
		}
		if len(items) > 0 {
			k.timed, k.count = k.timed+elapsed(start), k.count+len(items)
		}
		if ctx.Err() != nil {
			return errInterrupted
		}
		if end != nil {
			if !errors.Is(end, io.EOF) {
				return end
			}
			break
		}
	}
	if graded > 0 {
		base.Mean = sum / float64(graded)
	}
	base.AnswerTokensP99 = answers.Percentile(0.99)
	base.MaxTokens = 3 * base.AnswerTokensP99
	k.result.Baseline = &base
	if base.Rollouts == 0 {
		return errors.New("there are no rollouts in the files of --rollouts")
	}
	if graded == 0 {
		return fmt.Errorf("none of the %s could be graded: rft grade says why", count(base.Rollouts, "rollout"))
	}
	datarules.Baseline(k.rollouts[0].name, graded, positive, base.Mean, k.report.add)
	return nil
}

// probe tries to cheat the graders with what the good rollouts give.
func (k *checking) probe(ctx context.Context) error {
	if k.options.probes == 0 || len(k.goods) == 0 {
		return nil
	}
	least := 0.0
	if lo, _, ok := k.spec.Range(); ok {
		least = lo
	}
	r, err := probes.Run(ctx, k.runner.Grader, k.goods, probes.Options{Least: least, Full: k.marks, Concurrency: k.runner.Concurrency})
	if err != nil {
		return err
	}
	k.result.Probes = r
	if err := k.writeProbes(r); err != nil {
		return err
	}
	for _, paid := range r.Paid {
		file, line := paid.Place, 0
		if i := strings.LastIndexByte(paid.Place, ':'); i > 0 {
			if n, err := strconv.Atoi(paid.Place[i+1:]); err == nil {
				file, line = paid.Place[:i], n
			}
		}
		k.report.add(datarules.Finding{File: file, Line: line, Rule: "P:" + paid.Probe, Level: datarules.Error, Source: checkSource,
			Text: fmt.Sprintf("%s: earns %s, and at most %s is expected; a good answer earns %s: %s: %s",
				paid.Says, number(paid.Score), number(paid.Bound), number(paid.Good), printable(paid.Reason, 120), printable(paid.Answer, 200))})
	}
	return nil
}
