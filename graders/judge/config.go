package judge

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/judge/calls"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/models"
	"github.com/rftgrader/rftgrader/graders/judge/prompt"
	"github.com/rftgrader/rftgrader/graders/judge/rubric"
)

// assemble checks the options and builds all of a judge but its callers.
func assemble(env *grader.Env, o Options) (*judge, error) {
	if err := check(o); err != nil {
		return nil, err
	}
	r, err := readRubric(env, o)
	if err != nil {
		return nil, err
	}
	gates, err := newGates(o)
	if err != nil {
		return nil, err
	}
	mode := o.Mode
	if mode == ModeGroup {
		mode = o.Group.Fallback
	}
	if mode, err = resolve(mode, o, r); err != nil {
		return nil, err
	}
	j := &judge{gates: gates, reward: o.Reward, samples: o.Samples, reask: o.Reask, shows: showsOf(o, r, mode)}
	if err := j.setMethod(o, r, mode); err != nil {
		return nil, err
	}
	if o.Mode == ModeGroup {
		j.ranking = newRanking(o, j, r)
	}
	for i := range jurors(o) {
		p, err := panelistOf(o, i)
		if err != nil {
			return nil, err
		}
		j.panel = append(j.panel, p)
	}
	return j, nil
}

// check refuses options that no mode can use.
func check(o Options) error {
	between := func(name string, v, lo, hi int) error {
		if v < lo || v > hi {
			return grader.Optionf(name, "want %d to %d, got %d", lo, hi, v)
		}
		return nil
	}
	n := o.Samples.N
	all := n * max(1, len(o.Models))
	if err := errors.Join(
		between("/max_tokens", o.MaxTokens, 16, 64_000),
		between("/max_candidate_bytes", o.MaxCandidateBytes, 100, 1_000_000),
		between("/max_prompt_bytes", o.MaxPromptBytes, 100, 1_000_000),
		between("/reask", o.Reask, 0, mostReask),
		between("/samples/n", n, 1, 32),
		between("/samples/min_valid", o.Samples.MinValid, 0, all),
		between("/samples/stop_early", o.Samples.StopEarly, 0, n),
		between("/group/max", o.Group.Max, 2, 50),
		between("/group/min", o.Group.Min, 2, o.Group.Max),
		between("/thinking", o.Thinking, 0, 100_000),
	); err != nil {
		if option, ok := errors.AsType[*grader.OptionError](err); ok {
			return option
		}
		return err
	}
	switch r, s := o.Reward, o.Samples; {
	case math.IsNaN(r.Min) || math.IsInf(r.Min, 0):
		return grader.Optionf("/reward/min", "want a finite number")
	case !(r.Max > r.Min) || math.IsInf(r.Max-r.Min, 0):
		return grader.Optionf("/reward/max", "want more than min (%v), got %v", r.Min, r.Max)
	case s.Trim < 0 || s.Trim >= 0.5 || math.IsNaN(s.Trim):
		return grader.Optionf("/samples/trim", "want 0 to below 0.5, got %v", s.Trim)
	case s.StopEarly == 1:
		return grader.Optionf("/samples/stop_early", "one verdict agrees with itself: want 2 or more, 0 for never, or n: 1")
	}
	if o.Temperature != nil && !(*o.Temperature >= 0 && *o.Temperature <= 1) {
		return grader.Optionf("/temperature", "want 0 to 1, got %v", *o.Temperature)
	}
	if o.TopP != nil && !(*o.TopP > 0 && *o.TopP <= 1) {
		return grader.Optionf("/top_p", "want more than 0 and at most 1, got %v", *o.TopP)
	}
	if g := o.Guardrail; g != nil && (g.ID == "" || g.Version == "") {
		return grader.Optionf("/guardrail", "want an id and a version, such as {id: abc123, version: \"1\"}")
	}
	if err := o.Settings.Validate(); err != nil {
		return err
	}
	if err := placed("/capabilities", o.Capabilities.Validate()); err != nil {
		return err
	}
	if o.Price != nil {
		if err := placed("/price", o.Price.Validate()); err != nil {
			return err
		}
	}
	return checkJurors(o)
}

