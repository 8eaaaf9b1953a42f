/*
Package sandboxtest is the conformance suite of executors: what any
[sandbox.Executor] must do, tried with programs that mean no harm.

	func TestConformance(t *testing.T) {
		sandboxtest.Run(t, executor, languages...)
	}

Each rule is a subtest under the language's name. A language that the executor
does not report to have is skipped by name; so is a rule for which the language
has no program. What hostile programs try is not here: they need a cage around
the test.
*/
package sandboxtest
