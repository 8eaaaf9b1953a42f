//go:build !linux || !(amd64 || arm64)

package confine

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// A Confinement starts processes under one policy.
type Confinement struct{}

// A Process is a confined process and all that comes of it.
type Process struct{}

// A Group is a group of processes, by its number.
type Group int

func elsewhere() error {
	return &grader.PermanentError{Err: errors.New("confined processes need Linux on amd64 or arm64: run the grader in a Linux container or virtual machine")}
}

// Compile fails: there is no confinement on this system.
func Compile(Policy) (*Confinement, error) { return nil, elsewhere() }

// Probe fails: there is no confinement on this system.
func Probe(Policy) ([]sandbox.Protection, error) { return nil, elsewhere() }

// Harden fails: there is no confinement on this system.
func Harden() error { return elsewhere() }

// The methods below belong to values that no function here makes.

// Protections returns nothing.
func (c *Confinement) Protections() []sandbox.Protection { return nil }

// User returns the zero User.
func (c *Confinement) User() User { return User{} }

// Filter returns an empty filter.
func (c *Confinement) Filter() Filter { return Filter{} }

// With fails.
func (c *Confinement) With(Policy) (*Confinement, error) { return nil, elsewhere() }

// Ruleset fails.
func (c *Confinement) Ruleset(read, write []string) (*os.File, error) { return nil, elsewhere() }

// Close does nothing.
func (c *Confinement) Close() error { return nil }

// Start fails.
func (c *Confinement) Start(Spec) (*Process, error) { return nil, elsewhere() }

// SweepOrphans returns 0.
func (c *Confinement) SweepOrphans() int { return 0 }

// Sweep does nothing.
func (c *Confinement) Sweep(...int) int { return 0 }

// PID returns 0.
func (p *Process) PID() int { return 0 }

// Group returns 0.
func (p *Process) Group() Group { return 0 }

// Kill does nothing.
func (p *Process) Kill() {}

// Wait fails.
func (p *Process) Wait(context.Context) (Exit, error) { return Exit{}, elsewhere() }

// Usage returns nothing.
func (p *Process) Usage() Usage { return Usage{} }

// Kill does nothing.
func (g Group) Kill() {}

// End does nothing.
func (g Group) End() time.Duration { return 0 }

// Usage returns nothing.
func (g Group) Usage() Usage { return Usage{} }
