package workbench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/rftgrader/rftgrader/grader/workbench/rollouts"
)

// standardStream stands for standard input or output where a file is wanted.
const standardStream = "-"

// An input is a file of rollouts, or standard input.
type input struct {
	name string // as it was given
	info os.FileInfo
	open func(context.Context) (io.ReadCloser, error)
}

// inputs finds all files before the first one is read.
func (p *program) inputs(names []string) ([]input, error) {
	var inputs []input
	var errs []error
	piped := false
	for _, name := range names {
		if name == standardStream {
			if piped {
				return nil, errors.New("standard input (-) is named twice")
			}
			piped = true
			in := input{name: "standard input", open: func(ctx context.Context) (io.ReadCloser, error) {
				return newInterruptible(ctx, io.NopCloser(p.stdin)), nil
			}}
			if f, ok := p.stdin.(*os.File); ok {
				in.info, _ = f.Stat() // only to know the file again, if it is one
			}
			inputs = append(inputs, in)
			continue
		}
		info, err := os.Stat(name)
		switch {
		case err != nil:
			errs = append(errs, err)
		case info.IsDir():
			errs = append(errs, fmt.Errorf("%s is a folder: name the files in it", name))
		}
		inputs = append(inputs, input{name: name, info: info, open: func(ctx context.Context) (io.ReadCloser, error) {
			return openFile(ctx, name)
		}})
	}
	return inputs, errors.Join(errs...)
}

// openFile opens a file, or a pipe that may be silent for long.
func openFile(ctx context.Context, name string) (io.ReadCloser, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		return f, nil
	}
	return newInterruptible(ctx, f), nil
}

// size is the length of all inputs in bytes, or -1 where it is not known.
func size(inputs []input) int64 {
	total := int64(0)
	for _, in := range inputs {
		if in.info == nil || !in.info.Mode().IsRegular() {
			return -1
		}
		total += in.info.Size()
	}
	return total
}

// A feed gives the rows of all inputs, one after the other.
type feed struct {
	inputs []input // those that are left
	name   string  // of the current one
	file   io.Closer
	reader *rollouts.Reader
	passed int64 // bytes of the inputs before

	keepText bool // of the rows
}

// A row is a rollout and where it stands.
type row struct {
	rollouts.Row
	file string
}

func (r row) place() string {
	switch {
	case r.Line > 0 && r.Part > 0:
		return fmt.Sprintf("%s:%d, rollout %d", r.file, r.Line, r.Part)
	case r.Line > 0:
		return fmt.Sprintf("%s:%d", r.file, r.Line)
	}
	return fmt.Sprintf("%s, %s", r.file, r.Place())
}

// next returns io.EOF behind the last row of the last input.
func (f *feed) next(ctx context.Context) (row, error) {
	for {
		if f.reader == nil {
			if len(f.inputs) == 0 {
				return row{}, io.EOF
			}
			in := f.inputs[0]
			f.inputs = f.inputs[1:]
			file, err := in.open(ctx)
			if err != nil {
				return row{}, err
			}
			f.name, f.file, f.reader = in.name, file, rollouts.NewReader(file)
			f.reader.KeepText = f.keepText
		}
		r, err := f.reader.Read()
		if err == nil {
			return row{r, f.name}, nil
		}
		if !errors.Is(err, io.EOF) {
			return row{}, fmt.Errorf("%s: %w", f.name, err)
		}
		f.passed += f.reader.Offset()
		f.reader = nil
		if err := f.file.Close(); err != nil {
			return row{}, fmt.Errorf("%s: %w", f.name, err)
		}
	}
}

// offset returns how many bytes of all inputs were read.
func (f *feed) offset() int64 {
	if f.reader == nil {
		return f.passed
	}
	return f.passed + f.reader.Offset()
}

func (f *feed) close() {
	if f.reader != nil {
		_ = f.file.Close() // it was only read, and not to its end
	}
}
