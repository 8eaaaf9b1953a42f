//go:build linux && (amd64 || arm64)

package confine

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// evaluate runs a filter as the kernel does, on the calls that it uses.
func evaluate(t testing.TB, p program, number, arch uint32, args [6]uint64) answer {
	data := make([]byte, 64)
	binary.LittleEndian.PutUint32(data[offNumber:], number)
	binary.LittleEndian.PutUint32(data[offArch:], arch)
	for i, a := range args {
		binary.LittleEndian.PutUint64(data[offArgs+8*i:], a)
	}
	var acc uint32
	for pc := 0; ; pc++ {
		if pc >= len(p) {
			t.Fatal("the program runs over its end")
		}
		in := p[pc]
		jump := func(taken bool) {
			if taken {
				pc += int(in.Jt)
			} else {
				pc += int(in.Jf)
			}
		}
		switch in.Code {
		case unix.BPF_LD | unix.BPF_W | unix.BPF_ABS:
			acc = binary.LittleEndian.Uint32(data[in.K:])
		case unix.BPF_ALU | unix.BPF_AND | unix.BPF_K:
			acc &= in.K
		case unix.BPF_JMP | unix.BPF_JA:
			pc += int(in.K)
		case unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K:
			jump(acc == in.K)
		case unix.BPF_JMP | unix.BPF_JGT | unix.BPF_K:
			jump(acc > in.K)
		case unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K:
			jump(acc >= in.K)
		case unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K:
			jump(acc&in.K != 0)
		case unix.BPF_RET | unix.BPF_K:
			return answer(in.K)
		default:
			t.Fatalf("instruction %d has code %#x", pc, in.Code)
		}
	}
}

// judge reads the rules without a program.
func judge(rs []rule, number uint32, args [6]uint64) answer {
	if x32Bit != 0 && number >= x32Bit {
		return kill
	}
	if number > lastNumber {
		return missing
	}
	for _, r := range rs {
		if uint32(r.number) != number {
			continue
		}
		for _, t := range r.tests {
			a := uint32(args[t.arg])
			var holds bool
			switch t.op {
			case equal:
				holds = a == t.value
			case otherThan:
				holds = a != t.value
			case anyBit:
				holds = a&t.value != 0
			case negative:
				holds = int32(a) < 0
			case lowBits:
				holds = a&0xf == t.value
			}
			if holds {
				return t.then
			}
		}
		return r.answer
	}
	return allow
}

func TestFilterAnswersAsTheRules(t *testing.T) {
	values := []uint64{0, 1, 2, 5, 1 << 31, 0xffffffff, 1<<32 + 1, ownPID, newNamespaces, unix.SOCK_STREAM | unix.SOCK_CLOEXEC, unix.SOCK_DGRAM, unix.TIOCSTI, 1<<63 | unix.TIOCSTI, unix.F_SETOWN, unix.PR_SET_PDEATHSIG}
	for _, scoped := range []bool{false, true} {
		rs := rules(scoped)
		p := assemble(rs, lastNumber)
		require.Less(t, len(p), 4096, "the kernel takes no longer program")
		for number := range uint32(lastNumber + 40) {
			for _, a := range values {
				for _, b := range values {
					args := [6]uint64{a, b}
					if want, got := judge(rs, number, args), evaluate(t, p, number, auditArch, args); want != got {
						t.Fatalf("call %d with %#x: the program answers %#x, the rules %#x", number, args, got, want)
					}
				}
			}
		}
		for _, number := range []uint32{1 << 30, 1<<30 + 59, 1<<31 | 1, 0xffffffff} {
			require.Equal(t, judge(rs, number, [6]uint64{}), evaluate(t, p, number, auditArch, [6]uint64{}))
		}
		for _, arch := range []uint32{unix.AUDIT_ARCH_I386, unix.AUDIT_ARCH_ARM, 0, auditArch ^ 1} {
			require.Equal(t, kill, evaluate(t, p, unix.SYS_GETPID, arch, [6]uint64{}))
		}
	}
}

