//go:build linux && (amd64 || arm64)

package wasm

import (
	"context"
	"embed"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
)

// The driver is the jail's, file by file, and what stands before it.
//
//go:generate sh -c "for f in ../jail/godriver/*.go; do cp ${DOLLAR}f godriver/${DOLLAR}(basename ${DOLLAR}f).txt; done; rm -f godriver/*_test.go.txt"
//go:embed godriver/*.txt support/godriver.go.txt
var driverFiles embed.FS

// buildDriver compiles the two packages that programs with an entry are linked
// with.
func (g *golang) buildDriver(ctx context.Context) error {
	served := map[string]string{}
	entries, err := driverFiles.ReadDir("godriver")
	if err != nil {
		return grader.Permanentf("read the Go driver: %w", err)
	}
	for _, entry := range entries {
		text, err := driverFiles.ReadFile(path.Join("godriver", entry.Name()))
		if err != nil {
			return grader.Permanentf("read the Go driver: %w", err)
		}
		// The files of a package have its name: there are two of that name here.
		served[strings.TrimSuffix(entry.Name(), ".txt")] = strings.Replace("\n"+string(text), "\npackage godriver\n", "\npackage served\n", 1)
	}
	front, err := driverFiles.ReadFile("support/godriver.go.txt")
	if err != nil {
		return grader.Permanentf("read the Go driver: %w", err)
	}
	if err := g.addPackage(ctx, servedPath, served); err != nil {
		return err
	}
	return g.addPackage(ctx, driverPath, map[string]string{"godriver.go": string(front)})
}

// addPackage compiles a package of ours and puts its archive beside the
// standard library's.
func (g *golang) addPackage(ctx context.Context, importPath string, sources map[string]string) error {
	dir, err := g.folder()
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	end, err := g.object(ctx, dir, importPath, "package.a", sources, prepareTime)
	if err != nil {
		return err
	}
	if end.failure != "" {
		return grader.Permanentf("the Go driver does not compile with %s (%s): use a newer Go", g.compiler, end.failure)
	}
	to := filepath.Join(g.library(), strings.ReplaceAll(importPath, "/", "-")+".a")
	if err := copyFile(filepath.Join(dir, "package.a"), to, 0o644); err != nil {
		return fileError(err)
	}
	if err := g.lock.take(ctx); err != nil {
		return err
	}
	defer g.lock.give()
	g.archives[importPath] = to
	for _, source := range sources {
		for _, imported := range importsOf(source) {
			g.needs[importPath] = append(append(g.needs[importPath], imported), g.needs[imported]...)
		}
	}
	return nil
}