// placed puts a pointer in front of that of an option's error.
func placed(pointer string, err error) error {
	if option, ok := errors.AsType[*grader.OptionError](err); ok {
		return &grader.OptionError{Pointer: pointer + option.Pointer, Err: option.Err, Name: option.Name}
	}
	return err
}

func checkJurors(o Options) error {
	switch {
	case o.Model == "" && len(o.Models) == 0:
		return grader.Optionf("/model", "want the id of the model that judges, such as us.amazon.nova-2-lite-v1:0, or several in models")
	case o.Model != "" && len(o.Models) > 0:
		return grader.Optionf("/model", "want either model or models, not both")
	case len(o.Models) > 9:
		return grader.Optionf("/models", "want at most 9 models, got %d", len(o.Models))
	}
	seen := map[string]bool{}
	for i, m := range o.Models {
		at := fmt.Sprintf("/models/%d", i)
		key := m.Region + " " + m.ID
		switch {
		case m.ID == "":
			return grader.Optionf(at+"/id", "want the id of a model")
		case seen[key]:
			return grader.Optionf(at+"/id", "the model is there twice: samples.n asks one model several times")
		case m.Weight != nil && !(*m.Weight > 0 && *m.Weight <= 1e6):
			return grader.Optionf(at+"/weight", "want more than 0, got %v", *m.Weight)
		case m.MaxTokens != 0 && (m.MaxTokens < 16 || m.MaxTokens > 64_000):
			return grader.Optionf(at+"/max_tokens", "want 16 to 64000, got %d", m.MaxTokens)
		case m.Thinking < 0 || m.Thinking > 100_000:
			return grader.Optionf(at+"/thinking", "want 0 to 100000, got %d", m.Thinking)
		case m.Temperature != nil && !(*m.Temperature >= 0 && *m.Temperature <= 1):
			return grader.Optionf(at+"/temperature", "want 0 to 1, got %v", *m.Temperature)
		}
		seen[key] = true
		if err := placed(at, settingsOf(o, i).Validate()); err != nil {
			return err
		}
		if m.Capabilities != nil {
			if err := placed(at+"/capabilities", m.Capabilities.Validate()); err != nil {
				return err
			}
		}
		if m.Price != nil {
			if err := placed(at+"/price", m.Price.Validate()); err != nil {
				return err
			}
		}
	}
	return nil
}

// jurors lists the models: one, or several.
func jurors(o Options) []Juror {
	if len(o.Models) > 0 {
		return o.Models
	}
	return []Juror{{ID: o.Model}}
}

// settingsOf returns how a model of the panel is called.
func settingsOf(o Options, i int) calls.Settings {
	s := o.Settings
	if l := jurors(o)[i].Limits; l != nil {
		s.Limits = *l
	}
	return s
}

// modelOf returns what a model of the panel can do.
func modelOf(o Options, i int) models.Model {
	m := jurors(o)[i]
	overrides := o.Capabilities
	if m.Capabilities != nil {
		overrides = *m.Capabilities
	}
	return models.Lookup(m.ID).With(overrides)
}

func panelistOf(o Options, i int) (*panelist, error) {
	m := jurors(o)[i]
	p := &panelist{id: m.ID, weight: 1, price: o.Price}
	if m.Weight != nil {
		p.weight = *m.Weight
	}
	if m.Price != nil {
		p.price = m.Price
	}
	zero := 0.0
	temperature := o.Temperature
	if m.Temperature != nil {
		temperature = m.Temperature
	}
	if temperature == nil && o.Samples.N == 1 {
		temperature = &zero
	}
	p.base = converse.Request{
		Model:       m.ID,
		Region:      cmp.Or(m.Region, o.Region),
		MaxTokens:   cmp.Or(m.MaxTokens, o.MaxTokens),
		Temperature: temperature,
		TopP:        o.TopP,
		Thinking:    cmp.Or(m.Thinking, o.Thinking),
		Effort:      o.Effort,
		ServiceTier: o.ServiceTier,
		Extra:       o.Extra,
		Metadata:    o.Metadata,
	}
	if o.Cache != CacheOff {
		p.base.Cache = string(o.Cache)
	}
	if g := o.Guardrail; g != nil {
		p.base.Guardrail = &converse.Guardrail{ID: g.ID, Version: g.Version}
	}
	return p, nil
}

