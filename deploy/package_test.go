package deploy_test

import (
	"archive/zip"
	"debug/elf"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/locallambda"
	"github.com/rftgrader/rftgrader/testdata"
)

// pack makes the package of a spec in a folder of its own, unpacks it with the modes
// that it records, and returns where.
func pack(t *testing.T, arch, spec string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "with a space")
	require.NoError(t, os.Mkdir(folder, 0o755))
	cmd := exec.Command("sh", filepath.Join(testdata.Root(), "deploy", "package.sh"), arch, spec)
	cmd.Dir = folder
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	archive, err := zip.OpenReader(filepath.Join(folder, "build", "grader-"+arch+".zip"))
	require.NoError(t, err)
	defer func() { require.NoError(t, archive.Close()) }()
	unpacked := t.TempDir()
	for _, f := range archive.File {
		in, err := f.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(in)
		require.NoError(t, err)
		require.NoError(t, in.Close())
		path := filepath.Join(unpacked, f.Name)
		require.NoError(t, os.WriteFile(path, text, 0o600))
		require.NoError(t, os.Chmod(path, f.Mode().Perm()))
	}
	return unpacked
}

// TestThePackageGrades runs the unpacked package on the local Lambda with the spec
// that is in it; the one for the other architecture is built.
func TestThePackageGrades(t *testing.T) {
	machines := map[string]elf.Machine{"arm64": elf.EM_AARCH64, "amd64": elf.EM_X86_64}
	for arch, machine := range machines {
		t.Run(arch, func(t *testing.T) {
			folder := pack(t, arch, testdata.Path("specs", "gsm8k.yaml"))
			program, err := elf.Open(filepath.Join(folder, "bootstrap"))
			require.NoError(t, err)
			require.NoError(t, program.Close())
			require.Equal(t, machine, program.Machine)
			if arch != runtime.GOARCH || runtime.GOOS != "linux" {
				return
			}
			f, err := locallambda.Start(t.Context(), locallambda.Config{
				Bootstrap: filepath.Join(folder, "bootstrap"), Timeout: time.Minute,
			})
			require.NoError(t, err)
			defer func() { require.NoError(t, f.Close()) }()
			response, err := f.Invoke(t.Context(), []byte(`[
				{"id":"right","messages":[{"role":"user","content":"What is six times seven?"},{"role":"assistant","content":"It is #### 42"}],"reference_answer":{"final_answer":"42"}},
				{"id":"wrong","messages":[{"role":"user","content":"What is six times seven?"},{"role":"assistant","content":"It is #### 41"}],"reference_answer":{"final_answer":"42"}}]`))
			require.NoError(t, err)
			require.Empty(t, response.FunctionError, "%s", response.Payload)
			var got []struct {
				ID    string  `json:"id"`
				Score float64 `json:"aggregate_reward_score"`
			}
			require.NoError(t, json.Unmarshal(response.Payload, &got))
			require.Len(t, got, 2)
			scores := map[string]float64{got[0].ID: got[0].Score, got[1].ID: got[1].Score}
			require.Equal(t, 1.0, scores["right"])
			require.Less(t, scores["wrong"], 1.0)
		})
	}
}
