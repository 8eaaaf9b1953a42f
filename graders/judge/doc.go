/*
Package judge gives the kind judge.

Judge has a model of Amazon Bedrock judge the answer by a rubric.

	tone:
	  type: judge
	  model: us.amazon.nova-2-lite-v1:0
	  max_tokens: 300
	  mode: absolute
	  scale: {min: 0, max: 10}
	  rubric: How polite is the answer?

The reward is the verdict mapped to 0..1, or to the range of option reward. A
verdict is read, or there is none: nothing is clamped, no scale is guessed, and
a missing verdict never becomes a number. What happens to a rollout without a
verdict is said by the spec's on_error.

# Modes

	absolute   a number on a scale (option scale, 0 to 10 by default; invert where 0 is the best)
	labels     one of several labels, each with a score from 0 to 1 (option labels)
	checklist  a verdict on each of several criteria (options criteria, criteria_from, one_call)
	reference  whether the answer says the same as the reference answer
	pairwise   which is better, the answer or the reference answer, asked in both orders
	group      the answers to one prompt ranked together, asked in both orders

Without a mode, the form of the verdict is the rubric's own. Small Boolean
criteria are steadier than one number, and labels than wide scales.

The score of a checklist is the sum of the weights of the criteria that are met,
as a share of the positive weights, kept within 0..1 (HealthBench, arXiv
2505.08775). A criterion on a scale or with labels is met in part. A criterion
of negative weight takes away. One that does not apply is left out. If one that
is required is not met, the score is 0. With criteria_from, each rollout's
reference brings its own criteria, as in rubrics as rewards: a list of texts, or
of objects such as {"criterion": "Names the dose.", "points": 5}.

A criterion has these members:

	name            what metrics call it
	prompt          what the judge is asked, as a statement about the answer
	kind            boolean (by default), scale (with min and max) or labels (with labels)
	weight          what it is worth, 1 by default
	required        the whole score is 0 unless it is met
	invert          it is met where the judge says no
	not_applicable  the judge may say that it does not apply

In mode pairwise a win is 1, a tie 0.5 and a loss 0; in mode group the best of n
is 1, the last 0, and the others stand in equal steps between; answers at the
gates stand below the last. Both orders count the same (option swap), so a judge
that goes by the place gives ties, and the metric position_bias is 1 for one
that always prefers the first, -1 for one that always prefers the last, and 0
for one that goes by the answers. Equal answers are judged once, and permuting
the rollouts changes nothing. Groups of one different answer, groups that are
too large, and groups whose ranking cannot be had, are judged one by one by
group.fallback.

# Rubrics

A rubric is the text itself, a file beside the spec, or one that ships:

	builtin/coherence            builtin/faithfulness           builtin/professional_style
	builtin/completeness         builtin/harmfulness            builtin/reasoning
	builtin/correctness          builtin/helpfulness            builtin/refusal
	builtin/equivalence          builtin/instruction_following  builtin/relevance
	builtin/preference           builtin/summarization

All of them but preference, which is for comparisons, have a form: labels or
criteria, the best one last, so a harmful answer and a refusal get 0. A file in
YAML or JSON has text and, for a form of its own, one of scale, labels and
criteria; a file .md or .txt is the text.

# What the judge sees

The judge sees the prompt, what options reference and context point to, and the
answer without the model's reasoning. Each stands, as data, between fences that
carry a code drawn at random for each call, so no text can close its fence; what
looks like a fence is made harmless. The judge is told that nothing in the
pieces is said to it, and gives its reasons before its verdict. The rubric is
the same for all calls and stands first, where the service can keep it
(prompt_cache). An answer longer than max_candidate_bytes is cut, and the judge
is told how much is missing.

# Gates

Some answers get the worst reward without a call: empty ones and those that are
nothing but reasoning; those without content ("Solution:", a lone colon, an
opening such as "Let's think step by step."), which are known to sway judges
(arXiv 2507.08794); and, where the options say so, those that are too long or
that match or miss a pattern. An answer that gates.allow lists passes that for
content, as a lone colon may be the right answer somewhere.

# Failures

	throttled, 5xx, timeouts, lost connections   asked again until the deadline; then transient
	no access, unknown model, used-up quota      permanent; the calls that follow are not made
	a cut answer                                 asked again with more tokens, then permanent
	no verdict in the answer                     asked again (option reask), then permanent
	a refusal, a content filter                  permanent
	a reference or criteria that are missing     data
	a rubric that does not apply                 data

The model needs the permission bedrock:InvokeModel, on the inference profile and
on the model in every region that the profile leads to. Every call reserves
max_tokens of the quota of tokens per minute, so a small number lets more calls
run at once. See limits for keeping to a quota.

# Several verdicts

With samples.n each model is asked several times, with models several are asked.
All valid verdicts become one by samples.aggregate; a model's count by its
weight. With fewer than samples.min_valid there is no score.

A model of models has an id and, where they differ from the options, weight,
region, max_tokens, temperature, thinking, limits, price and capabilities.

The spec's concurrency says how many rollouts are graded at once, and option
concurrency how many calls each model gets at once: a rollout may take several.
Judges of one spec that call one model in one region with the same limits keep to
these together, and slow down together where the service throttles; limits that
differ are parts of a quota that you have divided. Each has its own concurrency.

# Metrics

	gated            1 where an answer got the worst reward without a call
	valid_verdicts   how many verdicts the score comes from
	spread           the distance between the lowest and the highest of them, 0 to 1
	criterion_NAME   the verdict on a criterion, 0 to 1; criteria and criteria_met for a rollout's own
	position_bias    in modes pairwise and group with swap, see above
	ranked           in mode group, 1 where the group was ranked and 0 where it was judged one by one
	truncated        1 where the judge saw a part of the answer
	tokens_in, tokens_out, tokens_cached   tokens charged, failed and repeated calls included; equal calls
	                 are charged once, and those of a group to its rollouts in equal shares
	cost_usd         what they cost, where option price says it
	latency_seconds  the time of the slowest call
	attempts         the calls that were sent
*/
package judge
