package code_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// fake is an executor of programs that are lists of words. A script prints, and
// a function returns, the word that stands where its run stands; some words
// stand for failures.
type fake struct {
	runs, closed atomic.Int32
	seen         atomic.Pointer[sandbox.Program]
}

func (f *fake) engine() code.Engine {
	return code.Engine{Name: "fake", Open: func(context.Context, code.Setup) (sandbox.Executor, error) { return f, nil }}
}

func (f *fake) Close() error { f.closed.Add(1); return nil }

func (f *fake) Report() sandbox.Report {
	return sandbox.Report{Executor: "fake", Toolchains: map[string]string{"python": "1", "c": "1", "go": "1"},
		Protections: []sandbox.Protection{{Name: "walls", Active: true}, {Name: "moat"}}}
}

func (f *fake) Run(ctx context.Context, p sandbox.Program, inputs []sandbox.Input, take func(int, sandbox.Output) bool) (sandbox.Build, error) {
	run := f.runs.Add(1)
	f.seen.Store(&p)
	source := p.Source
	if i := strings.Index(source, "\n#"); i >= 0 { // behind what the tests put before it
		source = source[i+1:]
	}
	words := strings.Fields(source)
	if len(words) < 2 {
		words = append(words, "null", "null")
	}
	switch words[0] {
	case "#syntax":
		return sandbox.Build{Failure: sandbox.CompileError, Log: []byte(p.Language.File + ":3:7: error: near 'SECRET'")}, nil
	case "#lost":
		return sandbox.Build{}, grader.Transientf("no process could be started")
	case "#raw":
		return sandbox.Build{}, errors.New("something else")
	}
	for i, input := range inputs {
		word := words[1+i%(len(words)-1)]
		out := sandbox.Output{Usage: sandbox.Usage{CPU: time.Second, Memory: 1 << 20}}
		if word == "other" { // in every second run
			word = []string{"0", "1"}[run%2]
		}
		switch word {
		case "runtime":
			out.Failure, out.Exit = sandbox.RuntimeError, 3
		case "signal":
			out.Failure, out.Exit = sandbox.RuntimeError, 128+11
		case "time", "memory", "output", "disk":
			out.Failure = sandbox.Failure(word)
		default:
			out.Stdout = []byte(word)
			out.Value = reply(input.Call, word)
		}
		if !take(i, out) {
			break
		}
	}
	return sandbox.Build{}, ctx.Err()
}

// reply answers a call with a value, or as words ask for that are none.
func reply(call []byte, word string) []byte {
	var c struct {
		ID    int64
		Nonce string
	}
	if json.Unmarshal(call, &c) != nil {
		return nil
	}
	out := map[string]any{"id": c.ID, "nonce": c.Nonce, "value": json.RawMessage(word)}
	switch word {
	case "forged":
		out["nonce"], out["value"] = "0", json.RawMessage("1")
	case "late":
		out["id"], out["value"] = c.ID-1, json.RawMessage("1")
	case "raises":
		delete(out, "value")
		out["error"] = map[string]any{"type": "ValueError", "message": "x"}
	}
	b, _ := json.Marshal(out)
	return b
}

func cases(outs ...string) string {
	var b strings.Builder
	for i, out := range outs {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(`{"args": [], "out": ` + out + `}`)
	}
	return `{"kind": "function", "entry": "f", "cases": [` + b.String() + `]}`
}

