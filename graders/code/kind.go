package code

import (
	"context"
	_ "embed"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/fence"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

//go:embed doc.go
var source string

// Kind is the kind code, with the executors that need no other program.
var Kind = New(Jail(), Remote())

// New makes the kind code with the given executors. The first of them is the
// default. The kind has the service [ServiceName].
func New(engines ...Engine) *grader.Kind {
	p := &pool{}
	defaults := Options{
		Form:      "auto",
		Code:      CodeOptions{Policy: fence.Last, Raw: true},
		Score:     ScoreAll,
		Guess:     GuessSubtract,
		StopEarly: true,
		Usage:     true,
		Untrusted: UntrustedRefuse,
	}
	if len(engines) > 0 {
		defaults.Executor = engines[0].Name
	}
	return grader.Define("code", grader.PackageDoc(source), defaults, func(env *grader.Env, o Options) (grader.Grader, error) {
		return build(env, o, engines, p)
	}).WithService(ServiceName, serveExecutor)
}

func build(env *grader.Env, o Options, engines []Engine, p *pool) (grader.Grader, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(engines, func(e Engine) bool { return e.Name == o.Executor })
	if i < 0 {
		var names []string
		for _, e := range engines {
			names = append(names, e.Name)
		}
		return nil, grader.Optionf("/executor", "want one of %s, got %q", strings.Join(names, ", "), o.Executor)
	}
	if (o.Remote != RemoteOptions{}) && o.Executor != "remote" {
		return nil, grader.Optionf("/remote", "is for executor: remote, and the executor is %s", o.Executor)
	}
	g := &codeGrader{Options: o, pool: p, languages: table(o.Languages)}
	var require []string
	if !o.Language.IsZero() && o.Language.pointer.IsZero() {
		l := jail.Find(g.languages, o.Language.text)
		if l == nil {
			return nil, grader.Optionf("/language", "want one of %s, got %q; option languages defines others", g.languageNames(), o.Language.text)
		}
		if err := o.Limits.check(l); err != nil {
			return nil, err
		}
		require = []string{l.Name}
	}
	var err error
	g.executor, err = p.get(context.Background(), engines[i], Setup{
		Languages: g.languages, Require: require, Limits: o.Limits.limits(), Remote: o.Remote, Log: env.Logger(),
	})
	if err != nil {
		return nil, err
	}
	if err := g.inspect(env, require); err != nil {
		return nil, errors.Join(err, p.put(g.executor))
	}
	return g, nil
}

// table returns the languages that are built in with those of the spec.
func table(own []LanguageRow) []*sandbox.Language {
	languages := jail.Languages()
	for _, row := range own {
		languages = slices.DeleteFunc(languages, func(l *sandbox.Language) bool { return l.Name == row.Name })
	}
	out := make([]*sandbox.Language, 0, len(own)+len(languages))
	for _, row := range own {
		out = append(out, row.language())
	}
	return append(out, languages...)
}

func (g *codeGrader) languageNames() string {
	var names []string
	for _, l := range g.languages {
		names = append(names, l.Name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// inspect checks what the executor says of itself against what the spec wants,
// and logs the level that was reached.
func (g *codeGrader) inspect(env *grader.Env, require []string) error {
	report := g.executor.Report()
	g.toolchains = report.Toolchains
	if len(g.toolchains) == 0 && len(g.Isolation.Require) == 0 {
		// It could not be asked; whoever is asked to run something will say so.
		env.Logger().LogAttrs(context.Background(), slog.LevelWarn, "the sandbox gave no report", slog.String("executor", report.Executor))
		return nil
	}
	var active, inactive []string
	for _, p := range report.Protections {
		if p.Active {
			active = append(active, p.Name)
		} else {
			inactive = append(inactive, p.Name)
		}
	}
	for i, name := range g.Isolation.Require {
		if !slices.Contains(active, name) && !slices.Contains(inactive, name) {
			return grader.Optionf("/isolation/require/"+itoa(i), "want a protection that the executor %s knows (there are %s), got %q",
				report.Executor, strings.Join(slices.Concat(active, inactive), ", "), name)
		}
	}
	if missing := report.Missing(g.Isolation.Require); len(missing) > 0 {
		return grader.Permanentf("isolation.require: this machine does not give %s, so no program is run: run the grader where it does, or require less", strings.Join(missing, ", "))
	}
	for _, name := range require {
		if err := g.installed(name); err != nil {
			return err
		}
	}
	if n := len(report.Protections); n > 0 {
		g.level = float64(len(active)) / float64(n)
	}
	env.Logger().LogAttrs(context.Background(), slog.LevelInfo, "sandbox",
		slog.String("executor", report.Executor), slog.Float64("isolation", g.level),
		slog.String("active", strings.Join(active, " ")), slog.String("inactive", strings.Join(inactive, " ")))
	return nil
}

// installed returns an error for a language whose toolchain the executor has
// not got.
func (g *codeGrader) installed(language string) error {
	if _, ok := g.toolchains[language]; ok || len(g.toolchains) == 0 {
		return nil
	}
	return grader.Permanentf("the toolchain of %s is missing where the executor %s runs programs: install it there, or run the grader where it is", language, g.Options.Executor)
}

// A codeGrader grades programs by running them.
type codeGrader struct {
	Options
	languages  []*sandbox.Language
	pool       *pool
	executor   *shared
	toolchains map[string]string // by language; empty where they are not known
	level      float64           // of isolation, 0 to 1
	checked    memory
	closing    sync.Once
	closed     error
}

var _ grader.Sweeper = (*codeGrader)(nil)

// Close gives the executor back; the last grader that has it ends it.
func (g *codeGrader) Close() error {
	g.closing.Do(func() { g.closed = g.pool.put(g.executor) })
	return g.closed
}

// Sweep ends what programs left behind.
func (g *codeGrader) Sweep(ctx context.Context) (killed int, err error) {
	if s, ok := g.executor.Executor.(interface {
		Sweep(context.Context) (int, error)
	}); ok {
		return s.Sweep(ctx)
	}
	return 0, nil
}
