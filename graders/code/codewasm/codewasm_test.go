package codewasm_test

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/codewasm"
)

func TestMain(m *testing.M) {
	if exit, ok := grader.RunHelper([]*grader.Kind{codewasm.Kind}, os.Args[1:]); ok {
		os.Exit(exit)
	}
	os.Exit(m.Run())
}

func TestGrade(t *testing.T) {
	require.NoError(t, grader.Validate(codewasm.Kind))
	g, err := codewasm.Kind.New(nil, []byte(`{"language": "/language", "executor": "wasm"}`))
	if err != nil {
		t.Skipf("no executor of WebAssembly here: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, g.(io.Closer).Close()) })
	const double = `{"kind":"stdio","cases":[{"in":"4\n","out":"8\n"},{"in":"-3\n","out":"-6\n"}]}`
	for _, test := range []struct {
		name, language, tests, answer string
		want                          float64
	}{
		{"right C", "c", double, "```c\n#include <stdio.h>\nint main(void) { int x; scanf(\"%d\", &x); printf(\"%d\\n\", 2 * x); return 0; }\n```", 1},
		{"wrong C", "c", double, "```c\n#include <stdio.h>\nint main(void) { int x; scanf(\"%d\", &x); printf(\"%d\\n\", x * x / 2); return 0; }\n```", 0},
		{"C that reads the environment", "c", double, "```c\n#include <stdio.h>\n#include <stdlib.h>\nint main(void) { puts(getenv(\"PATH\") ? \"8\" : \"nothing\"); return 0; }\n```", 0},
		{"right Go function", "go", `{"kind":"function","entry":"double","cases":[{"args":[4],"out":8},{"args":[0],"out":0}]}`,
			"```go\npackage main\n\nfunc double(x int) int { return x + x }\n```", 1},
		{"Go that ends the process", "go", `{"kind":"function","entry":"double","cases":[{"args":[4],"out":8}]}`,
			"```go\npackage main\n\nimport \"os\"\n\nfunc double(x int) int { os.Exit(0); return 8 }\n```", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			ref, err := grader.NewReference(json.RawMessage(`{"language":"` + test.language + `","tests":` + test.tests + `}`))
			require.NoError(t, err)
			r := grader.Rollout{ID: test.name, Reference: ref, Messages: []grader.Message{{Role: "assistant", Content: grader.TextContent(test.answer)}}}
			result, err := g.Grade(context.Background(), &r)
			if grader.FaultOf(err) == grader.FaultPermanent {
				t.Skipf("the tools for %s are not here: %v", test.language, err)
			}
			require.NoError(t, err)
			require.Equal(t, test.want, result.Score, result.Reason)
		})
	}
}