// readRubric returns the rubric; an empty one where the options have none.
func readRubric(env *grader.Env, o Options) (*rubric.Rubric, error) {
	text := strings.TrimSpace(o.Rubric)
	fail := func(err error) (*rubric.Rubric, error) { return nil, &grader.OptionError{Pointer: "/rubric", Err: err} }
	if text == "" {
		switch o.Mode {
		case ModeReference:
			return rubric.Builtin("equivalence")
		case ModePairwise, ModeGroup:
			return rubric.Builtin("preference")
		}
		if len(o.Criteria) == 0 && o.CriteriaFrom == nil {
			return fail(fmt.Errorf("want what is judged: one of %s%s, a file beside the spec, or the text itself",
				rubric.BuiltinPrefix, strings.Join(rubric.Builtins(), ", "+rubric.BuiltinPrefix)))
		}
		return &rubric.Rubric{}, nil
	}
	if name, ok := strings.CutPrefix(text, rubric.BuiltinPrefix); ok && !strings.ContainsAny(name, " \n") {
		r, err := rubric.Builtin(name)
		if err != nil {
			return fail(err)
		}
		return r, nil
	}
	ext := strings.ToLower(path.Ext(text))
	if strings.Contains(text, "\n") || !slices.Contains([]string{".yaml", ".yml", ".json", ".md", ".txt"}, ext) {
		return rubric.Text(text)
	}
	file, err := env.ReadFile(text)
	if err != nil {
		return fail(err)
	}
	parse := rubric.Parse
	if ext == ".md" || ext == ".txt" {
		parse = func(b []byte) (*rubric.Rubric, error) { return rubric.Text(string(b)) }
	}
	r, err := parse(file)
	if err != nil {
		return fail(fmt.Errorf("%s: %w", text, err))
	}
	return r, nil
}

// resolve returns the form of the verdict, which is the rubric's own where the
// options leave it open.
func resolve(mode Mode, o Options, r *rubric.Rubric) (Mode, error) {
	if mode == ModeRubric {
		switch {
		case len(o.Criteria) > 0 || o.CriteriaFrom != nil:
			mode = ModeChecklist
		case len(o.Labels) > 0:
			mode = ModeLabels
		case o.Scale != nil:
			mode = ModeAbsolute
		case len(r.Criteria) > 0:
			mode = ModeChecklist
		case len(r.Labels) > 0:
			mode = ModeLabels
		default:
			mode = ModeAbsolute
		}
	}
	stray := func(there bool, option string, of ...Mode) error {
		if there && !slices.Contains(of, mode) {
			return grader.Optionf(option, "mode %s has no use for it: it is for mode %s", mode, of[0])
		}
		return nil
	}
	for _, err := range []error{
		stray(o.Scale != nil, "/scale", ModeAbsolute),
		stray(o.Invert, "/invert", ModeAbsolute),
		stray(len(o.Labels) > 0, "/labels", ModeLabels, ModeReference),
		stray(o.NotApplicable, "/not_applicable", ModeLabels, ModeReference),
		stray(len(o.Criteria) > 0, "/criteria", ModeChecklist),
		stray(o.CriteriaFrom != nil, "/criteria_from", ModeChecklist),
		stray(!o.OneCall, "/one_call", ModeChecklist),
	} {
		if err != nil {
			return mode, err
		}
	}
	return mode, nil
}

func showsOf(o Options, r *rubric.Rubric, mode Mode) shows {
	s := shows{
		prompt: o.ShowPrompt, thoughts: o.ShowThoughts, at: o.Reference, context: o.Context, criteria: o.CriteriaFrom,
		maxCandidate: o.MaxCandidateBytes, maxOther: o.MaxPromptBytes, cut: prompt.Middle,
	}
	if o.Truncate == TruncateEnd {
		s.cut = prompt.End
	}
	switch {
	case mode == ModeReference || mode == ModePairwise || !o.Reference.IsZero():
		s.reference = needed
	case r.Reference:
		s.reference = ifThere
	}
	return s
}

var forms = map[Output]converse.Form{
	OutputAuto: converse.FormAuto, OutputSchema: converse.FormSchema, OutputTool: converse.FormTool, OutputText: converse.FormText,
}

