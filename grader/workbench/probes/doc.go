/*
Package probes tries to cheat a grader with answers that are derived from good ones.

A policy that is trained finds what a grader pays by mistake. Probes look for it first:
each takes a rollout that the grader pays well, keeps its form, and puts something in the
place of the answer that deserves little: every option at once, the prompt itself, the
right answer denied. What it may earn is its bound. A probe that earns more is paid, and
shows what is wrong with the grader, or with the spec.

The bounds are these, with the least score that the grader gives, and the score of the
good rollout:

	little      no more than a quarter (see Options.Allow) of the way from the least score
	            to that of the good rollout
	no more     no more than the good rollout: the probe holds the right answer, and its
	            dress must not pay
	half        no more than half of that way: the probe holds the right calls, and as many others
	as alone    what the answer, or a text of the reference, earns alone, without any form,
	            if that is more than little

Of an answer of more than eight words little is half, and a probe that holds all of it
may earn as much: texts that are compared by their words are right in part.

Authors of graders run them in a test:

	report, err := probes.Run(t.Context(), myGrader, goods, probes.Options{Full: 1})
	require.NoError(t, err)
	require.Empty(t, report.Paid)
*/
package probes
