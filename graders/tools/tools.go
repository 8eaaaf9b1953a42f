package tools

import (
	_ "embed"
	"regexp"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/internal/jsonvalue"
)

// Options are the options of the kind tools.
type Options struct {
	Reference      grader.Pointer            `json:"reference,omitzero" doc:"which part of the reference answer holds the calls: a JSON pointer; by default the whole"`
	Tag            string                    `json:"tag" doc:"name of the tags around each call where the model writes calls into the text, such as tool_call; off by default"`
	Order          Order                     `json:"order" enum:"required,any" doc:"whether the calls must come in the order of the reference"`
	Arguments      Arguments                 `json:"arguments" enum:"compare,ignore" doc:"whether arguments are compared, or names alone"`
	Fields         map[string]jsonvalue.Rule `json:"fields" doc:"how arguments are compared, and their weights, by JSON pointer into the arguments; see the kind json"`
	ExtraArguments jsonvalue.Extra           `json:"extra_arguments" enum:"count,allow,forbid" doc:"arguments that the reference has not: wrong ones, passed over, or a call that earns nothing"`
	Extra          jsonvalue.Extra           `json:"extra" enum:"count,allow,forbid" doc:"calls that the reference has not: wrong ones, passed over, or a score of 0"`
	NameCredit     float64                   `json:"name_credit" doc:"share of a call's credit that its right name alone earns, from 0 to below 1"`
	Partial        bool                      `json:"partial" doc:"whether there is credit for some of the calls and arguments"`
}

// Order says whether the order of calls counts.
type Order string

const (
	OrderRequired Order = "required"
	OrderAny      Order = "any"
)

// Arguments says whether arguments count.
type Arguments string

const (
	ArgumentsCompare Arguments = "compare"
	ArgumentsIgnore  Arguments = "ignore"
)

//go:embed doc.go
var source string

// Kind is the kind tools.
var Kind = grader.Define("tools", grader.PackageDoc(source), Options{
	Reference:      grader.MustPointer(""),
	Order:          OrderRequired,
	Arguments:      ArgumentsCompare,
	ExtraArguments: jsonvalue.ExtraCount,
	Extra:          jsonvalue.ExtraCount,
	Partial:        true,
}, build)

var tagName = regexp.MustCompile(`^[A-Za-z_|][A-Za-z0-9_.:|-]{0,63}$`)

func build(_ *grader.Env, o Options) (grader.Grader, error) {
	switch {
	case o.Tag != "" && !tagName.MatchString(o.Tag):
		return nil, grader.Optionf("/tag", "want the bare name of a tag, such as tool_call, got %q", o.Tag)
	case !(o.NameCredit >= 0 && o.NameCredit < 1):
		return nil, grader.Optionf("/name_credit", "want 0 or more and less than 1, got %v", o.NameCredit)
	}
	if o.Arguments == ArgumentsIgnore {
		switch {
		case len(o.Fields) > 0:
			return nil, grader.Optionf("/fields", "means nothing with arguments: ignore")
		case o.ExtraArguments != jsonvalue.ExtraCount:
			return nil, grader.Optionf("/extra_arguments", "means nothing with arguments: ignore")
		case o.NameCredit > 0:
			return nil, grader.Optionf("/name_credit", "means nothing with arguments: ignore, where the name is all")
		}
	}
	c, err := jsonvalue.NewComparer(o.Fields, o.ExtraArguments, "/fields")
	if err != nil {
		return nil, err
	}
	return &tools{o, c}, nil
}
