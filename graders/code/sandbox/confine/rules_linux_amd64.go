package confine

import "golang.org/x/sys/unix"

const (
	auditArch = unix.AUDIT_ARCH_X86_64
	// x32Bit marks the numbers of the x32 interface, which would pass by every rule.
	x32Bit = 0x40000000
)

// machineRules are the rules for calls that only amd64 has.
func machineRules() []rule {
	return rulesFor(refuse,
		unix.SYS_IOPL, unix.SYS_IOPERM, unix.SYS_USELIB, unix.SYS_USTAT, unix.SYS_SYSFS, unix.SYS__SYSCTL,
		unix.SYS_CREATE_MODULE, unix.SYS_GET_KERNEL_SYMS, unix.SYS_QUERY_MODULE,
		unix.SYS_GETPMSG, unix.SYS_PUTPMSG, unix.SYS_AFS_SYSCALL, unix.SYS_TUXCALL, unix.SYS_SECURITY, unix.SYS_VSERVER,
		unix.SYS_MODIFY_LDT, unix.SYS_URETPROBE, unix.SYS_UPROBE)
}
