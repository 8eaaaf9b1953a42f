package spec_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"sync/atomic"

	"github.com/rftgrader/rftgrader/grader"
)

// kinds are small kinds of graders for the tests.
func kinds() []*grader.Kind {
	return []*grader.Kind{constant(), field(), fails(), rank(), citation(), rubric()}
}

type constantOptions struct {
	Score  float64 `json:"score" doc:"the score of every rollout"`
	Found  string  `json:"found" doc:"what counts as found"`
	Reason string  `json:"reason" doc:"why"`
}

func constant() *grader.Kind {
	return grader.Define("constant", "The same score for every rollout.", constantOptions{Score: 1},
		func(_ *grader.Env, o constantOptions) (grader.Grader, error) {
			return grader.Func(func(context.Context, *grader.Rollout) (grader.Result, error) {
				return grader.Result{Score: o.Score, Found: o.Found, Reason: o.Reason, Metrics: []grader.Metric{grader.Reward("half", o.Score/2)}}, nil
			}), nil
		})
}

type fieldOptions struct {
	Name string `json:"name" doc:"the field of the metadata that holds the score"`
}

func field() *grader.Kind {
	return grader.Define("field", "The number in a field of the metadata.", fieldOptions{Name: "score"},
		func(_ *grader.Env, o fieldOptions) (grader.Grader, error) {
			return grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
				f, err := number(r, o.Name)
				return grader.Result{Score: f, Found: o.Name}, err
			}), nil
		})
}

func number(r *grader.Rollout, name string) (float64, error) {
	var f float64
	if err := json.Unmarshal(r.Metadata[name], &f); err != nil {
		return 0, grader.Dataf("/metadata/"+name, "want a number")
	}
	return f, nil
}

type failsOptions struct {
	Fault grader.Fault `json:"fault" doc:"the class of the error" enum:"data,transient,permanent,deadline,plain,panic,nan"`
}

func fails() *grader.Kind {
	return grader.Define("fails", "An error for every rollout.", failsOptions{Fault: "permanent"},
		func(_ *grader.Env, o failsOptions) (grader.Grader, error) {
			return grader.Func(func(context.Context, *grader.Rollout) (grader.Result, error) {
				res, err := failure(o.Fault)
				return res, err
			}), nil
		})
}

func failure(f grader.Fault) (grader.Result, error) {
	cause := errors.New("as it was told to")
	switch f {
	case grader.FaultData:
		return grader.Result{}, &grader.DataError{Where: "/metadata/x", Err: cause, Detail: "secret"}
	case grader.FaultTransient:
		return grader.Result{}, &grader.TransientError{Err: cause}
	case grader.FaultDeadline:
		return grader.Result{}, &grader.DeadlineError{Err: cause}
	case "plain":
		return grader.Result{}, cause
	case "panic":
		panic("secret")
	case "nan":
		zero := 0.0
		return grader.Result{Score: zero / zero}, nil
	}
	return grader.Result{}, &grader.PermanentError{Err: cause}
}

type rankOptions struct {
	Field string `json:"field" doc:"the field of the metadata to rank by"`
}

// ranking gives the share of the batch that a rollout beats.
type ranking struct {
	field string
	calls atomic.Int64
}

func rank() *grader.Kind {
	return grader.Define("rank", "The share of the batch that a rollout beats.", rankOptions{Field: "length"},
		func(_ *grader.Env, o rankOptions) (grader.Grader, error) { return &ranking{field: o.Field}, nil })
}

func (g *ranking) Grade(ctx context.Context, r *grader.Rollout) (grader.Result, error) {
	res, errs := g.GradeBatch(ctx, []*grader.Rollout{r})
	return res[0], errs[0]
}

func (g *ranking) GradeBatch(_ context.Context, rs []*grader.Rollout) ([]grader.Result, []error) {
	g.calls.Add(1)
	results, errs := make([]grader.Result, len(rs)), make([]error, len(rs))
	values := make([]float64, len(rs))
	for i, r := range rs {
		values[i], errs[i] = number(r, g.field)
	}
	for i := range rs {
		beaten := 0
		for k := range rs {
			if errs[k] == nil && values[k] < values[i] {
				beaten++
			}
		}
		results[i].Score = float64(beaten) / float64(len(rs))
		results[i].Reason = fmt.Sprintf("beats %d of %d", beaten, len(rs))
	}
	return results, errs
}

type tolerance struct {
	Abs float64 `json:"abs" doc:"the greatest difference"`
	Rel float64 `json:"rel" doc:"the greatest difference, as a share of the reference"`
}

