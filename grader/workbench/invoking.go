package workbench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/rftgrader/rftgrader/grader/lambdagrader"
	"github.com/rftgrader/rftgrader/grader/spec"
	"github.com/rftgrader/rftgrader/grader/workbench/invocation"
	"github.com/rftgrader/rftgrader/grader/workbench/stats"
)

// invoking is one run of rft invoke.
type invoking struct {
	program   *program
	options   invokeOptions
	function  string
	inputs    []input
	spec      *spec.Spec            // nil without --compare
	local     *lambdagrader.Handler // nil without --compare
	results   *results              // nil without --out
	summaryTo io.Writer
	progress  *progress
	stop      func() error // of a binary that is run here; nil without
}

// A sending is one batch, and what came of it.
type sending struct {
	rows    []row
	payload []byte
	reply   invocation.Reply
	scores  []invocation.Score
	differ  []int // rollouts whose score is another one here
	err     error
}

// run keeps a window of batches in flight, and takes their answers in the order
// of the input.
func (i *invoking) run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, i.close()) }()
	client, err := i.connect(ctx)
	if err != nil {
		return err
	}
	if !i.options.quiet {
		i.progress = newProgress(i.program.stderr, size(i.inputs))
	}
	rows := &feed{inputs: i.inputs, keepText: true}
	defer rows.close()
	s := &invokeSummary{Function: i.function, Compared: i.local != nil}
	start := time.Now()

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	defer wg.Wait()
	var window []chan *sending
	var ended error
	for ended == nil || len(window) > 0 {
		for ended == nil && len(window) < i.options.parallel {
			var batch *sending
			if batch, ended = i.next(ctx, rows, s); batch == nil {
				break
			}
			answer := make(chan *sending, 1)
			window = append(window, answer)
			wg.Go(func() {
				i.send(ctx, client, batch)
				answer <- batch
			})
		}
		if len(window) == 0 {
			break
		}
		batch := <-window[0]
		window = window[1:]
		if err := i.take(batch, s); err != nil && (ended == nil || errors.Is(ended, io.EOF)) {
			ended = err
			cancel() // what is in flight is given up
		}
		i.progress.at(s.Rollouts, rows.offset())
	}
	i.progress.clear()
	if errors.Is(ended, io.EOF) {
		ended = nil
	}
	if err := i.results.finish(s.Rollouts > 0); err != nil && ended == nil {
		ended = err
	}
	if s.Rollouts == 0 {
		return nothing(ended)
	}
	s.describe(time.Since(start), ended == nil)
	if err := i.options.print(i.summaryTo, s, s.table); err != nil {
		return errors.Join(ended, err)
	}
	switch {
	case ended != nil:
		return fmt.Errorf("%w; the summary is that of the %s before%s", ended, count(s.Rollouts, "rollout"), i.results.kept())
	case s.Different > 0:
		return &gateError{fmt.Errorf("%s of %d have another score here than there (first: %s): the deployed spec or binary is another one", count(s.Different, "rollout"), s.Rollouts, s.First)}
	}
	return nil
}

// next reads a batch. A row that is no rollout is sent as it stands, as a trainer
// would; what is no JSON cannot be sent and is passed.
func (i *invoking) next(ctx context.Context, rows *feed, s *invokeSummary) (*sending, error) {
	batch := &sending{}
	var texts [][]byte
	for len(batch.rows) < i.options.batch {
		r, err := rows.next(ctx)
		if err != nil {
			if ctx.Err() != nil {
				err = errInterrupted
			}
			if len(texts) == 0 {
				return nil, err
			}
			batch.payload = invocation.Payload(texts)
			return batch, err
		}
		if !jsontext.Value(r.Text).IsValid() {
			s.Unsent++
			i.note("warning: %s is no JSON and was not sent", r.place())
			continue
		}
		texts = append(texts, r.Text)
		r.Text = nil
		batch.rows = append(batch.rows, r)
	}
	batch.payload = invocation.Payload(texts)
	return batch, nil
}

func (i *invoking) send(ctx context.Context, client *invocation.Client, b *sending) {
	ctx, cancel := context.WithTimeout(ctx, i.options.timeout)
	defer cancel()
	if b.reply, b.err = client.Call(ctx, b.payload); b.err != nil {
		return
	}
	if b.scores, b.err = invocation.Scores(b.reply.Payload, len(b.rows)); b.err != nil || i.local == nil {
		return
	}
	payload, err := i.local.Invoke(ctx, b.payload)
	if err != nil {
		b.err = fmt.Errorf("--compare: the batch fails here, and not there: %w", err)
		return
	}
	here, err := invocation.Scores(payload, len(b.rows))
	if err != nil {
		b.err = fmt.Errorf("--compare: %w", err)
		return
	}
	for n := range here {
		if !invocation.Same(here[n], b.scores[n]) {
			b.differ = append(b.differ, n)
		}
	}
}

// take adds a batch to the summary and to the file.
func (i *invoking) take(b *sending, s *invokeSummary) error {
	if b.err != nil {
		first := b.rows[0]
		if errors.Is(b.err, context.Canceled) {
			return errInterrupted
		}
		return fmt.Errorf("the batch that begins at %s: %w", first.place(), b.err)
	}
	s.add(b)
	for _, score := range b.scores {
		if err := i.results.writeLine(score.Line); err != nil {
			return err
		}
	}
	return i.results.flush()
}

