package spec_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/spec"
)

var update = flag.Bool("update", false, "write the golden files")

// A fault is a spec that is refused. The mark § stands where the first fault
// is reported, and is taken out before the spec is read.
type fault struct{ name, text string }

const mark = "§"

// one is a spec with one grader up to its options.
const one = "version: 1\ngraders:\n  cite: "

func many(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func deepBlocks(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%sa:\n", strings.Repeat(" ", i))
	}
	return b.String()
}

func syntaxFaults() []fault {
	return []fault{
		{"empty", "§"},
		{"only comments", "§# nothing\n"},
		{"only a document mark", "§---\n"},
		{"a text", "§correct\n"},
		{"a list", "§- version: 1\n"},
		{"a number", "§12\n"},
		{"two documents", one + "{type: constant}\n§---\nversion: 1\n"},
		{"tab indents", "version: 1\ngraders:\n§\tcite: {type: constant}\n"},
		{"tab behind spaces", "version: 1\ngraders:\n  §\tcite: {type: constant}\n"},
		{"too many tabs", "§" + strings.Repeat("\t", 1001) + "\n"},
		{"too many blank lines", "version: 1\nscore: |\n" + strings.Repeat("\n", 100) + "§\n"},
		{"invalid UTF-8", "version: 1\n# caf§\xe9\n"},
		{"UTF-16", "§\xff\xfev\x00e\x00r\x00"},
		{"NUL", "version: 1§\x00\n"},
		{"carriage return alone", "version: 1§\rgraders:\n"},
		{"brace never closed", one + "§{type: constant\n"},
		{"bracket never closed", one + "{type: citation}\nrange: §[0, 1\n"},
		{"quote never closed", one + "{type: §'constant}\n"},
		{"double quote never closed", one + "{type: §\"constant}\n"},
		{"brace too many", one + "{type: constant}§}\n"},
		{"colon in a value", "version: 1\nscore: §if: then: else\n"},
		{"unknown escape", one + "{type: citation, pattern: \"\\§d+\"}\n"},
		{"reserved character", one + "{type: §@constant}\n"},
		{"no colon", "version: 1\n§graders\n"},
		{"indentation goes astray", "version: 1\ngraders:\n    cite: {type: constant}\n  §other: {type: constant}\n"},
		{"value not indented", "version: 1\ngraders: # soon\n§cite\n"},
		{"anchor", one + "§&c {type: constant}\n"},
		{"alias", one + "{type: constant}\nscore: §*cite\n"},
		{"alias bomb", "a: §&a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]\n"},
		{"merge key", one + "{type: constant}\n§<<: {score: cite}\n"},
		{"tag", one + "{type: §!!str constant}\n"},
		{"complex key", "§? version\n: 1\n"},
		{"directive", "§%YAML 1.2\n---\nversion: 1\n"},
		{"key is a list", "version: 1\n[a]§: b\n"},
		{"key is a number", one + "{type: constant}\nroute:\n  by: /metadata/level\n  §1: cite\n"},
		{"key is a Boolean", one + "{type: constant}\nroute:\n  by: /metadata/ok\n  §true: cite\n"},
		{"key is octal", one + "{type: constant}\nroute:\n  by: /metadata/ok\n  §0o7: cite\n"},
		{"key is nothing", "version: 1\n§~: 1\n"},
		{"colon without a space", one + "{type:§constant}\n"},
		{"colon before a quote", one + "{type: citation, find: [§tag:\"x\"]}\n"},
		{"two names in brackets", one + "{type: citation, find: [boxed\n, §us.m:0\n  whole:b]}\n"},
		{"two names in braces", one + "{type: citation, tolerance: §abs: 1}\n"},
		{"element not indented", one + "\n    type: citation\n    find:\n    - # soon\n    §boxed\n"},
		{"name is a text over lines", "version: 1\n§|\n  a\n: b\n"},
		{"empty element", one + "\n    type: citation\n    labels:\n    - a\n    §-\n"},
		{"escape character", "version: §\x1b[31m1\n"},
		{"bracket in a plain text", one + "{type: citation, pattern: §a]}\n"},
		{"comma in a plain text", one + "{type: citation, pattern: (a, §b)}\n"},
		{"comma in a pattern", one + "{type: citation, pattern: \\d§{1,2}}\n"},
		{"name without a value in braces", one + "{type: constant, §score}\n"},
		{"block text in braces", one + "{type: citation, pattern: §|\n  a}\n"},
		{"dashes in brackets", one + "{type: citation, find: [§- boxed]}\n"},
		{"dash in a folded plain text", "version: 1\ngraders: {a: {type: constant}}\n§score: a\n  - b\n"},
		{"folded text of comments", one + "{type: constant}\nscore: >\n§# nothing\n"},
		{"text begins with a percent sign", one + "{type: constant}\nscore: §%a\n"},
		{"nested too deep", "version: " + strings.Repeat("[", 40) + strings.Repeat("]", 40) + "\nx: " + strings.Repeat("[", 64) + "§" + strings.Repeat("[", 1000)},
		{"nested too deep in blocks", deepBlocks(70)},
		{"nested too deep in dashes", strings.Repeat("- ", 64) + "§- x\n"},
		{"too many tokens", "version: " + "[" + strings.Repeat("x, ", 15_000)},
		{"a name too long", "version: 1\n§" + strings.Repeat("x", 201) + ": 1\n"},
		{"too large", "§version: 1\n" + strings.Repeat("# comment\n", 110_000)},
		{"half a character", one + `{type: citation, pattern: "§\ud83d"}` + "\n"},
	}
}

