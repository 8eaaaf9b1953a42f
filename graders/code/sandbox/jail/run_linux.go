//go:build amd64 || arm64

package jail

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// maxRestarts is how often a program whose calls end its process is started
// again.
const maxRestarts = 3

// Run implements [sandbox.Executor].
func (j *Jail) Run(ctx context.Context, p sandbox.Program, inputs []sandbox.Input, take func(int, sandbox.Output) bool) (build sandbox.Build, err error) {
	v, err := j.enter(ctx)
	if err != nil {
		return build, err
	}
	defer v.leave()
	b, build, err := j.build(ctx, p, len(inputs))
	if err != nil {
		return build, err
	}
	defer func() {
		if removed := b.folder.remove(); removed != nil && err == nil {
			err = unavailable("clean up after a program", removed)
		}
	}()
	if build.Failure != "" {
		return build, nil
	}
	if b.entry != "" {
		r := caller{jail: j, built: b, build: &build}
		defer r.close()
		defer v.rise()
		err = r.run(ctx, inputs, take)
		return build, err
	}
	defer j.stopServer(b)
	defer v.rise()
	err = j.runScript(ctx, b, inputs, &build, take)
	return build, err
}

// runScript runs a script once for each input. Its server is the caller's to stop.
func (j *Jail) runScript(ctx context.Context, b *built, inputs []sandbox.Input, build *sandbox.Build, take func(int, sandbox.Output) bool) error {
	for i, input := range inputs {
		if b.changed {
			// What would run now is not what was built.
			if !take(i, sandbox.Output{Failure: sandbox.RuntimeError}) {
				return nil
			}
			continue
		}
		out, loaded, err := j.runOnce(ctx, b, input)
		if err != nil {
			return err
		}
		if !loaded {
			build.Failure, build.Log = sandbox.CompileError, out.Stderr
			return nil
		}
		if b.tampered() && out.Failure == "" {
			out.Failure = sandbox.RuntimeError
		}
		if !take(i, out) {
			return nil
		}
		if err := j.cleanUp(b); err != nil {
			return err
		}
	}
	return nil
}

// runOnce runs a script with one input. It is not loaded where its language's driver
// finds that it is no program.
func (j *Jail) runOnce(ctx context.Context, b *built, input sandbox.Input) (out sandbox.Output, loaded bool, err error) {
	if b.serve {
		out, done, err := j.serve(ctx, b, input.Stdin)
		if err != nil || done && !neverRan(out) {
			return out, true, err
		}
		if err := j.cleanUp(b); err != nil {
			return out, true, err
		}
	}
	e, err := j.script(b)
	if err != nil {
		return out, false, err
	}
	e.stdin = input.Stdin
	out, err = j.execute(ctx, e)
	return out, e.loaded != 'S', err
}

// cleanUp empties the folder of a program after a run. A server would stay in the old
// one.
func (j *Jail) cleanUp(b *built) error {
	if !b.folder.touched() {
		return nil
	}
	j.stopServer(b)
	if b.servers++; b.servers >= maxServers {
		b.serve = false
	}
	if err := b.folder.clean(); err != nil {
		return unavailable("clean up after a run", err)
	}
	return nil
}

// execution is what all runs of a program have in common.
func (j *Jail) execution(b *built) (*execution, error) {
	reach, err := b.folder.reach(j.confinement)
	if err != nil {
		return nil, unavailable("run a program", err)
	}
	return &execution{
		dir: b.folder.run, reach: reach, env: j.environment(b.language.Env, b.folder.run),
		limits: b.limits, headroom: b.language.Limits,
	}, nil
}

// script returns how a script of the language is run.
func (j *Jail) script(b *built) (*execution, error) {
	e, err := j.execution(b)
	if err != nil {
		return nil, err
	}
	command := b.expand(b.language.Run)
	if b.own != nil {
		switch b.own.Driver {
		case DriverPython:
			e.status = true
			e.job = &pythonJob{path: b.source, built: b}
			command = []string{command[0], "-s", j.driver("python.py"), "run", b.source}
		case DriverJavaScript:
			e.status = true
			last := len(command) - 1
			command = append(command[:last:last], j.driver("javascript.cjs"), "run", b.source)
		}
	}
	path, err := j.resolve(command[0])
	e.path, e.args = path, command
	return e, err
}

// calls returns how a program of the language is started by its driver.
func (j *Jail) calls(ctx context.Context, b *built) (*execution, error) {
	e, err := j.execution(b)
	if err != nil {
		return nil, err
	}
	command := b.expand(b.language.Run)
	limit := strconv.FormatInt(b.limits.Output, 10)
	switch b.language.Driver {
	case DriverPython:
		e.status = true
		command = []string{command[0], "-s", j.driver("python.py"), "call", b.source, b.entry, limit}
		if b.own != nil {
			e.job = &pythonJob{path: b.source, entry: b.entry, limit: b.limits.Output, built: b}
		}
	case DriverJavaScript:
		e.status = true
		last := len(command) - 1
		command = append(command[:last:last], j.driver("javascript.cjs"), "call", b.source, b.entry, limit)
	case DriverJava:
		dir, err := j.javaDriver(ctx, b.language)
		if err != nil {
			return nil, err
		}
		for i, a := range command {
			if a == "-cp" && i+1 < len(command) {
				command[i+1] += ":" + dir
			}
		}
		command[len(command)-1] = "Driver"
		command = append(command, b.entry, limit, strings.Join(b.classes, ","))
	}
	path, err := j.resolve(command[0])
	e.path, e.args = path, command
	return e, err
}

