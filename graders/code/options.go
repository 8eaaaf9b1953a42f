package code

import (
	"fmt"
	"strings"
	"time"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/fence"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
	"github.com/rftgrader/rftgrader/graders/code/suite"
)

// Options are the options of the kind code.
type Options struct {
	Language  Selector       `json:"language,omitzero" doc:"the language of the answers: a name such as python, or where the rollout says it, a JSON pointer such as /language or metadata:/language"`
	Tests     grader.Pointer `json:"tests,omitzero" doc:"which part of the reference answer holds the tests: a JSON pointer; by default /tests or else the whole"`
	Form      string         `json:"form" enum:"auto,stdio,function,check,asserts,unit" doc:"the form that the tests must have"`
	Entry     Selector       `json:"entry,omitzero" doc:"the function under test, where the tests do not name it: its name, or a JSON pointer such as metadata:/entry_point"`
	Code      CodeOptions    `json:"code" doc:"what of the answer is the code"`
	Score     Scoring        `json:"score" enum:"all,share,weighted,groups" doc:"what the tests earn: 1 for all of them or nothing, the share that passed, the share by weight, or the share of groups that passed whole"`
	Guess     Guess          `json:"guess" enum:"subtract,keep" doc:"what of a share the best constant answer would earn: subtracted, or kept"`
	Credit    float64        `json:"compile_credit" doc:"what a program earns that compiles and passes nothing, from 0 to below 1; tests earn the rest"`
	StopEarly bool           `json:"stop_early" doc:"with score all, whether the tests behind the first that fails are left out; passed then counts those before it"`
	Flaky     int            `json:"flaky" doc:"how often a program that passed anything is run again, 0 to 10; the least score counts, and the metric flaky is 1 where the runs differ"`
	Usage     bool           `json:"usage" doc:"whether time and memory are among the metrics; they differ a little from run to run"`
	Limits    LimitOptions   `json:"limits" doc:"what a program may use; 0 is the default, which tests may raise to ten times, and any other value is the most"`
	Executor  string         `json:"executor" doc:"what runs the programs: jail, remote, or another that the program at hand was built with"`
	Remote    RemoteOptions  `json:"remote" doc:"the function that the executor remote calls"`
	Isolation Isolation      `json:"isolation" doc:"what must hold the programs"`
	Untrusted Untrusted      `json:"untrusted" enum:"refuse,run" doc:"what happens with tests that cannot be kept out of the candidate's process: a fault of the data, or a verdict that could be forged (metric trusted: 0)"`
	Languages []LanguageRow  `json:"languages,omitzero" doc:"languages beside those that are built in, or in their place where the name is the same: name, aliases, file, compile, run, version, env, driver"`
}

// A LanguageRow is a language that a spec defines; see [sandbox.Language] for
// what its commands may hold.
type LanguageRow struct {
	Name    string   `json:"name" doc:"the name, in lower case"`
	Aliases []string `json:"aliases,omitzero" doc:"other names, as models write them behind a fence, in lower case"`
	File    string   `json:"file" doc:"the name of the source file"`
	Compile []string `json:"compile,omitzero" doc:"the command that compiles {source} to {binary}; empty for a language that is not compiled"`
	Run     []string `json:"run" doc:"the command that runs {binary} or {source}"`
	Version []string `json:"version,omitzero" doc:"the command that prints the version of the toolchain"`
	Env     []string `json:"env,omitzero" doc:"what the environment has beside, as NAME=value"`
	Driver  string   `json:"driver,omitzero" doc:"the driver that calls functions, such as python; empty where only scripts can be run"`
	Memory  float64  `json:"memory,omitzero" doc:"MiB that the runtime needs for itself"`
}

func (r LanguageRow) language() *sandbox.Language {
	return &sandbox.Language{
		Name: r.Name, Aliases: r.Aliases, File: r.File, Compile: r.Compile, Run: r.Run, Version: r.Version, Env: r.Env, Driver: r.Driver,
		Limits: sandbox.Limits{Memory: int64(r.Memory * (1 << 20))},
	}
}

