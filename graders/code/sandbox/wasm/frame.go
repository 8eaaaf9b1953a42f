package wasm

import (
	"encoding/binary"
	"errors"
	"io"
	"time"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// A setup is what the helper is told at its start.
type setup struct {
	Memory int64  `json:"memory"` // bytes of linear memory
	Output int64  `json:"output"` // bytes of each stream, and of a line
	Calls  bool   `json:"calls"`  // each request is a line for one instance, not the input of one of its own
	Cache  string `json:"cache"`  // folder for the translation, so that a second helper need not translate again
}

// A reply is what the helper says of the module (once, first), and of each
// request. It comes from a process that has run the program: every length
// in it is checked.
type reply struct {
	failure sandbox.Failure
	exit    int
	usage   sandbox.Usage
	stdout  []byte // or the line of a call's reply
	stderr  []byte
}

// replyHead is the head of a reply as it is written, in big endian.
type replyHead struct {
	Failure        uint8
	Exit           uint32
	CPU, Wall      int64 // nanoseconds
	Memory         int64 // bytes
	Stdout, Stderr uint32
}

// failures are what a reply's number stands for.
var failures = [...]sandbox.Failure{"", sandbox.CompileError, sandbox.RuntimeError, sandbox.MemoryLimit, sandbox.OutputLimit}

var errFrame = errors.New("the helper sent what is no reply")

func writeRequest(w io.Writer, text []byte) error {
	if err := binary.Write(w, binary.BigEndian, uint32(len(text))); err != nil {
		return err
	}
	_, err := w.Write(text)
	return err
}

func readRequest(r io.Reader) ([]byte, error) {
	var n uint32
	if err := binary.Read(r, binary.BigEndian, &n); err != nil {
		return nil, err
	}
	text := make([]byte, n)
	_, err := io.ReadFull(r, text)
	return text, err
}

func writeReply(w io.Writer, r reply) error {
	head := replyHead{
		Exit: uint32(r.exit), CPU: int64(r.usage.CPU), Wall: int64(r.usage.Wall), Memory: r.usage.Memory,
		Stdout: uint32(len(r.stdout)), Stderr: uint32(len(r.stderr)),
	}
	for i, f := range failures {
		if f == r.failure {
			head.Failure = uint8(i)
		}
	}
	if err := binary.Write(w, binary.BigEndian, head); err != nil {
		return err
	}
	if _, err := w.Write(r.stdout); err != nil {
		return err
	}
	_, err := w.Write(r.stderr)
	return err
}

// readReply reads a reply of which neither text is longer than limit.
func readReply(r io.Reader, limit int64) (reply, error) {
	var head replyHead
	if err := binary.Read(r, binary.BigEndian, &head); err != nil {
		return reply{}, err
	}
	if int(head.Failure) >= len(failures) || int64(head.Stdout) > limit || int64(head.Stderr) > limit || head.CPU < 0 || head.Wall < 0 || head.Memory < 0 {
		return reply{}, errFrame
	}
	got := reply{
		failure: failures[head.Failure],
		exit:    int(head.Exit),
		usage:   sandbox.Usage{CPU: time.Duration(head.CPU), Wall: time.Duration(head.Wall), Memory: head.Memory},
		stdout:  make([]byte, head.Stdout),
		stderr:  make([]byte, head.Stderr),
	}
	if _, err := io.ReadFull(r, got.stdout); err != nil {
		return reply{}, err
	}
	_, err := io.ReadFull(r, got.stderr)
	return got, err
}
