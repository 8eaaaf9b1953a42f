//go:build linux && (amd64 || arm64)

package wasm

import (
	"bytes"
	"io"
	"sync"
	"time"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// A conversation is an instance that answers calls: lines on its standard
// input, replies on its standard output.
type conversation struct {
	helper *helper
	live   *instance
}

// An instance is one that is running.
type instance struct {
	stdin   *io.PipeWriter
	replies chan []byte // the lines that it wrote
	ended   chan error  // gets its end
	stderr  *shared
	memory  *memory
}

// call gives the instance a line and waits for the line in reply, or for the
// instance's end. The next call gets a new instance then.
func (c *conversation) call(line []byte) reply {
	if c.live == nil {
		c.live = c.helper.begin()
	}
	i := c.live
	start, cpu := time.Now(), processorTime()
	// A line that was written before the call is no reply to it.
	select {
	case <-i.replies:
	default:
	}
	var r reply
	// The error is the end of the instance, which is told below.
	_, _ = i.stdin.Write(append(line, '\n'))
	select {
	case r.stdout = <-i.replies:
	case err := <-i.ended:
		r = c.end(err)
	}
	r.stderr = append(i.stderr.take(), r.stderr...)
	r.stderr = r.stderr[:min(int64(len(r.stderr)), c.helper.Output)]
	r.usage = sandbox.Usage{CPU: processorTime() - cpu, Wall: time.Since(start), Memory: i.memory.size()}
	return r
}

// end says what the end of the instance means for a call: a reply that came
// before it counts, and without one even a good end is a failure.
func (c *conversation) end(err error) reply {
	i := c.live
	c.live = nil
	select {
	case line := <-i.replies:
		return reply{stdout: line}
	default:
	}
	failure, exit, why := class(err)
	if failure == "" {
		failure = sandbox.RuntimeError
	}
	return reply{failure: failure, exit: exit, stderr: []byte(why)}
}

// begin starts an instance.
func (h *helper) begin() *instance {
	stdin, feed := io.Pipe()
	i := &instance{
		stdin: feed, replies: make(chan []byte, 1), ended: make(chan error, 1),
		stderr: &shared{bounded: bounded{limit: h.Output}}, memory: &memory{limit: uint64(h.Memory)},
	}
	go func() {
		err := h.run(stdin, &lines{limit: h.Output, to: i.replies}, i.stderr, i.memory)
		i.ended <- err
		stdin.Close()
	}()
	return i
}

// lines passes on the lines that are written to it, one at a time: a line that
// comes before the last one was taken is lost, as nobody asked for it.
type lines struct {
	limit int64
	line  []byte
	to    chan<- []byte
}

func (l *lines) Write(p []byte) (int, error) {
	n := len(p)
	for {
		before, after, found := bytes.Cut(p, []byte{'\n'})
		if int64(len(l.line)+len(before)) > l.limit {
			panic(errOutput)
		}
		l.line = append(l.line, before...)
		if !found {
			return n, nil
		}
		select {
		case l.to <- l.line:
		default:
		}
		l.line, p = nil, after
	}
}

// shared is a bounded that one goroutine writes and another one empties.
type shared struct {
	mu sync.Mutex
	bounded
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bounded.Write(p)
}

func (s *shared) take() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := s.text
	s.text = nil
	return text
}