// CodeOptions say what of an answer is the code.
type CodeOptions struct {
	Policy fence.Policy `json:"policy" enum:"last,first,only,longest,all" doc:"which block of the language counts where there are several; all joins them"`
	Raw    bool         `json:"raw" doc:"whether an answer without any block counts whole, if it looks like code"`
}

// LimitOptions bound one test.
type LimitOptions struct {
	Time      float64 `json:"time" doc:"processor time in seconds; 0: 5. The clock may take twice that and a second, without the time in line for a processor"`
	Memory    float64 `json:"memory" doc:"memory in MiB; 0: 512"`
	Output    float64 `json:"output" doc:"output in KiB; 0: 1024"`
	Disk      float64 `json:"disk" doc:"files in MiB; 0: 64"`
	Processes int     `json:"processes" doc:"processes and threads; 0: 64"`
	Compile   float64 `json:"compile" doc:"processor time of the compiler in seconds; 0: 30"`
}

// RemoteOptions name the function that runs programs.
type RemoteOptions struct {
	Function  string `json:"function" doc:"name or ARN of the function"`
	Region    string `json:"region" doc:"its region; empty: that of the environment"`
	Endpoint  string `json:"endpoint" doc:"URL of the service, where it is not that of the region"`
	Qualifier string `json:"qualifier" doc:"version or alias"`
	Tenant    bool   `json:"tenant" doc:"whether each rollout gets an environment of its own; the function must have tenant isolation"`
}

// Isolation is what must hold programs.
type Isolation struct {
	Require []string `json:"require,omitzero" doc:"protections without which nothing is run, such as seccomp and landlock; rft sandbox doctor lists them"`
}

// Scoring is what tests earn.
type Scoring string

const (
	ScoreAll      Scoring = "all"
	ScoreShare    Scoring = "share"
	ScoreWeighted Scoring = "weighted"
	ScoreGroups   Scoring = "groups"
)

// Guess is what happens with what a constant answer would earn.
type Guess string

const (
	GuessSubtract Guess = "subtract"
	GuessKeep     Guess = "keep"
)

// Untrusted is what happens with tests that cannot be split.
type Untrusted string

const (
	UntrustedRefuse Untrusted = "refuse"
	UntrustedRun    Untrusted = "run"
)

// A Selector is a text, or a JSON pointer to where each rollout has one.
type Selector struct {
	text    string
	pointer grader.Pointer
}

// MustSelector reads a selector in the form that specs use, for constants; it
// panics where that is none.
func MustSelector(s string) Selector {
	var out Selector
	if err := out.UnmarshalText([]byte(s)); err != nil {
		panic(err)
	}
	return out
}

// IsZero reports whether nothing was selected.
func (s Selector) IsZero() bool { return s.text == "" && s.pointer.IsZero() }

// String returns the form that specs use.
func (s Selector) String() string {
	if !s.pointer.IsZero() {
		return s.pointer.String()
	}
	return s.text
}

// OptionType says in help texts what the option takes.
func (Selector) OptionType() string { return "text or JSON pointer" }

// MarshalText writes the form that specs use.
func (s Selector) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the form that specs use: what begins with "/" or
// "metadata:" is a pointer.
func (s *Selector) UnmarshalText(b []byte) error {
	text := string(b)
	*s = Selector{text: text}
	if !strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "metadata:") {
		return nil
	}
	p, err := grader.ParsePointer(text)
	*s = Selector{pointer: p}
	return err
}

// of returns the text that is selected for a rollout. A null is no text.
func (s Selector) of(r *grader.Rollout) (text, where string, err error) {
	if s.pointer.IsZero() {
		return s.text, "", nil
	}
	ref, err := r.Lookup(s.pointer)
	if err != nil {
		return "", "", err
	}
	text, err = ref.Text()
	return text, ref.Where(), err
}

