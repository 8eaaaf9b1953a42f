package workbench

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/grader/workbench/invocationlog"
)

// The values of --reference.
const (
	referenceNone   = "none"
	referenceOutput = "output"
)

func (p *program) datasetConvertCommand() *cobra.Command {
	var o datasetOptions
	var models, metadata []string
	var keepAnswer bool
	reference := referenceNone
	c := &cobra.Command{
		Use:   "convert LOGS...",
		Short: "Make training records of Bedrock's model invocation logs",
		Long: `Convert makes training records of Bedrock's model invocation logs: Converse and
InvokeModel, streamed or not, as S3 has them. The prompt becomes the messages, the
request's id the id, and request metadata stand under request_metadata, where a spec
finds them as metadata:/request_metadata/NAME.

The model's answer is left out, since the trained model writes its own. --reference
output makes it the reference answer; answers that were cut or stopped by a guardrail
are then left out. --keep-answer keeps it as the assistant's turn: such records are
rollouts, for rft grade.

Calls that failed, pictures, documents, turns of tools, and bodies that were stored
elsewhere for their size are left out, and counted by reason.

Exit codes: 0 done; 2 not done, or nothing could be converted.`,
		Example: `  rft dataset convert logs/*.json.gz --reference output --out train.jsonl
  rft dataset convert log.json --metadata task=math --model nova-pro --keep-answer | rft grade --spec grader.yaml -`,
		RunE: func(c *cobra.Command, args []string) error {
			wanted := invocationlog.Options{Models: models, Metadata: map[string]string{}}
			switch {
			case reference != referenceNone && reference != referenceOutput:
				return &usageError{c.CommandPath(), fmt.Errorf("--reference %q: want none or output", reference)}
			case keepAnswer && reference == referenceOutput:
				return &usageError{c.CommandPath(), errors.New("--keep-answer and --reference output: an answer that is its own reference is always right")}
			case keepAnswer:
				wanted.Answer = invocationlog.Keep
			case reference == referenceOutput:
				wanted.Answer = invocationlog.AsReference
			}
			for _, m := range metadata {
				name, value, ok := strings.Cut(m, "=")
				if !ok || name == "" {
					return &usageError{c.CommandPath(), fmt.Errorf("--metadata %q: want NAME=VALUE", m)}
				}
				wanted.Metadata[name] = value
			}
			d, err := p.datasetInputs(c, &o, args)
			if err != nil {
				return err
			}
			return d.convert(c, wanted)
		},
	}
	o.add(c, "write the records to this `FILE`; - is standard output, and the figures go to standard error")
	f := c.Flags()
	f.StringVar(&reference, "reference", referenceNone, "what becomes the reference answer, `WHAT`: none, or the model's output")
	f.BoolVar(&keepAnswer, "keep-answer", false, "keep the model's answer as the last turn")
	f.StringArrayVar(&models, "model", nil, "only calls of models with this `TEXT` in their id; may be repeated")
	f.StringArrayVar(&metadata, "metadata", nil, "only calls with this request metadata, `NAME=VALUE`; may be repeated, and all must hold")
	completeWords(c, "reference", referenceNone, referenceOutput)
	completeNothing(c, "model", "metadata")
	return c
}

// conversion is what rft dataset convert has done.
type conversion struct {
	Records   int       `json:"records"`
	Converted int       `json:"converted"`
	Filtered  int       `json:"filtered"`
	LeftOut   []leftOut `json:"left_out"`
}

// leftOut counts the invocations that are no training records for one reason.
type leftOut struct {
	Reason string `json:"reason"`
	Count  int    `json:"count"`
	First  string `json:"first"`
}

func (s *conversion) leave(reason, place string) {
	i := slices.IndexFunc(s.LeftOut, func(l leftOut) bool { return l.Reason == reason })
	if i < 0 {
		i = len(s.LeftOut)
		s.LeftOut = append(s.LeftOut, leftOut{Reason: reason, First: place})
	}
	s.LeftOut[i].Count++
}

func (d *datasetFiles) convert(c *cobra.Command, o invocationlog.Options) error {
	out, err := d.file(d.options.out)
	if err != nil {
		return err
	}
	defer out.abandon()
	s := conversion{LeftOut: []leftOut{}}
	// Whatever a line of a log is, the others are converted.
	d.options.skipDamaged = true
	ended := d.each(c.Context(), func(record []byte, _ int, place string) error {
		s.Records++
		row, err := invocationlog.Convert(record, o)
		if u, ok := errors.AsType[*invocationlog.Unfit](err); ok {
			if s.Filtered++; !u.Filtered {
				s.Filtered--
				s.leave(u.Reason, place)
			}
			return nil
		}
		if err != nil {
			return err
		}
		s.Converted++
		return output(out, row)
	})
	if d.damaged > 0 {
		s.Records += d.damaged
		s.leave("a line that is too long to read", d.first)
		s.LeftOut[len(s.LeftOut)-1].Count = d.damaged
	}
	if s.Converted == 0 {
		out.abandon()
	}
	if err := finish(out, ended, s.Converted > 0); err != nil {
		return d.ended(err, s.Converted, out)
	}
	lines := []fact{{"records", fmt.Sprint(s.Records)}, {"converted", fmt.Sprint(s.Converted)}}
	if s.Filtered > 0 {
		lines = append(lines, fact{"filtered", fmt.Sprintf("%d of other models or metadata", s.Filtered)})
	}
	slices.SortStableFunc(s.LeftOut, func(a, b leftOut) int { return b.Count - a.Count })
	for _, l := range s.LeftOut {
		lines = append(lines, fact{"left out", fmt.Sprintf("%d: %s (first: %s)", l.Count, l.Reason, l.First)})
	}
	if err := d.figures(s, lines); err != nil {
		return err
	}
	if s.Converted == 0 {
		return errors.New("nothing could be converted: there are no calls that are fit")
	}
	return nil
}

// ended says what became of an output that was not written to its end.
func (d *datasetFiles) ended(err error, written int, out *results) error {
	name := out.name()
	if !errors.Is(err, errInterrupted) || written == 0 || name == "" {
		return err
	}
	return fmt.Errorf("%w after %s of output, in %s", err, count(written, "record"), name)
}
