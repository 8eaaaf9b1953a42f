package datarules

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"path"
	"strings"
	"unicode/utf8"
)

const (
	// MaxLine is how long a line may be: 64 MiB. What is longer is passed over, and a finding.
	MaxLine = 64 << 20
	// The numbers of records that Bedrock takes.
	leastRecords, mostRecords = 100, 20000
)

// Options say what the data is checked for.
type Options struct {
	Target           Target
	RequireReference bool     // a record without a reference is an error
	PromptTokens     int      // maxPromptLength; 0 is 8192, as in AWS's own recipe
	AnswerTokens     int      // inferenceMaxTokens; 0 is 2048, as in AWS's own recipe
	Batch            int      // how many answers one Lambda event is assumed to hold; 0 is 64, as SageMaker sends them
	GlobalBatch      int      // the recipe's global_batch_size on SageMaker; 0 is not known
	Fields           []string // fields of the row that the grader reads
}

func (o Options) filled() Options {
	if o.Target == "" {
		o.Target = BedrockNova
	}
	for of, otherwise := range map[*int]int{&o.PromptTokens: 8192, &o.AnswerTokens: 2048, &o.Batch: 64} {
		if *of == 0 {
			*of = otherwise
		}
	}
	return o
}

// A Row is a record that could be read as a JSON object.
type Row struct {
	Line int
	Text []byte // valid until the next row
}

// A File is a file of training data while it is checked.
type File struct {
	name       string
	evaluation bool
	options    Options
	report     func(Finding)
	seed       maphash.Seed

	records, line int
	blank, crlf   int // how many lines
	firstBlank    int
	ids, prompts  map[uint64]int // and the line that each stood on first
	references    references
	withTools     int
	withoutTools  int // the first line
	fields        map[string]bool
	bytes, tokens Lengths
}

// NewFile begins to check a file of training data, or of validation data. Findings go
// to report as they are made; those about the whole file come last.
func NewFile(name string, evaluation bool, o Options, report func(Finding)) *File {
	return &File{
		name: name, evaluation: evaluation, options: o.filled(), report: report, seed: maphash.MakeSeed(),
		ids: map[uint64]int{}, prompts: map[uint64]int{}, fields: map[string]bool{}, references: newReferences(),
	}
}

// Records returns how many lines that are not blank the file has.
func (f *File) Records() int { return f.records }

func (f *File) find(line int, id, format string, args ...any) {
	f.report(found(f.name, line, id, fmt.Sprintf(format, args...)))
}

func (f *File) findAt(level Level, line int, id, format string, args ...any) {
	one := found(f.name, line, id, fmt.Sprintf(format, args...))
	one.Level = level
	f.report(one)
}

// Check reads the file to its end and calls each, which may be nil, with every record.
// An error is one of the stream, of ctx or of each; what breaks a rule is none.
func (f *File) Check(ctx context.Context, r io.Reader, each func(Row) error) error {
	in := bufio.NewReaderSize(r, 256<<10)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		f.find(1, "F4", "the file begins with a byte-order mark: save it as UTF-8 without one")
		if _, err := in.Discard(3); err != nil {
			return err
		}
	}
	var buf []byte
	for {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		line, tooLong, err := readLine(in, buf[:0])
		buf = line
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if len(line) > 0 || tooLong {
			f.line++
			if err := f.oneLine(line, tooLong, each); err != nil {
				return err
			}
		}
		if err != nil {
			f.end()
			return nil
		}
	}
}

// readLine appends a line with its end to buf. What makes a line too long is dropped.
func readLine(in *bufio.Reader, buf []byte) (line []byte, tooLong bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if len(buf)+len(part) > MaxLine {
			tooLong, buf = true, buf[:0]
		} else if !tooLong {
			buf = append(buf, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return buf, tooLong, err
		}
	}
}

func (f *File) oneLine(line []byte, tooLong bool, each func(Row) error) error {
	if tooLong {
		f.records++
		f.find(f.line, "F2", "the line is longer than %d MiB", MaxLine>>20)
		return nil
	}
	if bytes.HasSuffix(line, []byte("\r\n")) {
		if f.crlf++; f.crlf == 1 {
			f.find(f.line, "F4", "the line ends in CR LF: want LF alone")
		}
	}
	text := bytes.TrimSpace(line)
	if len(text) == 0 {
		if f.blank++; f.blank == 1 {
			f.firstBlank = f.line
		}
		return nil
	}
	f.records++
	if f.records == 1 && text[0] == '[' {
		f.find(f.line, "F1", "the file is a JSON array: want one record on each line")
	}
	if !utf8.Valid(text) {
		f.find(f.line, "F2", "the line is not valid UTF-8")
	}
	members, repeated, err := readObject(text)
	if repeated {
		f.find(f.line, "F4", "a name occurs twice in its object: programs differ in which value they take")
	}
	if err != nil {
		f.find(f.line, "F2", "%v", err)
		return nil
	}
	f.record(members, text)
	if each != nil {
		return each(Row{Line: f.line, Text: text})
	}
	return nil
}

// end makes the findings about the file as a whole.
func (f *File) end() {
	if f.blank > 0 {
		f.find(f.firstBlank, "F3", "blank lines: %d, the first here; remove them", f.blank)
	}
	if base := path.Base(f.name); f.name != "" && !strings.HasSuffix(base, ".jsonl") {
		f.find(0, "F1", "the name ends in %q: want .jsonl", path.Ext(base))
	}
	o := f.options
	if o.Target.bedrock() && !f.evaluation {
		switch {
		case f.records < leastRecords:
			f.find(0, "F5", "%d in all: want %d to %d records", f.records, leastRecords, mostRecords)
		case f.records > mostRecords:
			f.find(0, "F5", "%d in all: want at most %d records", f.records, mostRecords)
		}
	}
	if (!o.Target.bedrock() || f.evaluation) && f.records < leastRecords {
		f.find(0, "F8", "%d in all: the documentation recommends %d records or more, for training and for evaluation each", f.records, leastRecords)
	}
	if o.Target.sagemaker() && !f.evaluation && o.GlobalBatch > f.records {
		f.find(0, "F11", "%d records are fewer than the global batch of %d", f.records, o.GlobalBatch)
	}
	if f.withTools > 0 && f.withoutTools > 0 {
		f.find(f.withoutTools, "R14", "%d of %d records have tools, and this one is the first without: an older sample validator wants tools in every record; the documentation does not", f.withTools, f.records)
	}
	if f.records > 0 {
		for _, name := range o.Fields {
			if !f.fields[name] {
				f.find(0, "R16", "the grader reads the field %q, and no record has it", name)
			}
		}
	}
	f.references.end(f)
}

// Together makes the findings about all files of a job: one for training and others for
// validation, which may be none.
func Together(training *File, validation []*File, report func(Finding)) {
	name, o := training.name, training.options
	total := training.records
	for _, v := range validation {
		total += v.records
	}
	find := func(id, format string, args ...any) { report(found(name, 0, id, fmt.Sprintf(format, args...))) }
	if len(validation) > 0 && o.Target.bedrock() && total > mostRecords {
		find("F6", "%d for training and validation together: want at most %d records", total, mostRecords)
	}
	if len(validation) > 0 && o.Target.nova() {
		find("F7", "with Nova 2 Lite validation data is used by the documentation, ignored by one of AWS's validators and refused by another: look whether the job reports validation rewards")
	}
	if len(validation) == 0 {
		find("F8", "no evaluation examples are named: the documentation recommends %d or more", leastRecords)
	}
	if n := len(validation); n > 10 {
		find("F10", "%d validation files: want at most 10", n)
	}
}
