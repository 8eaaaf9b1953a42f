package conversestub

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// Simulation is what the stand-in says of itself wherever it can be seen.
const Simulation = "SIMULATION: no model answers here; verdicts are computed from the text"

// Config says how the endpoint behaves. The zero value answers at once, without
// limits.
type Config struct {
	// Judge says what the model answers; nil is [Planted].
	Judge Judge
	// RPM, TPM and TPD are the quotas of each model: requests and tokens per minute and
	// tokens per day. 0 is no limit.
	RPM, TPM, TPD int
	// Burndown is how many tokens of the quota one token of output costs, for all
	// models; 0 is that of the model.
	Burndown float64
	// Latency is how long an answer takes.
	Latency time.Duration
	// Script is what happens to the first calls; see [Step].
	Script []Step
	// Models are rows before the built-in table of [Models].
	Models []Model
	// Observe, if set, gets every call when it is over. It may be called by many
	// goroutines at once.
	Observe func(Call)
}

// A Stub is the endpoint. It is safe for concurrent use.
type Stub struct {
	config Config
	judge  Judge
	table  table
	script script
	cache  promptCache
	calls  counter

	mu     sync.Mutex
	quotas map[string]*quota
	ledger Ledger
}

// New returns an endpoint. Errors are those of the script and of the patterns of
// the models.
func New(c Config) (*Stub, error) {
	if err := checkScript(c.Script); err != nil {
		return nil, fmt.Errorf("script: %w", err)
	}
	t, err := newTable(append(append([]Model(nil), c.Models...), Models()...))
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	s := &Stub{config: c, judge: c.Judge, table: t, quotas: map[string]*quota{}}
	if s.judge == nil {
		s.judge = Planted
	}
	s.script.steps = append([]Step(nil), c.Script...)
	return s, nil
}

// maxBody is the most bytes of a request.
const maxBody = 25 << 20

// ServeHTTP implements http.Handler.
func (s *Stub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Rft-Simulation", Simulation)
	w.Header().Set("X-Amzn-RequestId", requestID(s.calls.next()))
	call := &Call{Start: time.Now()}
	defer func() { s.over(call) }()

	id, ok := modelOf(r)
	if !ok {
		s.refuse(w, call, &fault{status: 404, kind: "UnknownOperationException", message: "the stand-in knows POST /model/{modelId}/converse only"})
		return
	}
	call.Model = id
	if f := signed(r); f != nil {
		s.refuse(w, call, f)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		s.refuse(w, call, invalid("The request body cannot be read, or is too large."))
		return
	}
	call.Body = body
	step, scripted := s.script.next(call.Start)
	answer := step.canned()
	if scripted {
		call.Step = step.answer()
		for name, value := range step.Headers {
			w.Header().Set(name, value)
		}
		if !wait(r.Context(), time.Duration(step.Delay)) {
			call.Abandoned = true
			return
		}
	}
	switch {
	case answer.hang:
		<-r.Context().Done()
		call.Abandoned = true
		return
	case answer.closeBefore:
		panic(http.ErrAbortHandler)
	case answer.fault != nil:
		s.refuseAs(w, call, answer)
		return
	}
	q, f := s.read(id, body)
	if f != nil {
		s.refuse(w, call, f)
		return
	}
	s.converse(r.Context(), w, call, id, q, answer)
}

// read checks a request as the service would.
func (s *Stub) read(id string, body []byte) (*request, *fault) {
	if !known(id) {
		return nil, invalid("The provided model identifier is invalid.")
	}
	var q request
	if err := json.Unmarshal(body, &q); err != nil {
		return nil, &fault{status: 400, kind: "SerializationException", message: "The request body is not a Converse request."}
	}
	return &q, check(id, s.table.find(id), &q)
}

