package conversestub

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// A Question is what a judge is asked, taken apart.
type Question struct {
	Model        string
	System, User string
	// Pieces are the texts between fences <NAME-NONCE> and </NAME-NONCE>, in order.
	Pieces []Piece
	// Form is how the verdict is wanted: converse.FormSchema, FormTool, FormAnyTool or
	// FormText.
	Form converse.Form
	// Schema is what the verdict looks like; nil where the request does not say it.
	Schema *Schema
}

// A Piece is the text between two fences.
type Piece struct{ Name, Text string }

var openingFence = regexp.MustCompile(`<([a-z][a-z0-9_]*)-([0-9a-f]{4,64})>\n?`)

// maxOpen is how many fences may be without an end before no more are looked for:
// each costs a search of all that follows.
const maxOpen = 50

// maxPieces is how many pieces a question has at most.
const maxPieces = 1000

// pieces finds the texts between fences. A fence closes with the name and the
// nonce that it opened with, and its nonce is that of the first fence.
func pieces(text string) []Piece {
	var found []Piece
	nonce := ""
	open := map[string]bool{} // names whose closing fence does not follow any more
	for {
		at := openingFence.FindStringSubmatchIndex(text)
		if at == nil {
			return found
		}
		name, code := text[at[2]:at[3]], text[at[4]:at[5]]
		if nonce == "" {
			nonce = code
		}
		rest := text[at[1]:]
		if code != nonce || open[name] {
			text = rest
			continue
		}
		end := strings.Index(rest, "</"+name+"-"+code+">")
		if end < 0 {
			if open[name] = true; len(open) > maxOpen {
				return found
			}
			text = rest
			continue
		}
		if len(found) == maxPieces {
			return found
		}
		found = append(found, Piece{name, strings.TrimSuffix(rest[:end], "\n")})
		text = rest[end:]
	}
}

// Candidates returns the pieces that are judged: those whose name begins with
// candidate, or all that is said where there are no fences.
func (q *Question) Candidates() []string {
	var found []string
	for _, p := range q.Pieces {
		if strings.HasPrefix(p.Name, "candidate") {
			found = append(found, p.Text)
		}
	}
	if found == nil {
		found = []string{q.User}
	}
	return found
}

// piece returns the text of the first piece of a name.
func (q *Question) piece(name string) (string, bool) {
	i := slices.IndexFunc(q.Pieces, func(p Piece) bool { return p.Name == name })
	if i < 0 {
		return "", false
	}
	return q.Pieces[i].Text, true
}

func newQuestion(model string, r *request) *Question {
	q := &Question{Model: model, System: textOf(r.System), User: r.spoken("user")}
	if schema, ok := r.schemaText(); ok {
		q.Form = converse.FormSchema
		q.Schema, _ = ParseSchema([]byte(schema))
	} else if _, schema, ok := r.tool(); ok {
		q.Form = converse.FormTool
		q.Schema, _ = ParseSchema(schema)
	}
	q.complete()
	return q
}

// QuestionOf takes a request apart as the stand-in would if it came over the
// wire.
func QuestionOf(r *converse.Request) *Question {
	q := &Question{Model: r.Model, System: strings.Join(r.System, "\n"), Form: r.Output.Form}
	for _, m := range r.Messages {
		if m.Role == converse.User {
			q.User += m.Text + "\n"
		}
	}
	if q.Form == converse.FormAuto {
		q.Form = converse.FormSchema
	}
	if len(r.Output.Schema) > 0 {
		q.Schema, _ = ParseSchema(r.Output.Schema)
	}
	q.complete()
	return q
}

func (q *Question) complete() {
	q.Pieces = pieces(q.User)
	if q.Schema == nil {
		if s, ok := spelled(q.System, q.User); ok {
			q.Schema = s
		}
	}
}

// Verdict fills in the schema by the qualities of the candidates, 0 to 1 each,
// as [Planted] says. Without a schema it is {"score": QUALITY}.
func (q *Question) Verdict(qualities []float64) string {
	f := filler{question: q, qualities: qualities, planted: map[string]string{}}
	if c := q.Candidates(); len(c) == 1 {
		f.planted = planted(c[0])
	}
	s := q.Schema
	if s == nil {
		s = &Schema{Type: "object", Members: []Member{{"score", &Schema{Type: "number"}}}}
	}
	return f.value("", s)
}

// filler fills in one schema.
type filler struct {
	question  *Question
	qualities []float64
	planted   map[string]string
}

func (f *filler) quality() float64 {
	if len(f.qualities) == 0 {
		return 0
	}
	return max(0, min(1, f.qualities[0]))
}

