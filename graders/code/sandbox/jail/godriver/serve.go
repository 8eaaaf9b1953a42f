package godriver

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"strconv"
	"strings"
)

// A Program is what the candidate defines, by name.
type Program struct {
	Functions Functions
	Types     Types
	Values    Values
}

// The maps have names so that the generated main needs none of the predeclared
// ones, which a program may declare itself.
type (
	Functions map[string]any
	Types     map[string]reflect.Type // those that are not generic
	Values    map[string]any          // pointers to variables
)

// Instances are a generic function's, for the types that values may have: the first
// that takes the arguments of a call is the one that is called.
type Instances []any

// The types that generic functions are made for, by names that no program declares.
type (
	Int   = int
	Float = float64
	Text  = string
	Any   = any
)

// TypeOf returns the type T, for the generated main.
func TypeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

// Options say where the calls come from.
type Options struct {
	In, Out io.ReadWriter
	Entry   string // what a call without entry means; "*": everything may be asked
	Limit   int    // the longest value, in bytes
}

// Main serves p on the descriptors 3 and 4 until the other side closes them.
func Main(p Program, entry string, limit int) {
	in, out := os.NewFile(3, "calls"), os.NewFile(4, "replies")
	Serve(p, Options{In: in, Out: out, Entry: entry, Limit: limit})
	os.Exit(0)
}

// Serve answers calls until In ends.
func Serve(p Program, o Options) {
	s := &server{Program: p, Options: o}
	if o.Entry == "*" {
		s.handles = &handles{numbers: map[any]int{}}
	}
	in := bufio.NewReaderSize(o.In, 1<<16)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		if _, err := o.Out.Write(s.answer(line)); err != nil {
			return
		}
	}
}

type server struct {
	Program
	Options
	handles *handles
}

// A request is one line, read.
type request struct {
	ID     json.RawMessage   `json:"id"`
	Nonce  json.RawMessage   `json:"nonce"`
	Op     string            `json:"op"`
	Entry  string            `json:"entry"`
	Args   []json.RawMessage `json:"args"`
	Kwargs map[string]json.RawMessage
	Handle int  `json:"h"`
	Echo   bool `json:"echo"`
}

func (s *server) answer(line []byte) []byte {
	var r request
	var out bytes.Buffer
	err := json.Unmarshal(line, &r)
	out.WriteString(`{"id":`)
	writeRaw(&out, r.ID)
	out.WriteString(`,"nonce":`)
	writeRaw(&out, r.Nonce)
	var results, args []reflect.Value
	if err == nil {
		results, args, err = s.guarded(&r)
	}
	if err == nil {
		results, err = withoutError(results)
	}
	if err != nil {
		writeError(&out, err)
	} else {
		w := writer{limit: s.Limit, handles: s.handles}
		out.WriteString(`,"value":`)
		out.WriteString(w.results(results, r.Op == "new"))
		if r.Echo {
			out.WriteString(`,"args":`)
			out.WriteString(w.list(args))
		}
	}
	out.WriteString("}\n")
	return out.Bytes()
}

func writeRaw(out *bytes.Buffer, raw json.RawMessage) {
	if len(raw) == 0 {
		raw = json.RawMessage("null")
	}
	out.Write(raw)
}

// A failure is an error with the name of its type.
type failure struct{ kind, message string }

func (f *failure) Error() string { return f.message }

func writeError(out *bytes.Buffer, err error) {
	kind := fmt.Sprintf("%T", err)
	if f, ok := err.(*failure); ok {
		kind = f.kind
	}
	message := text(err)
	if len(message) > 2000 {
		message = strings.ToValidUTF8(message[:2000], "")
	}
	k, _ := json.Marshal(kind)
	m, _ := json.Marshal(message)
	fmt.Fprintf(out, `,"error":{"type":%s,"bases":[%s],"message":%s}`, k, k, m)
}

// text asks an error for its text; a hostile one may panic.
func text(err error) (text string) {
	defer func() {
		if recover() != nil {
			text = ""
		}
	}()
	return err.Error()
}

// guarded makes the call in a goroutine of its own: a panic and the end of the
// goroutine are the candidate's errors, not the end of the driver.
func (s *server) guarded(r *request) (results, args []reflect.Value, err error) {
	done := make(chan struct{})
	go func() {
		finished := false
		defer close(done)
		defer func() {
			if p := recover(); p != nil {
				err = &failure{kind: "panic", message: panicText(p)}
			} else if !finished {
				err = &failure{kind: "Goexit", message: "the goroutine of the call ended"}
			}
		}()
		results, args, err = s.do(r)
		finished = true
	}()
	<-done
	return results, args, err
}

func panicText(p any) (text string) {
	defer func() {
		if recover() != nil {
			text = ""
		}
	}()
	return fmt.Sprint(p)
}

