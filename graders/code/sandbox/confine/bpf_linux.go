//go:build linux && (amd64 || arm64)

package confine

import (
	"cmp"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The offsets in struct seccomp_data (linux/seccomp.h).
const (
	offNumber = 0
	offArch   = 4
	offArgs   = 16 // six of 64 bits, low word first on both machines
)

// An answer is what a filter returns for a call.
type answer uint32

const (
	allow   answer = unix.SECCOMP_RET_ALLOW
	kill    answer = unix.SECCOMP_RET_KILL_PROCESS
	refuse  answer = unix.SECCOMP_RET_ERRNO | answer(unix.EPERM)
	missing answer = unix.SECCOMP_RET_ERRNO | answer(unix.ENOSYS)
	pretend answer = unix.SECCOMP_RET_ERRNO // success without effect
	ownPID         = 0xfffffffd             // stands for the process id, which is filled in later
)

// A test looks at the low word of one argument. The kernel reads all arguments
// tested here as 32-bit values: the high word means nothing to it, and must mean
// nothing here.
type test struct {
	arg   int
	op    testOp
	value uint32
	then  answer
}

type testOp uint8

const (
	equal  testOp = iota
	anyBit        // any bit of value is set
	otherThan
	negative // the value as a signed number is below zero
	lowBits  // the low four bits equal value
)

// A rule answers one system call. The first test that holds decides; otherwise
// the rule's own answer does.
type rule struct {
	number uintptr
	tests  []test
	answer answer
}

// A program is a list of instructions of classic BPF.
type program []unix.SockFilter

func load(offset uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
}

func ret(a answer) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: uint32(a)}
}

// branch goes on with yes where the condition holds, and with no otherwise.
func branch(code uint16, k uint32, yes, no program) program {
	in := unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_K | code, K: k}
	p := make(program, 0, len(yes)+len(no)+2)
	if len(no) <= 255 {
		in.Jt = uint8(len(no))
		p = append(p, in)
	} else {
		// Too far for a conditional jump: it goes to, or passes by, a longer one.
		in.Jf = 1
		p = append(p, in, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JA, K: uint32(len(no))})
	}
	return append(append(p, no...), yes...)
}

// A jump is a conditional jump whose target is not placed yet: a body, by its
// index, or the next instruction.
type jump struct {
	in      unix.SockFilter
	yes, no int
}

const next = -1

// link places the bodies behind the jumps, in order, with otherwise before them.
// All of it is a few dozen instructions: the offsets fit.
func link(jumps []jump, otherwise unix.SockFilter, bodies []program) program {
	start := make([]int, len(bodies))
	at := len(jumps) + 1
	for i, b := range bodies {
		start[i] = at
		at += len(b)
	}
	p := make(program, 0, at)
	for i, j := range jumps {
		if j.yes != next {
			j.in.Jt = uint8(start[j.yes] - i - 1)
		}
		if j.no != next {
			j.in.Jf = uint8(start[j.no] - i - 1)
		}
		p = append(p, j.in)
	}
	p = append(p, otherwise)
	for _, b := range bodies {
		p = append(p, b...)
	}
	return p
}

// body decides a call whose number is known.
func (r rule) body() program {
	var jumps []jump
	var answers []answer
	loaded := -1
	for _, t := range r.tests {
		if t.arg != loaded || t.op == lowBits {
			jumps = append(jumps, jump{load(offArgs + 8*uint32(t.arg)), next, next})
			loaded = t.arg
		}
		to := slices.Index(answers, t.then)
		if to < 0 {
			to = len(answers)
			answers = append(answers, t.then)
		}
		j := jump{unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: t.value}, to, next}
		switch t.op {
		case otherThan:
			j.yes, j.no = next, to
		case anyBit:
			j.in.Code = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
		case negative:
			j.in.Code, j.in.K = unix.BPF_JMP|unix.BPF_JSET|unix.BPF_K, 1<<31
		case lowBits:
			jumps = append(jumps, jump{unix.SockFilter{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: 0xf}, next, next})
			loaded = -1
		}
		jumps = append(jumps, j)
	}
	bodies := make([]program, len(answers))
	for i, a := range answers {
		bodies[i] = program{ret(a)}
	}
	return link(jumps, ret(r.answer), bodies)
}

// A span is a run of numbers that have the same rule.
type span struct {
	first, last uint32
	rule        rule
}

// spans joins neighbours. Of the program that this shortens the kernel makes
// machine code at every start.
func spans(rules []rule) []span {
	rules = slices.SortedFunc(slices.Values(rules), func(a, b rule) int { return cmp.Compare(a.number, b.number) })
	var ss []span
	for _, r := range rules {
		n := uint32(r.number)
		if k := len(ss) - 1; k >= 0 && ss[k].last+1 == n && ss[k].rule.like(r) {
			ss[k].last = n
		} else {
			ss = append(ss, span{n, n, r})
		}
	}
	return ss
}

// like reports whether two rules answer alike.
func (r rule) like(o rule) bool { return r.answer == o.answer && slices.Equal(r.tests, o.tests) }

// leaf is how many spans are looked at one after the other.
const leaf = 6

// tree is a binary search for the rule of the loaded number. What has no
// rule is allowed.
func tree(ss []span) program {
	if len(ss) > leaf {
		half := len(ss) / 2
		return branch(unix.BPF_JGE, ss[half].first, tree(ss[half:]), tree(ss[:half]))
	}
	var jumps []jump
	var rules []rule
	var bodies []program
	for _, s := range ss {
		to := slices.IndexFunc(rules, s.rule.like)
		if to < 0 {
			to = len(rules)
			rules = append(rules, s.rule)
			bodies = append(bodies, s.rule.body())
		}
		if s.first == s.last {
			jumps = append(jumps, jump{unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: s.first}, to, next})
			continue
		}
		below := jump{unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K, K: s.first, Jf: 1}, next, next}
		jumps = append(jumps, below, jump{unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JGT | unix.BPF_K, K: s.last}, next, to})
	}
	return link(jumps, ret(allow), bodies)
}

// assemble makes the program of the rules: foreign machines and, on amd64, the
// numbers of x32 end the process; numbers above last, which no one has judged, are
// answered ENOSYS.
func assemble(rules []rule, last uintptr) program {
	known := append(program{load(offNumber)}, branch(unix.BPF_JGT, uint32(last), program{ret(missing)}, tree(spans(rules)))...)
	if x32Bit != 0 {
		known = append(program{load(offNumber)}, branch(unix.BPF_JGE, x32Bit, program{ret(kill)}, known[1:])...)
	}
	return append(program{load(offArch)}, branch(unix.BPF_JEQ, auditArch, known, program{ret(kill)})...)
}

// own returns where the program compares with the process's own id.
func (p program) own() []int {
	var at []int
	for i, in := range p {
		if in.K == ownPID && in.Code == unix.BPF_JMP|unix.BPF_K|unix.BPF_JEQ {
			at = append(at, i)
		}
	}
	return at
}

// filter returns the program in the form that crosses to other languages.
func (p program) filter() Filter {
	const size, offsetK = int(unsafe.Sizeof(unix.SockFilter{})), int(unsafe.Offsetof(unix.SockFilter{}.K))
	f := Filter{Program: slices.Clone(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(p))), len(p)*size))}
	for _, i := range p.own() {
		f.PIDs = append(f.PIDs, i*size+offsetK)
	}
	return f
}
