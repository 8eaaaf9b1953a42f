package code

import (
	"slices"
	"strconv"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/split"
)

// wrong is the class of a test that ran well and gave another output than is
// wanted.
const wrong = split.Wrong

// An outcome is what came of running a program on its tests.
type outcome struct {
	compiled bool
	build    sandbox.Build
	tests    []tested
	trusted  bool
	flaky    bool
	composed
	usage sandbox.Usage // the time of all tests, the peak of memory
}

// tested is what came of one test.
type tested struct {
	ran    bool
	passed bool
	class  sandbox.Failure // why it did not pass
	why    string          // for people
}

func (o outcome) passed() int {
	n := 0
	for _, t := range o.tests {
		if t.passed {
			n++
		}
	}
	return n
}

// same reports whether two runs passed the same tests.
func (o outcome) same(p outcome) bool {
	return o.compiled == p.compiled && slices.EqualFunc(o.tests, p.tests, func(a, b tested) bool { return a.passed == b.passed })
}

// first returns the first test that failed, and -1 where none did.
func (o outcome) first() int {
	return slices.IndexFunc(o.tests, func(t tested) bool { return !t.passed && t.ran })
}

// classes are the classes of failure, in the order of their metrics, and how
// people call them.
var classes = []struct {
	class        sandbox.Failure
	metric, name string
}{
	{sandbox.CompileError, "failed_compile", "does not compile"},
	{wrong, "failed_answer", "wrong answer"},
	{sandbox.RuntimeError, "failed_runtime", "runtime error"},
	{sandbox.TimeLimit, "failed_time", "time limit"},
	{sandbox.MemoryLimit, "failed_memory", "memory limit"},
	{sandbox.OutputLimit, "failed_output", "output limit"},
	{sandbox.DiskLimit, "failed_disk", "disk limit"},
}

func className(class sandbox.Failure) string {
	for _, c := range classes {
		if c.class == class {
			return c.name
		}
	}
	if class == split.Missing {
		return "not run to its end"
	}
	return "failed"
}

// failure is the class of the first failure, "" where there is none.
func (o outcome) failure() sandbox.Failure {
	if !o.compiled {
		return o.build.Failure
	}
	i := o.first()
	if i < 0 {
		return ""
	}
	if o.tests[i].class == split.Missing {
		return sandbox.RuntimeError
	}
	return o.tests[i].class
}

// reason says what the outcome is, for people. Stops says that tests behind the
// first failure were left out.
func (o outcome) reason(t *task, stops bool) string {
	if !o.compiled {
		if o.build.Failure == sandbox.CompileError {
			return "it does not compile" + o.diagnosis(string(o.build.Log), t.language.File)
		}
		return "the compiler ran into its " + className(o.build.Failure)
	}
	i := o.first()
	if i < 0 {
		return "passed all of " + tests(len(o.tests))
	}
	text := "passed " + strconv.Itoa(o.passed()) + " of " + tests(len(o.tests)) + "; test " + strconv.Itoa(i+1)
	if stops && i+1 < len(o.tests) {
		text = "stopped at test " + strconv.Itoa(i+1) + " of " + strconv.Itoa(len(o.tests))
	}
	if i < len(t.Tests) && t.Tests[i].Name != "" {
		text += " " + grader.Excerpt(t.Tests[i].Name)
	}
	text += ": " + className(o.tests[i].class)
	if o.tests[i].why != "" {
		text += ": " + o.tests[i].why
	}
	return text
}

func tests(n int) string {
	if n == 1 {
		return "1 test"
	}
	return strconv.Itoa(n) + " tests"
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// result makes a Result. Every result has the same metrics.
func (g *codeGrader) result(t *task, code string, out outcome, reason string) grader.Result {
	total := max(len(out.tests), len(t.Tests))
	metrics := []grader.Metric{
		grader.Measure("code_found", flag(code != "")),
		grader.Measure("compiled", flag(out.compiled)),
		grader.Measure("passed", float64(out.passed())),
		grader.Measure("total", float64(total)),
	}
	failure := out.failure()
	for _, c := range classes {
		metrics = append(metrics, grader.Measure(c.metric, flag(code != "" && c.class == failure)))
	}
	metrics = append(metrics,
		grader.Measure("trusted", flag(out.trusted || !out.compiled)),
		grader.Measure("isolation", g.level))
	if g.Flaky > 0 {
		metrics = append(metrics, grader.Measure("flaky", flag(out.flaky)))
	}
	if g.Usage {
		metrics = append(metrics,
			grader.Measure("time_s", out.usage.CPU.Seconds()),
			grader.Measure("memory_mib", float64(out.usage.Memory)/(1<<20)))
	}
	return grader.Result{Score: g.score(t, out), Metrics: metrics, Found: code, Reason: reason}
}