func (s *server) do(r *request) (results, args []reflect.Value, err error) {
	if s.handles == nil && r.Op != "" && r.Op != "call" {
		return nil, nil, &failure{kind: "error", message: "this program only answers calls"}
	}
	switch r.Op {
	case "", "call":
		name := r.Entry
		if name == "" {
			name = s.Entry
		}
		f, err := s.find(name, r)
		if err != nil {
			return nil, nil, err
		}
		return s.call(f, r)
	case "names":
		return []reflect.Value{reflect.ValueOf(s.names())}, nil, nil
	case "new":
		return s.make(r)
	case "method":
		owner, err := s.handles.get(r.Handle)
		if err != nil {
			return nil, nil, err
		}
		m := owner.MethodByName(r.Entry)
		if !m.IsValid() {
			return nil, nil, &failure{kind: "error", message: "no such method"}
		}
		return s.call(m, r)
	case "get", "set":
		field, err := s.variable(r)
		if err != nil {
			return nil, nil, err
		}
		if r.Op == "get" {
			return []reflect.Value{field}, nil, nil
		}
		if len(r.Args) != 1 || !field.CanSet() {
			return nil, nil, &failure{kind: "error", message: "this cannot be set"}
		}
		v, err := s.read(r.Args[0], field.Type())
		if err == nil {
			field.Set(v)
		}
		return nil, nil, err
	}
	return nil, nil, &failure{kind: "error", message: "an operation that this driver does not know"}
}

func (s *server) find(name string, r *request) (reflect.Value, error) {
	if f, ok := s.Functions[name]; ok {
		if instances, ok := f.(Instances); ok {
			f = s.fitting(instances, r)
		}
		return reflect.ValueOf(f), nil
	}
	owner, method, ok := strings.Cut(name, ".")
	if !ok {
		owner, method = "Solution", name
	}
	if t, ok := s.Types[owner]; ok {
		if m := reflect.New(t).MethodByName(method); m.IsValid() {
			return m, nil
		}
	}
	return reflect.Value{}, &failure{kind: "error", message: "the function is not defined"}
}

func (s *server) fitting(instances Instances, r *request) any {
	for _, f := range instances {
		if _, err := s.arguments(reflect.TypeOf(f), r); err == nil {
			return f
		}
	}
	return instances[0]
}

func (s *server) names() map[string]string {
	names := map[string]string{}
	for name := range s.Functions {
		names[name] = "function"
	}
	for name := range s.Types {
		names[name] = "class"
	}
	for name := range s.Values {
		names[name] = "value"
	}
	return names
}

func (s *server) make(r *request) (results, args []reflect.Value, err error) {
	t, ok := s.Types[r.Entry]
	if !ok {
		return nil, nil, &failure{kind: "error", message: "the type is not defined"}
	}
	made := reflect.New(t)
	if len(r.Args) > 0 {
		v, err := s.read(r.Args[0], t)
		if err != nil {
			return nil, nil, err
		}
		made.Elem().Set(v)
	}
	return []reflect.Value{made}, nil, nil
}

func (s *server) variable(r *request) (reflect.Value, error) {
	if r.Handle == 0 {
		v, ok := s.Values[r.Entry]
		if !ok {
			return reflect.Value{}, &failure{kind: "error", message: "the variable is not defined"}
		}
		value := reflect.ValueOf(v)
		if value.Kind() == reflect.Pointer {
			value = value.Elem()
		}
		return value, nil
	}
	owner, err := s.handles.get(r.Handle)
	if err != nil {
		return reflect.Value{}, err
	}
	for owner.Kind() == reflect.Pointer {
		owner = owner.Elem()
	}
	if owner.Kind() == reflect.Struct {
		if field := owner.FieldByName(r.Entry); field.IsValid() {
			return field, nil
		}
	}
	return reflect.Value{}, &failure{kind: "error", message: "no such field"}
}

func (s *server) call(f reflect.Value, r *request) (results, args []reflect.Value, err error) {
	if args, err = s.arguments(f.Type(), r); err != nil {
		return nil, nil, err
	}
	return f.Call(args), args, nil
}

func (s *server) arguments(t reflect.Type, r *request) (args []reflect.Value, err error) {
	least := t.NumIn()
	if t.IsVariadic() {
		least--
	}
	if len(r.Args) < least || (len(r.Args) > least && !t.IsVariadic()) {
		return nil, &failure{kind: "error", message: "it takes " + strconv.Itoa(t.NumIn()) + " arguments, not " + strconv.Itoa(len(r.Args))}
	}
	for i, raw := range r.Args {
		in := t.In(min(i, t.NumIn()-1))
		if t.IsVariadic() && i >= least {
			in = in.Elem()
		}
		v, err := s.read(raw, in)
		if err != nil {
			return nil, fmt.Errorf("argument %d: %w", i+1, err)
		}
		args = append(args, v)
	}
	return args, nil
}

// withoutError takes a last result of type error away: nil says nothing, and
// any other is the error of the call.
func withoutError(results []reflect.Value) ([]reflect.Value, error) {
	n := len(results)
	if n == 0 || results[n-1].Type() != reflect.TypeFor[error]() {
		return results, nil
	}
	if err, ok := results[n-1].Interface().(error); ok && err != nil {
		return nil, err
	}
	return results[:n-1], nil
}

// handles are the objects that the other side may ask about, by number.
type handles struct {
	objects []reflect.Value
	numbers map[any]int
}

func (h *handles) keep(v reflect.Value) int {
	if v.Kind() == reflect.Pointer {
		if n, ok := h.numbers[v.Pointer()]; ok {
			return n
		}
	}
	h.objects = append(h.objects, v)
	n := len(h.objects)
	if v.Kind() == reflect.Pointer {
		h.numbers[v.Pointer()] = n
	}
	return n
}

func (h *handles) get(n int) (reflect.Value, error) {
	if n < 1 || n > len(h.objects) {
		return reflect.Value{}, &failure{kind: "error", message: "no such object"}
	}
	return h.objects[n-1], nil
}
