package split_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/split"
)

const goSolution = `package cand

import (
	"errors"
	"sort"
	"strings"
)

var ErrEmpty = errors.New("empty")

const Limit = 3

type Point struct{ X, Y int }

func (p Point) Norm() int { return p.X*p.X + p.Y*p.Y }
func (p *Point) Move(dx int) { p.X += dx }

type Node struct {
	Val  int
	Next *Node
}

type Stack struct{ items []int }

func NewStack() *Stack { return &Stack{} }
func (s *Stack) Push(x int) { s.items = append(s.items, x) }
func (s *Stack) Pop() (int, error) {
	if len(s.items) == 0 {
		return 0, ErrEmpty
	}
	x := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return x, nil
}
func (s *Stack) Len() int { return len(s.items) }

func Add(a, b int) int { return a + b }
func Sum(xs ...float64) (t float64) {
	for _, x := range xs {
		t += x
	}
	return t
}
func Sort(xs []int) { sort.Ints(xs) }
func Words(s string) map[string]int {
	if s == "" {
		return nil
	}
	m := map[string]int{}
	for _, w := range strings.Fields(s) {
		m[w]++
	}
	return m
}
func Evens(xs []int) []int {
	var out []int
	for _, x := range xs {
		if x%2 == 0 {
			out = append(out, x)
		}
	}
	return out
}
func List(xs ...int) *Node {
	if len(xs) == 0 {
		return nil
	}
	return &Node{xs[0], List(xs[1:]...)}
}
func Div(a, b int) int { return a / b }
func Same(v any) any { return v }
`

const goTestText = `package cand

import (
	"errors"
	"math"
	"reflect"
	"testing"
)

func TestAdd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b, want int }{{2, 3, 5}, {-7, 4, -3}} {
		t.Run("case", func(t *testing.T) {
			if got := Add(c.a, c.b); got != c.want {
				t.Errorf("Add = %d", got)
			}
		})
	}
	if Limit != 3 {
		t.Error("Limit")
	}
}

func TestData(t *testing.T) {
	if Sum(0.5, 0.25) != 0.75 || Sum() != 0 || !math.IsInf(Sum(math.Inf(1)), 1) {
		t.Error("Sum")
	}
	xs := []int{3, 1, 2}
	Sort(xs)
	if !reflect.DeepEqual(xs, []int{1, 2, 3}) {
		t.Error("Sort", xs)
	}
	if Words("") != nil || !reflect.DeepEqual(Words("a b a"), map[string]int{"a": 2, "b": 1}) {
		t.Error("Words")
	}
	if !reflect.DeepEqual(Evens([]int{1}), []int(nil)) || !reflect.DeepEqual(Evens([]int{2}), []int{2}) {
		t.Error("Evens")
	}
	if Same("a\xff") != "a\xff" || Same(3) != 3 || Same(nil) != nil {
		t.Error("Same")
	}
}

func TestTypes(t *testing.T) {
	p := Point{3, 4}
	if p.Norm() != 25 {
		t.Error("Norm")
	}
	p.Move(2)
	if p != (Point{5, 4}) {
		t.Error("Move", p)
	}
	n := List(1, 2, 3)
	sum := 0
	for ; n != nil; n = n.Next {
		sum += n.Val
	}
	if sum != 6 {
		t.Error("List")
	}
}

func TestStack(t *testing.T) {
	s := NewStack()
	s.Push(1)
	s.Push(2)
	if x, err := s.Pop(); x != 2 || err != nil || s.Len() != 1 {
		t.Error("Pop")
	}
	var z Stack
	if _, err := z.Pop(); err != ErrEmpty || !errors.Is(err, ErrEmpty) || err.Error() != "empty" && err.Error() != "ErrEmpty" {
		t.Error("empty", err)
	}
	z.Push(9)
	if z.Len() != 1 || s.Len() != 1 {
		t.Error("Len")
	}
}

func TestPanic(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	Div(1, 0)
}

func TestSkip(t *testing.T) {
	t.Skip("not today")
}
`

