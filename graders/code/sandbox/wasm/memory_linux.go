//go:build linux && (amd64 || arm64)

package wasm

import (
	"sync/atomic"

	"github.com/tetratelabs/wazero/experimental"
	"golang.org/x/sys/unix"
)

// A memory is the linear memory of one instance: addresses for all that it may
// ever have are taken at once and filled by the kernel when they are touched, so
// that growing moves nothing.
type memory struct {
	limit  uint64 // bytes
	peak   atomic.Uint64
	region []byte
}

var _ experimental.MemoryAllocator = (*memory)(nil)

// Allocate is called once, when the instance is made.
func (m *memory) Allocate(_, _ uint64) experimental.LinearMemory {
	region, err := unix.Mmap(-1, 0, int(max(m.limit, 1)), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE|unix.MAP_NORESERVE)
	if err != nil {
		panic(errMemory)
	}
	m.region = region
	return m
}

// Reallocate ends an instance that wants more than its limit. It is not told
// that there is no more: a C program that does not look at what malloc returns
// would go on at address 0, which a module can write to.
func (m *memory) Reallocate(size uint64) []byte {
	if size > m.limit {
		panic(errMemory)
	}
	m.peak.Store(size) // A memory never shrinks.
	return m.region[:size:size]
}

func (m *memory) Free() {
	if m.region != nil {
		_ = unix.Munmap(m.region)
		m.region = nil
	}
}

// size returns the bytes that the instance has had at most.
func (m *memory) size() int64 { return int64(m.peak.Load()) }
