package workbench

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"
)

func (p *program) datasetCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "dataset",
		Short: "Make training data: convert logs, split, dedupe, sample",
		Long: `Dataset makes training data. It reads records one by one, from files of any size, in
every form that rollouts have, and compressed with gzip; a file of rollouts is a data
set too. It writes JSONL, and changes nothing in the records that it keeps.`,
		Args: atMost(0),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.datasetConvertCommand(), p.datasetSplitCommand(), p.datasetDedupeCommand(), p.datasetSampleCommand())
	return c
}

// datasetOptions are the flags that the commands of rft dataset share.
type datasetOptions struct {
	printing
	out                string
	quiet, skipDamaged bool
}

func (o *datasetOptions) add(c *cobra.Command, out string) {
	f := c.Flags()
	if out != "" {
		f.StringVar(&o.out, "out", standardStream, out)
		f.BoolVar(&o.skipDamaged, "skip-damaged", false, "leave out records that cannot be read, and say how many")
	}
	o.printing.add(c, "how the figures are printed, `FORM`: table or json")
	f.BoolVar(&o.quiet, "quiet", false, "no figures and notes on standard error; errors stay")
}

// datasetFiles are the records that a command of rft dataset reads.
type datasetFiles struct {
	program *program
	options *datasetOptions
	inputs  []input
	damaged int    // records that were left out
	first   string // where the first of them stands
}

// datasetInputs finds the files, which may be compressed.
func (p *program) datasetInputs(c *cobra.Command, o *datasetOptions, args []string) (*datasetFiles, error) {
	if len(args) == 0 {
		return nil, &usageError{c.CommandPath(), errors.New("no data: name files, or - for standard input")}
	}
	if err := o.settle(); err != nil {
		return nil, &usageError{c.CommandPath(), err}
	}
	inputs, err := p.inputs(args)
	if err != nil {
		return nil, err
	}
	for i := range inputs {
		inputs[i].open = unpacked(inputs[i].open)
	}
	return &datasetFiles{program: p, options: o, inputs: inputs}, nil
}

// unpacked opens files that gzip has compressed, as S3 has logs, and others.
func unpacked(open func(context.Context) (io.ReadCloser, error)) func(context.Context) (io.ReadCloser, error) {
	return func(ctx context.Context) (io.ReadCloser, error) {
		under, err := open(ctx)
		if err != nil {
			return nil, err
		}
		buffered := bufio.NewReaderSize(under, 64<<10)
		if magic, err := buffered.Peek(2); err != nil || !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
			return opened{buffered, under}, nil // what is wrong with the file is found when it is read
		}
		z, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, errors.Join(err, under.Close())
		}
		return opened{z, under}, nil
	}
}

type opened struct {
	io.Reader
	io.Closer
}

// kept makes inputs that can be read twice, by copies of those that cannot.
func (d *datasetFiles) kept(ctx context.Context) (remove func(), err error) {
	var copies []string
	remove = func() {
		for _, name := range copies {
			_ = os.Remove(name) // it lies among temporary files
		}
	}
	for i, in := range d.inputs {
		if in.name != "standard input" && in.info != nil && in.info.Mode().IsRegular() {
			continue
		}
		name, err := spool(ctx, in)
		if err != nil {
			remove()
			return nil, err
		}
		copies = append(copies, name)
		d.inputs[i].open = func(ctx context.Context) (io.ReadCloser, error) { return openFile(ctx, name) }
	}
	return remove, nil
}

// spool copies an input to a temporary file.
func spool(ctx context.Context, in input) (name string, err error) {
	from, err := in.open(ctx)
	if err != nil {
		return "", err
	}
	to, err := os.CreateTemp("", "rft-dataset-*.jsonl")
	if err != nil {
		return "", errors.Join(err, from.Close())
	}
	_, err = io.Copy(to, from)
	if ctx.Err() != nil {
		err = errInterrupted
	}
	if err = errors.Join(err, to.Close(), from.Close()); err != nil {
		_ = os.Remove(to.Name()) // as in kept
		return "", fmt.Errorf("%s: %w", in.name, err)
	}
	return to.Name(), nil
}

// each calls f with every record, as one line of JSON, its number from 1 on, and its
// place. A record that f cannot read ends it, or is left out.
func (d *datasetFiles) each(ctx context.Context, f func(record []byte, number int, place string) error) error {
	rows := &feed{inputs: d.inputs, keepText: true}
	defer rows.close()
	d.damaged = 0
	for number := 1; ; number++ {
		if ctx.Err() != nil {
			return errInterrupted
		}
		row, err := rows.next(ctx)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case ctx.Err() != nil:
			return errInterrupted
		case err != nil:
			return err
		}
		record := jsontext.Value(row.Text)
		damage := row.Err
		if len(record) > 0 {
			damage = nil
			if bytes.ContainsAny(record, "\r\n") {
				// A record that is laid out on lines; broken JSON stays as it is.
				_ = record.Compact(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
			}
		}
		if damage == nil {
			damage = f(record, number, row.place())
		}
		if fatal, ok := errors.AsType[*outputError](damage); ok {
			return fatal.err
		}
		if damage == nil {
			continue
		}
		if d.damaged++; !d.options.skipDamaged {
			return fmt.Errorf("%s: %w: mend the record, or leave such records out with --skip-damaged", row.place(), damage)
		}
		if d.damaged == 1 {
			d.first = row.place()
			d.note("warning: left out %s: %v; and so are others that cannot be read", row.place(), damage)
		}
	}
}

// An outputError is a fault of the output and not of a record.
type outputError struct{ err error }

func (e *outputError) Error() string { return e.err.Error() }

// output writes a record to a file, of which the fault is none of the record's.
func output(r *results, record []byte) error {
	if err := r.writeLine(record); err != nil {
		return &outputError{err}
	}
	return nil
}

// note tells the person something that is no part of the output.
func (d *datasetFiles) note(format string, args ...any) {
	if !d.options.quiet {
		fmt.Fprintf(d.program.stderr, "rft: "+format+"\n", args...)
	}
}

// file opens the output.
func (d *datasetFiles) file(path string) (*results, error) {
	return d.program.newResults(path, "", nil, d.inputs)
}

// A fact is a line of what a command has done.
type fact struct{ name, text string }

// figures prints what was done: value as JSON, or lines for people.
func (d *datasetFiles) figures(value any, lines []fact) error {
	to := d.program.stdout
	if d.options.out == standardStream {
		if to = d.program.stderr; d.options.quiet {
			return nil
		}
	}
	return d.options.print(to, value, func(paint paint) string {
		t := newGrid(paint)
		for _, l := range lines {
			t.AppendRow(table.Row{paint.bold(l.name), l.text})
		}
		return t.Render() + "\n"
	})
}

// finish gives the output its name, if the work ended well, or was interrupted and
// keeps what it did.
func finish(r *results, ended error, keep bool) error {
	if ended != nil && !(keep && errors.Is(ended, errInterrupted)) {
		r.abandon()
		return ended
	}
	if err := r.flush(); err != nil && ended == nil {
		ended = err
	}
	if err := r.finish(true); err != nil && ended == nil {
		ended = err
	}
	return ended
}
