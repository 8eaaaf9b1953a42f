/*
Package format gives the kind format.

Format scores the form of a response, such as a pattern, or tags in order. Other
checks are reasoning that is closed, how the response starts and ends, its
script, and what must not stand in it. The score is the share of the credit that is earned. No reference
is read.

Form alone is no quality: put it behind a gate, or add it to a score that says
more, as in 0.9*correct + 0.1*shape.

# Constraints

A constraint is one or more checks, a part of the response that they look at,
and a credit. It is met where all of its checks hold, and earns its credit, or
nothing. Where there is one constraint, its checks stand among the options:

	shape: {type: format, tags: [think, answer], alone: true}

Where there are several, each stands in the list constraints, with a credit of
its own (1 if none is given). The score is the earned credit by all credit:

	shape:
	  type: format
	  constraints:
	    - {tags: [think, answer], credit: 3}
	    - {in: "tag:answer", pattern: '^-?\d+$', credit: 2}
	    - {name: polite, in: answer, forbid: ["as an AI"]}

# Checks

	pattern         a regular expression (RE2) that matches somewhere in the part; ^ and $
	                are its ends. Named groups, as in (?P<reason>.*), must say something
	forbid_pattern  a regular expression that matches nowhere in the part
	tags            each of these tags opens once and closes once, one after the other in
	                this order, and says something; in any case, with or without attributes
	alone           nothing stands outside of the tags
	prompt_opens    the chat template writes the opening of the first tag into the prompt, so
	                that it may be missing
	reasoning       closed: the response begins with reasoning that is closed and says
	                something, and an answer follows; absent: there is no reasoning
	starts_with     the text that the part begins with, with something behind it
	ends_with       the text that the part ends with, with something before it
	script          the scripts of its letters by their names in Unicode: [Latin], or
	                [Han, Hiragana, Katakana]
	share           least share of the letters that are of these scripts, 1 by default
	forbid          texts that stand nowhere in the part, whatever their case, their white
	                space, their width, and what invisible characters are in them

Scripts are not languages: English and German are both Latin. A part without any
letter is of no script.

Reasoning that the trainer sends beside the content (reasoning_content) counts
for reasoning, and for in: reasoning; tags and patterns see the content alone.

# The part

	in: response   (default) the whole response, with its reasoning
	in: answer     what stands behind the reasoning
	in: reasoning  the reasoning alone, without the marks around it

or any finder, such as tag:answer, boxed, code or last_line. White space around
a part is no part of it. Where the part is not there, the constraint is not met.

# Structure alone pays nothing

What says something holds a letter, a digit, or a symbol beyond ASCII such as ∅.
White space, invisible characters, punctuation, tags and commands of LaTeX that only lay
out, such as \boxed and \quad, say nothing. So that the right form around nothing is worth
nothing:

  - a response whose answer, behind the reasoning and without tags, says nothing
    scores 0 whatever it is asked for, and so does reasoning that is never closed
  - what tags and reasoning hold must say something, and at least the option
    words words: it guards against "<think>ok</think>"
  - a part must say something for any check to hold
  - an element that a pattern names (think in '^<think>.*</think>') must not be
    empty in the part, nor must a box where it names boxed

Reasoning of one word still is reasoning here; how much there is, and whether it
is repeated, is what the kind length scores.

All checks take time linear in the response. A pattern that compiles to more
than 400 instructions is refused.

# Metrics

One for each constraint, 1 or 0, under its name: the option name, or the names of
its checks. And answer_found, 1 where there is an answer that says something.
*/
package format