// check returns the first fault of the options.
func (o Options) check() error {
	l := o.Limits
	for _, f := range []struct {
		name        string
		value, most float64
		unit        string
	}{
		{"time", l.Time, 3600, "seconds"}, {"memory", l.Memory, 1 << 20, "MiB"}, {"output", l.Output, 1 << 20, "KiB"},
		{"disk", l.Disk, 1 << 20, "MiB"}, {"processes", float64(l.Processes), 1 << 20, "processes"}, {"compile", l.Compile, 3600, "seconds"},
	} {
		if !(f.value >= 0 && f.value <= f.most) {
			return grader.Optionf("/limits/"+f.name, "want 0 for the default, or a limit of at most %.0f %s, got %v", f.most, f.unit, f.value)
		}
	}
	switch {
	case o.Language.IsZero():
		return grader.Optionf("/language", "want the language of the answers, such as python, or a JSON pointer to where each rollout says it")
	case !(o.Credit >= 0 && o.Credit < 1):
		return grader.Optionf("/compile_credit", "want 0 or more and less than 1, got %v", o.Credit)
	case o.Flaky < 0 || o.Flaky > 10:
		return grader.Optionf("/flaky", "want 0 to 10, got %d", o.Flaky)
	case o.Executor == "":
		return grader.Optionf("/executor", "want the name of an executor")
	}
	for i, row := range o.Languages {
		at := fmt.Sprintf("/languages/%d", i)
		switch {
		case row.Name == "" || row.Name != strings.ToLower(row.Name):
			return grader.Optionf(at+"/name", "want a name in lower case")
		case row.File == "" || strings.ContainsAny(row.File, "/\\"):
			return grader.Optionf(at+"/file", "want the name of the source file, without a folder")
		case len(row.Run) == 0:
			return grader.Optionf(at+"/run", "want a command")
		}
	}
	return nil
}

// check returns a fault where a limit is below what the runtime of a language needs:
// every answer would fail by it.
func (l LimitOptions) check(language *sandbox.Language) error {
	least := jail.Least(language)
	switch limits := l.limits(); {
	case limits.Memory > 0 && limits.Memory < least.Memory:
		return grader.Optionf("/limits/memory", "want at least %d MiB, without which no program of %s starts, or 0 for the default; got %v", least.Memory>>20, language.Name, l.Memory)
	case limits.Time > 0 && limits.Time < least.Time:
		return grader.Optionf("/limits/time", "want at least %v seconds, before which no program of %s has started, or 0 for the default; got %v", least.Time.Seconds(), language.Name, l.Time)
	}
	return nil
}

// form returns the form that the tests must have, "" for any.
func (o Options) form() suite.Form {
	if o.Form == "auto" {
		return ""
	}
	return suite.Form(o.Form)
}

// limits are the limits as the spec sets them; 0 where it does not.
func (l LimitOptions) limits() sandbox.Limits {
	return sandbox.Limits{
		Time:      time.Duration(l.Time * float64(time.Second)),
		Memory:    int64(l.Memory * (1 << 20)),
		Output:    int64(l.Output * (1 << 10)),
		Disk:      int64(l.Disk * (1 << 20)),
		Processes: l.Processes,
		Compile:   time.Duration(l.Compile * float64(time.Second)),
	}
}

// raisable is by how many times tests may raise a limit that the spec leaves to
// its default.
const raisable = 10

// within returns what a program may use: what the tests ask for, bounded by
// what the spec sets, or by some times the default where it sets nothing.
func within(spec, tests sandbox.Limits) sandbox.Limits {
	d := sandbox.DefaultLimits()
	return sandbox.Limits{
		Time:      bounded(spec.Time, tests.Time, d.Time),
		Memory:    bounded(spec.Memory, tests.Memory, d.Memory),
		Output:    bounded(spec.Output, tests.Output, d.Output),
		Disk:      bounded(spec.Disk, tests.Disk, d.Disk),
		Processes: bounded(spec.Processes, tests.Processes, d.Processes),
		Compile:   bounded(spec.Compile, tests.Compile, d.Compile),
	}
}

func bounded[T ~int | ~int64](spec, tests, otherwise T) T {
	switch {
	case tests == 0 && spec == 0:
		return otherwise
	case tests == 0:
		return spec
	case spec == 0:
		return min(tests, raisable*otherwise)
	}
	return min(tests, spec)
}