func TestFilterVerdicts(t *testing.T) {
	const stream, dgram = unix.SOCK_STREAM | unix.SOCK_CLOEXEC, unix.SOCK_DGRAM
	for _, c := range []struct {
		name     string
		number   uint32
		args     [6]uint64
		alone    answer
		scoped   answer
		sameBoth bool
	}{
		{"read", unix.SYS_READ, [6]uint64{}, allow, allow, true},
		{"execve", unix.SYS_EXECVE, [6]uint64{}, allow, allow, true},
		{"clone of a thread", unix.SYS_CLONE, [6]uint64{unix.CLONE_VM | unix.CLONE_THREAD}, allow, allow, true},
		{"clone with a user namespace", unix.SYS_CLONE, [6]uint64{unix.CLONE_NEWUSER}, refuse, refuse, true},
		{"clone3", unix.SYS_CLONE3, [6]uint64{}, missing, missing, true},
		{"socket", unix.SYS_SOCKET, [6]uint64{unix.AF_UNIX}, refuse, refuse, true},
		{"socketpair of streams", unix.SYS_SOCKETPAIR, [6]uint64{unix.AF_UNIX, stream}, allow, allow, true},
		{"socketpair with a high word", unix.SYS_SOCKETPAIR, [6]uint64{1<<32 | unix.AF_UNIX, stream}, allow, allow, true},
		{"socketpair of datagrams", unix.SYS_SOCKETPAIR, [6]uint64{unix.AF_UNIX, dgram}, refuse, refuse, true},
		{"socketpair of TIPC", unix.SYS_SOCKETPAIR, [6]uint64{unix.AF_TIPC, stream}, refuse, refuse, true},
		{"kill itself", unix.SYS_KILL, [6]uint64{ownPID, 9}, allow, refuse, false}, // as a number it is negative
		{"kill its group", unix.SYS_KILL, [6]uint64{0, 9}, allow, allow, true},
		{"kill another", unix.SYS_KILL, [6]uint64{4711, 9}, refuse, allow, false},
		{"kill everybody", unix.SYS_KILL, [6]uint64{0xffffffff, 9}, refuse, refuse, true},
		{"kill everybody, sign extended", unix.SYS_KILL, [6]uint64{1<<64 - 1, 9}, refuse, refuse, true},
		{"limits of itself", unix.SYS_PRLIMIT64, [6]uint64{0, 7}, allow, allow, true},
		{"limits of another", unix.SYS_PRLIMIT64, [6]uint64{4711, 7}, refuse, refuse, true},
		{"sched_setscheduler", unix.SYS_SCHED_SETSCHEDULER, [6]uint64{0, unix.SCHED_IDLE}, pretend, pretend, true},
		{"sched_setscheduler of another", unix.SYS_SCHED_SETSCHEDULER, [6]uint64{4711, unix.SCHED_IDLE}, refuse, refuse, true},
		{"sched_setattr", unix.SYS_SCHED_SETATTR, [6]uint64{}, pretend, pretend, true},
		{"setsid", unix.SYS_SETSID, [6]uint64{}, pretend, pretend, true},
		{"terminal input", unix.SYS_IOCTL, [6]uint64{0, 1<<40 | unix.TIOCSTI}, refuse, refuse, true},
		{"terminal size", unix.SYS_IOCTL, [6]uint64{0, unix.TIOCGWINSZ}, allow, allow, true},
		{"parent-death signal", unix.SYS_PRCTL, [6]uint64{unix.PR_SET_PDEATHSIG}, refuse, refuse, true},
		{"parent-death signal of a fork", unix.SYS_PRCTL, [6]uint64{unix.PR_SET_PDEATHSIG, uint64(unix.SIGKILL)}, allow, allow, true},
		{"parent-death signal with a high word", unix.SYS_PRCTL, [6]uint64{1<<32 | unix.PR_SET_PDEATHSIG, 15}, refuse, refuse, true},
		{"name", unix.SYS_PRCTL, [6]uint64{unix.PR_SET_NAME}, allow, allow, true},
		{"memfd", unix.SYS_MEMFD_CREATE, [6]uint64{}, missing, missing, true},
		{"a call to come", lastNumber + 1, [6]uint64{}, missing, missing, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.alone, evaluate(t, assemble(rules(false), lastNumber), c.number, auditArch, c.args))
			require.Equal(t, c.scoped, evaluate(t, assemble(rules(true), lastNumber), c.number, auditArch, c.args))
			require.Equal(t, c.sameBoth, c.alone == c.scoped)
		})
	}
}

func TestRulesNameEachCallOnce(t *testing.T) {
	seen := map[uintptr]bool{}
	for _, r := range rules(false) {
		require.False(t, seen[r.number], "call %d has two rules", r.number)
		require.LessOrEqual(t, r.number, uintptr(lastNumber))
		seen[r.number] = true
	}
	require.Greater(t, len(seen), 90)
	require.Less(t, len(assemble(rules(false), lastNumber)), 400, "every instruction is paid for at every start")
}