// converse answers a request that nothing is wrong with.
func (s *Stub) converse(ctx context.Context, w http.ResponseWriter, call *Call, id string, q *request, c canned) {
	m := s.table.find(id)
	limit, ok := q.maxTokens()
	if !ok {
		limit = m.MaxOutput
	}
	input := q.input()
	account := s.quota(id)
	place, f := account.reserve(call.Start, input+limit)
	if f != nil {
		s.refuse(w, call, f)
		return
	}
	settled := false
	settle := func(charged int) {
		if !settled {
			settled = true
			account.settle(place, charged)
		}
	}
	defer settle(0)

	prefix, ttl, cached := q.prefix()
	read, write := 0, 0
	if n := Tokens(prefix); cached && m.CacheMinimum > 0 && n >= m.CacheMinimum {
		read, write = s.cache.look(call.Start, id, prefix, min(n, input))
	}
	content, stop, output := s.say(id, m, q, c, limit)
	if !wait(ctx, s.config.Latency) {
		call.Abandoned = true
		return
	}
	if read+write > 0 {
		s.cache.keep(time.Now(), id, prefix, ttl)
	}
	burndown := s.config.Burndown
	if burndown == 0 {
		burndown = m.Burndown
	}
	call.Usage = converse.Usage{Input: input - read - write, Output: output, CacheRead: read, CacheWrite: write}
	call.Charged, call.Status = input-read+int(float64(output)*burndown), http.StatusOK
	// A client that has its answer may count on what was not used.
	settle(call.Charged)
	s.tell(w, call, response{
		Output:  content,
		Stop:    stop,
		Usage:   usage{Input: call.Usage.Input, Output: output, Total: input + output, CacheRead: read, CacheWrite: write},
		Metrics: metrics{LatencyMS: time.Since(call.Start).Milliseconds()},
	}, c)
}

// say makes the content of an answer, its stop reason and its length in tokens.
func (s *Stub) say(id string, m Model, q *request, c canned, limit int) (output, string, int) {
	question := newQuestion(id, q)
	verdict := s.judge(question)
	message := &said{Role: "assistant", Content: []any{}}
	stop := "end_turn"
	tokens := Tokens(verdict)
	thinking, on := q.thinking()
	if m.Reasons || on {
		const thought = "The simulated model looks at the text."
		message.Content = append(message.Content, reasoningBlock(thought))
		tokens += Tokens(thought)
		if on && thinking < Tokens(thought) {
			tokens = thinking
		}
	}
	name, _, useTool := q.tool()
	if name == "" {
		name = "submit_verdict"
	}
	text := verdict
	if question.Form == converse.FormText {
		text = "This verdict is simulated; no model was asked.\n\n" + verdict
		tokens += Tokens(text) - Tokens(verdict)
	}
	switch {
	case c.change != nil && json.Valid([]byte(verdict)):
		message.Content = append(message.Content, c.change(name, json.RawMessage(verdict))...)
	case c.nothing:
		return output{}, c.stop, 0
	case c.empty:
		message.Content, tokens = []any{}, 0
	case c.content != nil:
		message.Content = append(message.Content, c.content...)
	case c.cut:
		runes := []rune(text)
		message.Content = append(message.Content, textBlock(string(runes[:len(runes)/2])))
		tokens /= 2
	case tokens > limit:
		stop = "max_tokens"
		// Of a tool's input that is cut there is nothing to show.
		if runes := []rune(text); !useTool || question.Form != converse.FormTool {
			message.Content = append(message.Content, textBlock(string(runes[:min(len(runes), max(0, 4*(limit-(tokens-Tokens(text)))))])))
		}
		tokens = limit
	case useTool && question.Form == converse.FormTool && json.Valid([]byte(verdict)):
		message.Content = append(message.Content, toolBlock("tooluse_simulated", name, json.RawMessage(verdict)))
		stop = "tool_use"
	default:
		message.Content = append(message.Content, textBlock(text))
	}
	if c.stop != "" {
		stop = c.stop
	}
	return output{Message: message}, stop, min(tokens, limit)
}

// tell writes an answer, or what a script makes of it.
func (s *Stub) tell(w http.ResponseWriter, call *Call, answer response, c canned) {
	body, err := json.Marshal(answer)
	if err != nil { // only what a judge said could do that
		s.refuse(w, call, &fault{status: 500, kind: "InternalServerException", message: "the stand-in's judge said what is no JSON"})
		return
	}
	switch {
	case c.raw != nil:
		body = []byte(*c.raw)
		call.Untold = true
	case c.half:
		body = bytes.Replace(body, []byte(`"inputTokens":`+strconv.Itoa(answer.Usage.Input)), []byte(fmt.Sprintf(`"inputTokens":%d.5`, answer.Usage.Input)), 1)
		call.Untold = true
	case c.short:
		body = body[:len(body)/2]
		call.Untold = true
	}
	call.Untold = call.Untold || c.closeInside
	s.over(call)
	contentType(w, "application/json")
	if c.closeInside {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body[:len(body)/2]) // the client's end of the connection is closed next
		if flusher, ok := w.(http.Flusher); ok {
			flusher.Flush()
		}
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(body) // a client that is gone was charged all the same
}

