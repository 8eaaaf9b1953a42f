package locallambda

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	// maxErrorCause is the quota of the header that tells X-Ray of an error.
	maxErrorCause = 1 << 20
	// maxDrain bounds what is read of a body that is refused, so that its
	// sender comes to read the refusal.
	maxDrain = 64 << 20

	headerErrorType    = "Lambda-Runtime-Function-Error-Type"
	headerErrorBody    = "Lambda-Runtime-Function-Error-Body"
	headerResponseMode = "Lambda-Runtime-Function-Response-Mode"
)

// routes are the Runtime API, version 2018-06-01, and as much of the
// Extensions API, version 2020-01-01, as a runtime needs that wants SIGTERM.
func (e *environment) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", e.serveNext)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", e.serveResponse)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", e.serveError)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", e.serveInitError)
	mux.HandleFunc("POST /2020-01-01/extension/register", e.serveRegister)
	mux.HandleFunc("GET /2020-01-01/extension/event/next", e.serveExtensionNext)
	return mux
}

// serveNext answers a request for an event. During an invocation it gives the
// current event again, until a response has begun.
func (e *environment) serveNext(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	switch e.phase {
	case phaseInit:
		close(e.ready)
	case phaseIdle:
	case phaseResponded:
		close(e.current.settled)
		e.current = nil
	case phaseBusy:
		v := e.current
		e.mu.Unlock()
		writeEvent(w, v)
		return
	default:
		e.refuse(w, "Ready")
		return
	}
	e.phase = phaseIdle
	turn := make(chan *invocation, 1)
	e.waiting = append(e.waiting, turn)
	e.mu.Unlock()
	select {
	case v := <-turn:
		if r.Context().Err() != nil {
			e.passOn(v)
			return
		}
		writeEvent(w, v)
	case <-r.Context().Done():
		e.leave(turn)
	}
}

// leave gives up a place among those who wait, and an event that came too
// late to the next of them.
func (e *environment) leave(turn chan *invocation) {
	e.mu.Lock()
	i := slices.Index(e.waiting, turn)
	if i >= 0 {
		e.waiting = slices.Delete(e.waiting, i, i+1)
	}
	e.mu.Unlock()
	if i < 0 {
		e.passOn(<-turn)
	}
}

// passOn gives an event to the next who waits for one.
func (e *environment) passOn(v *invocation) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.phase == phaseBusy && e.current == v {
		e.handOver()
	}
}

func writeEvent(w http.ResponseWriter, v *invocation) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(v.payload)))
	h.Set("Lambda-Runtime-Aws-Request-Id", v.id)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(v.deadline.UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", v.arn)
	h.Set("Lambda-Runtime-Trace-Id", v.traceID)
	if v.clientContext != "" {
		h.Set("Lambda-Runtime-Client-Context", v.clientContext)
	}
	_, _ = w.Write(v.payload) // a reader that has gone away times out
}

// begin opens the one response of the current invocation.
func (e *environment) begin(w http.ResponseWriter, id string) (*invocation, bool) {
	e.mu.Lock()
	if e.last != id {
		e.mu.Unlock()
		writeRuntime(w, http.StatusBadRequest, "InvalidRequestID", "invalid request ID")
		return nil, false
	}
	if e.phase != phaseBusy {
		e.refuse(w, "Responding")
		return nil, false
	}
	e.phase = phaseResponding
	v := e.current
	e.mu.Unlock()
	return v, true
}

// finish closes the response that begin has opened, unless time has run out
// since.
func (e *environment) finish(v *invocation, out outcome) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.phase != phaseResponding || e.current != v {
		return false
	}
	e.phase = phaseResponded
	v.outcome = out
	close(v.responded)
	return true
}

