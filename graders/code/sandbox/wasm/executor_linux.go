//go:build linux && (amd64 || arm64)

package wasm

import (
	"context"
	"errors"
	"fmt"
	"io"
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

// An Executor runs programs as WebAssembly modules.
type Executor struct {
	options    Options
	limits     sandbox.Limits
	scratch    string // its own folder
	helper     string // the path of the helper's program
	tools      *confine.Confinement
	helpers    *confine.Confinement
	toolchains map[string]*toolchain
	slots      chan struct{}

	closing sync.RWMutex // held for reading by runs
	closed  bool
}

var _ sandbox.Executor = (*Executor)(nil)

// New returns an executor. The error is a *grader.PermanentError where a
// language of the options cannot be had or no process can be confined.
func New(ctx context.Context, o Options) (*Executor, error) {
	for _, name := range o.Languages {
		if !slices.ContainsFunc(Languages(), func(l *sandbox.Language) bool { return l.Name == name }) {
			return nil, grader.Permanentf("wasm cannot run the language %q: it runs c, cpp, go", name)
		}
	}
	if len(o.Helper) == 0 {
		self, err := os.Executable()
		if err != nil {
			return nil, grader.Permanentf("find the program for the helper: %w", err)
		}
		o.Helper = []string{self, grader.HelperArgument, "code"}
	}
	cpus := o.CPUs
	if cpus <= 0 {
		cpus = runtime.NumCPU()
	}
	e := &Executor{options: o, limits: o.Limits.Or(sandbox.DefaultLimits()), slots: make(chan struct{}, cpus)}
	if err := e.prepare(ctx); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

func (e *Executor) prepare(ctx context.Context) error {
	// Where this fails the report shows it.
	_ = confine.Harden()
	root, err := os.MkdirTemp(e.options.Scratch, "rft-wasm-")
	if err != nil {
		return fileError(err)
	}
	e.scratch = root
	// A symbolic link on the way would not be what Landlock opens.
	if e.scratch, err = filepath.EvalSymlinks(root); err != nil {
		return fileError(err)
	}
	// Others may pass through to what they know by name, and not list it.
	if err := os.Chmod(e.scratch, 0o711); err != nil {
		return fileError(err)
	}
	if err := os.Mkdir(e.shared(), 0o755); err != nil {
		return fileError(err)
	}
	policy := confine.System()
	policy.Without = e.options.Without
	policy.Execute = append(policy.Execute, e.goFolders(ctx)...)
	policy.Read = append(policy.Read, e.shared())
	if e.tools, err = confine.Compile(policy); err != nil {
		return &grader.PermanentError{Err: err}
	}
	if closed := e.closedFolder(); closed != "" {
		return grader.Permanentf("those who are confined run as user %d and cannot pass through %s: use another scratch folder, or chmod o+x", e.tools.User().UID, closed)
	}
	if err := e.prepareHelper(); err != nil {
		return err
	}
	e.toolchains = e.findToolchains(ctx)
	for _, name := range e.options.Languages {
		t := e.toolchains[name]
		if err := t.ready(ctx); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// prepareHelper finds a path by which those who are confined can execute the
// helper, and compiles what confines it.
func (e *Executor) prepareHelper() error {
	e.helper = e.options.Helper[0]
	if e.tools.User().UID != os.Getuid() {
		// The folder of the program may be closed to them.
		e.helper = filepath.Join(e.shared(), "helper")
		if err := copyFile(e.options.Helper[0], e.helper, 0o755); err != nil {
			return fileError(fmt.Errorf("copy the helper: %w", err))
		}
	}
	system := confine.System()
	policy := confine.Policy{
		Execute: append([]string{e.helper}, slices.DeleteFunc(system.Execute, func(path string) bool { return !strings.HasPrefix(path, "/lib") })...),
		Read:    []string{"/etc/ld.so.cache", "/sys/kernel/mm/transparent_hugepage", "/sys/devices/system/cpu"},
		Without: e.options.Without,
	}
	policy.Execute = append(policy.Execute, "/usr/lib", "/usr/lib64")
	var err error
	if e.helpers, err = confine.Compile(policy); err != nil {
		return &grader.PermanentError{Err: err}
	}
	return nil
}

// closedFolder returns a folder on the way to the scratch folder that the confined
// cannot pass through, or "".
func (e *Executor) closedFolder() string {
	if e.tools.User().UID == os.Getuid() {
		return ""
	}
	for dir := e.scratch; dir != "/"; dir = filepath.Dir(dir) {
		if st, err := os.Stat(dir); err != nil || st.Mode()&0o001 == 0 {
			return dir
		}
	}
	return ""
}

// shared is the folder of what all programs' compilers read: headers, the
// archives of Go's standard library.
func (e *Executor) shared() string { return filepath.Join(e.scratch, "shared") }

// folder makes a folder that the confined own.
func (e *Executor) folder() (string, error) {
	dir, err := os.MkdirTemp(e.scratch, "p-")
	if err != nil {
		return "", fileError(err)
	}
	return dir, e.give(dir)
}

// give makes the confined the owners of a file or folder.
func (e *Executor) give(path string) error {
	user := e.tools.User()
	if user.UID == os.Getuid() {
		return nil
	}
	if err := os.Lchown(path, user.UID, user.GID); err != nil {
		return fileError(err)
	}
	return nil
}

// write makes a file that the confined own.
func (e *Executor) write(path string, text []byte) error {
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return fileError(err)
	}
	return e.give(path)
}

// Report says what holds the programs: the machine of WebAssembly, and the
// layers around its process.
func (e *Executor) Report() sandbox.Report {
	r := sandbox.Report{Executor: "wasm", Toolchains: map[string]string{}}
	r.Protections = append(r.Protections, sandbox.Protection{
		Name: "wasm", Active: true, Detail: "wazero, in a process that can be killed",
		Stops: "reading files, the environment and other processes; the network; signals; forks; whatever needs a system call",
	})
	r.Protections = append(r.Protections, e.helpers.Protections()...)
	for name, t := range e.toolchains {
		if t.version != "" {
			r.Toolchains[name] = t.version
		}
	}
	return r
}

// Close removes the executor's files, when the programs that run have ended.
func (e *Executor) Close() error {
	e.closing.Lock()
	defer e.closing.Unlock()
	if e.closed {
		return nil
	}
	e.closed = true
	var errs []error
	for _, c := range []*confine.Confinement{e.tools, e.helpers} {
		if c != nil {
			errs = append(errs, c.Close())
		}
	}
	if e.scratch != "" {
		errs = append(errs, os.RemoveAll(e.scratch))
	}
	return errors.Join(errs...)
}

// Run builds the program and runs it; see [sandbox.Executor].
func (e *Executor) Run(ctx context.Context, p sandbox.Program, inputs []sandbox.Input, take func(int, sandbox.Output) bool) (sandbox.Build, error) {
	e.closing.RLock()
	defer e.closing.RUnlock()
	if e.closed {
		return sandbox.Build{}, grader.Permanentf("the wasm executor is closed")
	}
	t, err := e.toolchain(p)
	if err != nil {
		return sandbox.Build{}, err
	}
	select {
	case e.slots <- struct{}{}:
		defer func() { <-e.slots }()
	case <-ctx.Done():
		return sandbox.Build{}, ctx.Err()
	}
	if ctx.Err() != nil {
		return sandbox.Build{}, ctx.Err()
	}
	if err := t.ready(ctx); err != nil {
		return sandbox.Build{}, contextFirst(ctx, err)
	}
	dir, err := e.folder()
	if err != nil {
		return sandbox.Build{}, err
	}
	defer os.RemoveAll(dir)
	p.Limits = p.Limits.Or(e.limits)
	build, err := e.runIn(ctx, dir, t, p, inputs, take)
	return build, contextFirst(ctx, err)
}

// contextFirst returns the context's error where it has ended: what failed then
// failed because of it.
func contextFirst(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func (e *Executor) toolchain(p sandbox.Program) (*toolchain, error) {
	if p.Language == nil {
		return nil, grader.Permanentf("the program has no language")
	}
	t := e.toolchains[p.Language.Name]
	switch {
	case t == nil:
		return nil, grader.Permanentf("wasm cannot run the language %q: it runs c, cpp, go", p.Language.Name)
	case t.missing != nil:
		return nil, t.missing
	case p.Entry != "" && !t.calls:
		return nil, grader.Permanentf("wasm cannot call functions in %s: use the jail, or tests of kind stdio", p.Language.Name)
	}
	return t, nil
}

func (e *Executor) runIn(ctx context.Context, dir string, t *toolchain, p sandbox.Program, inputs []sandbox.Input, take func(int, sandbox.Output) bool) (sandbox.Build, error) {
	build, err := t.build(ctx, dir, p)
	if err != nil || build.Failure != "" || len(inputs) == 0 {
		return build, err
	}
	s := &server{executor: e, dir: dir, program: p, left: p.Limits.Compile - build.Usage.CPU}
	defer s.stop()
	first, err := s.start(ctx)
	if err != nil {
		return build, err
	}
	build.Usage.CPU += first.usage.CPU
	build.Usage.Wall += first.usage.Wall
	if first.failure != "" {
		build.Failure, build.Log = first.failure, append(build.Log, first.stderr...)
		return build, nil
	}
	for i, in := range inputs {
		text := in.Stdin
		if p.Entry != "" {
			text = in.Call
		}
		out, err := s.ask(ctx, text)
		if err != nil {
			return build, err
		}
		if !take(i, out) {
			return build, nil
		}
	}
	return build, nil
}

func copyFile(from, to string, mode os.FileMode) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, src)
	return errors.Join(err, dst.Close())
}
