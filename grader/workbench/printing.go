package workbench

import (
	"fmt"
	"io"
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const (
	formatTable = "table"
	formatJSON  = "json"
)

// printing is how a command prints what it has to say: the flags --format and --json.
type printing struct {
	format string

	json  bool
	forms []string // that --format may name
	flags *pflag.FlagSet
}

// add adds the flags to a command. says is the help of --format, and others are forms
// beside a table and JSON.
func (o *printing) add(c *cobra.Command, says string, others ...string) {
	o.flags = c.Flags()
	o.forms = append([]string{formatTable, formatJSON}, others...)
	o.flags.StringVar(&o.format, "format", formatTable, says)
	o.flags.BoolVar(&o.json, "json", false, "the same as --format json")
	completeWords(c, "format", o.forms...)
}

// settle decides which form it is. What is wrong with the flags is the person's fault.
func (o *printing) settle() error {
	switch {
	case o.json && o.flags.Changed("format") && o.format != formatJSON:
		return fmt.Errorf("--json and --format %s: want one of them", o.format)
	case o.json:
		o.format = formatJSON
	case !slices.Contains(o.forms, o.format):
		last := len(o.forms) - 1
		return fmt.Errorf("--format %q: want %s or %s", o.format, strings.Join(o.forms[:last], ", "), o.forms[last])
	}
	return nil
}

// print writes a value as JSON where that is wanted, and else what table makes of it.
func (o *printing) print(to io.Writer, value any, table func(paint) string, options ...jsonv2.Options) error {
	var text string
	if o.format == formatJSON {
		options = append(options, jsontext.WithIndent("  "), jsonv2.Deterministic(true), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
		b, err := jsonv2.Marshal(value, options...)
		if err != nil {
			return fmt.Errorf("print as JSON: %w", err)
		}
		text = string(b) + "\n"
	} else {
		text = table(paintFor(to))
	}
	if _, err := io.WriteString(to, text); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

// nilIsNull is an option of print: a list that is not there is null, and not empty.
func nilIsNull() jsonv2.Options { return jsonv2.FormatNilSliceAsNull(true) }
