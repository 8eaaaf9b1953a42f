package lambdagrader

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	jsonv2 "github.com/go-json-experiment/json"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/spec"
)

// SpecVariable is the environment variable that holds the spec, as a path or
// as the text itself.
const SpecVariable = "GRADER_SPEC"

// SpecFile is the name of the spec beside the binary.
const SpecFile = "grader.yaml"

// Main is the whole of the Lambda function's program: it reads the spec and
// answers invocations until Lambda ends the process. It does not return.
//
// Environment: GRADER_SPEC (see [SpecVariable]); GRADER_ROLE (see [RoleVariable]); AWS_LAMBDA_LOG_LEVEL, as
// Lambda sets it; AWS_LAMBDA_FUNCTION_MEMORY_SIZE, nine tenths of which become
// the garbage collector's limit.
//
// Called with the arguments "check" and the path of a spec it only says whether
// the program can grade with that spec, with exit code 0 or 1.
func Main(kinds ...*grader.Kind) {
	hidden := hideProcess()
	if exit, ok := grader.RunHelper(kinds, os.Args[1:]); ok {
		os.Exit(exit)
	}
	switch {
	case len(os.Args) == 3 && os.Args[1] == "check":
		os.Exit(check(os.Stdout, os.Stderr, os.Args[2], kinds))
	case len(os.Args) > 1:
		fmt.Fprintf(os.Stderr, usage, os.Args[0])
		os.Exit(2)
	}
	log := NewLogger(os.Stdout, logLevel(os.Getenv))
	limitMemory(os.Getenv)
	if hidden != nil {
		log.Warn("the process could not be hidden from other processes of its user", "cause", hidden.Error())
	}
	if role := os.Getenv(RoleVariable); role != "" {
		os.Exit(playRole(context.Background(), os.Stderr, log, kinds, role))
	}
	handler, err := start(log, kinds)
	if err != nil {
		reportInitError(os.Stderr, os.Getenv, err)
		os.Exit(1)
	}
	api := os.Getenv(runtimeAPIVariable)
	if api == "" {
		fmt.Fprintf(os.Stderr, "the spec is fine (hash %s), but this program is a Lambda function and %s is not set: run it with \"rft serve --function %s\"\n",
			handler.spec.ShortHash(), runtimeAPIVariable, os.Args[0])
		os.Exit(2)
	}
	if handler.spec.Sweeps() {
		err := handler.Serve(context.Background(), api)
		fmt.Fprintf(os.Stderr, "the Runtime API cannot be used any more: %v\n", err)
		os.Exit(1)
	}
	lambda.StartWithOptions(handler)
}

const usage = `usage: %[1]s              in Lambda, or under "rft serve --function %[1]s"
       %[1]s check SPEC   says whether this program can grade with a spec
`

// elsewhere reports whether nothing but lasting faults of the grading, which may be
// the machine's, keeps a spec from being used.
func elsewhere(err error) bool {
	faults := spec.Errors(err)
	for _, fault := range faults {
		permanent := new(grader.PermanentError)
		if !errors.As(fault, &permanent) {
			return false
		}
	}
	return len(faults) > 0
}

