package split_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/split"
)

func runGo(t *testing.T, solution, imports, test string) split.Report {
	t.Helper()
	tests := &split.Tests{Kind: split.Unit, Framework: split.GoTest, SolutionFile: "solution.go", Names: []string{"TestF"},
		Files: map[string]string{"a_test.go": "package cand\n\nimport (\n\t\"testing\"\n" + imports + ")\n\nfunc TestF(t *testing.T) {\n" + test + "\n}\n"}}
	report, err := split.Run(t.Context(), opener(t), tests, sandbox.Program{Language: language("go"), Source: "package cand\n\n" + solution + "\n"})
	require.NoError(t, err)
	require.Empty(t, report.Unsplittable)
	require.True(t, report.Trusted)
	require.Len(t, report.Tests, 1)
	return report
}

// TestGoForms has right solutions in the forms that people write.
func TestGoForms(t *testing.T) {
	for _, c := range []struct{ name, solution, imports, test string }{
		{"a generic function", "func Max[T int | ~float64 | string](xs ...T) T { m := xs[0]; for _, x := range xs { if x > m { m = x } }; return m }", "",
			`if Max(1, 3, 2) != 3 || Max("a", "b") != "b" || Max[float64](1, 2.5) != 2.5 { t.Fail() }`},
		{"an ordered one", "import \"cmp\"\n\nfunc Max[S ~[]E, E cmp.Ordered](xs S) (m E) { for i, x := range xs { if i == 0 || x > m { m = x } }; return m }", "",
			`if Max([]int{1, 3, 2}) != 3 || Max([]string{"a", "b"}) != "b" { t.Fail() }`},
		{"two parameters", "func Swap[A, B any](a A, b B) (B, A) { return b, a }", "", `if a, b := Swap(1, "x"); a != "x" || b != 1 { t.Fail() }`},
		{"a constraint of its own", "type Number interface { ~int | ~int64 | ~float64 }\n\nfunc Sum[T Number](xs []T) (t T) { for _, x := range xs { t += x }; return }", "",
			`if Sum([]int{1, 2}) != 3 || Sum([]float64{0.5}) != 0.5 { t.Fail() }`},
		{"a generic type", "type Stack[T any] struct{ items []T }\n\nfunc NewStack[T any]() *Stack[T] { return &Stack[T]{} }\nfunc (s *Stack[E]) Push(x E) { s.items = append(s.items, x) }\nfunc (s *Stack[E]) Pop() (x E, ok bool) { if len(s.items) == 0 { return }; x = s.items[len(s.items)-1]; s.items = s.items[:len(s.items)-1]; return x, true }", "",
			`s := NewStack[string](); s.Push("a"); s.Push("b"); if x, ok := s.Pop(); x != "b" || !ok { t.Fail() }; var z Stack[int]; if _, ok := z.Pop(); ok { t.Fail() }`},
		{"a generic type that the tests look into", "type Pair[K comparable, V any] struct { Key K; Value V }\n\nfunc Of[K comparable, V any](k K, v V) Pair[K, V] { return Pair[K, V]{k, v} }", "",
			`if p := Of("a", 1); p != (Pair[string, int]{"a", 1}) || p.Key != "a" { t.Fail() }`},
		{"generic inside", "type list[T any] []T\n\nfunc (l list[T]) fold(f func(T, T) T) (t T) { for _, x := range l { t = f(t, x) }; return }\n\nfunc Sum(xs []int) int { return list[int](xs).fold(func(a, b int) int { return a + b }) }", "",
			`if Sum([]int{1, 2}) != 3 { t.Fail() }`},
		{"an interface", "type Shape interface { Area() float64 }\n\ntype square struct{ s float64 }\n\nfunc (q square) Area() float64 { return q.s * q.s }\n\nfunc NewSquare(s float64) Shape { return square{s} }\nfunc Total(shapes []Shape) (t float64) { for _, s := range shapes { t += s.Area() }; return }", "",
			`s := NewSquare(3); if s.Area() != 9 || Total([]Shape{s, NewSquare(1)}) != 10 { t.Fail() }`},
		{"an interface with types that the tests make", "type Shape interface { Area() float64 }\n\ntype Square struct{ Side float64 }\n\nfunc (q Square) Area() float64 { return q.Side * q.Side }\n\ntype Dot struct{}\n\nfunc (*Dot) Area() float64 { return 0 }\n\nfunc Largest(shapes ...Shape) Shape { m := shapes[0]; for _, s := range shapes { if s.Area() > m.Area() { m = s } }; return m }", "",
			`if s, ok := Largest(Square{1}, Square{2}, &Dot{}).(Square); !ok || s.Side != 2 { t.Fail() }; if Largest(&Dot{}).Area() != 0 { t.Fail() }`},
		{"a hidden type behind an interface", "type Stack interface { Push(x int); Pop() (int, error) }\n\ntype stack struct{ items []int; log func(string) }\n\nfunc (s *stack) Push(x int) { s.items = append(s.items, x) }\nfunc (s *stack) Pop() (int, error) { x := s.items[len(s.items)-1]; s.items = s.items[:len(s.items)-1]; return x, nil }\n\nfunc New() Stack { return &stack{} }", "",
			`s := New(); s.Push(1); s.Push(2); if x, err := s.Pop(); x != 2 || err != nil { t.Fail() }; if s != s || s == nil || New() == s { t.Fail() }`},
		{"embedding", "type Base struct{ Name string }\n\nfunc (b *Base) Rename(n string) { b.Name = n }\nfunc (b Base) Hello() string { return \"hello \" + b.Name }\n\ntype Dog struct { Base; Age int }\n\nfunc NewDog(n string) *Dog { return &Dog{Base{n}, 1} }", "",
			`d := NewDog("rex"); d.Rename("max"); if d.Hello() != "hello max" || d.Name != "max" || d.Age != 1 { t.Fail() }`},
		{"embedding that nobody looks into", "import \"sync\"\n\ntype counts struct{ n map[string]int }\n\nfunc (c *counts) Add(s string) int { c.n[s]++; return c.n[s] }\n\ntype Counter struct { sync.Mutex; *counts }\n\nfunc New() *Counter { return &Counter{counts: &counts{map[string]int{}}} }\nfunc (c *Counter) Total() int { c.Lock(); defer c.Unlock(); return len(c.n) }", "",
			`c := New(); c.Add("a"); if c.Add("a") != 2 || c.Total() != 1 { t.Fail() }`},
		{"odd fields beside those that the tests read", "import \"sync\"\n\ntype Account struct { mu sync.Mutex; Balance int; hook func(int) int; done chan int }\n\nfunc NewAccount() *Account { return &Account{hook: func(x int) int { return 2 * x }, done: make(chan int, 3)} }\nfunc (a *Account) Deposit(n int) { a.mu.Lock(); defer a.mu.Unlock(); a.Balance += a.hook(n); a.done <- n }", "",
			`a := NewAccount(); a.Deposit(5); a.Deposit(1); if a.Balance != 12 { t.Error(a.Balance) }`},
		{"a field with a name of the framework", "type Task struct { Run func() int; Name string; parent *Task }\n\nfunc NewTask(n int) *Task { t := &Task{Run: func() int { return n }}; t.parent = t; return t }\nfunc (t *Task) Do() int { return t.parent.Run() }", "",
			`t.Run("x", func(t *testing.T) { if NewTask(3).Do() != 3 { t.Error(t.Name()) } })`},
		{"numbered constants", "type Color int\n\nconst (\n\tRed Color = iota + 1\n\tGreen\n\t_\n\tBlue\n)\n\nconst Mask, bits = 1 << Blue, 3\n\nfunc (c Color) String() string { return []string{\"\", \"red\", \"green\", \"\", \"blue\"}[c] }\nfunc Mix(a, b Color) Color { return a + b + bits }", "",
			`if Green.String() != "green" || Mix(Red, Green) != 6 || Blue != 4 || Mask != 16 { t.Fail() }`},
		{"variables", "type Config struct{ Size int; Tags []string }\n\nvar Default = Config{Size: 3, Tags: []string{\"a\"}}\n\nvar Primes = []int{2, 3, 5}\n\nvar limit = -1.5\n\nvar table = build()\n\nvar Double = func(x int) int { return 2 * x }\n\nfunc build() map[string]int { return map[string]int{\"a\": 1} }", "",
			`if Default.Size != 3 || Primes[2] != 5 || limit != -1.5 || table["a"] != 1 || Double(4) != 8 { t.Fail() }`},
		{"options", "type Option func(*Server)\n\ntype Server struct{ port int }\n\nfunc WithPort(p int) Option { return func(s *Server) { s.port = p } }\nfunc New(opts ...Option) *Server { s := &Server{80}; for _, o := range opts { o(s) }; return s }\nfunc (s *Server) Port() int { return s.port }", "",
			`if New().Port() != 80 || New(WithPort(8)).Port() != 8 { t.Fail() }`},
		{"durations and big numbers", "import (\n\t\"math/big\"\n\t\"time\"\n)\n\nfunc Twice(d time.Duration) time.Duration { return 2 * d }\nfunc Fact(n int64) *big.Int { return new(big.Int).MulRange(1, n) }", "\"time\"\n\"math/big\"\n",
			`if Twice(time.Second) != 2*time.Second || Fact(20).Cmp(new(big.Int).MulRange(1, 20)) != 0 || Fact(30).String() != "265252859812191058636308480000000" { t.Fail() }`},
		{"errors of its own", "import \"fmt\"\n\ntype NotFound struct{ Key string }\n\nfunc (e *NotFound) Error() string { return \"no \" + e.Key }\n\ntype Code int\n\nfunc (c Code) Error() string { return \"code\" }\n\nfunc Get(k string) error { return fmt.Errorf(\"get: %w\", &NotFound{k}) }\nfunc Fail() error { return Code(3) }", "\"errors\"\n",
			`var nf *NotFound; if err := Get("a"); !errors.As(err, &nf) || nf.Key != "a" || err.Error() != "get: no a" { t.Fail() }; if c, ok := Fail().(Code); !ok || c != 3 { t.Fail() }`},
		{"methods of lists", "type Words []string\n\nfunc (w *Words) Add(s string) { *w = append(*w, s) }\nfunc (w Words) Len() int { return len(w) }", "",
			`var w Words; w.Add("a"); w.Add("b"); if w.Len() != 2 || w[1] != "b" { t.Fail() }`},
		{"names of the language", "func max(a, b int) int { if a > b { return a }; return b }\nfunc min(a, b int) int { return -max(-a, -b) }\nfunc Clamp(x, lo, hi int) int { return max(lo, min(x, hi)) }", "",
			`if Clamp(5, 0, 3) != 3 { t.Fail() }`},
		{"an array by a constant", "const N = 2\n\ntype Grid [N][N]int\n\nfunc Turn(g Grid) Grid { g[0], g[1] = g[1], g[0]; return g }", "", `if Turn(Grid{{1, 2}, {3, 4}}) != (Grid{{3, 4}, {1, 2}}) { t.Fail() }`},
		{"a closed circle", "type Node struct { val int; next *Node }\n\ntype Ring struct { head *Node }\n\nfunc NewRing(n int) *Ring { h := &Node{}; h.next = h; for i := 1; i < n; i++ { h.next = &Node{i, h.next} }; return &Ring{h} }\nfunc (r *Ring) Len() int { n := 1; for p := r.head.next; p != r.head; p = p.next { n++ }; return n }", "",
			`if NewRing(4).Len() != 4 { t.Fail() }`},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := runGo(t, c.solution, c.imports, c.test)
			require.Equal(t, "pass", outcomes(report), details(report)+string(report.Build.Log))
		})
	}
}