func (e *environment) serveResponse(w http.ResponseWriter, r *http.Request) {
	mode := r.Header.Get(headerResponseMode)
	if mode != "" && mode != "streaming" {
		writeRuntime(w, http.StatusBadRequest, "InvalidFunctionResponseMode", "the only response mode is streaming")
		return
	}
	v, ok := e.begin(w, r.PathValue("id"))
	if !ok {
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxResponse+1))
	switch {
	case err != nil:
		out := platformError("Runtime.TruncatedResponse", "RequestId: %s Error: the response broke off", v.id)
		out.truncated = true
		e.finish(v, out)
		writeRuntime(w, http.StatusBadRequest, "TruncatedHTTPRequest", "the request broke off")
	case len(body) > maxResponse:
		_, _ = io.CopyN(io.Discard, r.Body, maxDrain)
		e.finish(v, platformError("Function.ResponseSizeTooLarge",
			"Response payload size exceeded maximum allowed payload size (%d bytes).", maxResponse))
		writeRuntime(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge",
			"exceeded maximum allowed payload size ("+strconv.Itoa(maxResponse)+" bytes)")
	case mode == "streaming" && (r.Trailer.Get(headerErrorType) != "" || r.Trailer.Get(headerErrorBody) != ""):
		e.accept(w, v, reported(r.Trailer.Get(headerErrorType), decodeTrailer(r.Trailer.Get(headerErrorBody))))
	default:
		e.accept(w, v, outcome{payload: body})
	}
}

func (e *environment) serveError(w http.ResponseWriter, r *http.Request) {
	v, ok := e.begin(w, r.PathValue("id"))
	if !ok {
		return
	}
	e.accept(w, v, reported(r.Header.Get(headerErrorType), readError(r.Body)))
}

func (e *environment) accept(w http.ResponseWriter, v *invocation, out outcome) {
	if !e.finish(v, out) {
		e.mu.Lock()
		e.refuse(w, "ResponseSent")
		return
	}
	writeAccepted(w)
}

func (e *environment) serveInitError(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	if e.phase != phaseInit {
		e.refuse(w, "InitError")
		return
	}
	e.phase = phaseInitFailed
	e.mu.Unlock()
	out := reported(r.Header.Get(headerErrorType), readError(r.Body))
	e.mu.Lock()
	e.initError = out
	e.mu.Unlock()
	writeAccepted(w)
	close(e.initFailed)
}

// serveRegister registers an extension inside the runtime. No events are sent
// to extensions here.
func (e *environment) serveRegister(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Events []string `json:"events"`
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, 64<<10)).Decode(&request); err != nil {
		writeRuntime(w, http.StatusBadRequest, "InvalidRequestFormat", "the body is not the JSON of a registration")
		return
	}
	if len(request.Events) > 0 {
		writeRuntime(w, http.StatusForbidden, "Extension.EventsNotOffered", "register without events; none are sent here")
		return
	}
	e.mu.Lock()
	e.extension = true
	e.mu.Unlock()
	w.Header().Set("Lambda-Extension-Identifier", newRequestID())
	writeJSON(w, http.StatusOK, map[string]string{"functionVersion": version, "handler": "bootstrap"})
}

// serveExtensionNext waits as long as the environment exists.
func (e *environment) serveExtensionNext(_ http.ResponseWriter, r *http.Request) {
	<-r.Context().Done()
}

// reported is a function error that the function reports itself. What is not
// JSON is not passed on, because callers decode it.
func reported(errorType string, body []byte) outcome {
	if !jsontext.Value(body).IsValid(jsontext.AllowDuplicateNames(true)) {
		if errorType == "" {
			errorType = "Runtime.Unknown"
		}
		return platformError(errorType, "the function reported an error that is not JSON or is too large")
	}
	return outcome{payload: body, failed: true, status: "error", errorType: errorType}
}

// readError returns nothing for an error that is over the limit.
func readError(r io.Reader) []byte {
	body, err := io.ReadAll(io.LimitReader(r, maxResponse+1))
	if err != nil || len(body) > maxResponse {
		_, _ = io.CopyN(io.Discard, r, maxDrain)
		return nil
	}
	return body
}

func decodeTrailer(s string) []byte {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return nil
	}
	return b
}

// refuse unlocks the environment and answers that it is in no phase for this.
func (e *environment) refuse(w http.ResponseWriter, to string) {
	from := e.phase
	e.mu.Unlock()
	writeRuntime(w, http.StatusForbidden, "InvalidStateTransition", "the runtime cannot go from "+from.String()+" to "+to)
}

func writeRuntime(w http.ResponseWriter, status int, errorType, message string) {
	writeJSON(w, status, failure{Type: errorType, Message: message})
}

func writeAccepted(w http.ResponseWriter) {
	writeJSON(w, http.StatusAccepted, map[string]string{"status": "OK"})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil { // cannot be: only strings are written
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // there is nobody else to tell
}