func TestScores(t *testing.T) {
	const share, keep = `"score": "share"`, `"score": "share", "guess": "keep"`
	weighted := `{"kind": "stdio", "cases": [{"out": "1", "weight": 3}, {"out": "2"}]}`
	grouped := `{"kind": "stdio", "cases": [{"out": "1", "group": "a"}, {"out": "2", "group": "a"}, {"out": "3", "group": "b"}, {"out": "4", "group": "c"}]}`
	yesno := cases("true", "false", "true", "false", "false")
	for _, c := range []struct {
		name, options, tests, words string
		score                       float64
	}{
		{"all pass", ``, cases("1", "2"), "1 2", 1},
		{"one fails", ``, cases("1", "2"), "1 3", 0},
		{"a share", share, cases("1", "2", "3", "4"), "1 2 9 9", 0.5},
		{"a share of none", share, cases("1", "2"), "9 9", 0},
		{"a share of all", share, cases("1", "1", "1"), "1 1 1", 1},
		{"always true", share, yesno, "true true true true true", 0},
		{"always false", share, yesno, "false false false false false", 0},
		{"better than a guess", share, yesno, "true false true false true", 0.5},
		{"always true, kept", keep, yesno, "true true true true true", 0.4},
		{"all want the same", share, cases("1", "1", "1", "1"), "1 1 1 9", 0},
		{"all want the same, kept", keep, cases("1", "1", "1", "1"), "1 1 1 9", 0.75},
		{"a wanted value twice", share, cases("1", "1", "2", "3"), "9 9 2 3", 0},
		{"weights", `"score": "weighted"`, weighted, "1 9", 0.75},
		{"weights do not count in a share", share, weighted, "1 9", 0.5},
		{"groups", `"score": "groups"`, grouped, "1 9 3 4", 2.0 / 3},
		{"groups, all", `"score": "groups"`, grouped, "1 2 3 4", 1},
		{"groups with weights", `"score": "groups"`, `{"kind": "stdio", "cases": [{"out": "1"}, {"out": "2"}], "groups": [{"tests": [0], "weight": 3}, {"tests": [1]}]}`, "1 9", 0.75},
		{"credit for compiling", `"compile_credit": 0.1`, cases("1", "2"), "9 9", 0.1},
		{"credit and a share", `"compile_credit": 0.2, "score": "share"`, cases("1", "2"), "1 9", 0.6},
		{"credit and all", `"compile_credit": 0.2`, cases("1", "2"), "1 2", 1},
		{"no credit without compiling", `"compile_credit": 0.2`, cases("1"), "#syntax", 0},
		{"a failure among passes", share, cases("1", "2", "3", "4"), "1 runtime 3 4", 0.75},
		{"a forged reply", ``, cases("1"), "forged", 0},
		{"a reply to another call", ``, cases("1"), "late", 0},
		{"an exception", ``, cases("1"), "raises", 0},
		{"an object", ``, cases("1"), `{"$o":"Equal"}`, 0},
		{"a check is one test", share, `{"prompt": "", "entry_point": "f", "test": "def check(candidate):\n  assert candidate() == 1\n  assert candidate() == 2\n"}`, "1 9", 0},
		{"asserts are tests", share, `["assert f() == 1", "assert f() == 2"]`, "1 9", 0.5},
		{"asserts of truth are guessed", share, `["assert f()", "assert f()", "assert not f()"]`, "1 1 1", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			options := `{"language": "python"`
			if c.options != "" {
				options += ", " + c.options
			}
			if !strings.HasPrefix(c.words, "#") {
				c.words = "# " + c.words
			}
			g := build(t, code.New(new(fake).engine()), options+"}")
			res, err := g.Grade(t.Context(), rollout(t, block("python", c.words), `{"tests": `+c.tests+`}`))
			require.NoError(t, err)
			require.NoError(t, res.Check())
			require.InDelta(t, c.score, res.Score, 1e-12, res.Reason)
			require.NotEmpty(t, res.Reason)
		})
	}
}