func TestFilterForOthers(t *testing.T) {
	p := assemble(rules(false), lastNumber)
	f := p.filter()
	require.Len(t, f.Program, 8*len(p))
	require.Len(t, f.PIDs, len(p.own()))
	require.NotEmpty(t, f.PIDs)
	for _, at := range f.PIDs {
		require.EqualValues(t, ownPID, binary.NativeEndian.Uint32(f.Program[at:]))
		binary.NativeEndian.PutUint32(f.Program[at:], 4711)
	}
	patched := slices.Clone(p)
	for _, at := range patched.own() {
		patched[at].K = 4711
	}
	require.Equal(t, patched.filter().Program, f.Program)
	require.Equal(t, allow, evaluate(t, patched, unix.SYS_KILL, auditArch, [6]uint64{4711}))
	require.Equal(t, refuse, evaluate(t, patched, unix.SYS_KILL, auditArch, [6]uint64{4712}))
}

// TestFilterInTwoParts loads both, as a child of a keeper has them: the stricter
// answer counts.
func TestFilterInTwoParts(t *testing.T) {
	whole := assemble(rules(false), lastNumber)
	base, rest := assemble(reaching(), lastNumber), assemble(staying(false), lastNumber)
	require.Less(t, len(rest), 100, "every instruction is paid for at every fork")
	for number := range uint32(lastNumber + 3) {
		for _, a := range []uint64{0, 1, 1 << 31, 0xffffffff, ownPID, newNamespaces, unix.PR_SET_PDEATHSIG} {
			for _, b := range []uint64{0, unix.SOCK_DGRAM, unix.TIOCSTI, unix.F_SETOWN} {
				args := [6]uint64{a, b}
				got := evaluate(t, base, number, auditArch, args)
				if got == allow {
					got = evaluate(t, rest, number, auditArch, args)
				}
				require.Equal(t, evaluate(t, whole, number, auditArch, args), got, "call %d with %#x", number, args)
			}
		}
	}
	// What the keeper itself must be able to do.
	for _, number := range []uint32{unix.SYS_KILL, unix.SYS_SETPGID, unix.SYS_PRLIMIT64, unix.SYS_SECCOMP, unix.SYS_LANDLOCK_RESTRICT_SELF} {
		require.Equal(t, allow, evaluate(t, base, number, auditArch, [6]uint64{1<<64 - 4711, 0}))
	}
}

func TestLongJumps(t *testing.T) {
	long := program{}
	for range 300 {
		long = append(long, load(offNumber))
	}
	p := append(program{load(offNumber)}, branch(unix.BPF_JEQ, 7, program{ret(kill)}, append(long, ret(allow)))...)
	require.Equal(t, kill, evaluate(t, p, 7, auditArch, [6]uint64{}))
	require.Equal(t, allow, evaluate(t, p, 8, auditArch, [6]uint64{}))
}

func FuzzFilter(f *testing.F) {
	f.Add(uint32(unix.SYS_KILL), uint64(1), uint64(9), true)
	f.Add(uint32(unix.SYS_SOCKETPAIR), uint64(1), uint64(unix.SOCK_STREAM), false)
	type pair struct {
		rs []rule
		p  program
	}
	both := map[bool]pair{}
	for _, scoped := range []bool{false, true} {
		both[scoped] = pair{rules(scoped), assemble(rules(scoped), lastNumber)}
	}
	f.Fuzz(func(t *testing.T, number uint32, a, b uint64, scoped bool) {
		args := [6]uint64{a, b}
		require.Equal(t, judge(both[scoped].rs, number, args), evaluate(t, both[scoped].p, number, auditArch, args))
	})
}

func TestParseStat(t *testing.T) {
	const rest = " S 12 34 5 6 7 8 9 10 11 12 150 50 3 4 20 0 17 0 987654 100000 2500 18446744073709551615 1 1"
	for _, c := range []struct {
		name, line string
		ok         bool
	}{
		{"plain", "4711 (python3)" + rest, true},
		{"a name that forges fields", "4711 (x) S 1 1 1 1)" + rest, true},
		{"a name of parentheses", "4711 (((()))" + rest, true},
		{"a name with a line break", "4711 (a\nb)" + rest, true},
		{"empty", "", false},
		{"no name", "4711", false},
		{"no fields", "4711 (a)", false},
		{"fields that end early", "4711 (a) S 12 34", false},
		{"a field that is no number", "4711 (a) S x 34 5 6 7 8 9 10 11 12 150 50 3 4 20 0 17 0 987654 1 1", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, ok := parseStat([]byte(c.line))
			require.Equal(t, c.ok, ok)
			if ok {
				require.Equal(t, proc{pid: 4711, parent: 12, group: 34, state: 'S', threads: 17, start: 987654, cpu: 207 * tick, pages: 2500}, p)
			}
		})
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add([]byte("1 (a) S 0 1 1 0 -1 4194560 1 1 1 1 1 1 1 1 20 0 1 0 5 1 1"))
	f.Fuzz(func(t *testing.T, line []byte) {
		if p, ok := parseStat(line); ok {
			require.GreaterOrEqual(t, p.pid, 0)
			require.GreaterOrEqual(t, p.pages, int64(0))
		}
	})
}