func documentFaults() []fault {
	return []fault{
		{"no version", "§graders:\n  a: {type: constant}\n"},
		{"version 2", "version: §2\ngraders: {a: {type: constant}}\n"},
		{"version as text", "version: §\"1\"\ngraders: {a: {type: constant}}\n"},
		{"version 1.0", "version: §1.0\ngraders: {a: {type: constant}}\n"},
		{"no graders", "§version: 1\n"},
		{"graders empty", "version: 1\ngraders: §{}\n"},
		{"graders without a value", "version: 1\n§graders:\n"},
		{"graders a list", "version: 1\ngraders:\n  §- type: constant\n"},
		{"unknown member", "version: 1\n§grader:\n  a: {type: constant}\n"},
		{"member twice", "version: 1\ngraders: {a: {type: constant}}\n§version: 1\n"},
		{"grader twice", "version: 1\ngraders:\n  a: {type: constant}\n  §a: {type: field}\n"},
		{"grader's name has a dash", "version: 1\ngraders:\n  §my-grader: {type: constant}\n"},
		{"grader's name begins with a digit", "version: 1\ngraders:\n  §2nd: {type: constant}\n"},
		{"grader's name is a function", "version: 1\ngraders:\n  §mean: {type: constant}\n"},
		{"grader is a text", "version: 1\ngraders:\n  a: §constant\n"},
		{"grader has no value", "version: 1\ngraders:\n  §a:\n"},
		{"no type", "version: 1\ngraders:\n  §a: {score: 1}\n"},
		{"unknown kind", "version: 1\ngraders:\n  a: {type: §constnat}\n"},
		{"unknown kind, nothing close", "version: 1\ngraders:\n  a: {type: §zzz}\n"},
		{"type a number", "version: 1\ngraders:\n  a: {type: §7}\n"},
		{"two graders, no score", "version: 1\n§graders:\n  a: {type: constant}\n  b: {type: constant}\n"},
		{"five graders, no score", "version: 1\n§graders: {a: {type: constant}, b: {type: constant}, c: {type: constant}, d: {type: constant}, e: {type: constant}}\n"},
		{"two hundred and one graders", "version: 1\ngraders: §{" + many(201, "g%d: {type: constant}, ") + "}\n"},
		{"fifteen graders and another", "version: 1\ngraders: {" + many(15, "g%d: {type: constant}, ") + "}\nscore: §other\n"},
		{"grader's name is a sentence", "version: 1\ngraders:\n  §" + strings.Repeat("so long ", 20) + "name: {type: constant}\n"},
		{"grader's name is a number", "version: 1\ngraders:\n  §1: {type: constant}\n"},
		{"more faults than are counted", "version: 1\ngraders: {a: {type: constant}}\n" + many(150, "x%d: 1\n")},
		{"grader never used", "version: 1\ngraders:\n  a: {type: constant}\n  §b: {type: constant}\nscore: a\n"},
		{"range of three", one + "{type: constant}\nrange: §[0, 1, 2]\n"},
		{"range the wrong way round", one + "{type: constant}\nrange: §[1, 0]\n"},
		{"range empty", one + "{type: constant}\nrange: §[1, 1]\n"},
		{"range of texts", one + "{type: constant}\nrange: [§\"0\", x]\n"},
		{"range infinite", one + "{type: constant}\nrange: [0, §.inf]\n"},
		{"range not a number", one + "{type: constant}\nrange: [§.nan, 1]\n"},
		{"range overflows", one + "{type: constant}\nrange: [0, §1e999]\n"},
		{"range a text", one + "{type: constant}\nrange: §0..1\n"},
		{"on_error unknown fault", one + "{type: constant}\non_error: {§transcient: fail}\n"},
		{"on_error unknown action", one + "{type: constant}\non_error: {transient: §neutrall}\n"},
		{"on_error outside the range", one + "{type: constant}\nrange: [0, 1]\non_error: {data: §-1}\n"},
		{"on_error above the range", one + "{type: constant}\nrange: [0, 1]\non_error: {data: §1.5}\n"},
		{"on_error a list", one + "{type: constant}\non_error: §[fail]\n"},
		{"on_error a Boolean", one + "{type: constant}\non_error: {data: §false}\n"},
		{"max_ungraded a percentage", one + "{type: constant}\nmax_ungraded: §25\n"},
		{"max_ungraded a text", one + "{type: constant}\nmax_ungraded: §25%\n"},
		{"concurrency 0", one + "{type: constant}\nconcurrency: §0\n"},
		{"concurrency half", one + "{type: constant}\nconcurrency: §1.5\n"},
		{"concurrency a text", one + "{type: constant}\nconcurrency: §\"8\"\n"},
		{"reserve a number", one + "{type: constant}\nreserve: §2\n"},
		{"reserve without a unit", one + "{type: constant}\nreserve: §\"2\"\n"},
		{"reserve negative", one + "{type: constant}\nreserve: §-2s\n"},
		{"reserve of an hour", one + "{type: constant}\nreserve: §1h\n"},
	}
}