func TestMetricsAndReasons(t *testing.T) {
	const prefix = "the last code block: "
	for _, c := range []struct {
		name, answer, options string
		want                  map[string]float64 // those that are not 0
		reason                string
	}{
		{"passed", block("python", "# 1 2 3"), ``, map[string]float64{"code_found": 1, "compiled": 1, "passed": 3, "total": 3, "trusted": 1, "isolation": 0.5, "time_s": 3, "memory_mib": 1},
			prefix + "passed all of 3 tests"},
		{"no code", "I cannot.", ``, map[string]float64{"total": 3, "trusted": 1, "isolation": 0.5}, "no code: no code block, and the text does not look like code"},
		{"a thought", "<think>" + block("python", "# 1 2 3"), ``, map[string]float64{"total": 3, "trusted": 1, "isolation": 0.5}, "no code: the <think> in line 1, is never closed, so there is no final answer"},
		{"syntax", block("python", "#syntax"), ``, map[string]float64{"code_found": 1, "failed_compile": 1, "total": 3, "trusted": 1, "isolation": 0.5}, prefix + "it does not compile, line 3: near '...'"},
		{"wrong", block("python", "# 1 9 3"), `"stop_early": false, "usage": false`, map[string]float64{"code_found": 1, "compiled": 1, "passed": 2, "failed_answer": 1, "total": 3, "trusted": 1, "isolation": 0.5},
			prefix + "passed 2 of 3 tests; test 2: wrong answer: got 9, want 2"},
		{"stopped", block("python", "# 1 9 3"), `"usage": false`, map[string]float64{"code_found": 1, "compiled": 1, "passed": 1, "failed_answer": 1, "total": 3, "trusted": 1, "isolation": 0.5},
			prefix + "stopped at test 2 of 3: wrong answer: got 9, want 2"},
		{"status", block("python", "# runtime"), `"usage": false`, map[string]float64{"code_found": 1, "compiled": 1, "failed_runtime": 1, "total": 3, "trusted": 1, "isolation": 0.5},
			prefix + "stopped at test 1 of 3: runtime error: it ended before it answered: exit status 3"},
		{"signal", block("python", "# signal"), `"usage": false`, map[string]float64{"code_found": 1, "compiled": 1, "failed_runtime": 1, "total": 3, "trusted": 1, "isolation": 0.5},
			prefix + "stopped at test 1 of 3: runtime error: it ended before it answered: ended by signal 11"},
		{"exception", block("python", "# raises"), `"usage": false`, map[string]float64{"code_found": 1, "compiled": 1, "failed_runtime": 1, "total": 3, "trusted": 1, "isolation": 0.5},
			prefix + "stopped at test 1 of 3: runtime error: ValueError: x"},
		{"forged", block("python", "# forged"), `"usage": false`, map[string]float64{"code_found": 1, "compiled": 1, "failed_runtime": 1, "total": 3, "trusted": 1, "isolation": 0.5},
			prefix + "stopped at test 1 of 3: runtime error: it wrote no reply to the call: the line is no reply to the call"},
		{"time", block("python", "# time"), `"usage": false`, map[string]float64{"code_found": 1, "compiled": 1, "failed_time": 1, "total": 3, "trusted": 1, "isolation": 0.5}, prefix + "stopped at test 1 of 3: time limit"},
		{"memory", block("python", "# memory"), `"usage": false`, map[string]float64{"code_found": 1, "compiled": 1, "failed_memory": 1, "total": 3, "trusted": 1, "isolation": 0.5}, prefix + "stopped at test 1 of 3: memory limit"},
		{"output", block("python", "# output"), `"usage": false`, map[string]float64{"code_found": 1, "compiled": 1, "failed_output": 1, "total": 3, "trusted": 1, "isolation": 0.5}, prefix + "stopped at test 1 of 3: output limit"},
		{"disk", block("python", "# disk"), `"usage": false`, map[string]float64{"code_found": 1, "compiled": 1, "failed_disk": 1, "total": 3, "trusted": 1, "isolation": 0.5}, prefix + "stopped at test 1 of 3: disk limit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			options := `{"language": "python"`
			if c.options != "" {
				options += ", " + c.options
			}
			g := build(t, code.New(new(fake).engine()), options+"}")
			res, err := g.Grade(t.Context(), rollout(t, c.answer, cases("1", "2", "3")))
			require.NoError(t, err)
			require.NoError(t, res.Check())
			got := metrics(res)
			for name, value := range got {
				if value == 0 {
					delete(got, name)
				}
			}
			require.Equal(t, c.want, got)
			if c.name != "a thought" {
				require.Equal(t, c.reason, res.Reason)
			} else {
				require.Contains(t, res.Reason, "is never closed")
			}
			require.NotContains(t, res.Reason, "SECRET")
		})
	}
}

