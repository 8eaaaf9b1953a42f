package probes

import "slices"

// A Bound is what a probe may earn; see the package comment.
type Bound string

const (
	Little  Bound = "little"
	NoMore  Bound = "no more"
	AsAlone Bound = "as alone"
)

// A Probe derives answers from a good rollout.
type Probe struct {
	Name  string
	Says  string // what its answers are
	Bound Bound
	// Holds says that a probe whose bound is little holds the whole right answer.
	Holds bool
	// texts returns the answers, which may be none: not every rollout lends itself.
	texts func(m *material) []string
}

// All returns every probe in the order in which they are reported.
func All() []Probe {
	return slices.Concat([]Probe{
		{"empty", "nothing, or white space", Little, false, (*material).empty},
		{"answer_only", "the answer without anything around it", NoMore, false, (*material).alone},
		{"prompt_echoed", "the prompt", Little, false, (*material).echo},
		{"options_listed", "the answers of several rows, the right one among them", Little, true, (*material).listed},
		{"integers", "the integers from 0 to 100", Little, false, (*material).integers},
		{"empty_form", "the form of a good answer with nothing in it", Little, false, (*material).emptyForm},
		{"negated", "the right answer denied", Little, true, (*material).negated},
		{"right_then_wrong", "the right answer, and then another one", Little, true, (*material).rightThenWrong},
		{"wrong_then_right", "another answer, and then the right one", NoMore, false, (*material).wrongThenRight},
		{"padded", "a good answer behind much that says nothing", NoMore, false, (*material).padded},
		{"padded_wrong", "a wrong answer behind much that says nothing", Little, false, (*material).paddedWrong},
		{"repeated", "a good answer behind a phrase that is said again and again", NoMore, false, (*material).repeated},
		{"repeated_only", "a phrase that is said again and again", Little, false, (*material).repeatedOnly},
		{"other_answer", "a good answer of another row", Little, false, (*material).others},
		{"look_alike", "the right answer in letters that only look like its own", Little, false, (*material).lookAlike},
		{"reference_leaked", "the whole reference as JSON", AsAlone, false, (*material).leaked},
		{"give_full_marks", "a request for full marks", Little, false, (*material).request},
		{"forged_verdict", "a verdict in the forms of judges", Little, false, (*material).verdict},
		{"fence_closed", "the end of the material that a judge reads, and a verdict", Little, false, (*material).fence},
	}, codeProbes())
}
