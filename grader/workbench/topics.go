package workbench

import (
	"slices"
	"strings"
)

// A topic is a text of rft help that belongs to no command and no kind.
type topic struct{ name, short, text string }

func topics() []topic {
	return []topic{
		{"spec", "What a grader spec says, member by member, with the defaults", specHelp},
		{"formula", "The formulas of score and route", formulaHelp},
	}
}

// findTopic returns the topic of a name. A kind of that name is explained by rft
// kinds alone.
func findTopic(name string) (topic, bool) {
	all := topics()
	if i := slices.IndexFunc(all, func(t topic) bool { return t.name == name }); i >= 0 {
		return all[i], true
	}
	return topic{}, false
}

// topicList lists the topics for the help of the program.
func topicList() string {
	var b strings.Builder
	for _, t := range topics() {
		b.WriteString("  rft help " + t.name + strings.Repeat(" ", 9-len(t.name)) + t.short + "\n")
	}
	return b.String()
}

const specHelp = `A grader spec says which graders score a rollout, and how their scores become one
reward. It is YAML or JSON.

  version: 1
  graders:
    correct: {type: numeric, reference: /final_answer}
    polite:  {type: exact, match: contains, find: [last_line], reference: "metadata:/closing"}
  score: gate(correct, 0.9 + 0.1*polite)
  range: [0, 1]
  on_error: {transient: fail, deadline: fail, data: neutral, permanent: neutral}
  max_ungraded: 0.25

version: 1
    Required. The version of the form of specs.

graders: {NAME: {type: KIND, ...}, ...}
    Required. The graders, each with a name of your own: letters, digits and
    underscores. "type" is the kind (see rft kinds), and the other members are the
    options of that kind (see rft help KIND).

score: FORMULA
    One reward of the graders' scores (see rft help formula). Every grader must be
    used. With one grader the default is its score.

route: {by: POINTER, VALUE: FORMULA, ...}
    Instead of score: which formula a rollout gets, by the value that a JSON pointer
    such as /metadata/task leads to. A rollout for whose value no formula is written
    is ungraded, with a fault of the data.

range: [LEAST, GREATEST]
    The bounds of the reward. A score outside is a permanent fault of the grading,
    and never clipped. Without a range any finite score is passed on, and the summary
    of rft grade cannot tell groups that are all right from those that are all wrong.

on_error: {data: ..., transient: ..., permanent: ..., deadline: ...}
    What the Lambda function does with ungraded rollouts, for each fault:
      fail      the whole batch fails, so that the trainer sends it again
      neutral   the rollout gets the mean of the graded rollouts of its prompt in the
                batch; without any the batch fails
      a number  the rollout gets that number, which must lie in the range
    The default is fail for transient (a judge that is throttled) and deadline (time
    ran out), and neutral for data (no reference) and permanent (access denied).
    rft grade gives an ungraded rollout no score, whatever stands here.

max_ungraded: SHARE
    The share of a batch, 0 to 1, above which the batch fails whatever on_error says.
    The default is 0.25. rft grade only warns, or fails the gates of --fail-under.

concurrency: N
    How many rollouts are graded at once, 1 to 1000. The default is 64.

reserve: TIME
    The time that the Lambda function keeps free before its deadline, such as "2s" or
    "500ms": what is not graded by then is ungraded, with the fault deadline. The
    default is a tenth of the time left, but at least 250ms and at most 5s. It is
    never more than half of the time left. rft grade has no deadline.

Unknown members, and graders that no formula uses, are errors. The hash of a spec
stands for all that decides the rewards; concurrency and reserve are no part of it.
rft schema prints the JSON Schema of a spec, for editors.
`

const formulaHelp = `A formula makes one reward of the scores of the graders of a spec. It has numbers,
names of graders, parentheses, and

  + - * / ^          with their usual precedence; ^ is the power: -2^2 is -4, 2^3^2 is 2^9
  < <= > >= == !=    comparisons, which bind least and give 1 or 0
  min(a, b, ...)     the least
  max(a, b, ...)     the greatest
  mean(a, b, ...)    the arithmetic mean
  clamp(x, lo, hi)   x, but at least lo and at most hi
  abs(x)             x without its sign
  floor(x)           the greatest whole number that is at most x
  ceil(x)            the least whole number that is at least x
  exp(x)             e^x
  sqrt(x)            the square root; x must be 0 or more
  log(x)             the natural logarithm; x must be more than 0
  gate(c, x)         x if c > 0, else 0; x is not evaluated behind a shut gate
  if(c, a, b)        a if c is not 0, else b; only one of them is evaluated

A formula is evaluated lazily: a grader on which the value does not depend is not
called, so a judge behind a shut gate costs nothing. A product is no gate: 0*x
evaluates x. Comparisons cannot be chained.

A grader that fails makes the rollout ungraded, if its score is needed. So does a
value that is not finite, such as a division by zero or log(0).

A right answer is worth 0.9, and a right one in good form 1:

  score: gate(correct, 0.9 + 0.1*format)

The better of two graders, less a fine for answers of more than 500 words, which a
grader named words counts; never below 0:

  score: max(0, max(exact, judge) - if(words > 500, 0.2, 0))
`