func formulaFaults() []fault {
	two := "version: 1\ngraders:\n  good: {type: constant}\n  brief: {type: constant}\n"
	return []fault{
		{"score empty", two + "§score:\n"},
		{"score a number", two + "score: §0.5\n"},
		{"score a list", two + "score: §[good, brief]\n"},
		{"constant", two + "score: §1 + 1\n"},
		{"may divide by zero", two + "score: §good/brief\n"},
		{"may be no number", two + "score: §if(brief, 1e308*10, good)\n"},
		{"may leave the range above", two + "range: [0, 1]\nscore: §good + brief\n"},
		{"may leave the range below", two + "score: §gate(good, brief - 1)\nrange: [0, 1]\n"},
		{"a route may leave the range", two + "range: [0, 1]\nroute: {by: /metadata/task, a: good, b: §2*brief}\n"},
		{"unknown name", two + "score: good + 2*§breif\n"},
		{"unknown name in double quotes", two + `score: "good +\t2*§breif"` + "\n"},
		{"unknown name behind an escape", two + `score: "\u0067ood + §breif"` + "\n"},
		{"unknown name behind long escapes", two + `score: "\x67ood \U0000002B §breif"` + "\n"},
		{"unknown name behind a folded quote", two + "score: \"good + \\\n  §breif\"\n"},
		{"unknown name in single quotes", two + "score: 'good + §breif'\n"},
		{"unknown name in a literal", two + "score: |\n  gate(good,\n    §breif)\n"},
		{"unknown name in a folded text", two + "score: >-  # folded\n\n  good\n\n  + §breif\n"},
		{"unknown name in a plain text over lines", two + "score: gate(good,\n\n  §breif)\n"},
		{"unknown name behind a number", two + "score: 1e3*good + §e3\n"},
		{"two unknown names", two + "score: good + §a1 + b1\n"},
		{"syntax at the end", two + "score: good +§\n"},
		{"syntax in the middle", two + "score: good §&& brief\n"},
		{"syntax at the end of a literal", two + "score: |\n  mean(good,\n    brief§\n"},
		{"unknown function", two + "score: §avg(good, brief)\n"},
		{"function without arguments", two + "score: good*§min\n"},
		{"wrong number of arguments", two + "score: §clamp(good, brief)\n"},
		{"quote in a formula", two + "score: 'good + §''brief'''\n"},
		{"not ASCII", two + "score: good + gr§öße\n"},
		{"score and route", two + "score: good + brief\n§route: {by: /metadata/task, a: good, b: brief}\n"},
		{"route without by", two + "§route: {a: good, b: brief}\n"},
		{"route without values", two + "§route: {by: /metadata/task}\n"},
		{"route by no pointer", two + "route: {by: §metadata.task, a: good, b: brief}\n"},
		{"route by the whole metadata", two + "route: {by: §/metadata, a: good, b: brief}\n"},
		{"route by a list", two + "route: {by: §[a], a: good, b: brief}\n"},
		{"route to an unknown grader", two + "route:\n  by: /metadata/task\n  a: good\n  b: 0.5*§brif\n"},
		{"route uses not all", two[:len(two)-1] + "\n  §third: {type: constant}\nroute: {by: /metadata/task, a: good, b: brief}\n"},
		{"route to a constant", two + "route: {by: /metadata/task, a: good, b: brief, c: §'0'}\n"},
		{"route value twice", two + "route: {by: /metadata/task, a: good, b: brief, §a: brief}\n"},
		{"route value is a list", two + "route: {by: /metadata/task, a: good, b: brief, [c]§: good}\n"},
		{"route value is a number", two + "route: {by: /metadata/task, a: good, §2: brief}\n"},
		{"route a text", two + "route: §good\n"},
	}
}

