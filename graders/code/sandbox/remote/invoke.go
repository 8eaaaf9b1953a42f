package remote

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	jsonv2 "github.com/go-json-experiment/json"
)

// maxRefusal bounds what is read of an answer by the service that is not the
// function's.
const maxRefusal = 16 << 10

// A body is what a function has answered.
type body struct {
	payload []byte
	who     string // the function, with the id of the request as its log has it
}

// invoke sends a payload. Errors are faults; the answer is at most so many bytes.
func (e *Executor) invoke(ctx context.Context, payload []byte, tenant string, most int) (body, error) {
	keys, err := credentials()
	if err != nil {
		return body{}, lasting(err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, bytes.NewReader(payload))
	if err != nil {
		return body{}, lasting(errors.New("the address of the function is none"))
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Amz-Invocation-Type", "RequestResponse")
	if tenant != "" {
		req.Header.Set("X-Amz-Tenant-Id", tenant)
	}
	sum := sha256.Sum256(payload)
	if err := e.signer.SignHTTP(ctx, keys, req, hex.EncodeToString(sum[:]), "lambda", e.options.Region, time.Now()); err != nil {
		return body{}, lasting(fmt.Errorf("the request cannot be signed: %w", err))
	}
	resp, err := e.transport.RoundTrip(req)
	if err != nil {
		return body{}, e.unreached(ctx, err)
	}
	defer resp.Body.Close()
	who := e.options.Function
	if id := resp.Header.Get("X-Amzn-RequestId"); name(id) {
		who += " (request " + id + ")"
	}
	if resp.StatusCode != http.StatusOK {
		text, err := io.ReadAll(io.LimitReader(resp.Body, maxRefusal))
		if err != nil {
			return body{}, e.unreached(ctx, err)
		}
		return body{}, e.refused(resp, text, who)
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, int64(most)+1))
	switch {
	case err != nil:
		return body{}, e.unreached(ctx, err)
	case resp.Header.Get("X-Amz-Function-Error") != "":
		return body{}, death(fmt.Errorf("%s failed (%s): see its log", who, failureOf(answer)))
	case len(answer) > most:
		return body{}, death(fmt.Errorf("the answer of %s is longer than %d bytes", who, most))
	}
	return body{answer, who}, nil
}

// unreached tells a connection's fault from the time-out of an invocation, which
// a program in there can bring about.
func (e *Executor) unreached(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return death(fmt.Errorf("%s did not answer in time", e.options.Function))
	}
	return e.ofService(fmt.Errorf("invoke %s: %w", e.options.Function, err), 0)
}

// refused reads the service's own error.
func (e *Executor) refused(resp *http.Response, text []byte, who string) error {
	code, _, _ := strings.Cut(resp.Header.Get("X-Amzn-ErrorType"), ":")
	err := fmt.Errorf("%s was not invoked: status %d%s%s", who, resp.StatusCode, spaced(code), messageOf(text))
	switch status := resp.StatusCode; {
	case status == http.StatusTooManyRequests:
		return e.ofService(fmt.Errorf("%w: raise its reserved concurrency, or lower the concurrency of the remote executor", err), retryAfter(resp.Header))
	case status >= 500, status == http.StatusRequestTimeout, status == http.StatusConflict:
		return e.ofService(err, retryAfter(resp.Header))
	case status == http.StatusForbidden:
		return lasting(fmt.Errorf("%w: allow lambda:InvokeFunction on it to the caller, with credentials that are valid", err))
	case status == http.StatusNotFound:
		return lasting(fmt.Errorf("%w: look at the function's name, region and qualifier", err))
	case status == http.StatusRequestEntityTooLarge:
		return lasting(fmt.Errorf("%w: lower the payload of the remote executor", err))
	}
	return lasting(err)
}

func spaced(s string) string {
	if !name(s) {
		return ""
	}
	return " " + s
}

// messageOf returns what the service says, which may name ARNs and no data.
func messageOf(text []byte) string {
	var said struct {
		Upper string `json:"Message"`
		Lower string `json:"message"`
	}
	if jsonv2.Unmarshal(text, &said) != nil {
		return ""
	}
	message := first(said.Upper, said.Lower)
	if message == "" {
		return ""
	}
	return ": " + quote(message)
}

// failureOf names the kind of a function error, where it is one of Lambda's own:
// the function's words are not to be trusted.
func failureOf(payload []byte) string {
	var said struct {
		Type    string `json:"errorType"`
		Message string `json:"errorMessage"`
	}
	if jsonv2.Unmarshal(payload, &said) != nil {
		return "no reason given"
	}
	for _, known := range []string{
		"Sandbox.Timedout", "Runtime.ExitError", "Runtime.OutOfMemory", "Runtime.Unknown", "Runtime.InvalidEntrypoint", "Runtime.NoHandler",
		"Function.ResponseSizeTooLarge", "Extension.Crash",
	} {
		if said.Type == known {
			return known
		}
	}
	if strings.Contains(said.Message, "Task timed out after") {
		return "Sandbox.Timedout"
	}
	return "an error of its own"
}

// maxRetryAfter bounds what the service may ask for.
const maxRetryAfter = 30 * time.Second

func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(min(seconds, 3600))*time.Second, maxRetryAfter)
}

// quote makes a text that is not ours fit for a log.
func quote(s string) string {
	const most = 300
	s = strings.ToValidUTF8(s[:min(len(s), most)], "")
	return strconv.Quote(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s))
}
