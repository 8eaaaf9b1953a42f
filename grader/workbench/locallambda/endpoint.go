package locallambda

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// An endpoint is an HTTP server whose goroutines can all be joined. The
// standard server forgets a connection that it closes, and one that was
// accepted at that very moment it does not close.
type endpoint struct {
	net.Listener
	server *http.Server

	mu     sync.Mutex
	closed bool
	conns  map[net.Conn]struct{}
	wg     sync.WaitGroup
}

func newEndpoint(l net.Listener, h http.Handler, maxHeader int) *endpoint {
	p := &endpoint{Listener: l, conns: make(map[net.Conn]struct{})}
	p.server = &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       20 * time.Minute, // more than an invocation can take
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          log.New(io.Discard, "", 0),
		ConnState: func(c net.Conn, s http.ConnState) {
			switch s {
			case http.StateNew:
				p.wg.Add(1)
			case http.StateClosed, http.StateHijacked:
				p.mu.Lock()
				delete(p.conns, c)
				p.mu.Unlock()
				p.wg.Done()
			}
		},
	}
	return p
}

// maxConns bounds the connections of an endpoint at a time. A process that
// opens more finds the rest closed.
const maxConns = 1024

// Accept is what the server calls.
func (p *endpoint) Accept() (net.Conn, error) {
	for {
		c, err := p.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if p.keep(c) {
			return c, nil
		}
		c.Close()
	}
}

func (p *endpoint) keep(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.conns) == maxConns {
		return false
	}
	p.conns[c] = struct{}{}
	return true
}

// serve returns when the endpoint is shut.
func (p *endpoint) serve() error { return p.server.Serve(p) }

// farewell is how long finish waits for answers to be written.
const farewell = 2 * time.Second

// finish is shut after the requests that are being served.
func (p *endpoint) finish() {
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	_ = p.server.Shutdown(ctx) // shut ends what is left
	p.shut()
}

// shut closes the listener and every connection.
func (p *endpoint) shut() {
	p.mu.Lock()
	p.closed = true
	for c := range p.conns {
		c.Close()
	}
	p.mu.Unlock()
	p.server.Close()
}

// join waits for the goroutines of the connections. It is called after serve
// has returned.
func (p *endpoint) join() { p.wg.Wait() }
