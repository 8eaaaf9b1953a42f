package locallambda_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
)

const invocations = "/2015-03-31/functions/function/invocations"

// serveHTTP offers a function at a URL.
func serveHTTP(t testing.TB, f *locallambda.Function) string {
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return server.URL
}

func TestInvokeOverHTTP(t *testing.T) {
	f := start(t, locallambda.Config{})
	base := serveHTTP(t, f)
	r, body := send(t, "POST", base+invocations, `[1,2]`)
	require.Equal(t, 200, r.StatusCode)
	require.Equal(t, `[1,2]`, body)
	require.Equal(t, "application/json", r.Header.Get("Content-Type"))
	require.Equal(t, "$LATEST", r.Header.Get("X-Amz-Executed-Version"))
	require.NotEmpty(t, r.Header.Get("X-Amzn-RequestId"))
	require.NotContains(t, r.Header, "X-Amz-Function-Error")
	require.NotContains(t, r.Header, "X-Amz-Log-Result")

	r, body = send(t, "POST", base+invocations, string(event(t, map[string]any{"do": "fail", "text": "no"})))
	require.Equal(t, 200, r.StatusCode)
	require.Equal(t, "Unhandled", r.Header.Get("X-Amz-Function-Error"))
	require.Equal(t, "$LATEST", r.Header.Get("X-Amz-Executed-Version"))
	require.JSONEq(t, `{"errorType":"refused","errorMessage":"no"}`, body)
}

func TestFunctionNamesAndQualifiers(t *testing.T) {
	f := start(t, locallambda.Config{Name: "my-grader"})
	base := serveHTTP(t, f)
	const arn = "arn:aws:lambda:us-east-1:123456789012:function:my-grader"
	for name, c := range map[string]struct {
		name, query string
		arn         string
		status      int
		code        string
	}{
		"name":                   {name: "my-grader", arn: arn},
		"name and alias":         {name: "my-grader:live", arn: arn + ":live"},
		"name and version":       {name: "my-grader:7", arn: arn + ":7"},
		"name and $LATEST":       {name: "my-grader:$LATEST", arn: arn + ":$LATEST"},
		"query":                  {name: "my-grader", query: "?Qualifier=live", arn: arn + ":live"},
		"the same twice":         {name: "my-grader:live", query: "?Qualifier=live", arn: arn + ":live"},
		"ARN":                    {name: arn, arn: arn},
		"ARN and version":        {name: arn + ":7", arn: arn + ":7"},
		"ARN of another account": {name: "arn:aws-cn:lambda:cn-north-1:999999999999:function:my-grader", arn: arn},
		"partial ARN":            {name: "123456789012:function:my-grader", arn: arn},
		"partial ARN, alias":     {name: "123456789012:function:my-grader:live", arn: arn + ":live"},
		"another name":           {name: "other", status: 404, code: "ResourceNotFoundException"},
		"ARN of another":         {name: "arn:aws:lambda:us-east-1:123456789012:function:other", status: 404, code: "ResourceNotFoundException"},
		"differing qualifiers":   {name: "my-grader:7", query: "?Qualifier=live", status: 400, code: "InvalidParameterValueException"},
		"strange qualifier":      {name: "my-grader", query: "?Qualifier=a%20b", status: 400, code: "InvalidParameterValueException"},
		"empty qualifier":        {name: "my-grader:", status: 400, code: "InvalidParameterValueException"},
		"strange name":           {name: "my grader", status: 400, code: "InvalidParameterValueException"},
		"a path":                 {name: "../my-grader", status: 400, code: "InvalidParameterValueException"},
		"not of Lambda":          {name: "arn:aws:s3:us-east-1:123456789012:function:my-grader", status: 400, code: "InvalidParameterValueException"},
		"ARN without function":   {name: "arn:aws:lambda:us-east-1:my-grader", status: 400, code: "InvalidParameterValueException"},
	} {
		for how, escape := range map[string]func(string) string{
			"escaped": url.QueryEscape,
			"plain":   func(s string) string { return strings.NewReplacer(" ", "%20", "/", "%2F").Replace(s) },
		} {
			if how == "escaped" && strings.Contains(c.name, " ") {
				continue // a query has + for a blank, a path has not
			}
			t.Run(name+", "+how, func(t *testing.T) {
				r, body := send(t, "POST", base+"/2015-03-31/functions/"+escape(c.name)+"/invocations"+c.query, string(event(t, do.report)))
				if c.code != "" {
					require.Equal(t, c.status, r.StatusCode, body)
					require.Equal(t, c.code, r.Header.Get("X-Amzn-ErrorType"))
					return
				}
				require.Equal(t, 200, r.StatusCode, body)
				require.Contains(t, body, `"arn":"`+c.arn+`"`)
			})
		}
	}
}

