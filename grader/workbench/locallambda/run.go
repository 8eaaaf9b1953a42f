package locallambda

import (
	"strings"
	"time"
)

// run takes one invocation from its event to its answer. It returns when its
// slot is free again, which may be after the answer.
func (f *Function) run(v *invocation) {
	e, out := f.prepare(v)
	if e != nil {
		out = f.attend(e, v)
	}
	f.conclude(e, v, out)
}

// prepare gives the event to a warm environment, or to one that it starts. No
// environment means that the outcome is known already.
func (f *Function) prepare(v *invocation) (*environment, outcome) {
	for e := f.takeIdle(); e != nil; e = f.takeIdle() {
		v.start(f.config.Timeout)
		e.logs.attach(&v.tail)
		if e.assign(v) {
			return e, outcome{}
		}
	}
	e, out := f.initialise(v, f.config.InitTimeout, "init")
	if e == nil && out.err == nil {
		v.start(f.config.Timeout)
		f.platform(v, startLine(v))
		e, out = f.initialise(v, f.config.Timeout, "invoke")
	} else if e != nil {
		v.start(f.config.Timeout)
		e.logs.platform(startLine(v))
	}
	if e == nil {
		if v.begun.IsZero() {
			v.start(f.config.Timeout)
		}
		return nil, out
	}
	if !e.assign(v) {
		e.kill()
		return nil, v.exited(e.exit)
	}
	return e, outcome{}
}

// initialise starts an environment and waits until it asks for an event. The
// phase is that of the log line: init before the invocation, invoke inside it.
func (f *Function) initialise(v *invocation, timeout time.Duration, phase string) (*environment, outcome) {
	began := time.Now()
	e, out := f.newEnvironment(v)
	if e == nil {
		if out.err == nil {
			f.count(func(s *Stats) { s.InitErrors++ })
			f.platform(v, initLine(time.Since(began), phase, out))
		}
		return nil, out
	}
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case <-e.ready:
		took := time.Since(began)
		if phase == "init" {
			v.init = took
		}
		f.countColdStart(took)
		return e, outcome{}
	case <-f.closing:
		e.kill()
		return nil, outcome{err: ErrClosed}
	case <-timer.C:
		e.measure()
		e.kill()
		out = v.timedOut(timeout)
	case <-e.gone:
		out = v.exited(e.exit)
	case <-e.initFailed:
		f.awaitEnd(e)
	}
	select {
	case <-e.initFailed:
		e.mu.Lock()
		out = e.initError
		e.mu.Unlock()
	default:
	}
	f.count(func(s *Stats) { s.InitErrors++ })
	f.platform(v, initLine(time.Since(began), phase, out))
	return nil, out
}

// awaitEnd lets a process that has reported an error end by itself, so that
// its last words reach the log.
func (f *Function) awaitEnd(e *environment) {
	timer := time.NewTimer(settle)
	defer timer.Stop()
	select {
	case <-e.gone:
	case <-timer.C:
	case <-f.closing:
	}
	e.kill()
}

// platform writes a line of the platform when there is no environment.
func (f *Function) platform(v *invocation, line string) {
	b := []byte(line + "\n")
	v.tail.add(b)
	f.log.write(b)
}

// attend waits for the outcome of the invocation. When it returns the
// environment is idle, gone, or still at work though it has responded.
func (f *Function) attend(e *environment, v *invocation) outcome {
	deadline := time.NewTimer(time.Until(v.deadline))
	defer deadline.Stop()
	var otherwise func() outcome
	select {
	case <-v.responded:
	case <-e.gone:
		otherwise = func() outcome { return v.exited(e.exit) }
	case <-deadline.C:
		otherwise = func() outcome { return v.timedOut(f.config.Timeout) }
	case <-f.closing:
		otherwise = func() outcome { return outcome{err: ErrClosed} }
	}
	e.measure()
	out, responded := e.cut()
	if !responded {
		e.kill()
		return otherwise()
	}
	wait := time.NewTimer(settle)
	defer wait.Stop()
	select {
	case <-v.settled:
	case <-e.gone:
		if out.truncated {
			out = v.exited(e.exit)
		}
	case <-wait.C:
	case <-deadline.C:
	case <-f.closing:
	}
	return out
}

// conclude writes the end of the log and answers. The environment has gone
// back before the caller can call again, unless it is still at work: then it
// keeps the slot until it asks for an event, ends or runs out of time.
func (f *Function) conclude(e *environment, v *invocation, out outcome) {
	took := time.Since(v.begun)
	atWork := false
	peak := 0
	if e != nil {
		peak = e.measure()
		e.logs.flush()
	}
	if out.err == nil {
		end := endLines(v, out, took, f.config.MemoryMB, peak)
		if e != nil {
			e.logs.platform(end)
		} else {
			f.platform(v, end)
		}
		f.countOutcome(out)
	}
	if e != nil {
		e.logs.attach(nil)
		select {
		case <-v.settled:
			f.giveBack(e)
		case <-e.gone:
		default:
			atWork = true
		}
	}
	v.answer, v.err = Response{
		RequestID: v.id, Payload: out.payload, Log: v.tail.b, Duration: took, InitDuration: v.init,
	}, out.err
	if out.failed {
		v.answer.FunctionError = "Unhandled"
	}
	if out.err != nil {
		v.answer = Response{}
	}
	close(v.answered)
	if atWork {
		f.linger(e, v)
	}
}

// linger waits for an environment that works on after its response.
func (f *Function) linger(e *environment, v *invocation) {
	deadline := time.NewTimer(time.Until(v.deadline))
	defer deadline.Stop()
	select {
	case <-v.settled:
		f.giveBack(e)
		return
	case <-e.gone:
	case <-deadline.C:
		note, _, _ := strings.Cut(v.timedOut(f.config.Timeout).note, "\n")
		e.logs.platform(note)
	case <-f.closing:
	}
	e.kill()
}
