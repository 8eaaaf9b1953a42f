package workbench

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/grader/workbench/records"
)

func (p *program) datasetDedupeCommand() *cobra.Command {
	var o datasetOptions
	var loose bool
	by := records.ByPrompt
	c := &cobra.Command{
		Use:   "dedupe DATA...",
		Short: "Leave out records that are there before",
		Long: `Dedupe keeps the first of equal records, in order. Records are equal if their prompts
are, or by what --by says: record (all but the id), or a JSON pointer to a value. Equal
prompts with different reference answers are told of: one of them must be wrong.

A file of rollouts has several answers to a prompt on purpose: use --by record.

It keeps some hundred bytes of memory for each different record.

Exit codes: 0 done; 2 not done, or not wholly.`,
		Example: `  rft dataset dedupe all.jsonl --out train.jsonl
  rft dataset dedupe rollouts.jsonl --by record > different.jsonl`,
		RunE: func(c *cobra.Command, args []string) error {
			same, err := records.ParseBy(by, loose)
			if err != nil {
				return &usageError{c.CommandPath(), fmt.Errorf("--by: %w", err)}
			}
			d, err := p.datasetInputs(c, &o, args)
			if err != nil {
				return err
			}
			return d.dedupe(c, same)
		},
	}
	o.add(c, "write the records to this `FILE`; - is standard output, and the figures go to standard error")
	c.Flags().StringVar(&by, "by", by, "what makes records equal, `WHAT`: prompt, record, or a JSON pointer")
	c.Flags().BoolVar(&loose, "loose", false, "letter case and white space make no different prompts")
	completeWords(c, "by", records.ByPrompt, records.ByRecord)
	return c
}

// deduping is what rft dataset dedupe has done.
type deduping struct {
	Records   int        `json:"records"`
	Kept      int        `json:"kept"`
	Repeats   int        `json:"repeats"`
	Damaged   int        `json:"damaged"`
	Conflicts []conflict `json:"conflicts"` // the first ten
	Conflict  int        `json:"conflict_count"`
}

// conflict is a prompt with two reference answers: where the second stands, and
// which record (from 1 on) has the first.
type conflict struct {
	Place  string `json:"place"`
	Record int    `json:"other_record"`
}

const shownConflicts = 10

func (d *datasetFiles) dedupe(c *cobra.Command, by records.By) error {
	out, err := d.file(d.options.out)
	if err != nil {
		return err
	}
	defer out.abandon()
	s := deduping{Conflicts: []conflict{}}
	var distinct records.Distinct
	ended := d.each(c.Context(), func(record []byte, number int, place string) error {
		key, err := by.Key(record)
		if err != nil {
			return err
		}
		s.Records++
		again, repeated := distinct.See(number, key, records.ReferenceKey(record))
		if !repeated {
			s.Kept++
			return output(out, record)
		}
		s.Repeats++
		if again.Conflict {
			if s.Conflict++; len(s.Conflicts) < shownConflicts {
				s.Conflicts = append(s.Conflicts, conflict{place, again.Of})
			}
		}
		return nil
	})
	s.Damaged = d.damaged
	s.Records += d.damaged
	if s.Kept == 0 && ended == nil {
		ended = errors.New("there are no records in the input")
	}
	if err := finish(out, ended, s.Kept > 0); err != nil {
		return d.ended(err, s.Kept, out)
	}
	lines := []fact{
		{"records", fmt.Sprint(s.Records)},
		{"kept", fmt.Sprint(s.Kept)},
		{"repeats", fmt.Sprint(s.Repeats)},
	}
	if s.Damaged > 0 {
		lines = append(lines, fact{"damaged", fmt.Sprintf("%d left out", s.Damaged)})
	}
	if err := d.figures(s, lines); err != nil {
		return err
	}
	if s.Conflict > 0 {
		d.note("warning: %s of other reference answers than the first such record: at %s it is not that of record %d", count(s.Conflict, "repeat"), s.Conflicts[0].Place, s.Conflicts[0].Record)
	}
	return nil
}
