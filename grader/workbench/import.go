package workbench

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/grader/internal/nearest"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/openai"
)

func (p *program) importCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "import",
		Short: "Make a spec of another platform's grader file",
		Long:  "Import makes a spec that scores the same of a grader file of another platform.",
		Args:  cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return c.Help()
			}
			return &usageError{c.CommandPath(), fmt.Errorf("there is no platform %q%s", args[0], nearest.Hint(args[0], []string{"openai"}))}
		},
	}
	c.AddCommand(p.importOpenAICommand())
	return c
}

// maxGraderFile is far more than a grader file has.
const maxGraderFile = 4 << 20

func (p *program) importOpenAICommand() *cobra.Command {
	var options openai.Options
	var out string
	c := &cobra.Command{
		Use:   "openai GRADER.json",
		Short: "Make a spec of a grader file of OpenAI's",
		Long: `Openai makes a spec of a grader file of OpenAI's reinforcement fine-tuning (- is
standard input), checks it and prints it:

  string_check     the kind exact, on the text as it is: no trimming, no wildcards
  text_similarity  the kind similarity
  score_model      the kind judge on a scale
  label_model      the kind judge with labels
  multi            its graders, with calculate_output as the score
  python           is refused: write a kind of your own

{{item.reference_answer}} becomes the reference of the rollout, {{item.x}} its other
fields, {{sample.output_text}} the answer behind the reasoning, {{sample.output_json.x}}
the last JSON in it, and {{sample.output_tools[0].function.name}} its tool calls.

What may score differently is said on standard error and in comments of the spec.

Exit codes: 0 imported; 2 not imported.`,
		Example: `  rft import openai grader.json --out grader.yaml
  rft import openai judge.json --model us.amazon.nova-2-lite-v1:0`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return &usageError{c.CommandPath(), fmt.Errorf("want one grader file, got %d", len(args))}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			scorers := []string{"ratio", "partial", "token_sort", "token_set", "wratio"}
			if options.Scorer != "" && !slices.Contains(scorers, options.Scorer) {
				return &usageError{c.CommandPath(), fmt.Errorf("--fuzzy %s: want %s", options.Scorer, strings.Join(scorers, ", "))}
			}
			return p.importOpenAI(args[0], out, options)
		},
	}
	f := c.Flags()
	f.StringVar(&options.Model, "model", "", "the `ID` of the Bedrock model that judges for score_model and label_model")
	f.StringVar(&options.Scorer, "fuzzy", "", "the `SCORER` for fuzzy_match, which OpenAI does not name: ratio, partial, token_sort, token_set or wratio (the default)")
	f.BoolVar(&options.Pass, "pass", false, "make the reward 1 or 0 by pass_threshold, where there is one")
	f.StringVarP(&out, "out", "o", "", "write the spec to this new `FILE`")
	return c
}

func (p *program) importOpenAI(name, out string, options openai.Options) error {
	text, err := p.readGraderFile(name)
	if err != nil {
		return err
	}
	options.Name = filepath.Base(name)
	if name == standardStream {
		options.Name = "standard input"
	}
	imported, err := openai.Convert(text, options)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	s, err := spec.Parse("the imported spec", imported.Spec, p.kinds)
	if err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	for _, r := range imported.Remarks {
		fmt.Fprintf(p.stderr, "rft: remark: %s\n", r)
	}
	if out == "" {
		_, err := p.stdout.Write(imported.Spec)
		return err
	}
	return writeNew(out, imported.Spec)
}

func (p *program) readGraderFile(name string) ([]byte, error) {
	in := p.stdin
	if name != standardStream {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, maxGraderFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	case len(text) > maxGraderFile:
		return nil, fmt.Errorf("%s: more than %d bytes are no grader file", name, maxGraderFile)
	}
	return text, nil
}

// writeNew writes a file that is not there yet: a spec may have been edited.
func writeNew(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already: remove it, or give another name to --out", name)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}