func optionFaults() []fault {
	return []fault{
		{"wrong type", one + "{type: citation, min: §x}\n"},
		{"wrong type in block style", "version: 1\ngraders:\n  cite:\n    type: citation\n    min:   §x # how many\n"},
		{"number in quotes", one + "{type: citation, min: §\"3\"}\n"},
		{"half where whole is wanted", one + "{type: citation, min: §1.5}\n"},
		{"unknown option", one + "{type: citation, §mim: 1}\n"},
		{"unknown option in quotes", one + "{type: citation, §'mim': 1}\n"},
		{"unknown option inside an option", one + "{type: citation, tolerance: {§rell: 1}}\n"},
		{"unknown option in block style", "version: 1\ngraders:\n  cite:\n    type: citation\n    tolerance:\n      abs: 1\n      §rell: 1\n"},
		{"option twice", one + "{type: citation, min: 1, §min: 2}\n"},
		{"outside the enum", one + "{type: citation, style: §squar}\n"},
		{"yes for a text", one + "{type: citation, style: §no}\n"},
		{"labels that are no texts", one + "{type: citation, labels: [§yes, no, 1.0, 0777, ~, True, .inf, 0x1f, ok]}\n"},
		{"yes for a Boolean", one + "{type: citation, fold: §yes}\n"},
		{"Boolean in quotes", one + "{type: citation, fold: §'true'}\n"},
		{"option without a value", "version: 1\ngraders:\n  cite:\n    type: citation\n    §min:\n    style: square\n"},
		{"finders without a value", "version: 1\ngraders:\n  cite:\n    type: citation\n    §find:\n"},
		{"pointer without a value", "version: 1\ngraders:\n  cite:\n    type: citation\n    §partial: # off\n"},
		{"no value inside free JSON", "version: 1\ngraders:\n  cite:\n    type: citation\n    extra:\n      §a:\n"},
		{"number for a pointer", one + "{type: citation, reference: §1}\n"},
		{"no pointer", one + "{type: citation, reference: §final_answer}\n"},
		{"own decoder", one + "{type: citation, find: §[boxd]}\n"},
		{"octal", one + "{type: citation, min: §010}\n"},
		{"underscores", one + "{type: citation, min: §1_000}\n"},
		{"bare point", one + "{type: citation, tolerance: {abs: §.5}}\n"},
		{"infinite", one + "{type: citation, tolerance: {abs: §.inf}}\n"},
		{"overflow", one + "{type: citation, tolerance: {abs: §1e999}}\n"},
		{"map with a wrong value", one + "{type: citation, weights: {a: 1, b: §two}}\n"},
		{"list for a mapping", one + "{type: citation, tolerance: §[1]}\n"},
		{"found by building", one + "{type: citation, pattern: §'('}\n"},
		{"found by building, inside", one + "{type: citation, tolerance: {abs: 1, rel: §-1}}\n"},
		{"found by building, option not there", "version: 1\ngraders:\n  §cite: {type: citation, fold: true}\n"},
		{"found by building, no option named", "version: 1\ngraders:\n  §cite: {type: citation, min: 101}\n"},
		{"found by building, a message over lines", one + "{type: citation, pattern: §\"(\\n\\n\\e[31m\"}\n"},
		{"a long text", one + "{type: citation, min: §" + strings.Repeat("x", 100) + "}\n"},
		{"null in a list of a mapping", one + "{type: citation, weights: {a: §null}}\n"},
		{"mapping for a list", one + "{type: citation, labels: §{a: b}}\n"},
		{"file without a folder", "version: 1\ngraders:\n  cite: {type: rubric, file: §rubric.txt}\n"},
		{"several", one + "{type: citation, min: §x, mim: 1, style: y, fold: on}\n  other: {type: nothing}\nscore: cite + othr\nrange: [2, 1]\n"},
		{"more than are shown", one + "{type: citation, labels: [§" + strings.Repeat("1, ", 50) + "]}\n"},
		{"a long line", one + "{type: citation, pattern: '" + strings.Repeat("long ", 40) + "', §mim: 1, find: [" + strings.Repeat("whole, ", 20) + "]}\n"},
		{"wide characters", "version: 1\ngraders:\n  cite: {type: citation, labels: [größe, 数学], §mim: 1}\n"},
	}
}

