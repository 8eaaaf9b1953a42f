package locallambda

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// A Config says which function to run and how. The zero value of each field
// but Bootstrap is a usable default.
type Config struct {
	// Bootstrap is the path of the executable. It is started without
	// arguments.
	Bootstrap string
	// Dir is LAMBDA_TASK_ROOT and the working directory of the process. The
	// default is the folder of Bootstrap.
	Dir string
	// Name is the function's name, as in its ARN: 1 to 64 letters, digits,
	// hyphens and underscores. The default is "function".
	Name string
	// Env are the function's own environment variables, at most 4,096 bytes
	// of names and values as on Lambda. Those that Lambda reserves are
	// refused, except AWS_REGION, AWS_DEFAULT_REGION, AWS_ACCESS_KEY_ID,
	// AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, which are given here what
	// the execution role gives there and do not count towards the limit. As
	// long as none of the last three is set, all three have fake values.
	Env map[string]string
	// Concurrency is the reserved concurrency, 1 to 1,000: as many processes
	// can run at once. The default is 12, a trainer's usual number.
	Concurrency int
	// Timeout is the time that one invocation may take, up to 15 minutes. It
	// need not be whole seconds. The default is 3 seconds, as on Lambda.
	Timeout time.Duration
	// InitTimeout is the time that a process may take from its start to its
	// first request for an event, up to 15 minutes. The default is 10
	// seconds, as on Lambda.
	InitTimeout time.Duration
	// MemoryMB is what the function is told that it has, 128 to 10,240 MB.
	// It is not enforced. The default is 1,769 MB, which buys one virtual CPU.
	MemoryMB int
	// Log receives the function's log: what the processes write to stdout
	// and stderr, in whole lines of at most 256 KiB, and the lines of the
	// platform. Writes never overlap. The default is to discard it.
	Log io.Writer
}

const (
	defaultName        = "function"
	defaultConcurrency = 12
	defaultTimeout     = 3 * time.Second
	defaultInitTimeout = 10 * time.Second
	defaultMemoryMB    = 1769

	// The quotas of the Lambda developer guide.
	maxTimeout     = 15 * time.Minute
	minMemoryMB    = 128
	maxMemoryMB    = 10240
	maxConcurrency = 1000
	maxEnvBytes    = 4096
)

// resolve returns the config with its defaults filled in, or the first thing
// that is wrong with it.
func (c Config) resolve() (Config, error) {
	if err := supported(); err != nil {
		return c, err
	}
	if c.Bootstrap == "" {
		return c, fmt.Errorf("bootstrap: no path; give the path of the function's executable")
	}
	path, err := filepath.Abs(c.Bootstrap)
	if err != nil {
		return c, fmt.Errorf("bootstrap: %w", err)
	}
	c.Bootstrap = path
	switch info, err := os.Stat(path); {
	case err != nil:
		return c, fmt.Errorf("bootstrap: %w; build it first", err)
	case !info.Mode().IsRegular():
		return c, fmt.Errorf("bootstrap: %s is not a file; give the path of the executable itself", path)
	case info.Mode().Perm()&0o111 == 0:
		return c, fmt.Errorf("bootstrap: %s is not executable; chmod +x it", path)
	}
	if c.Dir == "" {
		c.Dir = filepath.Dir(path)
	}
	if c.Dir, err = filepath.Abs(c.Dir); err != nil {
		return c, fmt.Errorf("dir: %w", err)
	}
	switch info, err := os.Stat(c.Dir); {
	case err != nil:
		return c, fmt.Errorf("dir: %w", err)
	case !info.IsDir():
		return c, fmt.Errorf("dir: %s is not a folder; give the folder that is deployed", c.Dir)
	}
	if c.Name == "" {
		c.Name = defaultName
	}
	if !validName(c.Name) {
		return c, fmt.Errorf("name: %q is no function name; use 1 to 64 letters, digits, hyphens and underscores", c.Name)
	}
	if err := checkEnv(c.Env); err != nil {
		return c, fmt.Errorf("env: %w", err)
	}
	if err := within("concurrency", &c.Concurrency, defaultConcurrency, 1, maxConcurrency); err != nil {
		return c, err
	}
	if err := within("timeout", &c.Timeout, defaultTimeout, time.Millisecond, maxTimeout); err != nil {
		return c, err
	}
	if err := within("init timeout", &c.InitTimeout, defaultInitTimeout, time.Millisecond, maxTimeout); err != nil {
		return c, err
	}
	if err := within("memory", &c.MemoryMB, defaultMemoryMB, minMemoryMB, maxMemoryMB); err != nil {
		return c, err
	}
	return c, nil
}

// within sets a zero v to its default and refuses one that is out of range.
func within[T int | time.Duration](what string, v *T, byDefault, least, most T) error {
	if *v == 0 {
		*v = byDefault
	}
	if *v < least || *v > most {
		return fmt.Errorf("%s: %v is out of range; use %v to %v", what, *v, least, most)
	}
	return nil
}