func TestOtherRequests(t *testing.T) {
	f := start(t, locallambda.Config{})
	base := serveHTTP(t, f)
	for name, c := range map[string]struct {
		method, path, body string
		header             []string
		status             int
		code               string
		body2              string
	}{
		"another operation":       {"GET", "/2015-03-31/functions/", "", nil, 404, "UnknownOperationException", ""},
		"response streaming":      {"POST", "/2021-11-15/functions/function/response-streaming-invocations", "", nil, 404, "UnknownOperationException", ""},
		"the root":                {"GET", "/", "", nil, 404, "UnknownOperationException", ""},
		"a name of two parts":     {"POST", "/2015-03-31/functions/a/b/invocations", "", nil, 404, "UnknownOperationException", ""},
		"GET":                     {"GET", invocations, "", nil, 405, "MethodNotAllowedException", ""},
		"no JSON":                 {"POST", invocations, "hello", nil, 400, "InvalidRequestContentException", ""},
		"a strange type":          {"POST", invocations, "{}", []string{"X-Amz-Invocation-Type", "Hope"}, 400, "InvalidParameterValueException", ""},
		"a context of no base64":  {"POST", invocations, "{}", []string{"X-Amz-Client-Context", "§"}, 400, "InvalidRequestContentException", ""},
		"a context of no JSON":    {"POST", invocations, "{}", []string{"X-Amz-Client-Context", "aGVsbG8="}, 400, "InvalidRequestContentException", ""},
		"a context too large":     {"POST", invocations, "{}", []string{"X-Amz-Client-Context", base64.StdEncoding.EncodeToString([]byte(`"` + strings.Repeat("x", 3582) + `"`))}, 400, "InvalidRequestContentException", ""},
		"a dry run":               {"POST", invocations, "", []string{"X-Amz-Invocation-Type", "DryRun"}, 204, "", ""},
		"a dry run of another":    {"POST", "/2015-03-31/functions/other/invocations", "", []string{"X-Amz-Invocation-Type", "DryRun"}, 404, "ResourceNotFoundException", `{"Type":"User","Message":"Function not found: arn:aws:lambda:us-east-1:123456789012:function:other"}`},
		"an event of over 1 MB":   {"POST", invocations, `"` + strings.Repeat("x", 1<<20) + `"`, []string{"X-Amz-Invocation-Type", "Event"}, 413, "RequestTooLargeException", `{"Type":"User","message":"1048578 byte payload is too large for the Event invocation type (limit 1048576 bytes)"}`},
		"an event of over 6 MB":   {"POST", invocations, `"` + strings.Repeat("x", 7<<20) + `"`, []string{"X-Amz-Invocation-Type", "Event"}, 413, "RequestTooLargeException", `{"Type":"User","message":"7340034 byte payload is too large for the Event invocation type (limit 1048576 bytes)"}`},
		"a request of over 6 MB":  {"POST", invocations, `"` + strings.Repeat("x", 6291455) + `"`, nil, 413, "RequestTooLargeException", `{"Type":"User","message":"Request must be smaller than 6291456 bytes for the InvokeFunction operation"}`},
		"a request of over 20 MB": {"POST", invocations, `"` + strings.Repeat("x", 20<<20) + `"`, nil, 413, "RequestTooLargeException", `{"Type":"User","message":"Request must be smaller than 6291456 bytes for the InvokeFunction operation"}`},
	} {
		t.Run(name, func(t *testing.T) {
			r, body := send(t, c.method, base+c.path, c.body, c.header...)
			require.Equal(t, c.status, r.StatusCode, body)
			require.Equal(t, c.code, r.Header.Get("X-Amzn-ErrorType"))
			require.NotEmpty(t, r.Header.Get("X-Amzn-RequestId"))
			if c.body2 != "" {
				require.JSONEq(t, c.body2, body)
			}
			if c.status == 405 {
				require.Equal(t, "POST", r.Header.Get("Allow"))
			}
		})
	}
	require.Zero(t, f.Stats().Invocations)
	require.Zero(t, f.Stats().ColdStarts)
}

