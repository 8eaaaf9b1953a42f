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

// Root is the folder of the jail.
func (j *Jail) Root() string { return j.scratch.root }

var _ sandbox.Session = (*session)(nil)
