package jail_test

import (
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

func TestFindKnowsNamesAndAliases(t *testing.T) {
	languages := jail.Languages()
	for alias, want := range map[string]string{
		"python": "python", "PY": "python", " python3 ": "python", "golang": "go", "js": "javascript", "node": "javascript",
		"c++": "cpp", "cc": "cpp", "g++": "cpp", "c": "c", "rs": "rust", "sh": "bash", "java": "java",
	} {
		t.Run(alias, func(t *testing.T) {
			l := jail.Find(languages, alias)
			require.NotNil(t, l)
			require.Equal(t, want, l.Name)
		})
	}
	require.Nil(t, jail.Find(languages, "cobol"))
	require.Nil(t, jail.Find([]*sandbox.Language{nil}, "python"))
}

func TestAliasesAreOnceInTheTable(t *testing.T) {
	seen := map[string]string{}
	for _, l := range jail.Languages() {
		for _, name := range append(slices.Clone(l.Aliases), l.Name) {
			require.Empty(t, seen[name], "%s is of %s and of %s", name, seen[name], l.Name)
			require.Equal(t, strings.ToLower(name), name)
			seen[name] = l.Name
		}
	}
}

func TestReadGo(t *testing.T) {
	t.Run("a script stays as it is", func(t *testing.T) {
		text := "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println() }\n"
		changed, driver, imports, err := jail.ReadGo(text, "")
		require.NoError(t, err)
		require.Equal(t, text, changed)
		require.Empty(t, driver)
		require.Equal(t, []string{"fmt"}, imports)
	})
	t.Run("its own main makes room, whatever its package", func(t *testing.T) {
		changed, driver, _, err := jail.ReadGo("package solution\n//line elsewhere.go:900\nfunc main() {}\nfunc Add(a, b int) int { return a + b }\n", "Add")
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(changed, "package main\n"), changed)
		require.NotContains(t, changed, "func main()")
		require.Contains(t, driver, `"Add": Add`)
	})
	t.Run("what cannot be a value is left out", func(t *testing.T) {
		_, driver, _, err := jail.ReadGo("package main\nfunc G[T any](t T) {}\ntype P[T any] struct{}\ntype N interface{ ~int }\nfunc init() {}\nfunc _() {}\nvar V, _ = 1, 2\nconst C = 1 << 99\ntype T struct{}\nfunc (T) M() {}\n", "*")
		require.NoError(t, err)
		for _, name := range []string{"G", "P", "N", "init", "_", "C", "M"} {
			require.NotContains(t, driver, `"`+name+`":`)
		}
		require.Contains(t, driver, `"V": &V`)
		require.Contains(t, driver, `"T": `)
	})
	for _, path := range []string{"C", "github.com/x/y", "internal/abi", "cmd/go", "../x", "net/internal/socktest", "rft/godriver", "vendor/x", "fm\\u0074 t"} {
		t.Run("import "+path, func(t *testing.T) {
			_, _, _, err := jail.ReadGo("package main\nimport \""+path+"\"\n", "")
			require.Error(t, err)
		})
	}
}

func FuzzReadGo(f *testing.F) {
	f.Add("package main\nfunc main() {}\n", "f")
	f.Add("package p\nimport (\"fmt\"; m \"math\")\nvar x, y = 1, 2\ntype T struct{}\nfunc f[T any]() {}\n", "*")
	f.Fuzz(func(t *testing.T, text, entry string) {
		changed, driver, _, err := jail.ReadGo(text, entry)
		if err != nil || entry == "" {
			return
		}
		for _, source := range []string{changed, driver} {
			_, err := parser.ParseFile(token.NewFileSet(), "x.go", source, 0)
			if err != nil && !strings.Contains(err.Error(), "redeclared") {
				t.Fatalf("%v in %q", err, source)
			}
		}
	})
}

func TestOutlineJava(t *testing.T) {
	tests := []struct{ name, text, pkg, public, main string }{
		{"public", "public class Main { public static void main(String[] a) {} }", "", "Main", "Main"},
		{"public is not first", "class Helper { int main; }\npublic final class Sol { static void main(String[] a) {} }", "", "Sol", "Sol"},
		{"main elsewhere", "public class A {}\nclass B { public static void main(String... a) {} }", "", "A", "B"},
		{"several mains", "class A { public static void main(String[] a) {} }\npublic class B { public static void main(String[] a) {} }\nclass Main { public static void main(String[] a) {} }", "", "B", "B"},
		{"several mains, none public", "class A { public static void main(String[] a) {} }\nclass Main { public static void main(String[] a) {} }\nclass C { public static void main(String[] a) {} }", "", "", "Main"},
		{"no public", "class Only { void main (String[] a) {} }", "", "", "Only"},
		{"package", "package a.b.c;\nimport x.y;\npublic class Main { }", "a.b.c", "Main", "Main"},
		{"in comments and texts", "// public class Wrong {\n/* public class Worse { */ class Right { String s = \"public class Bad {\\\"\"; char c = '{'; String t = \"\"\"\n} public class Block {\"\"\"; }", "", "", "Right"},
		{"nested", "class Outer { public static class Inner { } static void main(String[] a) {} }", "", "", "Outer"},
		{"record", "public record P(int x) { }", "", "P", "P"},
		{"nothing", "", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pkg, public, main := jail.OutlineJava(tt.text)
			require.Equal(t, []string{tt.pkg, tt.public, tt.main}, []string{pkg, public, main})
		})
	}
}

func FuzzOutlineJava(f *testing.F) {
	f.Add("package a.b; public class X { void main(String[] a) {} }")
	f.Add("\"\"\" ' /* // ")
	f.Fuzz(func(t *testing.T, text string) {
		pkg, public, main := jail.OutlineJava(text)
		require.LessOrEqual(t, len(pkg)+len(public)+len(main), 3*len(text))
	})
}