func (i *invoking) close() error {
	i.results.abandon()
	var err error
	if i.spec != nil {
		err = i.spec.Close()
		i.spec = nil
	}
	if i.stop != nil {
		err = errors.Join(err, i.stop())
		i.stop = nil
	}
	return err
}

// invokeSummary is what rft invoke prints. As JSON its names are stable.
type invokeSummary struct {
	Function  string         `json:"function"`
	Version   string         `json:"version"`
	Complete  bool           `json:"complete"`
	Rollouts  int            `json:"rollouts"`
	Unsent    int            `json:"unsent"`
	Batches   int            `json:"batches"`
	Reward    *rewardFigures `json:"reward"`
	Cold      latencies      `json:"cold"`
	Warm      latencies      `json:"warm"`
	Largest   payloadSizes   `json:"largest_payload"`
	Compared  bool           `json:"compared"`
	Different int            `json:"different"`
	First     string         `json:"first_different"`
	Seconds   float64        `json:"seconds"`

	rewards    stats.Moments
	cold, warm []float64
	init       []float64
}

type rewardFigures struct {
	Mean figure `json:"mean"`
	SD   figure `json:"sd"`
	Min  figure `json:"min"`
	Max  figure `json:"max"`
}

// latencies are in seconds, as the caller saw them.
type latencies struct {
	Calls  int    `json:"calls"`
	Median figure `json:"median_seconds"`
	P99    figure `json:"p99_seconds"`
	Max    figure `json:"max_seconds"`
	Init   figure `json:"init_seconds"` // median of the cold starts' own report
}

type payloadSizes struct {
	Request  int `json:"request_bytes"`
	Response int `json:"response_bytes"`
}

func (s *invokeSummary) add(b *sending) {
	s.Batches++
	s.Rollouts += len(b.rows)
	s.Version = b.reply.Version
	for _, score := range b.scores {
		s.rewards.Add(*score.Reward)
	}
	if b.reply.Init > 0 {
		s.cold = append(s.cold, b.reply.Latency.Seconds())
		s.init = append(s.init, b.reply.Init.Seconds())
	} else {
		s.warm = append(s.warm, b.reply.Latency.Seconds())
	}
	s.Largest.Request = max(s.Largest.Request, len(b.payload))
	s.Largest.Response = max(s.Largest.Response, len(b.reply.Payload))
	if len(b.differ) > 0 && s.Different == 0 {
		s.First = b.rows[b.differ[0]].place()
	}
	s.Different += len(b.differ)
}

func (s *invokeSummary) describe(took time.Duration, complete bool) {
	s.Seconds, s.Complete = took.Seconds(), complete
	if s.rewards.N() > 0 {
		s.Reward = &rewardFigures{figure(s.rewards.Mean()), figure(s.rewards.SD()), figure(s.rewards.Min()), figure(s.rewards.Max())}
	}
	s.Cold, s.Warm = latenciesOf(s.cold), latenciesOf(s.warm)
	if len(s.init) > 0 {
		slices.Sort(s.init)
		s.Cold.Init = figure(stats.Percentile(s.init, 50))
	}
}

func latenciesOf(xs []float64) latencies {
	l := latencies{Calls: len(xs)}
	if len(xs) > 0 {
		slices.Sort(xs)
		l.Median, l.P99, l.Max = figure(stats.Percentile(xs, 50)), figure(stats.Percentile(xs, 99)), figure(xs[len(xs)-1])
	}
	return l
}

func (s *invokeSummary) table(paint paint) string {
	t := newGrid(paint)
	line := func(name, format string, args ...any) {
		t.AppendRow(table.Row{paint.bold(name), fmt.Sprintf(format, args...)})
	}
	line("function", "%s, version %s", s.Function, s.Version)
	line("rollouts", "%d in %s", s.Rollouts, batches(s.Batches))
	if s.Unsent > 0 {
		line("not sent", "%s", paint.warn(fmt.Sprintf("%s of no JSON", count(s.Unsent, "row"))))
	}
	if s.Reward != nil {
		line("reward", "mean %s, sd %s, min %s, max %s", number(float64(s.Reward.Mean)), number(float64(s.Reward.SD)), number(float64(s.Reward.Min)), number(float64(s.Reward.Max)))
	}
	if s.Cold.Calls > 0 {
		line("cold", "%s: median %s, max %s; the function's own start %s", count(s.Cold.Calls, "call"), seconds(float64(s.Cold.Median)), seconds(float64(s.Cold.Max)), seconds(float64(s.Cold.Init)))
	}
	if s.Warm.Calls > 0 {
		line("warm", "%s: median %s, p99 %s, max %s", count(s.Warm.Calls, "call"), seconds(float64(s.Warm.Median)), seconds(float64(s.Warm.P99)), seconds(float64(s.Warm.Max)))
	}
	line("payloads", "at most %d bytes there, %d back, of %d each way", s.Largest.Request, s.Largest.Response, invocation.MaxPayload)
	if s.Compared {
		if s.Different > 0 {
			line("compared", "%s", paint.warn(fmt.Sprintf("%s of another score here, the first at %s", count(s.Different, "rollout"), s.First)))
		} else {
			line("compared", "all scores are equal to those of this machine")
		}
	}
	line("time", "%s", seconds(s.Seconds))
	if !s.Complete {
		line("not all", "%s", paint.warn("the input was not sent to its end"))
	}
	return t.Render() + "\n"
}

func batches(n int) string {
	if n == 1 {
		return "1 batch"
	}
	return fmt.Sprintf("%d batches", n)
}