// refuse writes an error.
func (s *Stub) refuse(w http.ResponseWriter, call *Call, f *fault) {
	s.refuseAs(w, call, canned{fault: f})
}

func (s *Stub) refuseAs(w http.ResponseWriter, call *Call, c canned) {
	f := c.fault
	call.Status, call.Type = f.status, f.kind
	s.over(call)
	kind, body := "application/json", []byte(nil)
	switch {
	case c.raw != nil:
		body = []byte(*c.raw)
	case c.html:
		kind, body = "text/html", []byte("<html>bad gateway</html>")
	default:
		members := map[string]any{"message": f.message}
		for name, value := range f.more {
			members[name] = value
		}
		body, _ = json.Marshal(members) // strings and numbers only
	}
	contentType(w, kind)
	if f.kind != "" {
		w.Header().Set("X-Amzn-ErrorType", f.kind+":http://internal.amazon.com/coral/com.amazon.bedrock/")
	}
	w.WriteHeader(f.status)
	_, _ = w.Write(body) // a client that is gone misses an error
}

// contentType sets the type of the body, unless a script has.
func contentType(w http.ResponseWriter, kind string) {
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", kind)
	}
}

func (s *Stub) quota(id string) *quota {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, ok := s.quotas[id]
	if !ok {
		q = &quota{rpm: s.config.RPM, tpm: s.config.TPM, tpd: s.config.TPD}
		s.quotas[id] = q
	}
	return q
}

// modelOf reads the model's id from the raw path.
func modelOf(r *http.Request) (string, bool) {
	rest, ok := strings.CutPrefix(r.URL.EscapedPath(), "/model/")
	if !ok || r.Method != http.MethodPost {
		return "", false
	}
	segment, ok := strings.CutSuffix(rest, "/converse")
	if !ok || segment == "" || strings.Contains(segment, "/") {
		return "", false
	}
	id, err := url.PathUnescape(segment)
	return id, err == nil
}

var (
	sigV4  = regexp.MustCompile(`^AWS4-HMAC-SHA256 Credential=[^/ ]+/\d{8}/[a-z0-9-]+/bedrock/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=[0-9a-f]{64}$`)
	bearer = regexp.MustCompile(`^Bearer \S+$`)
)

// signed checks the form of a signature; there is no secret to check it with.
func signed(r *http.Request) *fault {
	header := r.Header.Get("Authorization")
	if header == "" {
		return &fault{status: 403, kind: "MissingAuthenticationTokenException", message: "Missing Authentication Token"}
	}
	if bearer.MatchString(header) {
		return nil
	}
	m := sigV4.FindStringSubmatch(header)
	if m == nil || r.Header.Get("X-Amz-Date") == "" || !strings.Contains(";"+m[1]+";", ";host;") {
		return &fault{status: 403, kind: "InvalidSignatureException", message: "The request signature does not have the form that the service expects: AWS4-HMAC-SHA256 for the service bedrock, with the headers host and x-amz-date."}
	}
	return nil
}

// wait waits, unless ctx ends first.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// counter numbers requests.
type counter struct {
	mu sync.Mutex
	n  uint64
}

func (c *counter) next() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return c.n
}

func requestID(n uint64) string { return fmt.Sprintf("00000000-0000-4000-8000-%012x", n) }

// RoundTrip implements http.RoundTripper: it answers without a network. What
// breaks a connection is an error here.
func (s *Stub) RoundTrip(r *http.Request) (response *http.Response, err error) {
	rec := &recorder{header: http.Header{}, status: http.StatusOK}
	r = r.Clone(r.Context())
	if r.Body == nil {
		r.Body = http.NoBody
	}
	defer r.Body.Close()
	aborted := func() (aborted bool) {
		defer func() {
			switch v := recover(); {
			case v == nil:
			case v == http.ErrAbortHandler:
				aborted = true
			default:
				panic(v)
			}
		}()
		s.ServeHTTP(rec, r)
		return false
	}()
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	body := io.Reader(&rec.body)
	if aborted {
		if rec.body.Len() == 0 {
			return nil, errors.New("the connection was closed before the answer")
		}
		body = io.MultiReader(body, broken{})
	}
	return &http.Response{
		Status: http.StatusText(rec.status), StatusCode: rec.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: rec.header, Body: io.NopCloser(body), ContentLength: -1, Request: r,
	}, nil
}

// broken is the rest of a body whose connection was closed.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// recorder is a ResponseWriter in memory.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }
