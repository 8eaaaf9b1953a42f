//go:build amd64 || arm64

package jail

import (
	"bytes"
	"context"
	"debug/elf"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
)

// A partDone is whether the part of programs that have servers was made, and where it
// is; empty where it cannot be made.
type partDone struct {
	done bool
	path string
}

// servedPart returns the compiled drivers/serve.c, made once, or nothing where there
// can be no servers: what a fork does is bounded by the layers that are named here.
func (j *Jail) servedPart(ctx context.Context) string {
	j.sharing.Lock()
	defer j.sharing.Unlock()
	if j.serverPart.done {
		return j.serverPart.path
	}
	if !j.active(confine.LayerSeccomp) || !j.active(confine.LayerLandlock) || !j.active(confine.LayerScope) {
		j.serverPart.done = true
		return ""
	}
	defer j.sealShared()
	dir := filepath.Join(j.cache, "served")
	if os.MkdirAll(dir, 0o755) != nil {
		return ""
	}
	folder, err := j.scratch.folder()
	if err != nil {
		return ""
	}
	defer folder.remove()
	var build sandbox.Build
	made, kept := filepath.Join(folder.src, "serve.o"), filepath.Join(dir, "serve.o")
	command := []string{
		"gcc", "-O2", "-std=gnu17", "-w", "-fPIC", "-ffreestanding", "-fno-stack-protector", "-fno-asynchronous-unwind-tables",
		"-c", j.driver("serve.c"), "-o", made,
	}
	err = j.compile(ctx, folder, command, nil, sandbox.DefaultLimits(), &build)
	if ctx.Err() != nil {
		return ""
	}
	j.serverPart.done = true
	if err == nil && build.Failure == "" && copyFile(made, kept) == nil {
		j.serverPart.path = kept
	}
	return j.serverPart.path
}

// linked adds the part to the command of a compiler, with all symbols bound at the
// start, once for all runs.
func linked(l *sandbox.Language, command []string, part string) []string {
	switch l.Name {
	case "c", "cpp":
		return append(slices.Clone(command), part, "-Wl,-z,now")
	case "rust":
		return append(slices.Clone(command), "-C", "link-arg="+part)
	}
	return nil
}

// compileServed compiles a program, with the part of a server where it is to have one.
// A program that cannot be linked with it is compiled without it.
func (j *Jail) compileServed(ctx context.Context, b *built, text string, command []string, build *sandbox.Build) error {
	part, with := "", []string(nil)
	if b.many && b.own != nil && linked(b.own, nil, "") != nil {
		part = j.servedPart(ctx)
	}
	if part != "" {
		with = linked(b.own, command, part)
	}
	if decided, err := j.compileDirectly(ctx, b, text, part, build); err != nil || decided {
		b.serve = err == nil && build.Failure == "" && part != "" && servable(b.binary)
		return err
	}
	if with == nil {
		return j.compile(ctx, b.folder, command, b.language.Env, b.limits, build)
	}
	err := j.compile(ctx, b.folder, with, b.language.Env, b.limits, build)
	switch {
	case err != nil:
	case build.Failure == "":
		b.serve = servable(b.binary)
	case build.Failure == sandbox.CompileError && bytes.Contains(build.Log, []byte(part)):
		build.Failure, build.Log = "", nil
		err = j.compile(ctx, b.folder, command, b.language.Env, b.limits, build)
	}
	return err
}

// servable says whether nothing of a program runs before its server does, or in it. It
// could leave word for later runs: what a run finds must not depend on those before
// it. What is not known to be harmless is not servable.
//
// Before the functions of .preinit_array, of which the server must be the only one, run
// the resolvers of IFUNC symbols, and what the loader and the libraries call by a
// name that the program may define instead of them.
func servable(binary string) bool {
	f, err := elf.Open(binary)
	if err != nil {
		return false
	}
	defer f.Close()
	return f.Class == elf.ELFCLASS64 && usualSizes(f) && usualLoader(f) && usualEntries(f) && usualRelocations(f) && usualNames(f)
}

// maxTable bounds the tables that are looked at, in bytes.
const maxTable = 8 << 20

func usualSizes(f *elf.File) bool {
	return !slices.ContainsFunc(f.Sections, func(s *elf.Section) bool {
		switch s.Type {
		case elf.SHT_DYNAMIC, elf.SHT_DYNSYM, elf.SHT_STRTAB, elf.SHT_RELA, elf.SHT_GNU_VERSYM, elf.SHT_GNU_VERNEED, elf.SHT_GNU_VERDEF:
			return s.Flags&elf.SHF_ALLOC != 0 && (s.FileSize > maxTable || s.Flags&elf.SHF_COMPRESSED != 0)
		}
		return false
	})
}