func (f *filler) value(name string, s *Schema) string {
	if s == nil {
		return "null"
	}
	if len(s.AnyOf) > 0 {
		want := f.planted[strings.ToLower(name)]
		for _, one := range s.AnyOf {
			if want != "" && slices.Contains(names(one.Enum), plantedWord(want)) {
				return f.value(name, one)
			}
		}
		return f.value(name, s.AnyOf[0])
	}
	if len(s.Enum) > 0 {
		return f.enum(name, s)
	}
	switch s.Type {
	case "object":
		var b strings.Builder
		b.WriteByte('{')
		for i, m := range s.Members {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(quoted(m.Name) + ":" + f.value(m.Name, m.Schema))
		}
		return b.String() + "}"
	case "array":
		return f.list(s)
	case "boolean":
		return strconv.FormatBool(f.qualityOf(name) >= 0.5)
	case "integer", "number":
		x := f.qualityOf(name)
		if m := spelledRange.FindStringSubmatch(s.Description); m != nil {
			lo, _ := strconv.ParseFloat(m[1], 64)
			hi, _ := strconv.ParseFloat(m[2], 64)
			x = lo + x*(hi-lo)
		}
		if s.Type == "integer" {
			x = math.Round(x)
		}
		// Two more digits than any quality that is planted are noise of the reckoning.
		return strconv.FormatFloat(math.Round(x*1e9)/1e9, 'f', -1, 64)
	}
	return quoted("Simulated judge, no model: quality " + strconv.FormatFloat(f.quality(), 'f', 2, 64) + ".")
}

// qualityOf is what is planted under a name, or else the quality.
func (f *filler) qualityOf(name string) float64 {
	switch v := f.planted[strings.ToLower(name)]; v {
	case "":
	case "yes", "true":
		return 1
	case "no", "false":
		return 0
	default:
		if x, err := strconv.ParseFloat(v, 64); err == nil && x >= 0 && x <= 1 {
			return x
		}
	}
	return f.quality()
}

// plantedWord is the word of an enum that a planted word stands for.
func plantedWord(v string) string {
	if v == "na" {
		return "not_applicable"
	}
	return v
}

func names(enum []json.RawMessage) []string {
	var out []string
	for _, e := range enum {
		var s string
		if json.Unmarshal(e, &s) != nil {
			return nil
		}
		out = append(out, s)
	}
	return out
}

func (f *filler) enum(name string, s *Schema) string {
	words := names(s.Enum)
	if words == nil {
		return f.step(name, s.Enum)
	}
	text := func(i int) string { return string(s.Enum[i]) }
	if want := f.planted[strings.ToLower(name)]; want != "" {
		if i := slices.Index(words, plantedWord(want)); i >= 0 {
			return text(i)
		}
	}
	if want := f.planted["label"]; want != "" {
		for i, w := range words {
			if strings.EqualFold(w, want) {
				return text(i)
			}
		}
	}
	if first, second := slices.Index(words, "first"), slices.Index(words, "second"); first >= 0 && second >= 0 && len(f.qualities) > 1 {
		switch tie := slices.Index(words, "tie"); {
		case f.qualities[0] > f.qualities[1], f.qualities[0] == f.qualities[1] && tie < 0:
			return text(first)
		case f.qualities[0] < f.qualities[1]:
			return text(second)
		default:
			return text(tie)
		}
	}
	var ordered []int
	for i, w := range words {
		if w != "not_applicable" {
			ordered = append(ordered, i)
		}
	}
	if len(ordered) == 0 {
		return text(0)
	}
	q := f.qualityOf(name)
	if len(words) >= 2 && words[0] == "yes" && words[1] == "no" {
		if q >= 0.5 {
			return text(0)
		}
		return text(1)
	}
	return text(ordered[int(math.Round(q*float64(len(ordered)-1)))])
}

// step is the number of the enum that is nearest to the quality's place between
// the least and the greatest.
func (f *filler) step(name string, enum []json.RawMessage) string {
	var values []float64
	for _, e := range enum {
		x, err := strconv.ParseFloat(string(e), 64)
		if err != nil {
			return string(enum[0])
		}
		values = append(values, x)
	}
	lo, hi := slices.Min(values), slices.Max(values)
	want := lo + f.qualityOf(name)*(hi-lo)
	best := 0
	for i, x := range values {
		if math.Abs(x-want) < math.Abs(values[best]-want)-1e-9 {
			best = i
		}
	}
	return string(enum[best])
}

// list ranks the candidates, the best first; equal ones keep their order.
func (f *filler) list(s *Schema) string {
	if s.Items == nil || len(s.Items.Enum) == 0 {
		if s.Items == nil {
			return "[]"
		}
		return "[" + f.value("", s.Items) + "]"
	}
	order := make([]int, len(s.Items.Enum))
	for i := range order {
		order[i] = i
	}
	at := func(i int) float64 {
		if i < len(f.qualities) {
			return f.qualities[i]
		}
		return 0
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case at(a) > at(b):
			return -1
		case at(a) < at(b):
			return 1
		}
		return 0
	})
	var ids []string
	for _, i := range order {
		ids = append(ids, string(s.Items.Enum[i]))
	}
	return "[" + strings.Join(ids, ",") + "]"
}

// quoted writes a string as JSON.
func quoted(s string) string {
	b, _ := json.Marshal(s) // a string is always encoded
	return string(b)
}
