package openai

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/rftgrader/rftgrader/grader"
)

// Options say what a grader file leaves open.
type Options struct {
	// Name stands for the file in the spec's first line.
	Name string
	// Model is the id of a Bedrock model that judges in the place of OpenAI's.
	Model string
	// Scorer is the ratio of rapidfuzz for fuzzy_match, which OpenAI does not
	// name; wratio, the package's own default, where it is empty.
	Scorer string
	// Pass makes 1 and 0 of what reaches a pass_threshold and what does not. A
	// threshold decides what passes an evaluation; the reward is the score.
	Pass bool
}

// An Import is a spec made of a grader file.
type Import struct {
	// Spec is the text of the spec, in YAML.
	Spec []byte
	// Remarks say where the spec may score differently, and what is to be done.
	Remarks []string
}

// Convert makes a spec of a grader file.
func Convert(text []byte, o Options) (*Import, error) {
	value, err := open(text)
	if err != nil {
		return nil, err
	}
	f, err := read(value)
	if err != nil {
		return nil, err
	}
	c := &converter{Options: o}
	score := ""
	if f.Type == "multi" {
		score, err = c.multi(f)
	} else {
		c.low, c.high = 0, 1
		score, err = c.add(f, cleanName(f.Name, f.Type))
	}
	if err != nil {
		return nil, err
	}
	return &Import{c.render(score), c.remarks}, nil
}

type converter struct {
	Options
	graders   []graderSpec
	remarks   []string
	low, high float64 // the range of the score; equal where it is not known
}

// A graderSpec is a grader of the spec that is made.
type graderSpec struct {
	name, kind string
	options    []option
}

func (c *converter) remark(format string, args ...any) {
	if r := fmt.Sprintf(format, args...); !slices.Contains(c.remarks, r) {
		c.remarks = append(c.remarks, r)
	}
}

// add converts a grader that is not a multi, and returns the formula of its score.
func (c *converter) add(f file, name string) (formula string, err error) {
	name = c.unused(name)
	g := graderSpec{name: name}
	formula = name
	switch f.Type {
	case "string_check":
		formula, err = c.stringCheck(f, &g)
	case "text_similarity":
		err = c.similarity(f, &g)
	case "score_model":
		formula, err = c.scoreModel(f, &g)
	case "label_model":
		err = c.labelModel(f, &g)
	case "python":
		err = errors.New("python: a spec holds no program. Write the function as a kind of your own, some 20 lines of Go: README, \"A grader of your own\", and testdata/custom")
	case "multi":
		err = errors.New("a multi inside a multi: OpenAI does not take it either; write one formula over all graders")
	case "":
		err = errors.New("type: missing: want string_check, text_similarity, score_model, label_model or multi")
	default:
		err = fmt.Errorf("type %q: want string_check, text_similarity, score_model, label_model or multi", f.Type)
	}
	if err != nil {
		return "", err
	}
	c.graders = append(c.graders, g)
	if f.PassThreshold != nil {
		if c.Pass {
			if c.low != c.high {
				c.low, c.high = 0, 1
			}
			return fmt.Sprintf("(%s >= %v)", formula, *f.PassThreshold), nil
		}
		c.remark("%s: pass_threshold %v says what passes an evaluation and is no part of the reward; with --pass the reward is 1 from there on and else 0", name, *f.PassThreshold)
	}
	return formula, nil
}

func (f file) texts() (input, reference string, err error) {
	if len(f.Input) == 0 {
		return "", "", errors.New("input: missing: want a template such as {{sample.output_text}}")
	}
	if f.Input.Kind() != '"' {
		return "", "", errors.New("input: want a text with templates, such as {{sample.output_text}}")
	}
	if err := jsonv2.Unmarshal(f.Input, &input); err != nil {
		return "", "", fmt.Errorf("input: %w", err)
	}
	return input, f.Reference, nil
}

func (c *converter) stringCheck(f file, g *graderSpec) (string, error) {
	input, reference, err := f.texts()
	if err != nil {
		return "", err
	}
	options, swapped, err := compared(input, reference)
	if err != nil {
		return "", err
	}
	g.kind = "exact"
	g.options = append(options, option{"whitespace", word("keep")}, option{"wrapping", word("keep")}, option{"unicode", word("none")})
	match := "substring"
	if swapped {
		match = "substring_of"
	}
	switch f.Operation {
	case "eq":
	case "ne":
		c.remark("%s: an answer that is empty is not equal to the reference either, and so is paid, as by OpenAI", g.name)
		return "(1 - " + g.name + ")", nil
	case "like":
		g.options = append(g.options, option{"match", word(match)})
	case "ilike":
		g.options = append(g.options, option{"match", word(match)}, option{"case", word("fold")})
	default:
		return "", fmt.Errorf("operation %q: want eq, ne, like or ilike", f.Operation)
	}
	return g.name, nil
}