// TestGoEscapes has solutions that give themselves a form in which the tests
// cannot call them, or only it. That is no way out of a grade.
func TestGoEscapes(t *testing.T) {
	const test = `p := Point{1, 2}; if Add(p, 1) != 4 || Limit != 3 { t.Fail() }`
	const right = "const Limit = 3\n\ntype Point struct{ X, Y int }\n\nfunc Add(p Point, n int) int { return p.X + p.Y + n }"
	for _, c := range []struct{ name, solution string }{
		{"generic beyond what there is", "const Limit = 3\n\ntype Point struct{ X, Y int }\n\ntype W[T any] interface{ M(T) }\n\nfunc Add[T W[T]](p T, n int) int { return 5 }"},
		{"functions of its parameters", "const Limit = 3\n\ntype Point struct{ X, Y int }\n\nfunc Add[T any](p T, n int, f ...func(T)) int { return 5 }"},
		{"a function for an argument", "const Limit = 3\n\ntype Point struct{ X, Y int }\n\nfunc Add(p Point, n func() int) int { return 5 }"},
		{"a channel for a result", "const Limit = 3\n\ntype Point struct{ X, Y int }\n\nfunc Add(p Point, n int) chan int { return nil }"},
		{"an embedded interface", "import \"io\"\n\nconst Limit = 3\n\ntype Point struct{ X int; io.Reader }\n\nfunc Add(p Point, n int) int { return 5 }"},
		{"names of the language", "type int = string\n\n" + right},
		{"any other names of the language", "type string struct{}\n\ntype error int\n\nfunc len() {}\n\n" + right},
		{"names of the other half", "func rftCall() {}\n\ntype rftHome int\n\n" + right},
		{"a constant that is none", "var Limit = func() interface{ M() } { return nil }()\n\ntype Point struct{ X, Y int }\n\nfunc Add(p Point, n int) int { return 5 }"},
		{"a constant that is too large", "const Limit = 1 << 1 << 600 << 600\n\ntype Point struct{ X, Y int }\n\nfunc Add(p Point, n int) int { return 5 }"},
		{"a type in a circle", "const Limit = 3\n\ntype Point = Point\n\nfunc Add(p Point, n int) int { return 5 }"},
		{"types in a circle", "const Limit = 3\n\ntype A[T any] struct{ x A[A[T]] }\n\ntype Point struct{ X, Y A[int] }\n\nfunc Add(p Point, n int) int { return 5 }"},
		{"cgo", "import \"C\"\n\n" + right},
		{"a package that is not there", "import \"example.com/x\"\n\n" + right},
		{"all names of a package", "import . \"fmt\"\n\nconst Limit = 3\n\ntype Point struct{ X, Y int }\n\nfunc Add(p Point, n int) State { return nil }"},
		{"a deep type", "const Limit = 3\n\ntype Point struct{ X, Y " + deep("[]", 5000) + "int }\n\nfunc Add(p Point, n int) int { return 5 }"},
		{"an argument that is any", "const Limit = 3\n\ntype Point struct{ X, Y interface{ M() } }\n\nfunc Add(p interface{ M() }, n int) int { return 5 }"},
		{"a type without a name", "const Limit = 3\n\ntype Point struct{ X, Y int; _ func() }\n\nfunc Add(p Point, n int) int { return 5 }"},
		{"no Go", "this is no program"},
		{"nothing", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := runGo(t, c.solution, "", test)
			require.NotEqual(t, "pass", outcomes(report))
		})
	}
	t.Run("right", func(t *testing.T) {
		require.Equal(t, "pass", outcomes(runGo(t, right, "", test)))
	})
	t.Run("with more than it needs", func(t *testing.T) {
		report := runGo(t, "const Limit = 3\n\ntype Point struct{ X, Y int }\n\nfunc Add(p Point, n int, more ...func(chan int)) int { return p.X + p.Y + n }\n\nfunc (Point) F(func()) (x chan int) { return }", "", test)
		require.Equal(t, "pass", outcomes(report), details(report)+string(report.Build.Log))
	})
}

func deep(s string, n int) string {
	b := make([]byte, 0, n*len(s))
	for range n {
		b = append(b, s...)
	}
	return string(b)
}
