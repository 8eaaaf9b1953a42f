#!/bin/sh
# demo.sh BUILD: grades the sample rollouts with every kind of grader, offline.
set -eu
cd "$(dirname "$0")/.."
rft=$1/rft
results=$1/demo
mkdir -p "$results"

show() { # show NAME ROLLOUTS WHAT
	printf '\n=== %s ===\n$ rft grade --spec testdata/specs/%s.yaml testdata/rollouts/%s.jsonl\n\n' "$3" "$1" "$2"
	"$rft" grade --quiet --spec "testdata/specs/$1.yaml" --out "$results/$1.jsonl" "testdata/rollouts/$2.jsonl"
}

show gsm8k arithmetic "numeric: word problems with the answer after ####"
show algebra algebra "symbolic: any form of the same value, set, interval or expression"
show capitals capitals "exact: any of several names, however it is written"
show reviews reviews "exact, one_of: a label out of three"

# The judge of the demonstration is a simulation: a local endpoint whose verdicts
# are computed from the text. With credentials for Amazon Bedrock, and without
# AWS_ENDPOINT_URL_BEDROCK_RUNTIME, the same spec asks the model that it names.
"$rft" judge stub >"$results/stub.env" 2>"$results/stub.log" &
stub=$!
trap 'kill "$stub" 2>/dev/null || true' EXIT
tries=0
until grep -q AWS_SECRET_ACCESS_KEY "$results/stub.env"; do
	tries=$((tries + 1))
	[ "$tries" -lt 200 ] || { echo "the simulated judge did not start:" >&2; cat "$results/stub.log" >&2; exit 1; }
	sleep 0.1
done
. "$results/stub.env"
printf '\n*** The judge below is a SIMULATION: no model answers, its verdicts are computed from the text. ***\n'
show support support "judge: helpfulness and a checklist, by a (simulated) model of Bedrock"
kill "$stub"
wait "$stub" || true
trap - EXIT

printf '\nEach rollout, with the answer that was found and why it scores so:\n'
head -n 4 "$results/gsm8k.jsonl"
printf '...\nall of them: %s/*.jsonl\n' "$results"