func TestMarkers(t *testing.T) {
	s := newMarkerSource()
	a, b := s.marker(), s.marker()
	require.NotEqual(t, a, b)
	require.Equal(t, s.id, a.source())
	require.Equal(t, a.source(), b.source())
	for _, c := range []struct {
		name      string
		locks, rt uint64
		want      marker
	}{
		{"ours", a.locks(), a.rtTime(), a},
		{"unlimited", unix.RLIM_INFINITY, unix.RLIM_INFINITY, 0},
		{"a real-time daemon's", unix.RLIM_INFINITY, 200_000, 0},
		{"locks lowered", a.locks() - 1, a.rtTime(), tampered},
		{"time lowered", a.locks(), a.rtTime() - 1, tampered},
		{"both lowered", 0, 0, tampered},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, readMarker(c.locks, c.rt))
		})
	}
}

// TestMarkerHolds looks for a way down from one marker to another: there is none,
// since the two limits add up.
func TestMarkerHolds(t *testing.T) {
	s := newMarkerSource()
	for range 100 {
		from := s.marker()
		to := s.marker()
		if to.locks() <= from.locks() {
			require.Greater(t, to.rtTime(), from.rtTime(), "lowering one limit would have to raise the other")
		} else {
			require.Less(t, to.rtTime(), from.rtTime())
		}
	}
}

func TestHardLimit(t *testing.T) {
	text := "Limit                     Soft Limit           Hard Limit           Units     \n" +
		"Max file locks            5                    4711                 locks     \n" +
		"Max realtime timeout      unlimited            unlimited            us        \n"
	require.EqualValues(t, 4711, hardLimit([]byte(text), "Max file locks"))
	require.EqualValues(t, uint64(unix.RLIM_INFINITY), hardLimit([]byte(text), "Max realtime timeout"))
	require.EqualValues(t, uint64(unix.RLIM_INFINITY), hardLimit([]byte("Max file locks 1\n"), "Max file locks"))
	require.EqualValues(t, uint64(unix.RLIM_INFINITY), hardLimit(nil, "Max file locks"))
}

func BenchmarkAllProcs(b *testing.B) {
	var n int
	for b.Loop() {
		n = 0
		for range allProcs() {
			n++
		}
	}
	b.ReportMetric(float64(n), "processes")
}

func BenchmarkParts(b *testing.B) {
	p := System()
	f, err := newFence(p, landlockABI(), true, true)
	require.NoError(b, err)
	defer f.close()
	b.Run("ruleset", func(b *testing.B) {
		for b.Loop() {
			fd, err := f.ruleset(nil, nil)
			if err != nil {
				b.Fatal(err)
			}
			unix.Close(fd)
		}
		b.ReportMetric(float64(len(f.places)), "rules")
	})
	filter := assemble(rules(true), lastNumber)
	ruleset, err := f.ruleset(nil, nil)
	require.NoError(b, err)
	defer unix.Close(ruleset)
	for _, x := range []struct {
		name string
		add  func(*script)
	}{
		{"fork", func(*script) {}},
		{"fork and landlock", func(s *script) { s.do("landlock", unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(ruleset), 0) }},
		{"fork and the shortest filter", func(s *script) { s.seccomp(program{ret(allow)}, unix.SECCOMP_FILTER_FLAG_SPEC_ALLOW) }},
		{"fork and the rest of a filter", func(s *script) { s.seccomp(assemble(staying(false), lastNumber), unix.SECCOMP_FILTER_FLAG_SPEC_ALLOW) }},
		{"fork and seccomp", func(s *script) { s.seccomp(filter, unix.SECCOMP_FILTER_FLAG_SPEC_ALLOW) }},
	} {
		b.Run(x.name, func(b *testing.B) {
			for b.Loop() {
				s := newScript()
				s.do("no_new_privs", unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1)
				x.add(s)
				if err := s.try(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func ExamplePolicy() {
	p := System()
	p.Execute = append(p.Execute, "/opt/toolchain")
	c, err := Compile(p)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	for _, q := range c.Protections() {
		if q.Name == LayerLimits {
			fmt.Println(q.Name, q.Active)
		}
	}
	// Output: rlimits true
}
