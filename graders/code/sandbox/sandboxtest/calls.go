package sandboxtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

var callRules = []rule{
	{"answers calls", func(t T, p probe) {
		program := p.functions("act")
		outputs := p.run(program, call(1, "act", `["next",41]`), call(2, "act", `["next",-1]`), call(3, "act", `["print",7]`))
		for i, want := range []string{"42", "0", "7"} {
			p.value(outputs[i], i+1, want)
		}
		if !bytes.Contains(outputs[2].Stderr, []byte("noise from inside")) {
			t.Errorf("what a function prints is not on standard error: %q", tail(outputs[2].Stderr))
		}
	}},
	{"carries text of any kind", func(_ T, p probe) {
		for i, arg := range []string{`[["a","b"],["\u00fc \"quoted\" \\ \n \u0000","\ud83d\ude00"],[""]]`, `[]`} {
			out := p.run(p.functions("echo"), call(i, "echo", "["+arg+"]"))[0]
			p.value(out, i, arg)
		}
	}},
	{"goes on after a call that failed", func(_ T, p probe) {
		program := p.functions("act")
		program.Limits.Time = p.atLeast(500 * time.Millisecond)
		whats := []string{"next", "fail", "next", "end", "next", "loop", "next"}
		wants := []sandbox.Failure{"", sandbox.RuntimeError, "", sandbox.RuntimeError, "", sandbox.TimeLimit, ""}
		var inputs []sandbox.Input
		for i, what := range whats {
			inputs = append(inputs, call(i, "act", fmt.Sprintf("[%q,%d]", what, i)))
		}
		for i, out := range p.run(program, inputs...) {
			if wants[i] == "" {
				p.value(out, i, fmt.Sprint(i+1))
			} else if out.Failure != wants[i] {
				p.t.Errorf("call %d (%s): failure %q, want %q", i, whats[i], out.Failure, wants[i])
			}
		}
	}},
	{"fails calls of what is not there", func(t T, p probe) {
		program := p.functions("absent")
		outputs, build := p.try(program, call(1, "absent", `[1]`))
		if build.Failure == "" && (len(outputs) != 1 || outputs[0].Failure != sandbox.RuntimeError) {
			t.Errorf("neither the build nor the call failed: %+v", outputs)
		}
	}},
}

const nonce = "8f3a61c05d7e4b29"

// call writes a call as package wire has it.
func call(id int, entry, args string) sandbox.Input {
	return sandbox.Input{Call: fmt.Appendf(nil, `{"id":%d,"op":"call","entry":%q,"args":%s,"kwargs":{},"nonce":%q}`, id, entry, args, nonce)}
}

func (p probe) functions(entry string) sandbox.Program {
	p.t.Helper()
	program := p.sample("functions")
	if p.language.Driver == "" {
		p.t.Skipf("%s has no driver", p.language.Name)
	}
	program.Entry = entry
	return program
}

// value checks the reply to a call.
func (p probe) value(out sandbox.Output, id int, want string) {
	p.t.Helper()
	var reply struct {
		ID    int             `json:"id"`
		Nonce string          `json:"nonce"`
		Value json.RawMessage `json:"value"`
	}
	if out.Failure != "" {
		p.t.Errorf("call %d: failure %q (standard error %q)", id, out.Failure, tail(out.Stderr))
		return
	}
	if err := json.Unmarshal(out.Value, &reply); err != nil {
		p.t.Errorf("call %d: the reply %q is no JSON object: %v", id, tail(out.Value), err)
		return
	}
	if reply.ID != id || reply.Nonce != nonce {
		p.t.Errorf("call %d: the reply has id %d and nonce %q, want the call's", id, reply.ID, reply.Nonce)
	}
	if !equalJSON(reply.Value, []byte(want)) {
		p.t.Errorf("call %d: the value is %s, want %s", id, tail(reply.Value), want)
	}
}

func equalJSON(a, b []byte) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	x1, err1 := json.Marshal(x)
	y1, err2 := json.Marshal(y)
	return err1 == nil && err2 == nil && bytes.Equal(x1, y1)
}