func (j *Jail) driver(name string) string { return filepath.Join(j.cache, "drivers", name) }

// A caller calls a program and starts it again when a call has ended it.
type caller struct {
	jail    *Jail
	built   *built
	build   *sandbox.Build
	talk    *conversation
	stop    func() bool
	ahead   int // calls that were sent, and whose outputs were not returned
	starts  int
	died    bool // the warm interpreter died under the program once already
	unbegun int  // how often it died before the program had a word
	lone    bool // one call is sent at a time
	last    sandbox.Output

	refusals int // how often the runtime was started again; see neverRan
}

// run starts the program by its driver and gives it the calls.
func (r *caller) run(ctx context.Context, inputs []sandbox.Input, take func(int, sandbox.Output) bool) error {
	for i := range inputs {
		out, err := r.call(ctx, inputs[i:])
		if err != nil {
			return err
		}
		if r.build.Failure != "" || !take(i, out) {
			return nil
		}
	}
	return nil
}

func (r *caller) close() {
	if r.talk != nil {
		r.stop()
		r.talk.close()
		r.talk = nil
	}
	r.ahead = 0
}

// maxAhead bounds the calls that are sent before they are answered, in bytes: a
// pipe takes them while the program does something else.
const maxAhead = 32 << 10

// lines returns the lines of the calls to send now, at least one.
func (r *caller) lines(inputs []sandbox.Input) (text []byte, n int) {
	for _, input := range inputs {
		if n > 0 && (r.lone || len(text)+len(input.Call) >= maxAhead) {
			break
		}
		text = append(append(text, input.Call...), '\n')
		n++
	}
	return text, n
}

// call returns what comes of the first of the calls. The others may be sent with
// it: an answer saves the way there and back, and each is still waited for alone.
func (r *caller) call(ctx context.Context, inputs []sandbox.Input) (sandbox.Output, error) {
	time := r.built.limits.Time
	switch {
	case r.talk == nil:
		if r.starts > maxRestarts || r.starts > 0 && r.built.tampered() {
			// It has ended its process too often: what is left ends as the last did.
			return sandbox.Output{Failure: r.last.Failure, Exit: r.last.Exit}, nil
		}
		err := r.start(ctx, inputs)
		if errors.Is(err, errZygoteDied) && !r.died {
			r.died = true
			r.starts--
			return r.call(ctx, inputs)
		}
		if err != nil {
			return sandbox.Output{}, err
		}
	case r.ahead == 0:
		text, n := r.lines(inputs)
		r.ahead = n
		// A program that cannot be written to has ended, or will not answer in time.
		_ = r.talk.send(text, n, time)
	default:
		r.talk.begin(time)
	}
	out, over, err := r.talk.call(ctx, time)
	if err != nil {
		return out, err
	}
	r.ahead--
	if !over {
		return out, nil
	}
	died, blurred, said := r.talk.died(), r.talk.blurred.Load(), r.talk.said
	r.close()
	switch {
	case blurred:
		// Which call printed too much shows when it is alone.
		r.lone = true
		r.starts--
		return r.call(ctx, inputs)
	case died && said == "" && r.unbegun < startTries:
		r.unbegun++
		r.starts--
		return r.call(ctx, inputs)
	case died && !r.died:
		r.died = true
		return r.call(ctx, inputs)
	case died:
		return out, grader.Transientf("run a program: %w, twice", errZygoteDied)
	case r.refusals < refusedTries && neverRan(out):
		r.refusals++
		r.starts--
		if err := pauseRefused(ctx, r.refusals); err != nil {
			return out, err
		}
		return r.call(ctx, inputs)
	case said == "S":
		r.build.Failure, r.build.Log = sandbox.CompileError, out.Stderr
	}
	r.last = out
	return out, nil
}

func (r *caller) start(ctx context.Context, inputs []sandbox.Input) error {
	if r.starts > 0 {
		if err := r.built.folder.clean(); err != nil {
			return unavailable("clean up after a call", err)
		}
	}
	r.starts++
	e, err := r.jail.calls(ctx, r.built)
	if err != nil {
		return err
	}
	text, n := r.lines(inputs)
	if r.talk, err = r.jail.converse(ctx, e, text, n); err != nil {
		r.talk = nil
		return err
	}
	r.ahead = n
	r.stop = context.AfterFunc(ctx, r.talk.process.kill)
	return nil
}
