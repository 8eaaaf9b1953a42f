package prompt

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/rubric"
)

// The names of the verdict's members. Where a service puts members in
// alphabetical order, the reasoning still stands first.
const (
	MemberReasoning = "reasoning"
	MemberScore     = "score"
	MemberVerdict   = "verdict"
	MemberResults   = "results"
)

// The verdicts of a comparison of two candidates.
const (
	First  = "first"
	Second = "second"
	Tie    = "tie"
)

// toolName is a name that every model accepts: Nova refuses hyphens.
const toolName = "submit_verdict"

// reasoningSchema comes before the verdict: a model writes in order.
const reasoningSchema = `{"type":"string","description":"What speaks for and against, in a few sentences, before the verdict."}`

// An answer is what a judge is to answer: the members behind the reasoning.
type answer struct {
	member string
	schema string
	words  string // what the member holds, for a judge that answers in text
}

// output writes the schema and its wording. Schemas keep to what services
// accept: enums for ranges, and no member beside those named.
func output(form converse.Form, reasoning bool, a answer) converse.Output {
	var schema, words strings.Builder
	schema.WriteString(`{"type":"object","properties":{`)
	required := `"` + a.member + `"`
	words.WriteString("End your answer with the verdict: one JSON object on its own, and nothing behind it, with ")
	if reasoning {
		schema.WriteString(`"` + MemberReasoning + `":` + reasoningSchema + ",")
		required = `"` + MemberReasoning + `",` + required
		fmt.Fprintf(&words, "the members %q, a string, and %q, %s.", MemberReasoning, a.member, a.words)
	} else {
		fmt.Fprintf(&words, "the one member %q, %s.", a.member, a.words)
	}
	fmt.Fprintf(&schema, `"%s":%s},"required":[%s],"additionalProperties":false}`, a.member, a.schema, required)
	return converse.Output{
		Form:        form,
		Name:        toolName,
		Description: "Records the verdict.",
		Schema:      []byte(schema.String()),
		Strict:      true,
		Spelled:     words.String(),
	}
}

// Score asks for a number on a scale, whose highest number is the worst where
// it is inverted.
func Score(form converse.Form, reasoning bool, s rubric.Scale, invert bool) converse.Output {
	return output(form, reasoning, answer{MemberScore, scaleSchema(s, invert), "a number " + scaleWords(s, invert)})
}

func scaleSchema(s rubric.Scale, invert bool) string {
	steps := s.Steps()
	if steps == nil {
		return `{"type":"number","description":` + quote("A number "+scaleWords(s, invert)+".") + `}`
	}
	kind := "integer"
	for _, v := range steps {
		if v != float64(int64(v)) {
			kind = "number"
		}
	}
	return `{"type":"` + kind + `","enum":[` + numbers(steps) + `]}`
}

func numbers(list []float64) string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = number(v)
	}
	return strings.Join(texts, ",")
}

func scaleWords(s rubric.Scale, invert bool) string {
	if invert {
		return "from " + number(s.Min) + " (the best) to " + number(s.Max) + " (the worst)"
	}
	return "from " + number(s.Min) + " (the worst) to " + number(s.Max) + " (the best)"
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// Label asks for one of several labels.
func Label(form converse.Form, reasoning bool, labels []string) converse.Output {
	return output(form, reasoning, answer{MemberVerdict, enum(labels), "one of the strings " + list(labels)})
}

// Choice asks which of two candidates is better.
func Choice(form converse.Form, reasoning bool) converse.Output {
	choices := []string{First, Second, Tie}
	words := fmt.Sprintf("one of the strings %q (%s is better), %q (%s is better) and %q (neither is)", First, Numbered(1), Second, Numbered(2), Tie)
	return output(form, reasoning, answer{MemberVerdict, enum(choices), words})
}

// Ranking asks for n candidates in order, the best one first.
func Ranking(form converse.Form, reasoning bool, n int) converse.Output {
	ids := make([]float64, n)
	for i := range ids {
		ids[i] = float64(i + 1)
	}
	schema := `{"type":"array","description":"The numbers of all candidates, the best one first.","items":{"type":"integer","enum":[` + numbers(ids) + `]}}`
	words := fmt.Sprintf("a list of the numbers 1 to %d of the candidates, each of them once, the best one first", n)
	return output(form, reasoning, answer{MemberVerdict, schema, words})
}

// An Item is one criterion as it is put to the judge.
type Item struct {
	ID            string // what the judge calls it
	Text          string
	Form          rubric.Form
	Scale         rubric.Scale
	Labels        []string
	NotApplicable bool
}

// The verdicts on a criterion that is met or not.
const (
	Yes = "yes"
	No  = "no"
)

// Values lists the words that may answer the item, and none for a scale.
func (i Item) Values() []string {
	var values []string
	switch i.Form {
	case rubric.Boolean:
		values = []string{Yes, No}
	case rubric.ByLabel:
		values = append(values, i.Labels...)
	default:
		return nil
	}
	if i.NotApplicable {
		values = append(values, rubric.NotApplicable)
	}
	return values
}

func (i Item) schema() string {
	if values := i.Values(); values != nil {
		return enum(values)
	}
	if !i.NotApplicable {
		return scaleSchema(i.Scale, false)
	}
	return `{"anyOf":[` + scaleSchema(i.Scale, false) + `,` + enum([]string{rubric.NotApplicable}) + `]}`
}

// Words says how the item is answered.
func (i Item) Words() string {
	if values := i.Values(); values != nil {
		return list(values)
	}
	words := "a number " + scaleWords(i.Scale, false)
	if i.NotApplicable {
		words += fmt.Sprintf(", or %q", rubric.NotApplicable)
	}
	return words
}

// Checklist asks for a verdict on each item.
func Checklist(form converse.Form, reasoning bool, items []Item) converse.Output {
	var properties, required strings.Builder
	for i, item := range items {
		if i > 0 {
			properties.WriteByte(',')
			required.WriteByte(',')
		}
		id := quote(item.ID)
		properties.WriteString(id + ":" + item.schema())
		required.WriteString(id)
	}
	schema := `{"type":"object","description":"The verdict on each criterion.","properties":{` + properties.String() +
		`},"required":[` + required.String() + `],"additionalProperties":false}`
	return output(form, reasoning, answer{MemberResults, schema, "an object that has a member for each criterion, named as the criterion, with its verdict"})
}

func enum(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = quote(v)
	}
	return `{"type":"string","enum":[` + strings.Join(quoted, ",") + `]}`
}

// list writes words in quotation marks, as prose.
func list(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = quote(v)
	}
	if n := len(quoted); n > 1 {
		return strings.Join(quoted[:n-1], ", ") + " or " + quoted[n-1]
	}
	return strings.Join(quoted, "")
}

func quote(s string) string {
	b, err := jsontext.AppendQuote(nil, strings.ToValidUTF8(s, "\ufffd"))
	if err != nil {
		return `""` // Valid UTF-8 is always quoted.
	}
	return string(b)
}
