package locallambda

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

const defaultRegion = "us-east-1"

// passedThrough lists the names that Lambda reserves but that a local run has
// to be told, because there is no execution role here.
func passedThrough(name string) bool {
	return name == "AWS_REGION" || name == "AWS_DEFAULT_REGION" || isCredential(name)
}

func isCredential(name string) bool {
	return name == "AWS_ACCESS_KEY_ID" || name == "AWS_SECRET_ACCESS_KEY" || name == "AWS_SESSION_TOKEN"
}

// reserved reports whether Lambda refuses the name in a function's
// configuration (developer guide, "Defined runtime environment variables").
func reserved(name string) bool {
	switch name {
	case "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_EXECUTION_ENV", "AWS_ACCESS_KEY",
		"AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
		"AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
		"AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR":
		return true
	}
	return false
}

// checkEnv applies Lambda's rules to a function's own variables. Its errors
// name variables and never quote values, which may be secrets.
func checkEnv(env map[string]string) error {
	size := 0
	for _, name := range slices.Sorted(maps.Keys(env)) {
		switch {
		case reserved(name):
			return fmt.Errorf("%s is reserved by Lambda; rename it", name)
		case !validEnvName(name):
			return fmt.Errorf("%q is no name of a variable on Lambda; begin with a letter and use two or more letters, digits and underscores", name)
		case strings.ContainsRune(env[name], 0):
			return fmt.Errorf("the value of %s has a NUL byte; remove it", name)
		}
		if !passedThrough(name) {
			size += len(name) + len(env[name])
		}
	}
	if size > maxEnvBytes {
		return fmt.Errorf("the variables are %d bytes, Lambda allows %d; put large values into a file beside the bootstrap", size, maxEnvBytes)
	}
	return nil
}

func validEnvName(name string) bool {
	if len(name) < 2 || !isLetter(name[0]) {
		return false
	}
	for i := range len(name) {
		if c := name[i]; !isLetter(c) && !isDigit(c) && c != '_' {
			return false
		}
	}
	return true
}

// childEnv returns the whole environment of a process, sorted. AWS_EXECUTION_ENV
// is absent because Lambda defines none for OS-only runtimes (provided.*).
func (c Config) childEnv(runtimeAPI, logStream string) []string {
	env := map[string]string{
		"AWS_DEFAULT_REGION":              c.region(),
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(c.MemoryMB),
		"AWS_LAMBDA_FUNCTION_NAME":        c.Name,
		"AWS_LAMBDA_FUNCTION_VERSION":     version,
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + c.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      logStream,
		"AWS_LAMBDA_RUNTIME_API":          runtimeAPI,
		"AWS_REGION":                      c.region(),
		"LAMBDA_RUNTIME_DIR":              "/var/runtime",
		"LAMBDA_TASK_ROOT":                c.Dir,
		"LANG":                            "en_US.UTF-8",
		"PATH":                            "/usr/local/bin:/usr/bin:/bin:/opt/bin",
		"PWD":                             c.Dir,
		"TZ":                              ":UTC",
		"_HANDLER":                        "bootstrap",
	}
	own := false
	for name := range c.Env {
		own = own || isCredential(name)
	}
	if !own {
		env["AWS_ACCESS_KEY_ID"] = "LOCALLAMBDAFAKEKEYID"
		env["AWS_SECRET_ACCESS_KEY"] = "locallambda-fake-secret-access-key"
		env["AWS_SESSION_TOKEN"] = "locallambda-fake-session-token"
	}
	maps.Copy(env, c.Env)
	list := make([]string, 0, len(env))
	for _, name := range slices.Sorted(maps.Keys(env)) {
		list = append(list, name+"="+env[name])
	}
	return list
}

func (c Config) region() string {
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		if r := c.Env[name]; r != "" {
			return r
		}
	}
	return defaultRegion
}
