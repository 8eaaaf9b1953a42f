//go:build amd64 || arm64

package jail

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

//go:embed drivers
var driverFiles embed.FS

// A Jail implements [sandbox.Executor] and [sandbox.Opener].
type Jail struct {
	limits    sandbox.Limits
	languages []*sandbox.Language
	builtins  []*sandbox.Language
	log       *slog.Logger

	required    bool // some languages are wanted more than others
	confinement *confine.Confinement
	policy      confine.Policy
	user        *confine.User // whom programs run as; nil: this user
	scratch     *scratch
	cache       string // what all programs may read
	private     string // what none may read
	tools       *tools
	watcher     *watcher
	zygotes     *zygotes
	warm        *confine.Confinement // of the warm interpreters

	null *os.File

	// sharing is held to write what programs share, and to look at it.
	sharing    sync.Mutex
	root       state // of the scratch folder
	furniture  seal  // of the drivers
	shared     seal  // of all that programs share
	goLibrary  *goLibrary
	header     string
	headerDone bool
	java       string
	serverPart partDone
	direct     directCompiler

	places chan struct{}
	closed chan struct{}
	once   sync.Once
	inside sync.WaitGroup
}

var (
	_ sandbox.Executor = (*Jail)(nil)
	_ sandbox.Opener   = (*Jail)(nil)
)

// New tries what this machine gives and makes the scratch folder; those that
// killed processes have left it removes. It runs the toolchains of
// Options.Require, to ask their versions, and the others when they are needed first.
// A language of Options.Require whose toolchain is missing is a
// *grader.PermanentError that names it.
func New(ctx context.Context, o Options) (*Jail, error) {
	j := &Jail{
		limits: o.Limits.Or(sandbox.DefaultLimits()), languages: o.Languages, builtins: Languages(), log: o.Log,
		required: len(o.Require) > 0, goLibrary: &goLibrary{}, watcher: newWatcher(), closed: make(chan struct{}),
	}
	if j.languages == nil {
		j.languages = Languages()
	}
	j.tools = newTools(j.languages)
	if j.log == nil {
		j.log = slog.New(slog.DiscardHandler)
	}
	cpus := o.CPUs
	if cpus <= 0 {
		cpus = runtime.GOMAXPROCS(0)
	}
	j.places = make(chan struct{}, cpus)
	j.zygotes = &zygotes{max: cpus}
	if err := j.open(ctx, o); err != nil {
		_ = j.Close()
		return nil, err
	}
	return j, nil
}

func (j *Jail) open(ctx context.Context, o Options) error {
	if err := confine.Harden(); err != nil {
		j.log.LogAttrs(ctx, slog.LevelWarn, "the grader's own process could not be hardened", slog.String("error", err.Error()))
	}
	j.policy = confine.System()
	j.policy.Without = o.Without
	j.policy.Execute = append(j.policy.Execute, j.tools.beyond()...)
	c, err := confine.Compile(j.policy)
	if err != nil {
		return lasting("compile a confinement", err)
	}
	j.confinement = c
	if j.null, err = os.OpenFile(os.DevNull, os.O_RDWR, 0); err != nil {
		return unavailable("open "+os.DevNull, err)
	}
	if u := c.User(); u.UID != os.Getuid() {
		j.user = &u
	}
	dir := o.Scratch
	if dir == "" {
		dir = os.TempDir()
	}
	if j.scratch, err = makeScratch(dir, j.user, func() { j.confinement.SweepOrphans() }); err != nil {
		return noScratch(dir, err)
	}
	j.cache, j.private = filepath.Join(j.scratch.root, "shared"), filepath.Join(j.scratch.root, "private")
	if err := j.furnish(); err != nil {
		return noScratch(dir, err)
	}
	// What candidates read of the jail is there now.
	j.policy.Execute = append(j.policy.Execute, j.cache)
	if c, err = j.confinement.With(j.policy); err != nil {
		return lasting("compile a confinement", err)
	}
	j.confinement.Close()
	j.confinement = c
	return j.require(ctx, o.Require)
}

