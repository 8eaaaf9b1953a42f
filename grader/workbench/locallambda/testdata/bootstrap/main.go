// The bootstrap of the tests is a real function on aws-lambda-go that does
// what its event says, and one that initialises as its environment says.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct {
	Do   string `json:"do"`
	URL  string `json:"url"` // asked before going on; the test decides when it answers
	Code int    `json:"code"`
	Size int    `json:"size"`
	Text string `json:"text"`
}

type refused struct{ words string }

func (e *refused) Error() string { return e.words }

func main() {
	if os.Getenv("ROLE") == "child" {
		select {} // until it is killed
	}
	initialise(os.Getenv("INIT"))
	var options []lambda.Option
	if url := os.Getenv("SIGTERM_URL"); url != "" {
		options = append(options, lambda.WithEnableSIGTERM(func() {
			ask(url)
			os.Exit(0)
		}))
	}
	lambda.StartWithOptions(handle, options...)
}

// initialise fails in the way that is asked for.
func initialise(how string) {
	switch how {
	case "exit":
		fmt.Println("about to fail")
		os.Exit(7)
	case "hang":
		fmt.Println("hanging")
		select {}
	case "error", "error then hang":
		post("init/error", `{"errorType":"SpecError","errorMessage":"no spec"}`)
		if how == "error" {
			os.Exit(1)
		}
		select {}
	case "exit once", "hang once":
		mark := os.Getenv("MARK")
		if _, err := os.Stat(mark); err == nil {
			return
		}
		if err := os.WriteFile(mark, nil, 0o600); err != nil {
			panic(err)
		}
		if how == "exit once" {
			os.Exit(1)
		}
		select {}
	}
}

func handle(ctx context.Context, raw json.RawMessage) (any, error) {
	var e event
	if err := json.Unmarshal(raw, &e); err != nil || e.Do == "" {
		return raw, nil // echo
	}
	lc, _ := lambdacontext.FromContext(ctx)
	e.URL += "?id=" + lc.AwsRequestID
	switch e.Do {
	case "report":
		dir, err := os.Getwd()
		deadline, _ := ctx.Deadline()
		return map[string]any{
			"pid": os.Getpid(), "ppid": os.Getppid(), "pgid": syscall.Getpgrp(), "dir": dir,
			"env": os.Environ(), "api": os.Getenv("AWS_LAMBDA_RUNTIME_API"),
			"deadline": deadline.UnixMilli(), "id": lc.AwsRequestID, "arn": lc.InvokedFunctionArn,
			"client": lc.ClientContext.Custom, "trace": os.Getenv("_X_AMZN_TRACE_ID"),
		}, err
	case "wait":
		ask(e.URL)
		return map[string]any{"pid": os.Getpid()}, nil
	case "fail":
		return nil, &refused{e.Text}
	case "panic":
		panic(e.Text)
	case "exit":
		os.Exit(e.Code)
	case "die":
		return nil, syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case "big":
		return strings.Repeat("x", e.Size-2), nil // two quotes
	case "log":
		fmt.Fprint(os.Stdout, e.Text)
		fmt.Fprint(os.Stderr, "to stderr\n")
		return nil, nil
	case "stream":
		return &stream{r: strings.NewReader(e.Text)}, nil
	case "stream when let":
		return &stream{ask: e.URL, r: strings.NewReader(e.Text)}, nil
	case "stream then fail":
		return &stream{r: strings.NewReader(e.Text), err: &refused{"half way"}}, nil
	case "work after":
		return &stream{r: strings.NewReader(`"done"`), after: e.URL}, nil
	case "child", "child in a session":
		pid, err := child(e.Do == "child in a session")
		if err != nil {
			return nil, err
		}
		ask(e.URL + "&pid=" + fmt.Sprint(pid))
		select {}
	case "leave a child":
		pid, err := child(true)
		return map[string]int{"child": pid}, err
	case "truncate", "truncate and exit":
		truncate(lc.AwsRequestID)
		if e.Do == "truncate and exit" {
			os.Exit(3)
		}
		ask(e.URL)
	}
	return nil, nil
}

// A stream asks before its first byte, after its last, or neither.
type stream struct {
	ask, after string
	r          io.Reader
	err        error
}

func (s *stream) Read(b []byte) (int, error) {
	if s.ask != "" {
		ask(s.ask)
		s.ask = ""
	}
	n, err := s.r.Read(b)
	if errors.Is(err, io.EOF) && s.err != nil {
		err = s.err
	}
	return n, err
}

func (s *stream) Close() error {
	if s.after != "" {
		ask(s.after)
	}
	return nil
}

func child(session bool) (int, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "ROLE=child")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: session}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	return cmd.Process.Pid, nil
}

// truncate sends a response that breaks off.
func truncate(id string) {
	conn, err := net.Dial("tcp", os.Getenv("AWS_LAMBDA_RUNTIME_API"))
	if err != nil {
		panic(err)
	}
	fmt.Fprintf(conn, "POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"half\":", id)
	conn.Close()
}

func post(path, body string) {
	r, err := http.Post("http://"+os.Getenv("AWS_LAMBDA_RUNTIME_API")+"/2018-06-01/runtime/"+path, "application/json", strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	r.Body.Close()
}

func ask(url string) {
	r, err := http.Get(url)
	if err != nil {
		return // the test is over
	}
	r.Body.Close()
}
