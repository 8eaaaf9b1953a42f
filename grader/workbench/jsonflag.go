package workbench

import (
	"strconv"

	"github.com/spf13/pflag"
)

// jsonFlag is the flag --json of a command with --format: the same as --format json.
type jsonFlag struct{ format *string }

// addJSON adds --json to a command's flags.
func addJSON(f *pflag.FlagSet, format *string) {
	f.Var(jsonFlag{format}, "json", "the same as --format json")
	f.Lookup("json").NoOptDefVal = "true"
}

func (j jsonFlag) String() string {
	return strconv.FormatBool(j.format != nil && *j.format == formatJSON)
}
func (j jsonFlag) Type() string { return "bool" }

func (j jsonFlag) Set(s string) error {
	on, err := strconv.ParseBool(s)
	if err == nil && on {
		*j.format = formatJSON
	}
	return err
}
