package workbench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/grader/workbench/records"
)

// drawOptions are the flags of split and sample.
type drawOptions struct {
	datasetOptions
	by      string
	loose   bool
	share   float64
	records int
	seed    uint64
}

func (o *drawOptions) add(c *cobra.Command, out, by string) {
	o.datasetOptions.add(c, out)
	f := c.Flags()
	f.StringVar(&o.by, "by", o.by, by)
	f.BoolVar(&o.loose, "loose", false, "letter case and white space make no different prompts")
	f.Uint64Var(&o.seed, "seed", 1, "the `SEED` that decides what is drawn")
	completeNothing(c, "seed")
}

// check returns what records are drawn by; nil is each for itself.
func (o *drawOptions) check(c *cobra.Command) (*records.By, error) {
	misused := func(format string, args ...any) error {
		return &usageError{c.CommandPath(), fmt.Errorf(format, args...)}
	}
	switch {
	case c.Flags().Changed("share") && c.Flags().Changed("records"):
		return nil, misused("want --share or --records, and not both")
	case !(o.share > 0 && o.share < 1):
		return nil, misused("--share %v: want more than 0 and less than 1", o.share)
	case c.Flags().Changed("records") && o.records < 1:
		return nil, misused("--records %d: want 1 or more", o.records)
	case o.by == "" && o.loose:
		return nil, misused("--loose goes with --by prompt")
	case o.by == "":
		return nil, nil
	}
	by, err := records.ParseBy(o.by, o.loose)
	if err != nil {
		return nil, misused("--by: %w", err)
	}
	return &by, nil
}

// most is how many of so many records are to be drawn.
func (o *drawOptions) most(total int) int {
	if o.records > 0 {
		return o.records
	}
	return int(math.Round(o.share * float64(total)))
}

func (p *program) datasetSplitCommand() *cobra.Command {
	o := drawOptions{by: records.ByPrompt, share: 0.1}
	c := &cobra.Command{
		Use:   "split DATA... --out FOLDER",
		Short: "Split data into training and validation",
		Long: `Split writes train.jsonl and validation.jsonl into a folder, each in the order of the
input. Records with equal prompts stay together, so that no prompt of the validation is
trained on; --by says otherwise what must stay together, such as /metadata/document.

With the same seed the split is the same, whatever the order of the records, and nearly
the same with a record more or less. The data is read twice; some fifty bytes of memory
are kept for each different prompt.

Exit codes: 0 done; 2 not done.`,
		Example: `  rft dataset split all.jsonl --out data --share 0.1
  rft dataset split all.jsonl --out data --records 200 --by /metadata/document --seed 7`,
		RunE: func(c *cobra.Command, args []string) error {
			by, err := o.check(c)
			if err == nil && o.out == "" {
				err = &usageError{c.CommandPath(), errors.New("no folder: give one with --out")}
			}
			if err != nil {
				return err
			}
			d, err := p.datasetInputs(c, &o.datasetOptions, args)
			if err != nil {
				return err
			}
			return d.split(c.Context(), &o, *by)
		},
	}
	o.add(c, "", "what must stay together, `WHAT`: prompt, record, or a JSON pointer")
	f := c.Flags()
	f.StringVar(&o.out, "out", "", "the `FOLDER` of train.jsonl and validation.jsonl, which is made if it is not there")
	f.BoolVar(&o.skipDamaged, "skip-damaged", false, "leave out records that cannot be read, and say how many")
	f.Float64Var(&o.share, "share", o.share, "the share (`X`) of records for validation")
	f.IntVar(&o.records, "records", 0, "how many (`N`) records for validation, instead of a share")
	completeNothing(c, "share", "records")
	completeWords(c, "by", records.ByPrompt, records.ByRecord)
	return c
}

func (p *program) datasetSampleCommand() *cobra.Command {
	o := drawOptions{share: 0.1}
	c := &cobra.Command{
		Use:   "sample DATA...",
		Short: "Take some records at random",
		Long: `Sample takes some records at random, in the order of the input, each for itself; with
--by prompt, all records of a prompt or none, as groups of rollouts need it.

With the same seed the sample is the same. The data is read twice; some fifty bytes of
memory are kept for each record.

Exit codes: 0 done; 2 not done.`,
		Example: `  rft dataset sample train.jsonl --records 100 --out small.jsonl
  rft dataset sample rollouts.jsonl --by prompt --share 0.05 | rft grade --spec grader.yaml -`,
		RunE: func(c *cobra.Command, args []string) error {
			by, err := o.check(c)
			if err != nil {
				return err
			}
			if !c.Flags().Changed("share") && !c.Flags().Changed("records") {
				return &usageError{c.CommandPath(), errors.New("how many? give --records or --share")}
			}
			d, err := p.datasetInputs(c, &o.datasetOptions, args)
			if err != nil {
				return err
			}
			return d.sample(c.Context(), &o, by)
		},
	}
	o.add(c, "write the records to this `FILE`; - is standard output, and the figures go to standard error",
		"what must stay together, `WHAT`: prompt, record, or a JSON pointer (default: nothing)")
	c.Flags().Float64Var(&o.share, "share", o.share, "the share (`X`) of records")
	c.Flags().IntVar(&o.records, "records", 0, "how many (`N`) records")
	c.Flags().Lookup("share").DefValue = "0"
	completeNothing(c, "share", "records")
	completeWords(c, "by", records.ByPrompt, records.ByRecord)
	return c
}

