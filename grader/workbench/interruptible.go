package workbench

import (
	"context"
	"io"
)

// interruptible is a stream whose reading ends with a context or with Close,
// even while the stream gives nothing. Nothing can end a read of standard
// input, so one goroutine may stay behind in it until that read returns.
type interruptible struct {
	ctx    context.Context
	cancel context.CancelFunc
	under  io.Closer
	blocks <-chan block
	rest   []byte
	err    error
}

type block struct {
	b   []byte
	err error
}

func newInterruptible(ctx context.Context, r io.ReadCloser) *interruptible {
	ctx, cancel := context.WithCancel(ctx)
	blocks := make(chan block)
	go func() {
		defer close(blocks)
		for {
			b := make([]byte, 256<<10)
			n, err := r.Read(b)
			select {
			case blocks <- block{b[:n], err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return &interruptible{ctx: ctx, cancel: cancel, under: r, blocks: blocks}
}

func (i *interruptible) Read(b []byte) (int, error) {
	if len(i.rest) == 0 && i.err == nil {
		select {
		case next, ok := <-i.blocks:
			i.rest, i.err = next.b, next.err
			if !ok {
				i.err = context.Cause(i.ctx)
			}
		case <-i.ctx.Done():
			i.err = context.Cause(i.ctx)
		}
	}
	n := copy(b, i.rest)
	i.rest = i.rest[n:]
	if len(i.rest) == 0 {
		return n, i.err
	}
	return n, nil
}

func (i *interruptible) Close() error {
	i.cancel()
	return i.under.Close()
}
