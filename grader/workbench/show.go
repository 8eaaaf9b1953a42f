package workbench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/batch"
	"github.com/rftgrader/rftgrader/grader/internal/nearest"
)

// hintIDs is how many ids are kept to say which one was probably meant.
const hintIDs = 10000

// show grades the rollouts of one id, and shows each. Where graders compare the
// rollouts of a prompt, those that stand with it are graded, too.
func (g *grading) show(ctx context.Context) (err error) {
	defer g.close()
	if ctx, err = g.options.recordings.under(ctx); err != nil {
		return err
	}
	runner, err := g.runner()
	if err != nil {
		return err
	}
	ctx, unwatch := watchJudges(ctx, g.note)
	defer unwatch()
	_, together := runner.Grader.(grader.BatchGrader)
	rows := &chunker{feed: &feed{inputs: g.inputs}, together: together}
	defer rows.feed.close()
	shown, passed := 0, 0
	var ids []string
	for {
		chunk, end := rows.next(ctx)
		if ctx.Err() != nil {
			return errInterrupted
		}
		passed += len(chunk)
		wanted := slices.ContainsFunc(chunk, g.wants)
		for _, r := range chunk {
			if len(ids) < hintIDs && r.Rollout.ID != "" {
				ids = append(ids, r.Rollout.ID)
			}
		}
		if wanted {
			if !together {
				chunk = slices.DeleteFunc(chunk, func(r row) bool { return !g.wants(r) })
			}
			n, err := g.shown(ctx, runner, chunk)
			if err != nil {
				return err
			}
			shown += n
		}
		switch {
		case end == nil:
		case !errors.Is(end, io.EOF):
			return end
		case passed == 0:
			return nothing(nil)
		case shown == 0:
			return fmt.Errorf("--show %s: none of the %s has this id%s", g.options.show, count(passed, "rollout"), nearest.Hint(g.options.show, ids))
		default:
			return nil
		}
	}
}

// wants asks for an id as text, as JSON, or for the place of a rollout.
func (g *grading) wants(r row) bool {
	id := g.options.show
	return r.Rollout.ID == id && id != "" || string(r.ID) == id || r.place() == id
}

// shown grades the rows and shows those that are wanted.
func (g *grading) shown(ctx context.Context, runner *batch.Runner, chunk []row) (int, error) {
	items := make([]grader.Item, len(chunk))
	for i := range chunk {
		items[i] = chunk[i].Item
	}
	shown := 0
	for i, o := range runner.Run(ctx, items) {
		if !g.wants(chunk[i]) {
			continue
		}
		if ctx.Err() != nil && !o.Graded() {
			return shown, errInterrupted
		}
		shown++
		text, err := showJSON(chunk[i], &o)
		if g.options.format != formatJSON {
			text, err = showText(chunk[i], &o, paintFor(g.summaryTo)), nil
		}
		if err != nil {
			return shown, fmt.Errorf("%s: %w", chunk[i].place(), err)
		}
		if _, err := io.WriteString(g.summaryTo, text); err != nil {
			return shown, fmt.Errorf("print the rollout: %w", err)
		}
	}
	return shown, nil
}

// showText writes a rollout for a person.
func showText(at row, o *batch.Outcome, paint paint) string {
	var b strings.Builder
	heading := func(format string, args ...any) {
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		b.WriteString(paint.bold(fmt.Sprintf(format, args...)) + "\n")
	}
	r := o.Item.Rollout
	heading("%s, id %s", printable(at.place(), 200), printable(string(oneLine(o.Item.ID)), 200))
	if o.Graded() {
		fmt.Fprintf(&b, "reward  %s\n", paint.bold(number(o.Result.Score)))
		fmt.Fprintf(&b, "found   %s\n", quotedOr(o.Result.Found, "no answer"))
		fmt.Fprintf(&b, "reason  %s\n", printable(o.Result.Reason, 2000))
	} else {
		fmt.Fprintf(&b, "%s\n", paint.warn("ungraded ("+string(o.Fault())+"): "+printable(grader.Explain(o.Err), 2000)))
	}
	if len(o.Result.Metrics) > 0 {
		heading("parts")
		t := newGrid(paint)
		for _, m := range o.Result.Metrics {
			kind := m.Type
			if kind == "" {
				kind = grader.MetricMeasure
			}
			t.AppendRow([]any{"  " + printable(m.Name, 60), number(m.Value), string(kind)})
		}
		b.WriteString(t.Render() + "\n")
	}
	for _, m := range r.Prompt() {
		heading("prompt, %s", printable(m.Role, 40))
		b.WriteString(indented(messageText(m)))
	}
	if n := len(r.Messages); n > 0 && r.Messages[n-1].FromModel() {
		last := r.Messages[n-1]
		if last.Reasoning != "" {
			heading("reasoning (no part of the answer)")
			b.WriteString(indented(visible(last.Reasoning)))
		}
		before, found, after, verbatim := marked(r.Response(), o.Result.Found)
		note := ""
		if !verbatim {
			note = " (what was found does not stand in it letter by letter)"
		}
		heading("answer%s", note)
		if found == "" {
			b.WriteString(indented(visible(before)))
		} else {
			b.WriteString(indented(visible(before) + paint.mark(visible(found)) + visible(after)))
		}
		if len(last.ToolCalls) > 0 {
			b.WriteString(indented(toolCalls(last)))
		}
	}
	if !r.Reference.Missing() {
		heading("reference")
		b.WriteString(indented(visible(pretty(r.Reference))))
	}
	return b.String() + "\n"
}