// TestTimeouts checks that a program that never ends costs three limits, not one
// for each of its tests, and that what passed before is kept.
func TestTimeouts(t *testing.T) {
	g := build(t, code.New(new(fake).engine()), `{"language": "python", "score": "share", "guess": "keep"}`)
	res, err := g.Grade(t.Context(), rollout(t, block("python", "# 1 time time 1 time time time 1 1 1"), cases("1", "1", "1", "1", "1", "1", "1", "1", "1", "1")))
	require.NoError(t, err)
	require.Equal(t, 0.2, res.Score)
	require.Equal(t, 7.0, metrics(res)["time_s"], "tests that ran")
	require.Equal(t, 1.0, metrics(res)["failed_time"])
}

func TestFlaky(t *testing.T) {
	for _, c := range []struct {
		words        string
		flaky, score float64
	}{
		{"1 1", 0, 1}, {"1 other", 1, 0.5}, {"9 9", 0, 0},
	} {
		f := new(fake)
		g := build(t, code.New(f.engine()), `{"language": "python", "flaky": 3, "score": "share", "guess": "keep"}`)
		res, err := g.Grade(t.Context(), rollout(t, block("python", "# "+c.words), cases("1", "1")))
		require.NoError(t, err)
		require.Equal(t, c.flaky, metrics(res)["flaky"], c.words)
		require.Equal(t, c.score, res.Score, c.words)
	}
}

