/*
Package workbench is the command rft: it grades saved rollouts with a spec on
one's own machine, shows what the kinds of grader are and what they take, and
runs the Lambda function locally.

	rft grade --spec grader.yaml rollouts.jsonl   grade, and summarize the rewards
	rft grade --show ID ...                       one rollout, with all that made its reward
	rft diff a.yaml b.yaml rollouts.jsonl         what changes between two specs
	rft check train.jsonl --spec grader.yaml      data, references and probes before a job
	rft invoke ARN rollouts.jsonl                 send rollouts to the deployed function
	rft dataset split all.jsonl --out data        make training data
	rft job plan train.jsonl                      plan, submit and follow a job
	rft kinds                                     list the kinds of grader
	rft help numeric                              a kind, with all its options
	rft help spec                                 a spec, with all its members
	rft help formula                              the formulas of score and route
	rft schema > grader.schema.json               the JSON Schema of a spec, for editors
	rft serve --function ./bootstrap              run the function as Lambda would
	rft judge plan --spec grader.yaml rollouts.jsonl
	                                              calls, tokens, time and cost of a judge
	rft judge calibrate --human /label --spec grader.yaml rollouts.jsonl
	                                              compare a judge with people and itself
	rft judge attack --spec grader.yaml rollouts.jsonl
	                                              whether a judge can be talked round
	rft judge stub                                a simulation of Bedrock's Converse
	rft version                                   what this binary was built from
	rft completion bash                           completion for the shell

A program with kinds of one's own is a main of one line:

	func main() { workbench.Main(append(graders.All, citation.Kind)...) }

The package is the only one below grader/workbench that prints; reading files
(rollouts), figures (stats), records of data sets (records, invocationlog), jobs (job),
the local Lambda (locallambda), the stand-in for Bedrock (conversestub), and what is
reckoned of judges (judgeplan, calibration, attacks) are packages of their own.

# Exit codes

	0  done
	1  done, and a gate failed: a figure is below that of --fail-under, or more
	   rollouts are ungraded than the spec's max_ungraded allows with it, or the
	   condition of a --fail-if holds.
	   For rft judge: --fail-if-late, --fail-under or --fail-if-paid
	2  not done, or not wholly: bad flags, a bad spec, a file that cannot be
	   read to its end, no rollouts, none that could be graded, results that
	   could not be written, an interruption

# Rollouts

Files of rollouts are in the form that trainers send, and may have more fields:
a JSON array, {"trajectories": [...]}, one rollout, or JSONL with any of these on
each line. The content decides, not the name. They are read as they are graded,
so a file may be larger than the memory. A line, or an element of an array, that
is no rollout is ungraded with a fault of the data, and the rest is graded.

An ungraded rollout has no score here, whatever on_error and max_ungraded say:
these are for the batches of a training job.

Graders that compare the rollouts of one prompt with each other get those that
stand together in the file.

# Results

With --out, each rollout gives one line of JSON, in the order of the input:

	id                      as it was sent, byte for byte
	aggregate_reward_score  the reward, or null where it is ungraded
	metrics_list            name, value and type ("Reward" or "Metric") of each metric
	found                   the answer that was found, or ""
	reason                  why this score
	ungraded                only where it is ungraded: "class" (data, transient, permanent
	                        or deadline), "cause", and "place" (the file, and the line,
	                        the rollout in that line where it has several, or the number
	                        of the rollout)

The results grow in a file .NAME.partial0 (or another number) beside the one
named, which takes its name at the end. What was graded is kept when the run is
interrupted or cannot read on; what was not reached is not in the file. When the
results cannot be written, those that were stay in the partial file, and the file
named is as it was before; so it is when the program is killed.

The name of the file decides its form. One that ends in .csv is a table of id,
place, aggregate_reward_score, a column for each grader, found, reason, length,
seconds, ungraded, cause, and all metrics as a JSON object; a text that a spreadsheet
would take for a formula has an apostrophe before it. One that ends in .xml is a JUnit
report: a rollout fails that does not pass, and is an error where it is ungraded;
gates are tests, too. One that ends in .html is a report for a browser. --format
jsonl, csv, junit and html print the same.

# The summary as JSON

With --format json the summary is one object. Every member is always there;
what there is nothing to say about is null.

	spec.path, spec.hash            what decided the rewards
	spec.graders[]                  name and kind
	spec.range                      [least, greatest], or null without one
	inputs[]                        the files
	complete                        false after an interruption or a file that broke off
	rollouts, graded                how many
	ungraded.total, .data, .transient, .permanent, .deadline
	causes[]                        the five most frequent of each class: class, count (of
	                                rollouts), cause (which quotes no data), and place and
	                                id of the first rollout
	ids.missing                     readable rollouts without an id
	ids.repeated, .first_repeated   how many ids several rollouts have, and one of them
	reward                          null where nothing was graded, else mean, sd (of the
	                                population), min, p10, p25, p50, p75, p90, max (percentiles
	                                by linear interpolation), and histogram[]: from, to, count
	answer_found.count, .share      graded rollouts in which an answer was found
	metrics[]                       name, type, count, mean, min, max
	groups.prompts                  different prompts with a graded rollout
	groups.groups                   those with two or more graded rollouts
	groups.flat, .flat_share        groups whose rewards are all equal: no signal for training
	groups.all_right, .all_right_share, .all_wrong, .all_wrong_share
	                                flat groups at the ends of the range; null without a range
	groups.smallest, .largest       how many graded rollouts a prompt has
	groups.mean_of_means, .sd_of_means, .mean_sd_within
	                                of the groups; standard deviations of populations
	groups.passes_from              the reward from which on a rollout passes
	groups.pass[]                   k, prompts (with k or more graded rollouts), pass_at_k,
	                                best_of_k: means over these prompts
	length                          null where nothing was graded, else mean, min and max of
	                                the answers in characters, and pearson and spearman, their
	                                correlation with the reward
	guidance[]                      what the figures call for: rule, text, source
	selected                        null without --where, else where, of (rollouts), unknown
	                                (of which it cannot be told), first_unknown
	labels                          null without --label, else label, count, missing,
	                                first_missing, binary, confusion (true_positive,
	                                false_positive, false_negative, true_negative), accuracy,
	                                precision, recall, kappa, auc, pearson, spearman, tau_b,
	                                disagreements, and worst[]: place, id, score, label, found,
	                                reason
	repeat                          null without --repeat, else times, rollouts, all_equal_share,
	                                sometimes_ungraded, sd_within, sd_between,
	                                sd_between_in_groups, noise_share, icc
	latency                         of the rollouts that graders were asked for: count,
	                                p50_seconds, p90_seconds, p99_seconds, max_seconds
	equal_rollouts                  how many were not graded again, being equal to another
	seconds, rollouts_per_second    of the grading

# Judges

With --record DIR, what models as judges answer is kept in a folder, one file of JSON
for each question; with --replay DIR it is taken from there, and no model is asked.
A question has the key of everything that can change its answer. See package
graders/judge/converse/replay.

The figures of rft judge calibrate --format json are those of calibration.Report, the
findings of rft judge attack those of attacks.Finding. The plan of rft judge plan is

	rollouts, read, ungraded        planned for, in the files, and not graded of these
	calls, minutes, cost_usd        of all; minutes is null where the quota lets no call
	                                through, cost_usd where a price is not known
	batch, batch_minutes            a batch, and its time
	timeout_minutes, fits           whether it is graded in time
	most_rollouts_per_batch         the largest batch that is; null for any
	models[]                        of each: model, calls, shared (questions answered by an
	                                equal one), input_tokens, cache_read_tokens,
	                                cache_write_tokens, output_tokens, max_tokens (sum of the
	                                limits), quota, schedule, price, price_from, cost_usd
*/
package workbench
