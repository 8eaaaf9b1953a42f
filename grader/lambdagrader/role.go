package lambdagrader

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/rftgrader/rftgrader/grader"
)

// RoleVariable is the environment variable that gives the function another part
// than grading: the name of a service of one of its kinds. Such a function
// reads no spec.
const RoleVariable = "GRADER_ROLE"

// playRole starts a service and answers invocations with it. It returns the
// exit code of the process.
func playRole(ctx context.Context, stderr io.Writer, log *slog.Logger, kinds []*grader.Kind, role string) int {
	api := os.Getenv(runtimeAPIVariable)
	if api == "" {
		fmt.Fprintf(stderr, "this program is a Lambda function and %s is not set: run it with \"rft serve --function %s --env %s=%s\"\n",
			runtimeAPIVariable, os.Args[0], RoleVariable, role)
		return 2
	}
	service, err := startService(ctx, log, kinds, role)
	if err != nil {
		reportInitError(stderr, os.Getenv, err)
		return 1
	}
	fmt.Fprintf(stderr, "the part %s has ended: %v\n", role, play(ctx, service, api))
	return 1
}

func startService(ctx context.Context, log *slog.Logger, kinds []*grader.Kind, role string) (grader.Service, error) {
	if err := grader.Validate(kinds...); err != nil {
		return nil, fmt.Errorf("the program's kinds: %w", err)
	}
	service, err := grader.StartService(ctx, kinds, role, &grader.Env{Name: role, Log: log})
	if err != nil {
		return nil, fmt.Errorf("%s is %q: %w", RoleVariable, role, err)
	}
	log.LogAttrs(ctx, slog.LevelInfo, "service started", slog.String("role", role))
	return service, nil
}

// play answers invocations with a service until it is spent, ctx is done or the
// Runtime API cannot be used any more, and returns which. It closes the service.
// Each response is opened before the service is asked, as [Handler.Serve] does it.
func play(ctx context.Context, service grader.Service, api string) error {
	err := serve(ctx, api, func(payload []byte) (answer, error) {
		return func(ctx context.Context, _ bool) ([]byte, error) { return service.Invoke(ctx, payload) }, nil
	}, service.Spent)
	return errors.Join(err, service.Close())
}
