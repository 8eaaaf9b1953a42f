package locallambda

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// ErrClosed is the error of an invocation that ended because the function was
// closed.
var ErrClosed = errors.New("the function is closed; start it again")

// An InvokeError is an invocation that was refused before the function saw it.
type InvokeError struct {
	// Status is the HTTP status, such as 429.
	Status int
	// Code is the exception that AWS clients see, such as
	// TooManyRequestsException.
	Code string
	// Message is what a client is told. It never quotes the payload.
	Message string
	// Reason is Lambda's reason for a 429, and empty otherwise.
	Reason string
	// RetryAfter is the time that a client is asked to wait, in whole
	// seconds, and 0 when it is not asked to.
	RetryAfter time.Duration

	remedy string
}

func (e *InvokeError) Error() string {
	text := fmt.Sprintf("invocation refused: %s (%d): %s", e.Code, e.Status, e.Message)
	if e.remedy != "" {
		text += "; " + e.remedy
	}
	return text
}

func throttled(reason, remedy string) *InvokeError {
	return &InvokeError{
		Status: http.StatusTooManyRequests, Code: "TooManyRequestsException", Message: "Rate Exceeded.",
		Reason: reason, RetryAfter: time.Second, remedy: remedy,
	}
}

// tooLarge has the code of the API reference. Lambda has also been seen to
// answer RequestEntityTooLargeException, with the same status and text.
func tooLarge(message string) *InvokeError {
	return &InvokeError{
		Status: http.StatusRequestEntityTooLarge, Code: "RequestTooLargeException", Message: message,
		remedy: "send fewer rollouts at once",
	}
}

func badContent(format string, args ...any) *InvokeError {
	return &InvokeError{
		Status: http.StatusBadRequest, Code: "InvalidRequestContentException", Message: fmt.Sprintf(format, args...),
	}
}

func badParameter(format string, args ...any) *InvokeError {
	return &InvokeError{
		Status: http.StatusBadRequest, Code: "InvalidParameterValueException", Message: fmt.Sprintf(format, args...),
	}
}

func notFound(arn, remedy string) *InvokeError {
	return &InvokeError{
		Status: http.StatusNotFound, Code: "ResourceNotFoundException", Message: "Function not found: " + arn,
		remedy: remedy,
	}
}