func TestThrottleOverHTTP(t *testing.T) {
	f := start(t, locallambda.Config{Concurrency: 1})
	base := serveHTTP(t, f)
	g := newGate(t)
	b := inBackground(t, f, map[string]any{"do": "wait", "url": g.url})
	<-g.arrived
	r, body := send(t, "POST", base+invocations, `{}`)
	require.Equal(t, 429, r.StatusCode)
	require.Equal(t, "TooManyRequestsException", r.Header.Get("X-Amzn-ErrorType"))
	require.Equal(t, "1", r.Header.Get("Retry-After"))
	require.JSONEq(t, `{"Type":"User","message":"Rate Exceeded.","Reason":"ReservedFunctionConcurrentInvocationLimitExceeded"}`, body)
	g.open()
	b.wait(t)
	r, _ = send(t, "POST", base+invocations, `{}`)
	require.Equal(t, 200, r.StatusCode)
}

func TestLogTail(t *testing.T) {
	f := start(t, locallambda.Config{})
	base := serveHTTP(t, f)
	text := strings.Repeat("0123456789abcde\n", 1000)
	r, _ := send(t, "POST", base+invocations, string(event(t, map[string]any{"do": "log", "text": text})), "X-Amz-Log-Type", "Tail")
	log, err := base64.StdEncoding.DecodeString(r.Header.Get("X-Amz-Log-Result"))
	require.NoError(t, err)
	require.Len(t, log, 4096)
	require.Contains(t, string(log), "0123456789abcde\nto stderr\nEND RequestId: "+r.Header.Get("X-Amzn-RequestId")+"\nREPORT ")
}

func TestClientContextAndTrace(t *testing.T) {
	f := start(t, locallambda.Config{})
	base := serveHTTP(t, f)
	context := base64.StdEncoding.EncodeToString([]byte("{\"custom\":\n{\"job\":\"42\"}}"))
	const trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
	r, body := send(t, "POST", base+invocations, string(event(t, do.report)), "X-Amz-Client-Context", context, "X-Amzn-Trace-Id", trace)
	require.Equal(t, 200, r.StatusCode)
	require.Contains(t, body, `"client":{"job":"42"}`)
	require.Contains(t, body, `"trace":"`+trace+`"`)
	require.Equal(t, trace, r.Header.Get("X-Amzn-Trace-Id"))
}

func TestEventInvocations(t *testing.T) {
	log := make(lines, 1000)
	f := start(t, locallambda.Config{Concurrency: 2, Log: log})
	base := serveHTTP(t, f)
	g := newGate(t)
	payload := string(event(t, map[string]any{"do": "wait", "url": g.url}))
	accepted := make(map[string]bool)
	post := func() int {
		r, body := send(t, "POST", base+invocations, payload, "X-Amz-Invocation-Type", "Event")
		if r.StatusCode == 202 {
			require.Empty(t, body)
			accepted[r.Header.Get("X-Amzn-RequestId")] = true
		}
		return r.StatusCode
	}
	for range 2 {
		require.Equal(t, 202, post())
	}
	ran := map[string]bool{(<-g.arrived).Get("id"): true, (<-g.arrived).Get("id"): true}
	require.Equal(t, accepted, ran, "the id of the answer is the id of the invocation")
	// Two run, one is held by the queue's goroutine, and a hundred wait.
	refused := 0
	for range 110 {
		if code := post(); code != 202 {
			require.Equal(t, 429, code)
			refused++
		}
	}
	require.LessOrEqual(t, refused, 10)
	require.GreaterOrEqual(t, refused, 9)
	g.open()
	for range len(accepted) - 2 {
		ran[(<-g.arrived).Get("id")] = true
	}
	require.Equal(t, accepted, ran)
	require.Equal(t, refused, f.Stats().Throttles)
	require.Equal(t, 2, f.Stats().ColdStarts)
}

