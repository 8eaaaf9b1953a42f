package bedrock

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// longestMessage bounds the service's text that is kept and searched.
const longestMessage = 4 << 10

// classify says what a failed call means. The SDK's own error is never shown:
// it may quote what was sent.
func classify(ctx context.Context, err error) *converse.Error {
	e := &converse.Error{Attempts: 1, Err: err}
	if cause := context.Cause(ctx); cause != nil {
		e.Class, e.Code, e.Err = converse.Timeout, "no answer in time", cause
		if errors.Is(cause, context.Canceled) {
			e.Code = "canceled"
		}
		return e
	}
	if r, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
		e.Status = r.HTTPStatusCode()
		if r.Response != nil && r.Response.Response != nil {
			e.RetryAfter = retryAfter(r.Response.Header, time.Now())
		}
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		e.Code, e.Message = api.ErrorCode(), api.ErrorMessage()
		e.Message = e.Message[:min(len(e.Message), longestMessage)]
		named(e, api)
		return e
	}
	text := err.Error()
	switch {
	case e.Status == http.StatusOK:
		e.Class, e.Code = converse.Transient, "unreadable answer"
	case strings.Contains(text, "get identity") && e.Status != http.StatusTooManyRequests && e.Status < 500,
		strings.Contains(text, "sign request"), strings.Contains(text, "no identity resolver"):
		// The status, if there is one, is of whoever was asked for credentials.
		e.Status = 0
		e.Class, e.Code = converse.Denied, "no credentials"
		e.Remedy = "give the function a role or the environment AWS credentials; AWS_BEARER_TOKEN_BEDROCK needs an https endpoint"
	case e.Status != 0:
		byStatus(e)
	case unreached(err):
		e.Class, e.Code = converse.Transient, "no connection"
		e.Remedy = "check the network, the region and, where it is set, AWS_ENDPOINT_URL_BEDROCK_RUNTIME"
	case lost(err):
		e.Class, e.Code = converse.Transient, "connection lost"
	default:
		// What is left fails before anything is sent: a missing region, or an
		// endpoint that is none.
		e.Class, e.Code = converse.Permanent, "unsendable request"
		e.Remedy = "check AWS_REGION, the AWS configuration and the model's id"
	}
	return e
}

// named classifies an error that the service named. Its names count more than
// its status, and what it names is in the API's reference; the texts are those
// that users report.
func named(e *converse.Error, api smithy.APIError) {
	says := strings.ToLower(e.Message)
	switch e.Code {
	case "ThrottlingException", "TooManyRequestsException":
		throttled(e, says)
	case "ModelNotReadyException", "InternalServerException", "ServiceUnavailableException":
		e.Class = converse.Transient
	case "ServiceQuotaExceededException":
		e.Class, e.Remedy = converse.Quota, "raise the quota of the account"
	case "ModelTimeoutException":
		e.Class = converse.Timeout
	case "ModelErrorException":
		modelError(e, api, says)
	case "AccessDeniedException":
		e.Class, e.Remedy = converse.Denied, "allow bedrock:InvokeModel on the model and, for a profile, on the profile and the model in every region it leads to"
	case "ExpiredTokenException", "UnrecognizedClientException", "InvalidSignatureException", "MissingAuthenticationTokenException", "IncompleteSignatureException":
		e.Class, e.Remedy = converse.Denied, "renew the AWS credentials"
	case "ResourceNotFoundException":
		e.Class, e.Remedy = converse.NotFound, "check the model's id and the region"
	case "ValidationException":
		switch {
		case strings.Contains(says, "on-demand throughput"):
			e.Class, e.Remedy = converse.NotFound, "use the id of an inference profile that holds the model, such as us.ID"
		case strings.Contains(says, "model identifier is invalid"):
			e.Class, e.Remedy = converse.NotFound, "check the model's id and the region"
		case tooLong(says):
			e.Class, e.Remedy = converse.TooLong, "shorten what the judge is shown"
		default:
			e.Class = converse.Permanent
		}
	default:
		if e.Code == "UnknownError" {
			e.Code = ""
		}
		byStatus(e)
	}
}

func throttled(e *converse.Error, says string) {
	e.Class = converse.Throttled
	if strings.Contains(says, "per day") || strings.Contains(says, "daily") {
		e.Class, e.Remedy = converse.Quota, "wait for the next day or raise the quota of tokens per day"
	}
}

func modelError(e *converse.Error, api smithy.APIError, says string) {
	e.Class = converse.Permanent
	var original int32
	if m, ok := api.(*types.ModelErrorException); ok {
		original = aws.ToInt32(m.OriginalStatusCode)
	}
	switch {
	case strings.Contains(says, "invalid sequence as part of tooluse"):
		e.Class = converse.Capability
	case original >= 500 || original == 0:
		e.Class = converse.Transient
	case original == http.StatusTooManyRequests:
		e.Class = converse.Throttled
	case tooLong(says):
		e.Class = converse.TooLong
	}
}

func tooLong(says string) bool {
	return strings.Contains(says, "too long") || strings.Contains(says, "context window") || strings.Contains(says, "context length")
}

// byStatus classifies an answer whose name is not known.
func byStatus(e *converse.Error) {
	switch s := e.Status; {
	case s == http.StatusTooManyRequests:
		throttled(e, strings.ToLower(e.Message))
	case s == http.StatusRequestTimeout:
		e.Class = converse.Timeout
	case s == http.StatusUnauthorized || s == http.StatusForbidden:
		e.Class, e.Remedy = converse.Denied, "check the AWS credentials and what they allow"
	case s == http.StatusNotFound:
		e.Class, e.Remedy = converse.NotFound, "check the model's id, the region and the endpoint"
	case s == http.StatusRequestEntityTooLarge:
		e.Class, e.Remedy = converse.TooLong, "shorten what the judge is shown"
	case s >= 500 || s == 0:
		e.Class = converse.Transient
	default:
		e.Class = converse.Permanent
	}
}

// unreached reports whether there never was a line.
func unreached(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return true
	}
	_, ok := errors.AsType[*net.DNSError](err)
	return ok
}

// lost reports whether the line failed, and not the request.
func lost(err error) bool {
	if _, ok := errors.AsType[*smithyhttp.RequestSendError](err); ok {
		return true
	}
	_, ok := errors.AsType[*net.OpError](err)
	return ok
}

// retryAfter reads how long to wait: in milliseconds from AWS's own header, in
// seconds or as a date from the standard one. What is not understood is 0.
func retryAfter(h http.Header, now time.Time) time.Duration {
	const most = 24 * time.Hour
	bounded := func(d time.Duration) time.Duration { return min(max(d, 0), most) }
	if n, err := strconv.ParseUint(h.Get("X-Amz-Retry-After"), 10, 32); err == nil {
		return bounded(time.Duration(n) * time.Millisecond)
	}
	s := h.Get("Retry-After")
	if n, err := strconv.ParseUint(s, 10, 32); err == nil {
		return bounded(time.Duration(n) * time.Second)
	}
	if t, err := http.ParseTime(s); err == nil {
		return bounded(t.Sub(now))
	}
	return 0
}
