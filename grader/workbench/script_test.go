package workbench_test

import (
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rftgrader/rftgrader/grader/lambdagrader"
	"github.com/rftgrader/rftgrader/grader/workbench"
	"github.com/rftgrader/rftgrader/graders"
)

var update = flag.Bool("update", false, "write the outputs that are compared into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"rft":       func() { workbench.Main(append(graders.All, testKinds()...)...) },
		"bootstrap": func() { lambdagrader.Main(append(graders.All, testKinds()...)...) },
	})
}

// The scripts are the manual of the command: each shows one thing.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error {
			bin, _, _ := strings.Cut(env.Getenv("PATH"), string(os.PathListSeparator))
			env.Setenv("BOOTSTRAP", filepath.Join(bin, "bootstrap"))
			env.Setenv("LC_ALL", "C.UTF-8")
			// A program with the race detector waits a second at its end.
			env.Setenv("GORACE", "atexit_sleep_ms=0")
			startBedrock(env)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"settle": settle,
			"await":  await,
			"post":   post,
		},
	})
}

// settle writes an output, but for times and hashes, to a file.
func settle(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: settle output file")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(steady(ts.ReadFile(args[0]))), 0o666))
}

// steady writes T for times and rates and H for hashes.
func steady(s string) string {
	for pattern, with := range map[string]string{
		`(?m)^time .*$`: "time      T",
		`("(\w*seconds|rollouts_per_second)": )\S+`: "${1}T",
		`hash [0-9a-f]{12}\b`:                       "hash H",
		`"hash": "[0-9a-f]{64}"`:                    `"hash": "H"`,
	} {
		s = regexp.MustCompile(pattern).ReplaceAllString(s, with)
	}
	return s
}

// await waits until a file has a match of a pattern, and sets $MATCH to its
// first group.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: await file pattern")
	}
	pattern := regexp.MustCompile(args[1])
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); <-tick.C {
		b, err := os.ReadFile(ts.MkAbs(args[0]))
		if m := pattern.FindSubmatch(b); err == nil && m != nil {
			if len(m) > 1 {
				ts.Setenv("MATCH", string(m[1]))
			}
			return
		}
	}
	ts.Fatalf("no match of %s in %s", args[1], args[0])
}

// post sends a file to a URL as JSON, and prints the response.
func post(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: post url file")
	}
	response, err := http.Post(args[0], "application/json", strings.NewReader(ts.ReadFile(args[1])))
	ts.Check(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	ts.Check(err)
	_, err = ts.Stdout().Write(append([]byte(response.Status+"\n"), body...))
	ts.Check(err)
}