type partial struct {
	Within float64 `json:"within" doc:"where partial credit ends"`
}

// finders reads its own JSON: a list of texts, or one.
type finders []string

func (finders) OptionType() string { return "list of finders" }

func (f *finders) UnmarshalJSON(b []byte) error {
	var one string
	if err := json.Unmarshal(b, &one); err == nil {
		b, _ = json.Marshal([]string{one})
	}
	var names []string
	if err := json.Unmarshal(b, &names); err != nil {
		return fmt.Errorf("want a list of finders such as [boxed, whole]")
	}
	for _, n := range names {
		if !slices.Contains([]string{"boxed", "whole"}, n) {
			return fmt.Errorf("no finder %q", n)
		}
	}
	*f = names
	return nil
}

type citationOptions struct {
	Min       int             `json:"min" doc:"the fewest citations"`
	Pattern   string          `json:"pattern" doc:"a regular expression"`
	Style     string          `json:"style" doc:"how they are written" enum:"square,round,none"`
	Labels    []string        `json:"labels" doc:"the labels"`
	Weights   map[string]int  `json:"weights" doc:"what each label is worth"`
	Fold      bool            `json:"fold" doc:"whether case is ignored"`
	Tolerance tolerance       `json:"tolerance" doc:"how far off an answer may be"`
	Partial   *partial        `json:"partial,omitempty" doc:"partial credit"`
	Find      finders         `json:"find" doc:"where the answer is found"`
	Reference grader.Pointer  `json:"reference" doc:"the reference"`
	Extra     json.RawMessage `json:"extra,omitzero" doc:"any JSON"`
}

// citation has options of every sort, and faults that only building finds.
func citation() *grader.Kind {
	defaults := citationOptions{Min: 1, Style: "square", Find: finders{"boxed"}}
	return grader.Define("citation", "Counts citations.", defaults,
		func(_ *grader.Env, o citationOptions) (grader.Grader, error) {
			if _, err := regexp.Compile(o.Pattern); err != nil {
				return nil, grader.Optionf("/pattern", "want a regular expression: %w", err)
			}
			if o.Tolerance.Rel < 0 {
				return nil, grader.Optionf("/tolerance/rel", "want 0 or more, got %v", o.Tolerance.Rel)
			}
			if o.Min > 100 {
				return nil, errors.New("more citations than anybody reads")
			}
			if o.Fold && len(o.Labels) == 0 {
				return nil, grader.Optionf("/labels", "fold needs labels")
			}
			return grader.Func(func(context.Context, *grader.Rollout) (grader.Result, error) {
				return grader.Result{Score: 1}, nil
			}), nil
		})
}

type rubricOptions struct {
	File string `json:"file" doc:"the file with the rubric"`
}

// rubric reads a file beside the spec.
func rubric() *grader.Kind {
	return grader.Define("rubric", "Reads a rubric.", rubricOptions{},
		func(env *grader.Env, o rubricOptions) (grader.Grader, error) {
			text, err := env.ReadFile(o.File)
			if err != nil {
				return nil, grader.Optionf("/file", "%w", err)
			}
			env.Logger().Info("rubric read", "bytes", len(text))
			return grader.Func(func(context.Context, *grader.Rollout) (grader.Result, error) {
				_, err := env.ReadFile(o.File)
				return grader.Result{Score: float64(len(text)), Reason: fmt.Sprint(err)}, nil
			}), nil
		})
}

// recorder keeps the options that it is built with, as JSON.
func recorder(got *string) *grader.Kind {
	return grader.Define("recorder", "Keeps its options.", citationOptions{Style: "square"},
		func(_ *grader.Env, o citationOptions) (grader.Grader, error) {
			var b bytes.Buffer
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false)
			err := enc.Encode(o)
			*got = b.String()
			return grader.Func(nil), err
		})
}

// index reads an element that is not there.
func index() *grader.Kind {
	return grader.Define("index", "Panics.", struct{}{}, func(*grader.Env, struct{}) (grader.Grader, error) {
		return grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
			three := 3
			return grader.Result{Found: r.Messages[three].Name}, nil
		}), nil
	})
}

// goexit ends its goroutine, as a failing test helper does.
func goexit() *grader.Kind {
	return grader.Define("goexit", "Ends its goroutine.", struct{}{}, func(*grader.Env, struct{}) (grader.Grader, error) {
		return grader.Func(func(context.Context, *grader.Rollout) (grader.Result, error) {
			runtime.Goexit()
			return grader.Result{}, nil
		}), nil
	})
}
