package models

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// Learn returns what the model turns out to be when the service refuses sent, a
// request made by [Model.Fit], with a text. It reports false where the text
// says nothing of what a model supports, or only of what was not sent: then
// the request itself is at fault.
func (m Model) Learn(sent *converse.Request, text string) (Model, bool) {
	s := strings.ToLower(text)
	for _, l := range lessons {
		if l.sent(sent) && l.says.MatchString(s) {
			m.Forms = slices.Clone(m.Forms)
			return l.learn(m, sent, s)
		}
	}
	return m, false
}

// Lower returns the model without the form in which sent asked: what is left
// where answers in this form cannot be had. It reports false for text.
func (m Model) Lower(sent *converse.Request) (Model, bool) {
	if sent.Output.Form == converse.FormText {
		return m, false
	}
	return m.Without(sent.Output.Form), true
}

// Without returns the model without some of its forms.
func (m Model) Without(forms ...converse.Form) Model {
	if len(forms) > 0 {
		m.Forms = slices.DeleteFunc(slices.Clone(m.Forms), func(f converse.Form) bool { return slices.Contains(forms, f) })
	}
	return m
}

// A lesson is what one sort of refusal teaches.
type lesson struct {
	sent  func(*converse.Request) bool
	says  *regexp.Regexp // of the text in lower case
	learn func(m Model, sent *converse.Request, text string) (Model, bool)
}

func lower(m Model, sent *converse.Request, _ string) (Model, bool) { return m.Lower(sent) }

func always(change func(*Model)) func(Model, *converse.Request, string) (Model, bool) {
	return func(m Model, _ *converse.Request, _ string) (Model, bool) {
		change(&m)
		return m, true
	}
}

func isTool(q *converse.Request) bool {
	return q.Output.Form == converse.FormTool || q.Output.Form == converse.FormAnyTool
}

// The first lesson whose field was sent and whose words are said is learned,
// so the narrower ones come first.
var lessons = []lesson{
	{ // Both sampling fields are known by name, and only together refused.
		sent:  func(q *converse.Request) bool { return q.Temperature != nil && q.TopP != nil },
		says:  regexp.MustCompile(`temperature.*top[ _]?p.*(both|together|only one|one of)|(both|together|only one|one of).*(temperature.*top[ _]?p|top[ _]?p.*temperature)|top[ _]?p.*temperature.*(both|together)`),
		learn: always(func(m *Model) { m.OneSampling = true }),
	},
	{ // Reasoning excludes forced tools; the answer's form gives way.
		sent:  func(q *converse.Request) bool { return isTool(q) && (q.Thinking > 0 || len(q.Extra) > 0) },
		says:  regexp.MustCompile(`(thinking|reasoning).*(tool|forces)|tool.*(thinking|reasoning)`),
		learn: func(m Model, _ *converse.Request, _ string) (Model, bool) { return m.withoutTools(), true },
	},
	{
		sent:  func(q *converse.Request) bool { return q.Temperature != nil },
		says:  regexp.MustCompile(`temperature`),
		learn: always(func(m *Model) { m.Temperature = false }),
	},
	{
		sent:  func(q *converse.Request) bool { return q.TopP != nil },
		says:  regexp.MustCompile(`top[ _]?p\b`),
		learn: always(func(m *Model) { m.TopP = false }),
	},
	{
		sent:  func(q *converse.Request) bool { return q.Thinking > 0 },
		says:  regexp.MustCompile(`thinking|reasoning|budget`),
		learn: always(func(m *Model) { m.Thinking = "" }),
	},
	{
		sent: func(q *converse.Request) bool {
			return q.Effort != "" || q.Extra["reasoningConfig"] != nil || q.Extra["reasoning_effort"] != nil
		},
		says:  regexp.MustCompile(`effort|reasoning`),
		learn: always(func(m *Model) { m.Effort = "" }),
	},
	{
		sent:  func(q *converse.Request) bool { return q.Output.Strict },
		says:  regexp.MustCompile(`\bstrict\b`),
		learn: always(func(m *Model) { m.Strict = false }),
	},
	{
		sent:  func(q *converse.Request) bool { return q.Output.Form == converse.FormSchema },
		says:  regexp.MustCompile(`output[ _]?config|output[ _]?format|text[ _]?format|response[ _]?format|json[ _]?schema|structured output|\bschema\b|grammar`),
		learn: lower,
	},
	{ // A tool by name is refused, and a choice of any tool may not be.
		sent:  func(q *converse.Request) bool { return q.Output.Form == converse.FormTool },
		says:  regexp.MustCompile(`tool[ _.]?choice`),
		learn: lower,
	},
	{
		sent:  isTool,
		says:  regexp.MustCompile(`tool[ _.]?choice`),
		learn: lower,
	},
	{ // Tools as such are refused.
		sent:  isTool,
		says:  regexp.MustCompile(`\btools?\b|tool[ _.]?(config|use|spec)`),
		learn: func(m Model, _ *converse.Request, _ string) (Model, bool) { return m.withoutTools(), true },
	},
	{
		sent:  func(q *converse.Request) bool { return q.Cache == "1h" },
		says:  regexp.MustCompile(`\bttl\b|1h`),
		learn: always(func(m *Model) { m.CacheHour = false }),
	},
	{
		sent:  func(q *converse.Request) bool { return q.Cache != "" },
		says:  regexp.MustCompile(`cache[ _]?point|cach(e|ing)`),
		learn: always(func(m *Model) { m.CacheMin = 0 }),
	},
	{
		sent: func(q *converse.Request) bool {
			return len(q.Messages) > 0 && q.Messages[len(q.Messages)-1].Role == converse.Assistant
		},
		says:  regexp.MustCompile(`prefill|assistant|must end with a user`),
		learn: always(func(m *Model) { m.Prefill = false }),
	},
	{
		sent:  func(q *converse.Request) bool { return len(q.System) > 0 },
		says:  regexp.MustCompile(`system (message|prompt|text|role|content)s?|support system`),
		learn: always(func(m *Model) { m.NoSystem = true }),
	},
	{
		sent:  func(q *converse.Request) bool { return len(q.Stop) > 0 },
		says:  regexp.MustCompile(`stop[ _]?sequences?`),
		learn: always(func(m *Model) { m.NoStop = true }),
	},
	{ // "The maximum tokens you requested exceeds the model limit of 8192."
		sent: func(q *converse.Request) bool { return q.MaxTokens > 0 },
		says: regexp.MustCompile(`max(imum)?[ _]?tokens?.*(limit|exceed|maximum|less than|at most)`),
		learn: func(m Model, sent *converse.Request, text string) (Model, bool) {
			for _, digits := range wholeNumber.FindAllString(text, 8) {
				n, err := strconv.Atoi(digits)
				if err == nil && n > 0 && n < sent.MaxTokens {
					m.MaxOutput = n
					return m, true
				}
			}
			return m, false
		},
	},
}

var wholeNumber = regexp.MustCompile(`\b[0-9]{1,9}\b`)

func (m Model) withoutTools() Model {
	m.Forms = slices.DeleteFunc(slices.Clone(m.Forms), func(f converse.Form) bool { return f != converse.FormSchema })
	return m
}
