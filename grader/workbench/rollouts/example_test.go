package rollouts_test

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/rftgrader/rftgrader/grader/workbench/rollouts"
)

func ExampleReader() {
	file := strings.NewReader(`
{"id": "sum-1", "messages": [{"role": "user", "content": "2+2?"}, {"role": "assistant", "content": "4"}]}
{"id": "sum-2", "messages": [{"role": "user", "content": "2+2?"}, {"role": "assi
{"id": "sum-3", "messages": [{"role": "user", "content": "2+2?"}, {"role": "assistant", "content": "5"}]}
`)
	r := rollouts.NewReader(file)
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			fmt.Println(err)
			break
		}
		if row.Err != nil {
			fmt.Printf("%s: %v\n", row.Place(), row.Err)
			continue
		}
		fmt.Printf("%s: %s answers %q\n", row.Place(), row.Rollout.ID, row.Rollout.Response())
	}
	// Output:
	// line 2: sum-1 answers "4"
	// line 3: /messages/1/role: not valid JSON: the JSON ends too early
	// line 4: sum-3 answers "5"
}