// check reads a spec as the function will and returns the exit code.
func check(stdout, stderr io.Writer, path string, kinds []*grader.Kind) int {
	err := grader.Validate(kinds...)
	var s *spec.Spec
	if err == nil {
		s, err = spec.Open(path, kinds)
	}
	if elsewhere(err) {
		// What a machine lacks, such as a compiler, is no fault of the spec: the
		// function runs on another one, and says the same when it starts.
		fmt.Fprintf(stderr, "%v\n%s: no fault but what this machine lacks\n", err, path)
		return 0
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	fmt.Fprintf(stdout, "%s: hash %s, graders %s\n", path, s.ShortHash(), strings.Join(s.Graders(), ", "))
	if err := s.Close(); err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}

const runtimeAPIVariable = "AWS_LAMBDA_RUNTIME_API"

func start(log *slog.Logger, kinds []*grader.Kind) (*Handler, error) {
	if err := grader.Validate(kinds...); err != nil {
		return nil, fmt.Errorf("the program's kinds: %w", err)
	}
	s, err := readSpec(os.Getenv, log, kinds)
	if err != nil {
		return nil, err
	}
	h, err := NewHandler(s, Config{
		Log: log, Metrics: os.Stdout, Function: os.Getenv("AWS_LAMBDA_FUNCTION_NAME"),
		Journal: os.TempDir(), Environment: os.Getenv("AWS_LAMBDA_LOG_STREAM_NAME"),
	})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	log.Info("spec read", "spec", s.Hash(), "graders", s.Graders())
	return h, nil
}

// readSpec finds the spec in the environment or beside the binary.
func readSpec(getenv func(string) string, log *slog.Logger, kinds []*grader.Kind) (*spec.Spec, error) {
	value := getenv(SpecVariable)
	if isSpecText(value) {
		return spec.Parse(SpecVariable, []byte(value), kinds, spec.WithLogger(log))
	}
	folder, err := taskFolder(getenv)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(folder, SpecFile)
	switch {
	case value == "":
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("no grader spec: put %s beside the binary (%s) or set %s to a path or to the text of a spec", SpecFile, folder, SpecVariable)
		}
	case filepath.IsAbs(value):
		path = value
	default:
		path = filepath.Join(folder, value)
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("%s=%s: a relative path is looked for in the function's folder: %w", SpecVariable, value, err)
		}
	}
	return spec.Open(path, kinds, spec.WithLogger(log))
}

// isSpecText tells the text of a spec from a path: a spec is a mapping, on one
// line in braces or on several.
func isSpecText(value string) bool {
	return strings.ContainsAny(value, "\n\r{")
}

// taskFolder is where Lambda unpacked the function. Elsewhere it is where the
// binary is, or for a path in the environment, where the person is.
func taskFolder(getenv func(string) string) (string, error) {
	if dir := getenv("LAMBDA_TASK_ROOT"); dir != "" {
		return dir, nil
	}
	if getenv(SpecVariable) != "" {
		return os.Getwd()
	}
	exe, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find the folder of the binary: %w", err)
	}
	return filepath.Dir(exe), nil
}

// limitMemory keeps a tenth of the function's memory for what is not on Go's heap.
func limitMemory(getenv func(string) string) {
	if mb, err := strconv.ParseInt(getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), 10, 64); err == nil && mb > 0 {
		debug.SetMemoryLimit(mb << 20 / 10 * 9)
	}
}

// initErrorTimeout bounds the report of a failed start: Lambda gives a start
// ten seconds in all.
const initErrorTimeout = 5 * time.Second

// reportInitError tells a person through standard error and, inside Lambda,
// the caller through the Runtime API why the function did not start.
func reportInitError(w io.Writer, getenv func(string) string, err error) {
	fmt.Fprintf(w, "the grader did not start: %v\n", err)
	api := getenv(runtimeAPIVariable)
	if api == "" {
		return
	}
	body, encodeErr := jsonv2.Marshal(map[string]any{
		"errorMessage": "the grader did not start: " + err.Error(),
		"errorType":    "Grader.InitError",
		"stackTrace":   []string{},
	}, jsonv2.Deterministic(true))
	if encodeErr != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), initErrorTimeout)
	defer cancel()
	req, postErr := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+api+"/2018-06-01/runtime/init/error", bytes.NewReader(body))
	if postErr == nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Lambda-Runtime-Function-Error-Type", "Grader.InitError")
		var resp *http.Response
		if resp, postErr = (&http.Client{Transport: &http.Transport{}}).Do(req); postErr == nil {
			postErr = resp.Body.Close()
		}
	}
	if postErr != nil {
		fmt.Fprintf(w, "the fault could not be reported to the Runtime API: %v\n", postErr)
	}
}
