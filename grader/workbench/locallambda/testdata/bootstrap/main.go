// The bootstrap of the tests is a real function on aws-lambda-go that does
// what its event says, and one that initialises as its environment says.
package main

import (
	"bytes"
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
	switch os.Getenv("ROLE") {
	case "child":
		select {} // until it is killed
	case "thief":
		steal(os.Args[1], os.Args[2] == "wait")
		return
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
	case "attack":
		return thief(lc.AwsRequestID, "")
	case "attack behind the lock":
		return &stream{attack: lc.AwsRequestID}, nil
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

// A stream asks before its first byte, after its last, or neither, or it is
// what a thief reports that runs inside its first Read.
type stream struct {
	ask, after string
	attack     string
	r          io.Reader
	err        error
}

func (s *stream) Read(b []byte) (int, error) {
	if s.ask != "" {
		ask(s.ask)
		s.ask = ""
	}
	if s.attack != "" {
		text, err := thief(s.attack, "wait")
		if err != nil {
			return 0, err
		}
		s.r, s.attack = bytes.NewReader(text), ""
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

// thief runs a program beside the function that reaches for the runtime API,
// and returns what it reports: the status of each request.
func thief(id, wait string) (json.RawMessage, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, id, wait)
	cmd.Env = append(os.Environ(), "ROLE=thief")
	cmd.Stderr = os.Stderr
	return cmd.Output()
}

// steal asks for the current event and forges its answers.
func steal(id string, wait bool) {
	type answer struct {
		Status int    `json:"status"`
		Body   string `json:"body"`
	}
	send := func(method, path, body string) answer {
		r, err := http.NewRequest(method, "http://"+os.Getenv("AWS_LAMBDA_RUNTIME_API")+"/2018-06-01/runtime/"+path, strings.NewReader(body))
		if err != nil {
			panic(err)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			panic(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			panic(err)
		}
		return answer{response.StatusCode, string(text)}
	}
	next := send("GET", "invocation/next", "")
	for wait && next.Status == 200 { // until the head of the response has arrived
		next = send("GET", "invocation/next", "")
	}
	report, err := json.Marshal(map[string]answer{
		"next":     next,
		"response": send("POST", "invocation/"+id+"/response", `"forged"`),
		"error":    send("POST", "invocation/"+id+"/error", `{"errorType":"Forged"}`),
	})
	if err != nil {
		panic(err)
	}
	os.Stdout.Write(report)
	fmt.Fprintf(os.Stderr, "thief: %s\n", report)
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