// setMethod builds the form of the verdict.
func (j *judge) setMethod(o Options, r *rubric.Rubric, mode Mode) error {
	form, reasoning := forms[o.Output], o.Reasoning == ReasoningBefore
	task := prompt.Task{Rubric: r.Text, Pieces: append(j.shows.names(true), prompt.Candidate), Reasoning: reasoning}
	switch mode {
	case ModeLabels, ModeReference:
		l := &labelled{labels: o.Labels, notApplicable: o.NotApplicable || len(o.Labels) == 0 && r.NotApplicable}
		if len(l.labels) == 0 {
			l.labels = r.Labels
		}
		if len(l.labels) == 0 && mode == ModeReference {
			l.labels = rubric.Labels{"different": 0, "the same": 1}
		}
		if err := placed("/labels", l.labels.Check()); err != nil {
			return err
		}
		task.Verdict = prompt.LabelWords(l.labels.Names(), l.notApplicable)
		l.system, l.output = prompt.System(task), prompt.Label(form, reasoning, l.names())
		j.method = l
	case ModeChecklist:
		return j.setChecklist(o, r, task, form)
	case ModePairwise:
		task.Pieces = append(without(j.shows.names(false), prompt.Reference), prompt.Numbered(1), prompt.Numbered(2))
		task.Verdict = prompt.ChoiceWords()
		j.method = &pairwise{system: prompt.System(task), output: prompt.Choice(form, reasoning), swap: o.Swap}
	default:
		a := &absolute{scale: rubric.Scale{Min: 0, Max: 10}, invert: o.Invert}
		if r.Scale != nil {
			a.scale = *r.Scale
		}
		if o.Scale != nil {
			a.scale = *o.Scale
		}
		if err := placed("/scale", a.scale.Check()); err != nil {
			return err
		}
		task.Verdict = prompt.ScoreWords(a.scale, a.invert)
		a.system, a.output = prompt.System(task), prompt.Score(form, reasoning, a.scale, a.invert)
		j.method = a
	}
	return nil
}

func without(names []string, name string) []string {
	return slices.DeleteFunc(names, func(n string) bool { return n == name })
}

// ownCriteria introduces criteria that come with the rollout.
const ownCriteria = "Judge the answer by the criteria in the piece " + prompt.Criteria + ". They were written for this prompt by those who set the task, and are the only ones that count."

func (j *judge) setChecklist(o Options, r *rubric.Rubric, task prompt.Task, form converse.Form) error {
	c := &checklist{form: form, reasoning: task.Reasoning, oneCall: o.OneCall, task: task}
	c.task.Verdict = prompt.ChecklistWords()
	switch {
	case len(o.Criteria) > 0 && o.CriteriaFrom != nil:
		return grader.Optionf("/criteria_from", "want either criteria or criteria_from, not both")
	case o.CriteriaFrom != nil:
		if o.CriteriaFrom.Reference.IsZero() {
			return grader.Optionf("/criteria_from/reference", `want where the list is: a JSON pointer such as /rubrics, or "" for the whole reference`)
		}
		c.task.Rubric = strings.TrimSpace(c.task.Rubric + "\n\n" + ownCriteria)
	default:
		list, at := o.Criteria, "/criteria"
		if len(list) == 0 {
			list = r.Criteria
		}
		if err := placed(at, rubric.Check(list)); err != nil {
			return err
		}
		c.items = itemsOf(list)
		if c.task.Rubric == "" {
			c.task.Rubric = "Judge the answer by the criteria below, and by nothing else."
		}
	}
	j.method = c
	return nil
}

// newRanking returns the form of mode group.
func newRanking(o Options, j *judge, r *rubric.Rubric) *ranking {
	pieces := j.shows.names(false)
	task := prompt.Task{
		Rubric: r.Text, Pieces: append(pieces, prompt.Numbered(1)+" and so on"),
		Verdict: prompt.RankingWords(), Reasoning: o.Reasoning == ReasoningBefore,
	}
	return &ranking{system: prompt.System(task), form: forms[o.Output], reasoning: task.Reasoning, swap: o.Swap}
}