// TestLookup checks where tests and language are looked for.
func TestLookup(t *testing.T) {
	tests := cases("1")
	for _, c := range []struct{ name, options, reference string }{
		{"at /tests", ``, `{"tests": ` + tests + `}`},
		{"the whole", ``, tests},
		{"a string", ``, `"{\"tests\": [{\"fn_name\": \"f\", \"input\": [], \"output\": 1}]}"`},
		{"a row with a member of its own", ``, `{"kind": "asserts", "asserts": ["assert f() == 1"], "entry": "f"}`},
		{"at a pointer", `, "tests": "/a/b"`, `{"a": {"b": ` + tests + `}}`},
		{"in the metadata", `, "tests": "metadata:/tests"`, `5`},
		{"the language by pointer", `, "language": "/lang"`, `{"lang": "Py", "tests": ` + tests + `}`},
		{"the language in the metadata", `, "language": "metadata:/lang"`, tests},
		{"the entry", `, "entry": "f"`, `{"inputs": [[]], "outputs": [1]}`},
		{"the entry by pointer", `, "entry": "metadata:/entry"`, `{"inputs": [[]], "outputs": [1]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			options := `{"language": "python"` + c.options + `}`
			if strings.Contains(c.options, "language") {
				options = `{` + strings.TrimPrefix(c.options, ", ") + `}`
			}
			g := build(t, code.New(new(fake).engine()), options)
			r := rollout(t, block("python", "# 1"), c.reference)
			r.Metadata = map[string]json.RawMessage{"tests": json.RawMessage(tests), "lang": json.RawMessage(`"python3"`), "entry": json.RawMessage(`"f"`)}
			res, err := g.Grade(t.Context(), r)
			require.NoError(t, err)
			require.Equal(t, 1.0, res.Score, res.Reason)
		})
	}
}

func TestDataFaults(t *testing.T) {
	for _, c := range []struct{ name, options, reference, where, err string }{
		{"no reference", `"language": "python"`, `null`, "/reference_answer", "no reference answer"},
		{"no tests", `"language": "python"`, `{"answer": 5}`, "/reference_answer", "no form of tests"},
		{"no such pointer", `"language": "python", "tests": "/t"`, `{"tests": []}`, "/reference_answer/t", "no such member"},
		{"a member nobody knows", `"language": "python"`, `{"tests": {"kind": "stdio", "cases": [{"out": "1"}], "tol": 1}}`, "/reference_answer/tests/tol", "compare: float"},
		{"no language", `"language": "/lang"`, `{"tests": []}`, "/reference_answer/lang", "no such member"},
		{"another language", `"language": "/lang"`, `{"lang": "cobol", "tests": [{"output": "1"}]}`, "/reference_answer/lang", "no language of that name"},
		{"another form", `"language": "python", "form": "unit"`, `[{"output": "1"}]`, "/reference_answer", "the option form wants unit"},
		{"asserts of C", `"language": "c"`, `["assert f() == 1"]`, "/reference_answer", "are for python"},
		{"functions of C", `"language": "c"`, cases("1"), "/reference_answer", "give tests of the form stdio"},
		{"no groups", `"language": "python", "score": "groups"`, cases("1"), "/reference_answer", "have no groups"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := build(t, code.New(new(fake).engine()), `{`+c.options+`}`)
			for _, answer := range []string{block("python", "# 1"), "no code"} {
				_, err := g.Grade(t.Context(), rollout(t, answer, c.reference))
				var data *grader.DataError
				require.ErrorAs(t, err, &data)
				require.Equal(t, c.where, data.Where)
				require.ErrorContains(t, err, c.err)
			}
		})
	}
}

// TestSandboxFaults checks that no fault of the sandbox becomes a score.
func TestSandboxFaults(t *testing.T) {
	g := build(t, code.New(new(fake).engine()), `{"language": "metadata:/lang"}`)
	grade := func(ctx context.Context, lang, words, tests string) error {
		r := rollout(t, block("python", words)+"\n"+block("java", words), tests)
		r.Metadata = map[string]json.RawMessage{"lang": json.RawMessage(`"` + lang + `"`)}
		_, err := g.Grade(ctx, r)
		require.Error(t, err)
		return err
	}
	require.Equal(t, grader.FaultTransient, grader.FaultOf(grade(t.Context(), "python", "#lost", cases("1"))))
	require.Equal(t, grader.FaultPermanent, grader.FaultOf(grade(t.Context(), "python", "#raw", cases("1"))))
	err := grade(t.Context(), "java", "# 1", cases("1"))
	require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
	require.ErrorContains(t, err, "toolchain of java")
	err = grade(t.Context(), "python", "# 1", `{"kind": "unit", "framework": "pytest", "files": {"test_a.py": ""}}`)
	require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
	require.ErrorContains(t, err, "use the executor jail")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Equal(t, grader.FaultDeadline, grader.FaultOf(grade(ctx, "python", "# 1", cases("1"))))
}

func TestOptionFaults(t *testing.T) {
	for _, c := range []struct{ name, options, pointer string }{
		{"no language", `{}`, "/language"},
		{"an unknown language", `{"language": "cobol"}`, "/language"},
		{"a broken pointer", `{"language": "metadata:"}`, "/language"},
		{"an unknown executor", `{"language": "python", "executor": "docker"}`, "/executor"},
		{"an unknown score", `{"language": "python", "score": "most"}`, "/score"},
		{"an unknown policy", `{"language": "python", "code": {"policy": "best"}}`, "/code/policy"},
		{"all the credit", `{"language": "python", "compile_credit": 1}`, "/compile_credit"},
		{"too many runs", `{"language": "python", "flaky": 11}`, "/flaky"},
		{"a negative limit", `{"language": "python", "limits": {"memory": -1}}`, "/limits/memory"},
		{"less memory than a runtime needs", `{"language": "javascript", "limits": {"memory": 7}}`, "/limits/memory"},
		{"less memory than any program needs", `{"language": "python", "limits": {"memory": 0.1}}`, "/limits/memory"},
		{"less time than a runtime needs", `{"language": "java", "limits": {"time": 0.1}}`, "/limits/time"},
		{"a time without end", `{"language": "python", "limits": {"time": 1e9}}`, "/limits/time"},
		{"a compiler's time without end", `{"language": "c", "limits": {"compile": 3601}}`, "/limits/compile"},
		{"an unknown protection", `{"language": "python", "isolation": {"require": ["walls", "dragon"]}}`, "/isolation/require/1"},
		{"remote without remote", `{"language": "python", "remote": {"function": "f"}}`, "/remote"},
		{"a language without a command", `{"language": "x", "languages": [{"name": "x", "file": "x.x"}]}`, "/languages/0/run"},
		{"a language with a folder", `{"language": "x", "languages": [{"name": "x", "file": "a/x.x", "run": ["x"]}]}`, "/languages/0/file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := new(fake)
			_, err := code.New(f.engine()).New(nil, []byte(c.options))
			var option *grader.OptionError
			require.ErrorAs(t, err, &option)
			require.Equal(t, c.pointer, option.Pointer)
		})
	}
}

// TestStart checks what is refused when a grader is built, and that nothing is
// left open then.
func TestStart(t *testing.T) {
	for _, c := range []struct{ name, options, err string }{
		{"a missing toolchain", `{"language": "rust"}`, "toolchain of rust"},
		{"isolation that is not there", `{"language": "python", "isolation": {"require": ["walls", "moat"]}}`, "does not give moat"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := new(fake)
			_, err := code.New(f.engine()).New(nil, []byte(c.options))
			var permanent *grader.PermanentError
			require.ErrorAs(t, err, &permanent)
			require.ErrorContains(t, err, c.err)
			require.Equal(t, int32(1), f.closed.Load())
		})
	}
}

// silent is an executor that cannot be asked.
type silent struct{ *fake }

func (silent) Report() sandbox.Report { return sandbox.Report{Executor: "silent"} }

// TestNoReport checks that an executor which cannot be asked may run programs,
// but not where something is required of it.
func TestNoReport(t *testing.T) {
	kind := code.New(code.Engine{Name: "silent", Open: func(context.Context, code.Setup) (sandbox.Executor, error) { return silent{new(fake)}, nil }})
	g := build(t, kind, `{"language": "rust"}`)
	res, err := g.Grade(t.Context(), rollout(t, block("rust", "# 1"), `[{"output": "1"}]`))
	require.NoError(t, err)
	require.Equal(t, 1.0, res.Score)
	require.Zero(t, metrics(res)["isolation"])
	_, err = kind.New(nil, []byte(`{"language": "rust", "isolation": {"require": ["walls"]}}`))
	require.Error(t, err)
}

// TestSharing checks that graders of one kind with the same executor share it,
// and that the last one closes it, once.
func TestSharing(t *testing.T) {
	f := new(fake)
	opened := 0
	kind := code.New(code.Engine{Name: "fake", Open: func(context.Context, code.Setup) (sandbox.Executor, error) { opened++; return f, nil }})
	var graders []grader.Grader
	for _, options := range []string{`{"language": "python"}`, `{"language": "c", "score": "share"}`, `{"language": "python", "limits": {"time": 1}}`} {
		g, err := kind.New(nil, []byte(options))
		require.NoError(t, err)
		graders = append(graders, g)
	}
	require.Equal(t, 2, opened)
	for i, closed := range []int32{0, 1, 2} {
		require.NoError(t, graders[i].(io.Closer).Close())
		require.NoError(t, graders[i].(io.Closer).Close())
		require.Equal(t, closed, f.closed.Load())
	}
	n, err := graders[0].(grader.Sweeper).Sweep(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
}

// TestLimits checks which limits a program gets.
func TestLimits(t *testing.T) {
	for _, c := range []struct {
		name, options, tests string
		want                 sandbox.Limits
	}{
		{"the default", ``, ``, sandbox.DefaultLimits()},
		{"those of the tests", ``, `"limits": {"time_s": 0.5, "memory_mb": 1024},`, sandbox.Limits{Time: 500 * time.Millisecond, Memory: 1 << 30}},
		{"tests that ask for too much", ``, `"limits": {"time_s": 500, "output_kb": 1000000},`, sandbox.Limits{Time: 50 * time.Second, Output: 10 << 20}},
		{"those of the spec", `, "limits": {"time": 7, "disk": 1, "processes": 2, "compile": 3}`, ``, sandbox.Limits{Time: 7 * time.Second, Disk: 1 << 20, Processes: 2, Compile: 3 * time.Second}},
		{"tests above the spec", `, "limits": {"time": 2}`, `"limits": {"time_s": 3},`, sandbox.Limits{Time: 2 * time.Second}},
		{"tests below the spec", `, "limits": {"time": 2}`, `"limits": {"time_s": 1},`, sandbox.Limits{Time: time.Second}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := new(fake)
			g := build(t, code.New(f.engine()), `{"language": "python"`+c.options+`}`)
			_, err := g.Grade(t.Context(), rollout(t, block("python", "# 1"), `{"kind": "stdio", `+c.tests+` "cases": [{"out": "1"}]}`))
			require.NoError(t, err)
			require.Equal(t, c.want.Or(sandbox.DefaultLimits()), f.seen.Load().Limits)
		})
	}
}

// TestPrograms checks what program is made of an answer and its tests.
func TestPrograms(t *testing.T) {
	const prompt = "import math\\n\\ndef h(x):\\n    return x\\n\\n@deco\\ndef f(x):\\n    \\\"\\\"\\\"doc\\\"\\\"\\\"\\n"
	check := `{"prompt": "` + prompt + `", "entry_point": "f", "test": "def check(candidate):\n  assert candidate() == 1\n"}`
	head := "import math\n\ndef h(x):\n    return x\n\n"
	for _, c := range []struct{ name, tests, answer, want string }{
		{"a script", `[{"output": "1"}]`, block("python", "# 1"), "# 1\n"},
		{"a function with a prompt", check, block("python", "def f(x):\n    return 1"), head + "def f(x):\n    return 1\n"},
		{"a method with a prompt", check, block("python", "class Solution:\n    def f(self, x):\n        return 1"), head + "class Solution:\n    def f(self, x):\n        return 1\n"},
		{"an assignment", check, block("python", "f = lambda x: 1"), head + "f = lambda x: 1\n"},
		{"the body alone", check, block("python", "    return 1"), head + "@deco\ndef f(x):\n    \"\"\"doc\"\"\"\n    return 1\n"},
		{"a comparison is no definition", check, block("python", "    f == 1"), head + "@deco\ndef f(x):\n    \"\"\"doc\"\"\"\n    f == 1\n"},
		{"imports of the tests", `{"test_list": ["assert f() == 1"], "test_imports": ["import os"]}`, block("python", "def f(): pass"), "import os\ndef f(): pass\n"},
		{"imports behind __future__", `{"test_list": ["assert f() == 1"], "test_imports": ["import os"]}`, block("python", "\"doc\"\nfrom __future__ import annotations\ndef f(): pass"), "\"doc\"\nfrom __future__ import annotations\nimport os\ndef f(): pass\n"},
		{"all blocks", `[{"output": "1"}]`, block("python", "# 1") + "\n" + block("python", "# 2"), "# 2\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := new(fake)
			g := build(t, code.New(f.engine()), `{"language": "python"}`)
			_, err := g.Grade(t.Context(), rollout(t, c.answer, c.tests))
			require.NoError(t, err)
			require.Equal(t, c.want, f.seen.Load().Source)
			require.NotContains(t, f.seen.Load().Source, "assert")
		})
	}
}

// TestLog checks that the level of isolation is logged, and nothing of rollouts.
func TestLog(t *testing.T) {
	var text strings.Builder
	g, err := code.New(new(fake).engine()).New(&grader.Env{Log: slog.New(slog.NewTextHandler(&text, nil))}, []byte(`{"language": "python"}`))
	require.NoError(t, err)
	_, err = g.Grade(t.Context(), rollout(t, block("python", "# HIDDEN"), cases(`"HIDDEN"`)))
	require.NoError(t, err)
	require.Contains(t, text.String(), "isolation=0.5 active=walls inactive=moat")
	require.NotContains(t, text.String(), "HIDDEN")
}
