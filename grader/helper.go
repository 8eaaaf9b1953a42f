package grader

// HelperArgument is the first argument of a program that a kind starts as its
// helper; the second is the kind's name.
const HelperArgument = "kind-helper"

// WithHelper returns the kind with a helper: what the kind does in a process of
// its own, which can be killed where a goroutine cannot. The kind starts the
// helper as the very program that it is linked into ([os.Executable]) with the
// arguments [HelperArgument], its name, and its own. Run gets its own and
// returns the exit code.
func (k *Kind) WithHelper(run func(args []string) int) *Kind {
	with := *k
	with.helper = run
	return &with
}

// RunHelper runs the helper that the arguments of a program (its name not among
// them) ask for, and returns its exit code. Programs that list kinds call it
// before anything else; ok is false when the arguments ask for none.
func RunHelper(kinds []*Kind, args []string) (exit int, ok bool) {
	if len(args) < 2 || args[0] != HelperArgument {
		return 0, false
	}
	for _, k := range kinds {
		if k != nil && k.name == args[1] && k.helper != nil {
			return k.helper(args[2:]), true
		}
	}
	return 2, true
}