// keyOf returns what a record is drawn by.
func keyOf(by *records.By, record []byte, number int) (records.Key, error) {
	if by == nil {
		return records.Place(number), records.Check(record)
	}
	return by.Key(record)
}

// draw reads all records once, and takes some.
func (d *datasetFiles) draw(ctx context.Context, o *drawOptions, by *records.By) (*records.Draw, *records.Choice, error) {
	draw := &records.Draw{Seed: o.seed}
	err := d.each(ctx, func(record []byte, number int, _ string) error {
		key, err := keyOf(by, record, number)
		if err == nil {
			draw.Add(key)
		}
		return err
	})
	switch {
	case err != nil:
		return nil, nil, err
	case draw.Records() == 0:
		return nil, nil, errors.New("there are no records in the input")
	}
	return draw, draw.Take(o.most(draw.Records())), nil
}

// drawing is what rft dataset sample has done.
type drawing struct {
	Records int    `json:"records"`
	Drawn   int    `json:"drawn"`
	Damaged int    `json:"damaged"`
	Seed    uint64 `json:"seed"`
}

func (d *datasetFiles) sample(ctx context.Context, o *drawOptions, by *records.By) error {
	remove, err := d.kept(ctx)
	if err != nil {
		return err
	}
	defer remove()
	draw, choice, err := d.draw(ctx, o, by)
	if err != nil {
		return err
	}
	if choice.Records == 0 {
		return fmt.Errorf("nothing fits: no more than %s, and what stays together has more", count(o.most(draw.Records()), "record"))
	}
	out, err := d.file(o.out)
	if err != nil {
		return err
	}
	defer out.abandon()
	ended := d.secondly(ctx, by, func(key records.Key, record []byte) error {
		if choice.Has(key) {
			return output(out, record)
		}
		return nil
	})
	if err := finish(out, ended, false); err != nil {
		return err
	}
	s := drawing{Records: draw.Records() + d.damaged, Drawn: choice.Records, Damaged: d.damaged, Seed: o.seed}
	lines := []fact{{"records", fmt.Sprint(s.Records)}, {"drawn", fmt.Sprintf("%d, by seed %d", s.Drawn, s.Seed)}}
	return d.figures(s, d.withDamage(lines))
}

func (d *datasetFiles) withDamage(lines []fact) []fact {
	if d.damaged > 0 {
		lines = append(lines, fact{"damaged", fmt.Sprintf("%d left out", d.damaged)})
	}
	return lines
}

// secondly reads all records again. A warning was given the first time.
func (d *datasetFiles) secondly(ctx context.Context, by *records.By, f func(records.Key, []byte) error) error {
	quiet := d.options.quiet
	d.options.quiet = true
	defer func() { d.options.quiet = quiet }()
	return d.each(ctx, func(record []byte, number int, _ string) error {
		key, err := keyOf(by, record, number)
		if err != nil {
			return err
		}
		return f(key, record)
	})
}

// splitting is what rft dataset split has done.
type splitting struct {
	Records    int    `json:"records"`
	Prompts    int    `json:"groups"`
	Training   int    `json:"training"`
	Validation int    `json:"validation"`
	Damaged    int    `json:"damaged"`
	Seed       uint64 `json:"seed"`
}

func (d *datasetFiles) split(ctx context.Context, o *drawOptions, by records.By) error {
	remove, err := d.kept(ctx)
	if err != nil {
		return err
	}
	defer remove()
	draw, choice, err := d.draw(ctx, o, &by)
	if err != nil {
		return err
	}
	s := splitting{
		Records: draw.Records() + d.damaged, Prompts: draw.Keys(), Damaged: d.damaged, Seed: o.seed,
		Training: draw.Records() - choice.Records, Validation: choice.Records,
	}
	if s.Training == 0 || s.Validation == 0 {
		return fmt.Errorf("cannot split: of %s in %s that stay together, %d would be for validation and %d for training: give another --share or --records", count(draw.Records(), "record"), count(s.Prompts, "group"), s.Validation, s.Training)
	}
	if err := os.MkdirAll(o.out, 0o777); err != nil {
		return fmt.Errorf("--out %s: %w", o.out, err)
	}
	training, err := d.file(filepath.Join(o.out, "train.jsonl"))
	if err != nil {
		return err
	}
	defer training.abandon()
	validation, err := d.file(filepath.Join(o.out, "validation.jsonl"))
	if err != nil {
		return err
	}
	defer validation.abandon()
	ended := d.secondly(ctx, &by, func(key records.Key, record []byte) error {
		if choice.Has(key) {
			return output(validation, record)
		}
		return output(training, record)
	})
	if err := finish(training, ended, false); err != nil {
		return err
	}
	if err := finish(validation, nil, false); err != nil {
		return err
	}
	return d.figures(s, d.withDamage([]fact{
		{"records", fmt.Sprintf("%d in %s", s.Records, count(s.Prompts, "group"))},
		{"training", fmt.Sprintf("%d in %s", s.Training, filepath.Join(o.out, "train.jsonl"))},
		{"validation", fmt.Sprintf("%d in %s", s.Validation, filepath.Join(o.out, "validation.jsonl"))},
	}))
}
