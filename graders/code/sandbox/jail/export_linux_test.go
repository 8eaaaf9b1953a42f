//go:build amd64 || arm64

package jail

import (
	"context"
	"path/filepath"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// Zygotes returns the process ids of the warm interpreters.
func (j *Jail) Zygotes() []int { return j.zygotes.pids() }

// NoZygotes makes the jail run each Python program in an interpreter of its own.
func (j *Jail) NoZygotes() {
	j.zygotes.mu.Lock()
	defer j.zygotes.mu.Unlock()
	j.zygotes.broken = maxBroken
}

var (
	RemoveTree   = removeTree
	DiskUsed     = diskUsed
	OpenFolder   = openFolder
	Unhide       = unhide
	ParseStat    = parseStat
	Unavailable  = unavailable
	ReplyFailure = replyFailure
	ShellWords   = shellWords
)

// Toolchain looks for what a language needs.
func (j *Jail) Toolchain(ctx context.Context, l *sandbox.Language) error {
	_, err := j.toolchain(ctx, l)
	return err
}

// Serves builds a program that is run several times, and says whether a server does it.
func (j *Jail) Serves(ctx context.Context, p sandbox.Program) bool {
	b, build, err := j.build(ctx, p, leastServed)
	if err != nil {
		return false
	}
	defer b.folder.remove()
	return build.Failure == "" && b.serve
}

// ServedPart is the file that programs with servers are linked with, or empty.
func (j *Jail) ServedPart() string { return j.serverPart.path }

// Reseal takes what programs share as it is now.
func (j *Jail) Reseal() { j.sealShared() }

// Direct says whether C is compiled without gcc.
func (j *Jail) Direct(ctx context.Context) bool { return j.directly(ctx) != nil }

// NotDirect makes gcc compile all C.
func (j *Jail) NotDirect() { j.direct.done, j.direct.commands = true, nil }

// DirectlyDecided says whether C is compiled, or refused, without asking gcc.
func (j *Jail) DirectlyDecided(ctx context.Context, text string) bool {
	folder, err := j.scratch.folder()
	if err != nil {
		return false
	}
	defer folder.remove()
	c := Find(Languages(), "c")
	b := &built{language: c, own: c, folder: folder, limits: sandbox.DefaultLimits(), source: filepath.Join(folder.src, c.File), binary: filepath.Join(folder.src, "program")}
	if j.scratch.write(b.source, []byte(text)) != nil {
		return false
	}
	var build sandbox.Build
	decided, err := j.compileDirectly(ctx, b, text, "", &build)
	return err == nil && decided
}

// Root is the folder of the jail.
func (j *Jail) Root() string { return j.scratch.root }

var _ sandbox.Session = (*session)(nil)