func jsonFaults() []fault {
	return []fault{
		{"empty", "§"},
		{"not JSON", "{\"version\": 1, §graders: {}}"},
		{"comma too many", "{\"version\": 1§,}"},
		{"ends early", "{\"version\": 1§"},
		{"two values", "{\"version\": 1} §{}"},
		{"a list", "§[1]"},
		{"member twice", "{\"version\": 1, \"graders\": {\"a\": {\"type\": \"constant\"}},\n §\"graders\": 1}"},
		{"unknown kind", "{\n  \"version\": 1,\n  \"graders\": {\"a\": {\"type\": §\"constnat\"}}\n}"},
		{"unknown option", "{\n\t\"version\": 1,\n\t\"graders\": {\"a\": {\"type\": \"citation\", §\"mim\": 1}}\n}"},
		{"number for a text", `{"version": 1, "graders": {"a": {"type": "citation", "labels": [§1.0]}}}`},
		{"null", `{"version": 1, "graders": {"a": {"type": "citation", "min": §null}}}`},
		{"formula behind an escape", `{"version": 1, "graders": {"a": {"type": "constant"}}, "score": "\u0061 +\n §b"}`},
		{"half a character", `{"version": 1, "graders": {"a": {"type": "citation", "pattern": "§\ud83d"}}}`},
		{"too many values", "[" + strings.Repeat("1,", 30_000) + "1]"},
		{"a name too long", `{"` + strings.Repeat("x", 201) + `"§: 1}`},
		{"nested too deep", `{"version": ` + strings.Repeat("[", 65) + "§" + strings.Repeat("[", 2000)},
	}
}

func TestFaults(t *testing.T) {
	for _, group := range []struct {
		name, file string
		faults     []fault
	}{
		{"syntax", "grader.yaml", syntaxFaults()},
		{"document", "grader.yaml", documentFaults()},
		{"formulas", "grader.yaml", formulaFaults()},
		{"options", "grader.yaml", optionFaults()},
		{"json", "grader.json", jsonFaults()},
	} {
		t.Run(group.name, func(t *testing.T) {
			var golden strings.Builder
			for _, f := range group.faults {
				t.Run(f.name, func(t *testing.T) {
					before, after, marked := strings.Cut(f.text, mark)
					s, err := spec.Parse(group.file, []byte(before+after), kinds())
					require.Error(t, err)
					require.Nil(t, s)
					faults := spec.Errors(err)
					require.NotEmpty(t, faults)
					for i, e := range faults[1:] {
						require.False(t, e.Line < faults[i].Line || e.Line == faults[i].Line && e.Column < faults[i].Column, "faults are in document order: %v", err)
					}
					golden.WriteString("=== " + f.name + "\n" + err.Error() + "\n")
					if marked {
						line := 1 + strings.Count(before, "\n")
						col := 1 + utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:])
						require.Equal(t, [2]int{line, col}, [2]int{faults[0].Line, faults[0].Column}, "%v", err)
					}
				})
			}
			checkGolden(t, group.name, golden.String())
		})
	}
}

func checkGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run go test -update")
	require.Equal(t, string(want), got)
}
