package locallambda

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	invokePrefix = "/2015-03-31/functions/"
	invokeSuffix = "/invocations"

	// uploadTime is what a client may take to send a request, and to read an
	// answer.
	uploadTime = time.Minute
)

// ServeHTTP is the operation Invoke of the Lambda API:
//
//	POST /2015-03-31/functions/NAME/invocations?Qualifier=VERSION
//
// NAME is the function's name or ARN, or a partial ARN, with or without a
// qualifier. The headers X-Amz-Invocation-Type (RequestResponse, Event,
// DryRun), X-Amz-Log-Type and X-Amz-Client-Context work as on Lambda.
// Signatures are not checked.
func (f *Function) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := newRequestID()
	// The deadline of the last answer on this connection is no deadline for
	// this one. Not every http.ResponseWriter has deadlines, here and below,
	// and one without is fine.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
	if err := f.serveInvoke(w, r, id); err != nil {
		writeInvokeError(w, err, id)
	}
}

// serveInvoke returns an error as long as it has written nothing.
func (f *Function) serveInvoke(w http.ResponseWriter, r *http.Request, id string) error {
	qualifier, err := f.target(r)
	if err != nil {
		return err
	}
	kind := r.Header.Get("X-Amz-Invocation-Type")
	switch kind {
	case "":
		kind = "RequestResponse"
	case "RequestResponse", "Event":
	case "DryRun":
		writeHead(w, id, http.StatusNoContent)
		return nil
	default:
		return badParameter("the invocation type is not one of RequestResponse, Event, DryRun")
	}
	context, err := clientContext(r.Header.Get("X-Amz-Client-Context"))
	if err != nil {
		return err
	}
	payload, err := readPayload(w, r, kind == "Event")
	if err != nil {
		return err
	}
	v, err := f.newInvocation(payload, qualifier, context, r.Header.Get("X-Amzn-Trace-Id"), kind == "Event")
	if err != nil {
		return err
	}
	v.id = id
	if v.async {
		v.clientContext = "" // Lambda passes it on for synchronous invocations only
		if err := f.enqueue(v); err != nil {
			return err
		}
		writeHead(w, id, http.StatusAccepted)
		return nil
	}
	if err := f.admit(v); err != nil {
		return err
	}
	answer, err := v.wait(r.Context())
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("X-Amz-Executed-Version", version)
	h.Set("X-Amzn-Trace-Id", v.traceID)
	if answer.FunctionError != "" {
		h.Set("X-Amz-Function-Error", answer.FunctionError)
	}
	if r.Header.Get("X-Amz-Log-Type") == "Tail" {
		h.Set("X-Amz-Log-Result", base64.StdEncoding.EncodeToString(answer.Log))
	}
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(answer.Payload)))
	writeHead(w, id, http.StatusOK)
	_, _ = w.Write(answer.Payload) // a client that has gone away is not told
	return nil
}

// target checks what the request is for, and returns its qualifier.
func (f *Function) target(r *http.Request) (qualifier string, err error) {
	escaped, found := strings.CutPrefix(r.URL.EscapedPath(), invokePrefix)
	if found {
		escaped, found = strings.CutSuffix(escaped, invokeSuffix)
	}
	if !found || strings.Contains(escaped, "/") {
		return "", &InvokeError{
			Status: http.StatusNotFound, Code: "UnknownOperationException",
			Message: "the only operation here is POST " + invokePrefix + f.config.Name + invokeSuffix,
		}
	}
	if r.Method != http.MethodPost {
		return "", &InvokeError{
			Status: http.StatusMethodNotAllowed, Code: "MethodNotAllowedException",
			Message: "use POST to invoke the function",
		}
	}
	given, err := url.PathUnescape(escaped)
	if err != nil {
		return "", badParameter("the function name is not escaped properly")
	}
	name, qualifier, ok := parseFunctionName(given)
	if !ok {
		return "", badParameter("the function name is no name, partial ARN or ARN of a function")
	}
	if q := r.URL.Query().Get("Qualifier"); q != "" {
		if !validQualifier(q) {
			return "", badParameter("the qualifier is no version or alias")
		}
		if qualifier != "" && qualifier != q {
			return "", badParameter("The derived qualifier from the function name does not match the specified qualifier.")
		}
		qualifier = q
	}
	if name != f.config.Name {
		other := strings.TrimSuffix(f.ARN(), f.config.Name) + name
		return "", notFound(other, "the function that runs here is "+f.config.Name)
	}
	return qualifier, nil
}

func clientContext(header string) (string, error) {
	if header == "" {
		return "", nil
	}
	b, err := base64.StdEncoding.DecodeString(header)
	if err != nil || !jsontext.Value(b).IsValid(jsontext.AllowDuplicateNames(true)) {
		return "", badContent("Client context must be a valid Base64-encoded JSON object.")
	}
	if len(b) > maxClientContext {
		return "", badContent("Client context must be at most %d bytes.", maxClientContext)
	}
	compact := jsontext.Value(b)
	if err := compact.Compact(jsontext.AllowDuplicateNames(true)); err != nil {
		return "", badContent("Client context must be a valid Base64-encoded JSON object.")
	}
	return string(compact), nil
}

// readPayload reads a request within its quota. Of a larger one it reads
// enough for its sender to finish and see the refusal.
func readPayload(w http.ResponseWriter, r *http.Request, async bool) ([]byte, error) {
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(uploadTime))
	defer func() { _ = control.SetReadDeadline(time.Time{}) }()
	payload, err := io.ReadAll(io.LimitReader(r.Body, maxRequest+1))
	if err != nil {
		return nil, badContent("the request broke off after %d bytes", len(payload))
	}
	if len(payload) > maxRequest {
		rest, _ := io.CopyN(io.Discard, r.Body, maxDrain)
		return nil, checkSize(int64(len(payload))+rest, async)
	}
	return payload, nil
}

func writeHead(w http.ResponseWriter, id string, status int) {
	announce(w, id)
	w.WriteHeader(status)
}

// announce prepares the writing of an answer.
func announce(w http.ResponseWriter, id string) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(uploadTime))
	w.Header().Set("X-Amzn-RequestId", id)
}

func writeInvokeError(w http.ResponseWriter, err error, id string) {
	var refused *InvokeError
	if !errors.As(err, &refused) {
		refused = &InvokeError{Status: http.StatusInternalServerError, Code: "ServiceException", Message: err.Error()}
	}
	body := map[string]string{"Type": "User"}
	switch refused.Code {
	case "ResourceNotFoundException":
		body["Message"] = refused.Message
	case "ServiceException":
		body["Type"], body["Message"] = "Service", refused.Message
	default:
		body["message"] = refused.Message
	}
	if refused.Reason != "" {
		body["Reason"] = refused.Reason
	}
	announce(w, id)
	h := w.Header()
	h.Set("X-Amzn-ErrorType", refused.Code)
	if refused.RetryAfter > 0 {
		h.Set("Retry-After", strconv.FormatInt(int64(refused.RetryAfter/time.Second), 10))
	}
	if refused.Status == http.StatusMethodNotAllowed {
		h.Set("Allow", http.MethodPost)
	}
	writeJSON(w, refused.Status, body)
}
