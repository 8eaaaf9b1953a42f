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

if [ "$(uname)" = Linux ]; then
	show programs programs "code: programs in Python, C and JavaScript, compiled and tested"
fi

printf '\nEach rollout, with the answer that was found and why it scores so:\n'
head -n 4 "$results/gsm8k.jsonl"
printf '...\nall of them: %s/*.jsonl\n' "$results"
