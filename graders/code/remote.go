package code

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/remote"
)

// ServiceName is what GRADER_ROLE holds in the function that runs programs for
// the executor remote.
const ServiceName = "executor"

// Remote runs programs in a Lambda function of their own.
func Remote() Engine {
	return Engine{Name: "remote", Open: func(ctx context.Context, s Setup) (sandbox.Executor, error) {
		if s.Remote.Function == "" {
			return nil, grader.Optionf("/remote/function", "want the name or ARN of the function that runs the programs")
		}
		e, err := remote.New(remote.Options{
			Function: s.Remote.Function, Region: s.Remote.Region, Endpoint: s.Remote.Endpoint,
			Qualifier: s.Remote.Qualifier, Tenant: s.Remote.Tenant, Limits: s.Limits,
		})
		if err != nil {
			return nil, err
		}
		ctx, cancel := context.WithTimeout(ctx, askTime)
		defer cancel()
		if _, err := e.Ask(ctx); err != nil {
			return nil, errors.Join(err, e.Close())
		}
		return e, nil
	}}
}

// askTime bounds the question what the function can do, which starts it as well.
const askTime = 30 * time.Second

// serveExecutor starts the function's half of [Remote], with a jail.
func serveExecutor(ctx context.Context, env *grader.Env) (grader.Service, error) {
	j, err := jail.New(ctx, jail.Options{Log: env.Logger()})
	if err != nil {
		return nil, err
	}
	if killed, err := j.Sweep(ctx); err != nil || killed > 0 {
		env.Logger().LogAttrs(ctx, slog.LevelWarn, "an earlier process has left programs", slog.Int("swept", killed), slog.Any("cause", err))
	}
	s := &service{jail: j}
	s.handle = remote.Handler(j, remote.HandlerOptions{Log: env.Logger(), Sweep: j.Sweep, Spent: func(cause error) { s.spent.Store(&cause) }})
	return s, nil
}

type service struct {
	jail   *jail.Jail
	handle func(context.Context, []byte) ([]byte, error)
	spent  atomic.Pointer[error]
}

func (s *service) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return s.handle(ctx, payload)
}

func (s *service) Spent() error {
	if cause := s.spent.Load(); cause != nil {
		return *cause
	}
	return nil
}

func (s *service) Close() error { return s.jail.Close() }
