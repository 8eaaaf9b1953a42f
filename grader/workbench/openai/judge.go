package openai

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// noModel stands where the id of a model is to be written.
const noModel = "SET-THE-ID-OF-A-BEDROCK-MODEL"

// wholeMarks is from which width on a judge gives any number, and not whole ones only.
const wholeMarks = 101

// scoreModel makes a judge of a score_model. The judge's reward is from 0 to 1;
// the formula brings it back to the range.
func (c *converter) scoreModel(f file, g *graderSpec) (string, error) {
	low, high := 0.0, 1.0
	if f.Range != nil {
		if len(f.Range) != 2 || !(f.Range[0] < f.Range[1]) {
			return "", errors.New("range: want the least and the greatest score, such as [0, 1]")
		}
		const most = 1e9
		if low, high = f.Range[0], f.Range[1]; low < -most || high > most {
			return "", fmt.Errorf("range: want scores from %v to %v", -most, most)
		}
		if c.low != c.high {
			c.low, c.high = low, high
		}
	}
	if err := c.judge(f, g, "absolute", option{"scale", []option{{"min", low}, {"max", high}}}); err != nil {
		return "", err
	}
	if low == math.Trunc(low) && high == math.Trunc(high) && high-low > 1 && high-low < wholeMarks {
		c.remark("%s: a judge gives whole marks from %v to %v; with a step in its scale, such as 0.5, it gives finer ones", g.name, low, high)
	}
	switch {
	case low == 0 && high == 1:
		return g.name, nil
	case low == 0:
		return fmt.Sprintf("(%v*%s)", high, g.name), nil
	}
	return fmt.Sprintf("(%v + %v*%s)", low, high-low, g.name), nil
}

func (c *converter) labelModel(f file, g *graderSpec) error {
	if len(f.Labels) < 2 {
		return errors.New("labels: want two or more")
	}
	if len(f.PassingLabels) == 0 {
		return errors.New("passing_labels: want at least one of the labels")
	}
	for _, l := range f.PassingLabels {
		if !slices.Contains(f.Labels, l) {
			return fmt.Errorf("passing_labels: %q is none of the labels", l)
		}
	}
	var labels []option
	for i, l := range f.Labels {
		if slices.Contains(f.Labels[:i], l) {
			return fmt.Errorf("labels: %q occurs twice", l)
		}
		score := 0.0
		if slices.Contains(f.PassingLabels, l) {
			score = 1
		}
		labels = append(labels, option{l, score})
	}
	return c.judge(f, g, "labels", option{"labels", labels})
}

func (c *converter) judge(f file, g *graderSpec, mode string, verdicts option) error {
	g.kind = "judge"
	model := c.Model
	if model == "" {
		model = noModel
		c.remark("%s: the model %q is OpenAI's: write the id of a Bedrock model in its place (--model)", g.name, f.Model)
	}
	maxTokens := 0
	if s := f.SamplingParams; s != nil {
		if maxTokens = max(s.MaxCompletionTokens, s.MaxTokens); s.Temperature != nil || s.TopP != nil || s.Seed != nil || s.ReasoningEffort != "" {
			c.remark("%s: temperature, top_p, seed and reasoning_effort are those of another model and are left out (rft help judge)", g.name)
		}
	}
	if maxTokens < 1 {
		maxTokens = 1000
	}
	rubric, places, err := c.rubric(f, g)
	if err != nil {
		return err
	}
	c.remark("%s: another model with another prompt judges, so that scores differ; where it gives no verdict the rollout is ungraded, not 0", g.name)
	g.options = []option{{"model", model}, {"max_tokens", float64(maxTokens)}, {"mode", word(mode)}, verdicts}
	g.options = append(g.options, places...)
	g.options = append(g.options, option{"rubric", rubric})
	return nil
}

// rubric makes one text of the messages. The judge gets the answer, the
// reference and the context as data of their own, so the text only names them.
func (c *converter) rubric(f file, g *graderSpec) (text string, places []option, err error) {
	messages, err := messagesOf(f.Input)
	if err != nil {
		return "", nil, fmt.Errorf("input: %w", err)
	}
	var b strings.Builder
	reference, context := "", ""
	for _, m := range messages {
		pieces, err := parseTemplate(m)
		if err != nil {
			return "", nil, fmt.Errorf("input: %w", err)
		}
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		for _, p := range pieces {
			switch {
			case len(p.path) == 0:
				b.WriteString(p.text)
			case p.sample():
				if _, err := sampleOptions(p); err != nil {
					return "", nil, fmt.Errorf("input: %w", err)
				}
				if p.path[1] == "output_tools" {
					c.remark("%s: the judge sees the answer's text and not its tool calls", g.name)
				}
				b.WriteString("(the answer)")
			case p.path[1] == referenceField && (reference == "" || reference == "="+itemPointer(p)):
				reference = "=" + itemPointer(p)
				b.WriteString("(the reference answer)")
			case p.path[1] != referenceField && (context == "" || context == itemPointer(p)):
				context = itemPointer(p)
				b.WriteString("(the context)")
			default:
				c.remark("%s: the judge does not see %s: a judge is shown one reference and one context", g.name, p.source())
				b.WriteString("(" + p.source() + ")")
			}
		}
	}
	if strings.TrimSpace(b.String()) == "" {
		return "", nil, errors.New("input: the messages hold no text")
	}
	if reference != "" {
		places = append(places, option{"reference", reference[1:]})
	}
	if context != "" {
		places = append(places, option{"context", context})
	}
	return strings.TrimSpace(b.String()), places, nil
}

// messagesOf returns the texts of the messages, in order.
func messagesOf(input jsontext.Value) ([]string, error) {
	const form = "want a list of messages with role and content"
	var messages []struct {
		Role    string         `json:"role"`
		Type    string         `json:"type"`
		Content jsontext.Value `json:"content"`
	}
	if input.Kind() == '"' {
		var one string
		err := jsonv2.Unmarshal(input, &one)
		return []string{one}, err
	}
	if input.Kind() != '[' || jsonv2.Unmarshal(input, &messages) != nil {
		return nil, errors.New(form)
	}
	var texts []string
	for _, m := range messages {
		text, err := contentOf(m.Content)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	return texts, nil
}

func contentOf(content jsontext.Value) (string, error) {
	switch content.Kind() {
	case '"':
		var s string
		err := jsonv2.Unmarshal(content, &s)
		return s, err
	case '[':
		var parts []jsontext.Value
		if err := jsonv2.Unmarshal(content, &parts); err != nil {
			return "", err
		}
		var texts []string
		for _, p := range parts {
			t, err := contentOf(p)
			if err != nil {
				return "", err
			}
			texts = append(texts, t)
		}
		return strings.Join(texts, "\n"), nil
	case '{':
		var part struct {
			Type string  `json:"type"`
			Text *string `json:"text"`
		}
		if err := jsonv2.Unmarshal(content, &part); err != nil {
			return "", err
		}
		if part.Text != nil {
			return *part.Text, nil
		}
		return "", fmt.Errorf("content of type %q: a judge is given text alone", part.Type)
	}
	return "", errors.New("want a text as the content of a message")
}
