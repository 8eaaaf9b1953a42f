//go:build amd64 || arm64

package jail

import "context"

// Sweep ends every process that came of the programs of this process, and those
// that a grader which has ended left, and returns how many were alive. The warm
// interpreters stay. Call it while no program runs: those that do are ended.
func (j *Jail) Sweep(ctx context.Context) (killed int, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	return j.confinement.Sweep(j.zygotes.pids()...), nil
}

// pids returns the process ids of the warm interpreters.
func (z *zygotes) pids() []int {
	z.mu.Lock()
	defer z.mu.Unlock()
	var pids []int
	for _, one := range z.all {
		if one.alive() {
			pids = append(pids, one.process.PID())
		}
	}
	return pids
}