// noScratch says which folder is of no use, and how another is named. That it is full
// before anything has run is lasting too.
func noScratch(dir string, err error) error {
	return grader.Permanentf("make a scratch folder in %s: %w: let TMPDIR name a folder that exists, can be written and has room", dir, cause(err))
}

// lasting makes an error permanent that says nothing about itself.
func lasting(what string, err error) error {
	var typed *grader.PermanentError
	if errors.As(err, &typed) {
		return err
	}
	return grader.Permanentf("%s: %w", what, err)
}

// furnish writes the drivers where programs can read them.
func (j *Jail) furnish() error {
	defer j.sealShared()
	if err := errors.Join(os.MkdirAll(j.private, 0o700), os.MkdirAll(filepath.Join(j.cache, "drivers"), 0o755)); err != nil {
		return err
	}
	entries, err := driverFiles.ReadDir("drivers")
	if err != nil {
		return err
	}
	for _, e := range entries {
		text, err := driverFiles.ReadFile("drivers/" + e.Name())
		if err == nil {
			err = os.WriteFile(filepath.Join(j.cache, "drivers", e.Name()), text, 0o644)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// require asks the toolchains of languages for their versions.
func (j *Jail) require(ctx context.Context, require []string) error {
	languages := make([]*sandbox.Language, len(require))
	for i, name := range require {
		if languages[i] = Find(j.languages, name); languages[i] == nil {
			return grader.Permanentf("there is no language %q: the languages are %s", name, strings.Join(names(j.languages), ", "))
		}
	}
	return errors.Join(j.ask(ctx, languages)...)
}

// ask looks for the toolchains of several languages at once, and returns what is
// missing of each.
func (j *Jail) ask(ctx context.Context, languages []*sandbox.Language) []error {
	var wg sync.WaitGroup
	errs := make([]error, len(languages))
	limit := make(chan struct{}, cap(j.places))
	for i, l := range languages {
		if l == nil {
			continue
		}
		wg.Go(func() {
			limit <- struct{}{}
			defer func() { <-limit }()
			_, errs[i] = j.toolchain(ctx, l)
		})
	}
	wg.Wait()
	return errs
}

func names(languages []*sandbox.Language) []string {
	var names []string
	for _, l := range languages {
		if l != nil {
			names = append(names, l.Name)
		}
	}
	return names
}

// prepareZygotes makes what warm interpreters need, once there is a toolchain of
// Python. Where seccomp does not hold, what they fork could leave its group: there each
// program has an interpreter of its own.
func (j *Jail) prepareZygotes() {
	tool, ok := j.tool("python3")
	if !ok {
		return
	}
	j.zygotes.mu.Lock()
	defer j.zygotes.mu.Unlock()
	if j.zygotes.start != nil || j.zygotes.closed || !j.active(confine.LayerSeccomp) {
		return
	}
	// Its children are what is held: by the rest of its filter, and by Landlock.
	policy := j.policy
	policy.Keeper = true
	policy.Without = append(slices.Clone(policy.Without), confine.LayerLandlock)
	warm, err := j.confinement.With(policy)
	if err != nil {
		j.log.LogAttrs(context.Background(), slog.LevelWarn, "there are no warm interpreters", slog.String("error", err.Error()))
		j.zygotes.closed = true
		return
	}
	j.warm = warm
	python := Find(Languages(), "python")
	spec := confine.Spec{
		Path: tool, Args: []string{tool, "-s", j.driver("warm.py"), "zygote", "3"},
		Env: append(j.environment(python.Env, j.cache), bindNow), Dir: j.cache,
		Limits: confine.Limits{Stack: stackBytes, Processes: cap(j.places) * (j.limits.Processes + python.Limits.Processes)},
	}
	j.zygotes.start = func(ctx context.Context) (*zygote, error) { return startZygote(ctx, warm, spec) }
}

func (j *Jail) active(layer string) bool {
	return slices.ContainsFunc(j.confinement.Protections(), func(p sandbox.Protection) bool { return p.Name == layer && p.Active })
}

// environment is made from nothing.
func (j *Jail) environment(own []string, home string) []string {
	env := []string{
		"PATH=" + j.tools.searchPath, "HOME=" + home, "TMPDIR=" + home, "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "TZ=UTC",
		"PYTHONHASHSEED=0", "PYTHONDONTWRITEBYTECODE=1", "PYTHONUTF8=1",
		"OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", "MKL_NUM_THREADS=1", "GOMAXPROCS=2",
	}
	return append(env, own...)
}

// A visit is one of the places, which are as many as there are processors.
type visit struct {
	jail  *Jail
	place sync.Once
}

// enter waits for a place; those who wait get one in their order.
func (j *Jail) enter(ctx context.Context) (*visit, error) {
	select {
	case <-j.closed:
		return nil, grader.Permanentf("run a program: the jail is closed")
	default:
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-j.closed:
		return nil, grader.Permanentf("run a program: the jail is closed")
	case j.places <- struct{}{}:
	}
	j.inside.Add(1)
	return &visit{jail: j}, nil
}

// rise gives the place to the next. What is left to do for this program, to end it and
// to tidy up, is mostly the kernel's and another process's, for which a processor
// should not stand idle.
func (v *visit) rise() { v.place.Do(func() { <-v.jail.places }) }

// leave must be called once.
func (v *visit) leave() {
	v.rise()
	v.jail.inside.Done()
}

// Warm prepares what the languages of the jail need and make once: Go's archives,
// a compiled C++ header, the drivers. Without it the first program of each
// language waits for that.
func (j *Jail) Warm(ctx context.Context, languages ...string) error {
	for _, name := range languages {
		l := Find(j.languages, name)
		if l == nil {
			return grader.Permanentf("there is no language %q: the languages are %s", name, strings.Join(names(j.languages), ", "))
		}
		if _, err := j.toolchain(ctx, l); err != nil {
			return err
		}
		var err error
		switch {
		case l.Driver == DriverPython:
			j.prepareZygotes()
			for range cap(j.places) {
				j.zygotes.ready(ctx)
			}
		case l.Driver == DriverGo:
			_, err = j.archivesFor(ctx, []string{"bufio", "bytes", "container/heap", "errors", "fmt", "math", "math/big", "os", "slices", "sort", "strconv", "strings"}, true)
		case l.Driver == DriverJava:
			_, err = j.javaDriver(ctx, l)
		case l.Name == "cpp":
			j.precompiledHeader(ctx)
			j.servedPart(ctx)
		case linked(l, nil, "") != nil:
			j.servedPart(ctx)
			if l.Name == "c" {
				j.directly(ctx)
			}
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Report implements [sandbox.Executor]. Where Options.Require named languages the
// toolchains of the others are not run for it: if one has not been needed yet,
// its version is the file that it is looked for in.
func (j *Jail) Report() sandbox.Report {
	r := sandbox.Report{Executor: "jail", Protections: j.confinement.Protections(), Toolchains: map[string]string{}}
	if !j.required {
		j.ask(context.Background(), j.languages)
	}
	for _, l := range j.languages {
		if l == nil {
			continue
		}
		if version := j.version(l); version != "" {
			r.Toolchains[l.Name] = version
		}
	}
	return r
}

// Close ends the warm interpreters and removes the scratch folder. It waits for
// programs that are running.
func (j *Jail) Close() error {
	var err error
	j.once.Do(func() {
		close(j.closed)
		j.inside.Wait()
		j.zygotes.close()
		j.watcher.close()
		for _, c := range []io.Closer{closer(j.confinement), closer(j.warm)} {
			if c != nil {
				err = errors.Join(err, c.Close())
			}
		}
		if j.null != nil {
			err = errors.Join(err, j.null.Close())
		}
		if j.scratch != nil {
			if removed := j.scratch.remove(); removed != nil {
				err = errors.Join(err, fmt.Errorf("remove the scratch folder: %w", removed))
			}
		}
	})
	return err
}

func closer(c *confine.Confinement) io.Closer {
	if c == nil {
		return nil
	}
	return c
}
