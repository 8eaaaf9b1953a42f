package workbench

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rftgrader/rftgrader/grader/spec/specschema"
)

func (p *program) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of a spec, for editors",
		Long: `Schema prints the JSON Schema (2020-12) of a grader spec with the kinds of this
program. An editor that knows it completes and checks specs while they are written:

  rft schema > grader.schema.json
  # the first line of grader.yaml, for editors with the YAML language server:
  # yaml-language-server: $schema=grader.schema.json`,
		Args: atMost(0),
		RunE: func(*cobra.Command, []string) error {
			schema, err := specschema.For(p.kinds)
			if err != nil {
				return fmt.Errorf("make the schema: %w", err)
			}
			if len(schema) > 0 && schema[len(schema)-1] != '\n' {
				schema = append(schema, '\n')
			}
			_, err = p.stdout.Write(schema)
			return err
		},
	}
}
