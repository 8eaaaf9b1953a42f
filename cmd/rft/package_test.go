package main_test

import (
	"archive/zip"
	"bytes"
	"debug/elf"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/testdata"
)

// TestPackageIsReproducibleAndSmall makes the arm64 zip from two copies of the
// sources in different folders.
func TestPackageIsReproducibleAndSmall(t *testing.T) {
	var zips [2][]byte
	for i := range zips {
		folder := copyRepository(t)
		cmd := exec.Command("make", "package", "SPEC=testdata/specs/gsm8k.yaml")
		cmd.Dir = folder
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		zips[i], err = os.ReadFile(filepath.Join(folder, "build", "grader-arm64.zip"))
		require.NoError(t, err)
	}
	require.True(t, bytes.Equal(zips[0], zips[1]), "the same sources give the same bytes")
	require.Less(t, len(zips[0]), 6_000_000)

	archive, err := zip.NewReader(bytes.NewReader(zips[0]), int64(len(zips[0])))
	require.NoError(t, err)
	files, modes := map[string][]byte{}, map[string]os.FileMode{}
	for _, f := range archive.File {
		r, err := f.Open()
		require.NoError(t, err)
		files[f.Name], err = io.ReadAll(r)
		require.NoError(t, err)
		require.NoError(t, r.Close())
		modes[f.Name] = f.Mode().Perm()
		require.Equal(t, 1980, f.Modified.Year())
	}
	require.Equal(t, map[string]os.FileMode{"bootstrap": 0o755, "grader.yaml": 0o644}, modes)
	spec, err := os.ReadFile(testdata.Path("specs", "gsm8k.yaml"))
	require.NoError(t, err)
	require.Equal(t, spec, files["grader.yaml"])
	program, err := elf.NewFile(bytes.NewReader(files["bootstrap"]))
	require.NoError(t, err)
	require.Equal(t, elf.EM_AARCH64, program.Machine)
	require.Nil(t, program.Section(".interp"), "it is linked statically")
	t.Logf("%d bytes", len(zips[0]))
}

func TestPackageOfATeamsOwnModule(t *testing.T) {
	folder := copyRepository(t)
	cmd := exec.Command("make", "package", "ARCH=amd64", "MODULE=testdata/custom", "SPEC=testdata/custom/grader.yaml", "FILES=README.md")
	cmd.Dir = folder
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "graders cite, answer")
	archive, err := zip.OpenReader(filepath.Join(folder, "build", "grader-amd64.zip"))
	require.NoError(t, err)
	defer func() { require.NoError(t, archive.Close()) }()
	require.Len(t, archive.File, 3)
}

func TestPackageRefusesABadSpec(t *testing.T) {
	folder := copyRepository(t)
	require.NoError(t, os.MkdirAll(filepath.Join(folder, "build"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "build", "grader-arm64.zip"), []byte("of yesterday"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "bad.yaml"), []byte("version: 1\ngraders: {a: {type: numbers}}\n"), 0o600))
	cmd := exec.Command("make", "package", "SPEC=bad.yaml")
	cmd.Dir = folder
	out, err := cmd.CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "bad.yaml:2:")
	require.NoFileExists(t, filepath.Join(folder, "build", "grader-arm64.zip"))
}
