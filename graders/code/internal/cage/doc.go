/*
Package cage runs tests that run hostile programs, without danger to the
machine that tests.

A test that calls [Enter] runs twice: outside, where Enter starts the test
binary again for this test alone in fresh process, mount, network and IPC
namespaces, as a throwaway user, with a private /tmp; and inside, where Enter
returns true and the test does its work. Afterwards the outside fails the test
when the inside failed or the marks show harm: a canary file, processes that
survived, files left in /tmp, requests at a listener that stands where the
Lambda Runtime API would be.

The cage protects the machine. What is tested must hold without its help.
*/
package cage

// The marks that hostile programs look for, inside.
const (
	// Secret is the value of the AWS credentials and of RH_SECRET in the
	// environment, and in SecretFile.
	Secret     = "RHSECRETVALUE"
	SecretFile = "/tmp/rh_secret.txt"
	// Canary holds CanaryText, and may be written by everybody.
	Canary     = "/tmp/rh_canary"
	CanaryText = "canary"
	// RuntimeAPI is where the listener stands.
	RuntimeAPI = "127.0.0.1:9001"
)

// ShownVariable is where a test in the cage finds [Options].Shown.
const ShownVariable = "RFT_CAGE_SHOWN"

// Options say how a cage is built.
type Options struct {
	// Root runs the test as root of the cage, with the capabilities that a container
	// would keep; otherwise it runs as a user without any.
	Root bool
	// Mask names what the kernel shall seem not to have: "landlock", "seccomp",
	// "namespaces".
	Mask []string
	// Seconds bounds the whole stay; 0 is 300.
	Seconds int
	// Shown is a folder of the machine that is seen at the same path, or empty. The
	// environment of the test has it as [ShownVariable].
	Shown string
}
