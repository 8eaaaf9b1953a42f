//go:build amd64 || arm64

package jail

import (
	"context"

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

// Root is the folder of the jail.
func (j *Jail) Root() string { return j.scratch.root }

var _ sandbox.Session = (*session)(nil)
