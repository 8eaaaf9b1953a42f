package workbench

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/internal/nearest"
)

func (p *program) kindsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "kinds [KIND]",
		Short: "List the kinds of grader, or explain one",
		Long: `Kinds lists the kinds of grader that a spec can name behind "type:". With the name
of a kind it prints what that kind does and all its options.`,
		Args:              atMost(1),
		ValidArgsFunction: p.completeKinds,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return p.listKinds()
			}
			if k := p.kind(args[0]); k != nil {
				return p.explainKind(k)
			}
			return &usageError{"rft kinds", fmt.Errorf("there is no kind %q%s", args[0], nearest.Hint(args[0], p.kindNames()))}
		},
	}
}

func (p *program) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND | TOPIC | KIND]",
		Short: "Explain a command, a topic or a kind of grader",
		Long: "Help explains a command of rft, a kind of grader with all its options, or a topic:\n\n" +
			topicList(),
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			names, directive := p.completeKinds(c, args, "")
			if len(args) == 0 {
				for _, sub := range c.Root().Commands() {
					if sub.IsAvailableCommand() {
						names = append(names, cobra.CompletionWithDesc(sub.Name(), sub.Short))
					}
				}
				for _, t := range topics() {
					names = append(names, cobra.CompletionWithDesc(t.name, t.short))
				}
			}
			return names, directive
		},
		RunE: func(c *cobra.Command, args []string) error {
			root := c.Root()
			if len(args) == 0 {
				return root.Help()
			}
			if k := p.kind(args[0]); k != nil && len(args) == 1 && slices.Contains(commandNames(root), args[0]) {
				if err := p.explainKind(k); err != nil {
					return err
				}
				_, err := fmt.Fprintf(p.stdout, "\nThe command of this name is explained by rft %s --help.\n", args[0])
				return err
			}
			if command, rest, err := root.Find(args); err == nil && command != root && len(rest) == 0 {
				command.InitDefaultHelpFlag()
				return command.Help()
			}
			if t, ok := findTopic(args[0]); ok && len(args) == 1 {
				_, err := io.WriteString(p.stdout, t.text)
				return err
			}
			if k := p.kind(args[0]); k != nil && len(args) == 1 {
				return p.explainKind(k)
			}
			wanted := strings.Join(args, " ")
			known := append(commandNames(root), p.kindNames()...)
			for _, t := range topics() {
				known = append(known, t.name)
			}
			return &usageError{"rft", fmt.Errorf("there is no command, no topic and no kind %q%s", wanted, nearest.Hint(wanted, known))}
		},
	}
}

func (p *program) completeKinds(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var names []cobra.Completion
	if len(args) == 0 {
		for _, k := range p.kinds {
			names = append(names, cobra.CompletionWithDesc(k.Name(), k.Synopsis()))
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func (p *program) kind(name string) *grader.Kind {
	if i := slices.Index(p.kindNames(), name); i >= 0 {
		return p.kinds[i]
	}
	return nil
}

func (p *program) kindNames() []string {
	names := make([]string, len(p.kinds))
	for i, k := range p.kinds {
		names[i] = k.Name()
	}
	return names
}

func (p *program) listKinds() error {
	paint := paintFor(p.stdout)
	t := newGrid(paint, "kind", "what it does")
	for _, k := range p.kinds {
		t.AppendRow([]any{k.Name(), strings.Join(wrap(k.Synopsis(), 60), "\n")})
	}
	_, err := fmt.Fprintf(p.stdout, "%s\n\nrft help KIND explains one of them, with its options.\n", t.Render())
	return err
}

// explainKind prints the doc of a kind and its options.
func (p *program) explainKind(k *grader.Kind) error {
	paint := paintFor(p.stdout)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", paint.bold("kind "+k.Name()))
	for line := range strings.Lines(strings.TrimSpace(k.Doc()) + "\n") {
		// The headings of Go's doc comments.
		if heading, ok := strings.CutPrefix(line, "# "); ok {
			line = paint.bold(strings.TrimSuffix(heading, "\n")) + "\n"
		}
		b.WriteString(line)
	}
	b.WriteString("\n" + paint.bold("Options") + "\n")
	options := k.Options()
	if len(options) == 0 {
		b.WriteString("\nThere are none.\n")
	}
	for _, o := range options {
		fmt.Fprintf(&b, "\n  %s  %s\n", paint.bold(o.Name), optionForm(o))
		for _, line := range wrap(o.Doc, 72) {
			fmt.Fprintf(&b, "      %s\n", line)
		}
	}
	fmt.Fprintf(&b, "\n%s\n\n  version: 1\n  graders:\n    answer: {type: %s}\n", paint.bold("In a spec"), k.Name())
	_, err := fmt.Fprint(p.stdout, b.String())
	return err
}

// optionForm says what an option takes: "string: keep or fold; default keep".
func optionForm(o grader.Option) string {
	s := o.Type
	if len(o.Values) > 0 {
		last := len(o.Values) - 1
		s += ": " + strings.Join(o.Values[:last], ", ")
		if last > 0 {
			s += " or "
		}
		s += o.Values[last]
	}
	if o.Default != "" {
		s += "; default " + o.Default
	}
	return s
}

// wrap breaks a text into lines of at most width characters, where its words
// allow that.
func wrap(text string, width int) []string {
	var lines []string
	line, length := "", 0
	for _, word := range strings.Fields(text) {
		n := len([]rune(word))
		switch {
		case line == "":
			line, length = word, n
		case length+1+n > width:
			lines = append(lines, line)
			line, length = word, n
		default:
			line += " " + word
			length += 1 + n
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