func goTests() *split.Tests {
	return &split.Tests{Kind: split.Unit, Framework: split.GoTest, SolutionFile: "solution.go",
		Files:  map[string]string{"go.mod": "module cand\n", "solution_test.go": goTestText},
		Names:  []string{"TestAdd", "TestData", "TestTypes", "TestStack", "TestPanic", "TestSkip"},
		Limits: sandbox.Limits{Time: 5 * time.Second}}
}

func TestGo(t *testing.T) {
	for _, c := range []struct{ name, old, with, want string }{
		{"right", "", "", "pass pass pass pass pass missing"},
		{"wrong", "return a + b", "return a - b", "wrong pass pass pass pass missing"},
		{"nil is not empty", "var out []int", "out := []int{}", "pass wrong pass pass pass missing"},
		{"another error", "return 0, ErrEmpty", `return 0, errors.New("empty")`, "pass pass pass wrong pass missing"},
		{"a wrapped error", "return 0, ErrEmpty", `return 0, errors.Join(ErrEmpty)`, "pass pass pass wrong pass missing"},
		{"ends", "return a + b", `return func() int { os.Exit(0); return 0 }()`, "runtime pass pass pass pass missing"},
		{"leaves the goroutine", "return a + b", `runtime.Goexit(); return 0`, "runtime pass pass pass pass missing"},
		{"does not compile", "return a + b", `return x`, "compile compile compile compile compile compile"},
		{"lacks a function", "func Div", `func Divide`, "compile compile compile compile compile compile"},
		{"other parameters", "func Add(a, b int)", `func Add(a, b, c int)`, "compile compile compile compile compile compile"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code := strings.Replace(goSolution, c.old, c.with, 1)
			code = strings.Replace(code, "import (", "import (\n\t\"os\"\n\t\"runtime\"", 1) + "\nvar _, _ = os.Exit, runtime.Goexit\n"
			report, err := split.Run(t.Context(), opener(t), goTests(), sandbox.Program{Language: language("go"), Source: code})
			require.NoError(t, err)
			require.Empty(t, report.Unsplittable)
			require.Equal(t, c.want, outcomes(report), details(report)+string(report.Build.Log))
			require.True(t, report.Trusted)
		})
	}
}

func TestGoUnsplittable(t *testing.T) {
	for _, c := range []struct{ name, solution, test string }{
		{"an object of the tests", "type I interface{ M() int }\n\nfunc F(i I) int { return i.M() }", "if F(mock{}) != 1 { t.Fail() }\n}\n\ntype mock struct{}\n\nfunc (mock) M() int {\n\treturn 1"},
		{"a result that is called", "func F(n int) func() int { return func() int { n++; return n } }", "next := F(0); if next() != 1 || next() != 2 { t.Fail() }"},
		{"a function", "func F(f func() int) int { return f() }", "if F(func() int { return 1 }) != 1 { t.Fail() }"},
		{"a channel", "func F() chan int { c := make(chan int, 1); c <- 1; return c }", "if <-F() != 1 { t.Fail() }"},
		{"a variable that changes", "var V = 1\n\nfunc F() int { return V }", "V = 2; if F() != 2 { t.Fail() }"},
		{"a field that is called", "type T struct{ G func() int }\n\nfunc F() *T { return &T{func() int { return 1 }} }", "if F().G() != 1 { t.Fail() }"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tests := &split.Tests{Kind: split.Unit, Framework: split.GoTest, SolutionFile: "solution.go",
				Files: map[string]string{"a_test.go": "package cand\n\nimport \"testing\"\n\nfunc TestF(t *testing.T) {\n\t" + c.test + "\n}\n"}}
			program := sandbox.Program{Language: language("go"), Source: "package cand\n\n" + c.solution + "\n"}
			report, err := split.Run(t.Context(), opener(t), tests, program)
			require.NoError(t, err)
			require.NotEmpty(t, report.Unsplittable)
			tests.Together = true
			report, err = split.Run(t.Context(), opener(t), tests, program)
			require.NoError(t, err)
			require.False(t, report.Trusted)
			require.NotEmpty(t, report.Unsplittable)
			require.Equal(t, "pass", outcomes(report), details(report)+string(report.Build.Log))
		})
	}
}
