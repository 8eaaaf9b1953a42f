package locallambda

import (
	"bytes"
	"errors"
	"io"
	"os"
	"sync"
	"time"
)

const (
	// maxLine is where a line of the log is cut, as CloudWatch Logs cuts an
	// event.
	maxLine = 256 << 10
	// maxTail is what Lambda returns of an invocation's log.
	maxTail = 4 << 10
	// maxFlush is as much as a pipe can hold without privileges; more cannot
	// have been written before the flush was asked for.
	maxFlush = 1 << 20
)

// A tail keeps the last bytes that were written to it.
type tail struct {
	mu sync.Mutex
	b  []byte
}

func (t *tail) bytes() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return bytes.Clone(t.b)
}

func (t *tail) add(b []byte) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if over := len(b) - maxTail; over > 0 {
		b = b[over:]
	}
	if over := len(t.b) + len(b) - maxTail; over > 0 {
		t.b = t.b[:copy(t.b, t.b[over:])]
	}
	t.b = append(t.b, b...)
}

// A logSink is the one log of all environments.
type logSink struct {
	mu  sync.Mutex
	w   io.Writer
	err error // the first that a write returned
}

func (s *logSink) write(b []byte) {
	if s.w == nil || len(b) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return
	}
	_, s.err = s.w.Write(b)
}

// failed returns the first error of the writer. After it nothing more is
// written, and the functions run on.
func (s *logSink) failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// A logPipe carries what a process writes to stdout and stderr to the log,
// and to the tail of the invocation that it is working on.
type logPipe struct {
	r    *os.File
	sink *logSink

	mu   sync.Mutex
	tail *tail
	line []byte // begun but not ended

	flushing sync.Mutex
	flushes  chan chan struct{}
	done     chan struct{} // closed when read has returned
}

func newLogPipe(r *os.File, sink *logSink) *logPipe {
	return &logPipe{r: r, sink: sink, flushes: make(chan chan struct{}, 1), done: make(chan struct{})}
}

// attach directs the log to a tail, or with nil to none.
func (p *logPipe) attach(t *tail) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tail = t
}

// platform writes a line of the platform, after ending one that the process
// has only begun.
func (p *logPipe) platform(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.endLine() {
		p.tail.add([]byte{'\n'})
	}
	b := append([]byte(line), '\n')
	p.tail.add(b)
	p.sink.write(b)
}

// endLine writes the line that was begun, if there is one.
func (p *logPipe) endLine() bool {
	if len(p.line) == 0 {
		return false
	}
	p.sink.write(append(p.line, '\n'))
	p.line = p.line[:0]
	return true
}

func (p *logPipe) take(b []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tail.add(b)
	p.line = append(p.line, b...)
	end := bytes.LastIndexByte(p.line, '\n') + 1
	lines, rest := p.line[:end], p.line[end:]
	p.sink.write(cutLines(lines))
	for len(rest) > maxLine {
		p.sink.write(append(rest[:maxLine:maxLine], '\n'))
		rest = rest[maxLine:]
	}
	p.line = append(p.line[:0], rest...)
}

// cutLines returns the lines with those that are too long broken up. It is
// given whole lines.
func cutLines(lines []byte) []byte {
	if len(lines) <= maxLine {
		return lines
	}
	out := make([]byte, 0, len(lines)+len(lines)/maxLine+1)
	for line := range bytes.Lines(lines) {
		for len(line) > maxLine+1 {
			out = append(append(out, line[:maxLine]...), '\n')
			line = line[maxLine:]
		}
		out = append(out, line...)
	}
	return out
}

// read carries the log until the pipe ends or is closed.
func (p *logPipe) read() {
	defer close(p.done)
	buf := make([]byte, 64<<10)
	for {
		n, err := p.r.Read(buf)
		p.take(buf[:n])
		switch {
		case err == nil:
		case errors.Is(err, os.ErrDeadlineExceeded):
			if p.r.SetReadDeadline(time.Time{}) != nil {
				return
			}
			select {
			case flushed := <-p.flushes:
				p.drain(buf)
				close(flushed)
			default:
			}
		default:
			return
		}
	}
}

// drain takes what is in the pipe now, without waiting for more.
func (p *logPipe) drain(buf []byte) {
	raw, err := p.r.SyscallConn()
	if err != nil {
		return
	}
	for total := 0; total < maxFlush; {
		n := 0
		if raw.Read(func(fd uintptr) bool { n = readNow(fd, buf); return true }) != nil || n <= 0 {
			return
		}
		p.take(buf[:n])
		total += n
	}
}

// flush returns when everything that was in the pipe at its call has reached
// the log. An expired deadline is what wakes the reader.
func (p *logPipe) flush() {
	p.flushing.Lock()
	defer p.flushing.Unlock()
	flushed := make(chan struct{})
	select {
	case p.flushes <- flushed:
	case <-p.done:
		return
	}
	if p.r.SetReadDeadline(time.Unix(1, 0)) != nil {
		return
	}
	select {
	case <-flushed:
	case <-p.done:
	}
}

// close flushes the pipe and ends the reader, though a process that survived
// may still hold the other end.
func (p *logPipe) close() {
	p.flush()
	p.r.Close()
	<-p.done
	p.mu.Lock()
	defer p.mu.Unlock()
	p.endLine()
}