func TestEventsThatWaitAtTheEndAreReported(t *testing.T) {
	log := new(journal)
	f := start(t, locallambda.Config{Concurrency: 1, Log: log})
	base := serveHTTP(t, f)
	g := newGate(t)
	b := inBackground(t, f, map[string]any{"do": "wait", "url": g.url})
	<-g.arrived
	var ids []string
	for range 3 {
		r, _ := send(t, "POST", base+invocations, `{}`, "X-Amz-Invocation-Type", "Event")
		require.Equal(t, 202, r.StatusCode)
		ids = append(ids, r.Header.Get("X-Amzn-RequestId"))
	}
	require.NoError(t, f.Close())
	<-b.done
	for _, id := range ids {
		require.Contains(t, log.String(), "RequestId: "+id+" Error: the function was closed before this event was run\n")
	}
	r, body := send(t, "POST", base+invocations, `{}`)
	require.Equal(t, 500, r.StatusCode)
	require.Equal(t, "ServiceException", r.Header.Get("X-Amzn-ErrorType"))
	require.JSONEq(t, `{"Type":"Service","Message":"the function is closed; start it again"}`, body)
}

// deadlines is a response that has deadlines, as those of a real server.
type deadlines struct {
	*httptest.ResponseRecorder
	write []time.Time
}

func (d *deadlines) SetWriteDeadline(at time.Time) error {
	d.write = append(d.write, at)
	return nil
}

func TestDeadlineOfAnAnswerIsItsOwn(t *testing.T) {
	f := start(t, locallambda.Config{})
	for name, body := range map[string]string{"an answer": `{}`, "a refusal": `{`} {
		t.Run(name, func(t *testing.T) {
			w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
			f.ServeHTTP(w, httptest.NewRequest("POST", invocations, strings.NewReader(body)))
			require.Len(t, w.write, 2)
			require.True(t, w.write[0].IsZero(), "that of the request before is gone")
			require.False(t, w.write[1].IsZero())
		})
	}
}

func FuzzRequest(f *testing.F) {
	for _, s := range []string{"my-grader", "my-grader:live", "arn:aws:lambda:us-east-1:123456789012:function:my-grader:7", "123456789012:function:x", "a%2Fb", "%", "arn:aws:lambda:::", ":::"} {
		f.Add(s, "", "{}")
		f.Add("my-grader", s, `[1,`)
	}
	function := start(f, locallambda.Config{Name: "my-grader"})
	f.Fuzz(func(t *testing.T, name, qualifier, body string) {
		target := "/2015-03-31/functions/" + url.PathEscape(name) + "/invocations?Qualifier=" + url.QueryEscape(qualifier)
		r := httptest.NewRequest("POST", target, strings.NewReader(body))
		r.Header.Set("X-Amz-Invocation-Type", "DryRun")
		w := httptest.NewRecorder()
		function.ServeHTTP(w, r)
		base, derived, _ := strings.Cut(name[max(0, strings.LastIndex(name, "my-grader")):], ":")
		switch w.Code {
		case 204:
			// Only what names this function, once and without contradiction.
			if base != "my-grader" || qualifier != "" && derived != "" && derived != qualifier {
				t.Fatalf("accepted %q, %q", name, qualifier)
			}
		case 400, 404:
			if name == "my-grader" && qualifier == "" {
				t.Fatal("refused its own name")
			}
			if !bytes.Contains(w.Body.Bytes(), []byte(`"Type":"User"`)) {
				t.Fatal(w.Body.String())
			}
		default:
			t.Fatal(fmt.Sprint(w.Code, w.Body))
		}
	})
}
