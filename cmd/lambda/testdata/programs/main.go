//go:build linux

// Command programs is a grading function whose only kind runs programs that do
// what a hostile answer would do to the function.
package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/lambdagrader"
)

func main() {
	kind := grader.Define("programs", "Programs does what the answer says.", struct{}{},
		func(*grader.Env, struct{}) (grader.Grader, error) { return &programs{}, nil })
	lambdagrader.Main(kind.WithHelper(helper))
}

type programs struct {
	mu   sync.Mutex
	left []*exec.Cmd
}

func (p *programs) Grade(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
	verb, arg, _ := strings.Cut(r.Response(), " ")
	switch verb {
	case "kill":
		if err := syscall.Kill(os.Getpid(), syscall.SIGKILL); err != nil {
			return grader.Result{}, err
		}
		select {}
	case "steal":
		lc, _ := lambdacontext.FromContext(ctx)
		out, err := p.command("steal", lc.AwsRequestID).Output()
		if err != nil {
			return grader.Result{}, err
		}
		var statuses map[string]float64
		if err := json.Unmarshal(out, &statuses); err != nil {
			return grader.Result{}, err
		}
		return grader.Result{Metrics: []grader.Metric{
			grader.Measure("next", statuses["next"]),
			grader.Measure("response", statuses["response"]),
			grader.Measure("error", statuses["error"]),
			grader.Measure("environ", statuses["environ"]),
		}}, nil
	case "stay":
		cmd := p.command("stay", arg)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		if err := cmd.Start(); err != nil {
			return grader.Result{}, err
		}
		p.mu.Lock()
		p.left = append(p.left, cmd)
		p.mu.Unlock()
		for { // until it is there
			if _, err := os.Stat(arg + ".here"); err == nil {
				break
			}
			time.Sleep(time.Millisecond)
		}
	case "dumpable":
		const getDumpable = 3 // PR_GET_DUMPABLE
		n, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, getDumpable, 0, 0)
		if errno != 0 {
			return grader.Result{}, errno
		}
		return grader.Result{Metrics: []grader.Metric{grader.Measure("dumpable", float64(n))}}, nil
	}
	return grader.Result{Score: 1}, nil
}

// command runs the helper with an empty environment, but for what an attacker
// knows anyway.
func (p *programs) command(args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	cmd := exec.Command(self, append([]string{grader.HelperArgument, "programs"}, args...)...)
	cmd.Env = []string{"API=" + os.Getenv("AWS_LAMBDA_RUNTIME_API")}
	return cmd
}

// Sweep kills what stayed.
func (p *programs) Sweep(context.Context) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, cmd := range p.left {
		if err := cmd.Process.Kill(); err != nil {
			return 0, err
		}
		_ = cmd.Wait() // it was killed
	}
	n := len(p.left)
	p.left = nil
	return n, nil
}

// helper is the hostile program.
func helper(args []string) int {
	switch args[0] {
	case "steal":
		id := args[1]
		statuses := map[string]int{
			"next":     send("GET", "invocation/next", ""),
			"response": send("POST", "invocation/"+id+"/response", `[]`),
			"error":    send("POST", "invocation/"+id+"/error", `{"errorType":"Forged","errorMessage":""}`),
		}
		if parent, err := os.ReadFile("/proc/" + strconv.Itoa(os.Getppid()) + "/environ"); err == nil && len(parent) > 0 {
			statuses["environ"] = 1
		}
		text, err := json.Marshal(statuses)
		if err != nil {
			return 1
		}
		_, _ = os.Stdout.Write(text)
	case "stay":
		mark := args[1]
		if os.WriteFile(mark+".here", nil, 0o600) != nil {
			return 1
		}
		for { // the first event after this one would be its own
			if send("GET", "invocation/next", "") == http.StatusOK {
				_ = os.WriteFile(mark+".stolen", nil, 0o600)
			}
		}
	}
	return 0
}

// send returns the status of the Runtime API's answer, or 0.
func send(method, path, body string) int {
	req, err := http.NewRequest(method, "http://"+os.Getenv("API")+"/2018-06-01/runtime/"+path, strings.NewReader(body))
	if err != nil {
		return 0
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}
