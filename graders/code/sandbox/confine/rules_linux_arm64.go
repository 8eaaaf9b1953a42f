package confine

import "golang.org/x/sys/unix"

const (
	auditArch = unix.AUDIT_ARCH_AARCH64
	x32Bit    = 0
)

// machineRules are the rules for calls that only arm64 has.
func machineRules() []rule { return nil }