// usualLoader wants that of the GNU C library.
func usualLoader(f *elf.File) bool {
	loaders := []string{"/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"}
	found := 0
	for _, p := range f.Progs {
		switch p.Type {
		case elf.PT_INTERP:
			name := make([]byte, 64)
			n, _ := p.ReadAt(name[:min(p.Filesz, 64)], 0)
			if found++; !slices.Contains(loaders, strings.TrimSuffix(string(name[:n]), "\x00")) {
				return false
			}
		case elf.PT_DYNAMIC:
			s := f.SectionByType(elf.SHT_DYNAMIC)
			if found++; s == nil || s.Offset != p.Off || s.FileSize != p.Filesz {
				return false
			}
		}
	}
	return found == 2
}

// usualEntries looks at the dynamic section: each entry is there once, and none makes
// the loader look elsewhere or call something else. The libraries are what the
// built-in languages link.
func usualEntries(f *elf.File) bool {
	libraries := []string{
		"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libutil.so.1", "libgcc_s.so.1", "libstdc++.so.6",
		"ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1",
	}
	data, err := f.SectionByType(elf.SHT_DYNAMIC).Data()
	if err != nil {
		return false
	}
	seen := map[elf.DynTag]uint64{}
	for ; len(data) >= 16; data = data[16:] {
		tag, value := elf.DynTag(f.ByteOrder.Uint64(data)), f.ByteOrder.Uint64(data[8:])
		if tag == elf.DT_NULL {
			break
		}
		if _, again := seen[tag]; tag != elf.DT_NEEDED && again {
			return false
		}
		seen[tag] = value
		switch tag {
		case elf.DT_NEEDED, elf.DT_INIT, elf.DT_FINI, elf.DT_INIT_ARRAY, elf.DT_INIT_ARRAYSZ, elf.DT_FINI_ARRAY, elf.DT_FINI_ARRAYSZ,
			elf.DT_PREINIT_ARRAY, elf.DT_PREINIT_ARRAYSZ, elf.DT_HASH, elf.DT_GNU_HASH, elf.DT_STRTAB, elf.DT_SYMTAB, elf.DT_STRSZ, elf.DT_SYMENT,
			elf.DT_DEBUG, elf.DT_PLTGOT, elf.DT_PLTRELSZ, elf.DT_PLTREL, elf.DT_JMPREL, elf.DT_RELA, elf.DT_RELASZ, elf.DT_RELAENT,
			elf.DT_RELACOUNT, elf.DT_FLAGS, elf.DT_FLAGS_1, elf.DT_BIND_NOW, elf.DT_VERNEED, elf.DT_VERNEEDNUM, elf.DT_VERSYM:
		case 0x23, 0x24, 0x25: // relative relocations, packed
		case 0x70000000, 0x70000001, 0x70000003, 0x70000005: // of the form of the procedure linkage table
		default:
			return false
		}
	}
	needed, err := f.ImportedLibraries()
	if err != nil || seen[elf.DT_PREINIT_ARRAYSZ] != 8 {
		return false
	}
	return !slices.ContainsFunc(needed, func(name string) bool { return !slices.Contains(libraries, name) })
}

// usualRelocations looks for symbols that are resolved by a function of the program.
func usualRelocations(f *elf.File) bool {
	indirect := map[elf.Machine]uint32{elf.EM_X86_64: uint32(elf.R_X86_64_IRELATIVE), elf.EM_AARCH64: uint32(elf.R_AARCH64_IRELATIVE)}[f.Machine]
	if indirect == 0 {
		return false
	}
	for _, s := range f.Sections {
		switch {
		case s.Type == elf.SHT_REL && s.Flags&elf.SHF_ALLOC != 0:
			return false
		case s.Type != elf.SHT_RELA || s.Flags&elf.SHF_ALLOC == 0:
			continue
		}
		data, err := s.Data()
		if err != nil {
			return false
		}
		for ; len(data) >= 24; data = data[24:] {
			if uint32(f.ByteOrder.Uint64(data[8:])) == indirect {
				return false
			}
		}
	}
	return true
}

// usualNames looks at what libraries find in the program: copies of their own variables,
// which have a version, and what C++ calls by mangled names, which nothing does before
// constructors.
func usualNames(f *elf.File) bool {
	symbols, err := f.DynamicSymbols()
	if err != nil {
		return false
	}
	var versions []byte
	if s := f.SectionByType(elf.SHT_GNU_VERSYM); s != nil {
		if versions, err = s.Data(); err != nil {
			return false
		}
	}
	for i, s := range symbols {
		if elf.ST_TYPE(s.Info) == elf.STT_GNU_IFUNC {
			return false
		}
		if s.Section == elf.SHN_UNDEF || strings.HasPrefix(s.Name, "_Z") {
			continue
		}
		// The table of versions begins with the symbol that debug/elf leaves out.
		at := 2 * (i + 1)
		if at+2 > len(versions) || binary.NativeEndian.Uint16(versions[at:])&0x7fff < 2 {
			return false
		}
	}
	return true
}
