package locallambda_test

import (
	"context"
	"fmt"
	"log"

	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
)

func Example() {
	ctx := context.Background()
	f, err := locallambda.Start(ctx, locallambda.Config{Bootstrap: bootstrap, Concurrency: 4})
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()

	for _, batch := range []string{`[{"id":"1"}]`, `{"do":"fail","text":"the judge is throttled"}`} {
		r, err := f.Invoke(ctx, []byte(batch))
		if err != nil {
			log.Fatal(err) // refused: the function did not run
		}
		fmt.Printf("%s%s\n", r.FunctionError, r.Payload)
	}
	fmt.Println(f.Stats().ColdStarts, "cold start")
	// Output:
	// [{"id":"1"}]
	// Unhandled{"errorMessage":"the judge is throttled","errorType":"refused"}
	// 1 cold start
}
