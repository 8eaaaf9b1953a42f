package locallambda_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
)

func TestConfigThatIsRefused(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "plain")
	require.NoError(t, os.WriteFile(plain, nil, 0o644))
	for name, c := range map[string]struct {
		config locallambda.Config
		want   string
	}{
		"no bootstrap":         {locallambda.Config{}, "give the path of the function's executable"},
		"a missing one":        {locallambda.Config{Bootstrap: plain + "x"}, "build it first"},
		"a folder":             {locallambda.Config{Bootstrap: t.TempDir()}, "is not a file"},
		"not executable":       {locallambda.Config{Bootstrap: plain}, "chmod +x"},
		"a missing dir":        {locallambda.Config{Bootstrap: bootstrap, Dir: plain + "x"}, "dir: "},
		"a dir that is a file": {locallambda.Config{Bootstrap: bootstrap, Dir: plain}, "is not a folder"},
		"a name":               {locallambda.Config{Bootstrap: bootstrap, Name: "my grader"}, "is no function name"},
		"a long name":          {locallambda.Config{Bootstrap: bootstrap, Name: strings.Repeat("x", 65)}, "is no function name"},
		"negative concurrency": {locallambda.Config{Bootstrap: bootstrap, Concurrency: -1}, "concurrency: -1 is out of range; use 1 to 1000"},
		"much concurrency":     {locallambda.Config{Bootstrap: bootstrap, Concurrency: 1001}, "concurrency: 1001 is out of range"},
		"a long timeout":       {locallambda.Config{Bootstrap: bootstrap, Timeout: 16 * time.Minute}, "timeout: 16m0s is out of range; use 1ms to 15m0s"},
		"a negative timeout":   {locallambda.Config{Bootstrap: bootstrap, Timeout: -1}, "timeout: "},
		"a long init timeout":  {locallambda.Config{Bootstrap: bootstrap, InitTimeout: time.Hour}, "init timeout: "},
		"little memory":        {locallambda.Config{Bootstrap: bootstrap, MemoryMB: 64}, "memory: 64 is out of range; use 128 to 10240"},
		"a reserved variable":  {locallambda.Config{Bootstrap: bootstrap, Env: map[string]string{"_HANDLER": "x"}}, "_HANDLER is reserved by Lambda"},
		"a strange variable":   {locallambda.Config{Bootstrap: bootstrap, Env: map[string]string{"A-B": "x"}}, `"A-B" is no name`},
		"a short variable":     {locallambda.Config{Bootstrap: bootstrap, Env: map[string]string{"A": "x"}}, `"A" is no name`},
		"a value with NUL":     {locallambda.Config{Bootstrap: bootstrap, Env: map[string]string{"KEY": "secret\x00"}}, "the value of KEY has a NUL byte"},
		"large variables":      {locallambda.Config{Bootstrap: bootstrap, Env: map[string]string{"KEY": strings.Repeat("x", 4094)}}, "the variables are 4097 bytes, Lambda allows 4096"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := locallambda.Start(context.Background(), c.config)
			require.ErrorContains(t, err, c.want)
			require.True(t, strings.HasPrefix(err.Error(), "start local function: "))
			require.NotContains(t, err.Error(), "secret")
		})
	}
}

func TestConfigAtItsLimits(t *testing.T) {
	start(t, locallambda.Config{
		Name: strings.Repeat("x", 64), Concurrency: 1000, Timeout: 15 * time.Minute, MemoryMB: 10240,
		Env: map[string]string{"KEY": strings.Repeat("x", 4093), "AWS_SESSION_TOKEN": strings.Repeat("x", 2000)},
	})
}

func TestBootstrapOfARelativePath(t *testing.T) {
	t.Chdir(filepath.Dir(bootstrap))
	f := start(t, locallambda.Config{Bootstrap: "bootstrap"})
	r := succeed[report](t, f, do.report)
	dir, err := filepath.EvalSymlinks(filepath.Dir(bootstrap))
	require.NoError(t, err)
	got, err := filepath.EvalSymlinks(r.Dir)
	require.NoError(t, err)
	require.Equal(t, dir, got, "the default folder")
}