func (c *converter) similarity(f file, g *graderSpec) error {
	input, reference, err := f.texts()
	if err != nil {
		return err
	}
	options, swapped, err := compared(input, reference)
	if err != nil {
		return err
	}
	g.kind = "similarity"
	metric := f.EvaluationMetric
	switch metric {
	case "fuzzy_match":
		scorer := c.Scorer
		if scorer == "" {
			scorer = "wratio"
			c.remark("%s: OpenAI does not say which ratio of rapidfuzz fuzzy_match is; this is WRatio, the package's default (--fuzzy chooses another)", g.name)
		}
		g.options = append([]option{{"metric", word("fuzzy")}, {"scorer", word(scorer)}}, options...)
		return nil
	case "bleu", "gleu", "rouge_1", "rouge_2", "rouge_3", "rouge_4", "rouge_5", "rouge_l":
		c.remark("%s: OpenAI does not say how %s splits words and smooths; these are the defaults of the package that it names (rft help similarity)", g.name, metric)
	case "meteor":
		c.remark("%s: meteor is computed without WordNet, so that synonyms do not match and values may be lower", g.name)
	case "cosine":
		return errors.New("evaluation_metric cosine compares embeddings of a model of OpenAI's: choose another metric, or a judge")
	default:
		return fmt.Errorf("evaluation_metric %q: want fuzzy_match, bleu, gleu, meteor, rouge_1 to rouge_5 or rouge_l", metric)
	}
	if swapped && (metric == "bleu" || metric == "meteor") {
		return fmt.Errorf("%s is not symmetric, and here the model's text is the reference: swap input and reference", metric)
	}
	g.options = append([]option{{"metric", word(metric)}}, options...)
	return nil
}

// multi converts the graders that calculate_output uses, and returns it with
// their names in the spec.
func (c *converter) multi(f file) (string, error) {
	formula, err := grader.ParseFormula(f.CalculateOutput)
	if err != nil {
		return "", fmt.Errorf("calculate_output: %w", err)
	}
	members, err := membersOf(f.Graders)
	if err != nil {
		return "", fmt.Errorf("graders: want an object of graders: %w", err)
	}
	scores := map[string]string{}
	for _, m := range members {
		if !slices.Contains(formula.Names(), m.name) {
			c.remark("%s: calculate_output does not use this grader, so it is left out", m.name)
			continue
		}
		one, err := read(m.value)
		if err == nil {
			scores[m.name], err = c.add(one, cleanName(m.name, one.Type))
		}
		if err != nil {
			return "", fmt.Errorf("graders.%s: %w", m.name, err)
		}
	}
	for _, name := range formula.Names() {
		if scores[name] == "" {
			return "", fmt.Errorf("calculate_output: no grader %q", name)
		}
	}
	if len(scores) == 0 {
		return "", errors.New("calculate_output: the formula names no grader")
	}
	return rename(f.CalculateOutput, scores), nil
}

// rename puts other texts in the place of the names in a formula.
func rename(formula string, names map[string]string) string {
	letter := func(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }
	digit := func(c byte) bool { return c >= '0' && c <= '9' || c == '.' }
	var b strings.Builder
	for i := 0; i < len(formula); {
		start := i
		switch c := formula[i]; {
		case letter(c):
			for i < len(formula) && (letter(formula[i]) || digit(formula[i]) && formula[i] != '.') {
				i++
			}
			text := formula[start:i]
			if to, ok := names[text]; ok {
				text = to
			}
			b.WriteString(text)
		case digit(c): // with its exponent, which is no name
			for i < len(formula) && (digit(formula[i]) || letter(formula[i]) || (formula[i] == '-' || formula[i] == '+') && formula[i-1]|0x20 == 'e') {
				i++
			}
			b.WriteString(formula[start:i])
		default:
			i++
			b.WriteByte(c)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// cleanName makes a grader's name of any text.
func cleanName(name, otherwise string) string {
	clean := strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r == '_', r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r | 0x20
		}
		return '_'
	}, name), "_")
	const longest = 40
	if clean = clean[:min(len(clean), longest)]; clean == "" {
		return otherwise
	}
	if clean[0] >= '0' && clean[0] <= '9' {
		clean = "g_" + clean
	}
	if _, err := grader.ParseFormula(clean); err != nil { // the name of a function
		clean += "_score"
	}
	return clean
}

// unused returns the name, with a number behind it where it is taken.
func (c *converter) unused(name string) string {
	taken := func(n string) bool {
		return slices.ContainsFunc(c.graders, func(g graderSpec) bool { return g.name == n })
	}
	for i := 2; taken(name); i++ {
		if next := fmt.Sprintf("%s_%d", name, i); !taken(next) {
			return next
		}
	}
	return name
}