// mark sets off what was found in an answer.
func (p paint) mark(s string) string {
	if !p.codes {
		return ">>>" + s + "<<<"
	}
	return p.wrap("7", s)
}

func quotedOr(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return `"` + printable(s, 2000) + `"`
}

// markAttempts bounds the search for what was found.
const markAttempts = 100

// marked cuts the answer around what was found in it: the last place where it
// stands and is no part of a longer word or number, or else the last place.
func marked(answer, found string) (before, mark, after string, verbatim bool) {
	if found == "" {
		return answer, "", "", true
	}
	last := strings.LastIndex(answer, found)
	if last < 0 {
		return answer, "", "", false
	}
	at := last
	for range markAttempts {
		if apart(answer, at, at+len(found)) {
			return answer[:at], found, answer[at+len(found):], true
		}
		if at = strings.LastIndex(answer[:at+len(found)-1], found); at < 0 {
			break
		}
	}
	return answer[:last], found, answer[last+len(found):], true
}

// apart reports whether no letter or digit goes on at either end.
func apart(s string, start, end int) bool {
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	first, _ := utf8.DecodeRuneInString(s[start:])
	final, _ := utf8.DecodeLastRuneInString(s[:end])
	before, _ := utf8.DecodeLastRuneInString(s[:start])
	after, _ := utf8.DecodeRuneInString(s[end:])
	return !(word(before) && word(first)) && !(word(after) && word(final))
}

// visible keeps the lines of a text, and nothing that could drive a terminal.
func visible(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, s)
}

func indented(s string) string {
	s = strings.TrimRight(s, "\n")
	if s == "" {
		return "  (empty)\n"
	}
	return "  " + strings.ReplaceAll(s, "\n", "\n  ") + "\n"
}

// messageText writes what a message says, with what is no text.
func messageText(m grader.Message) string {
	var parts []string
	for _, p := range m.Content {
		if p.Type == "text" {
			parts = append(parts, visible(p.Text))
		} else {
			parts = append(parts, "["+printable(p.Type, 40)+"]")
		}
	}
	if len(m.ToolCalls) > 0 {
		parts = append(parts, toolCalls(m))
	}
	return strings.Join(parts, "\n")
}

func toolCalls(m grader.Message) string {
	var calls []string
	for _, c := range m.ToolCalls {
		calls = append(calls, fmt.Sprintf("[calls %s with %s]", printable(c.Name, 100), visible(c.Arguments)))
	}
	return strings.Join(calls, "\n")
}

// pretty writes a reference: a text as it is, and anything else as JSON.
func pretty(r grader.Reference) string {
	if text, err := r.Text(); err == nil {
		return text
	}
	v := jsontext.Value(slices.Clone(r.Raw()))
	if err := v.Indent(jsontext.WithIndent("  "), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)); err != nil {
		return string(r.Raw())
	}
	return string(v)
}

// shownMessage is a turn in the JSON of --show.
type shownMessage struct {
	Role      string   `json:"role"`
	Text      string   `json:"text"`
	Reasoning string   `json:"reasoning,omitempty"`
	ToolCalls []string `json:"tool_calls,omitempty"`
}

// showJSON writes a rollout as one object.
func showJSON(at row, o *batch.Outcome) (string, error) {
	result, err := appendResult(nil, at, o)
	if err != nil {
		return "", err
	}
	r := o.Item.Rollout
	_, mark, _, _ := marked(r.Response(), o.Result.Found)
	before, _, _, _ := marked(r.Response(), o.Result.Found)
	out := struct {
		Place     string                    `json:"place"`
		Result    jsontext.Value            `json:"result"`
		Messages  []shownMessage            `json:"messages"`
		Answer    string                    `json:"answer"`
		FoundAt   *[2]int                   `json:"found_at"` // in bytes of the answer
		Reference jsontext.Value            `json:"reference_answer"`
		Metadata  map[string]jsontext.Value `json:"metadata"`
	}{Place: at.place(), Result: jsontext.Value(result), Messages: []shownMessage{}, Answer: r.Response(), Reference: jsontext.Value("null"), Metadata: map[string]jsontext.Value{}}
	if mark != "" {
		out.FoundAt = &[2]int{len(before), len(before) + len(mark)}
	}
	for _, m := range r.Messages {
		message := shownMessage{Role: m.Role, Text: m.Content.Text(), Reasoning: m.Reasoning}
		for _, c := range m.ToolCalls {
			message.ToolCalls = append(message.ToolCalls, c.Name+" "+c.Arguments)
		}
		out.Messages = append(out.Messages, message)
	}
	if !r.Reference.Missing() {
		out.Reference = jsontext.Value(r.Reference.Raw())
	}
	for name, v := range r.Metadata {
		out.Metadata[name] = jsontext.Value(v)
	}
	b, err := jsonv2.Marshal(out, jsontext.WithIndent("  "), jsonv2.Deterministic(true), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	return string(b) + "\n", err
}
