package wasm

import (
	"bytes"
	"io"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// Reply is what a helper says.
type Reply struct {
	Failure        sandbox.Failure
	Exit           int
	Usage          sandbox.Usage
	Stdout, Stderr []byte
}

// WriteReply writes a reply.
func WriteReply(w io.Writer, r Reply) error {
	return writeReply(w, reply{r.Failure, r.Exit, r.Usage, r.Stdout, r.Stderr})
}

// ReadReply reads a reply.
func ReadReply(text []byte, limit int64) (Reply, error) {
	r, err := readReply(bytes.NewReader(text), limit)
	return Reply{r.failure, r.exit, r.usage, r.stdout, r.stderr}, err
}

// Callable returns the files of a program whose entry can be called.
func Callable(source, entry string) (map[string]string, error) { return callable(source, entry, 1000) }

// The names of those files.
const (
	GoFile     = goFile
	GoMainFile = goMainFile
)
