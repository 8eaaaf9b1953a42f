package locallambda

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
)

// maxServeHeader bounds the header of a request; the client context is the
// largest part of an honest one.
const maxServeHeader = 64 << 10

// Serve runs the function and offers it over HTTP at addr, such as
// 127.0.0.1:9000, until ctx is done. An address without a host means
// 127.0.0.1, and port 0 any free port: whoever reaches the port can run the
// function, so choose another host with care. Requests that a web page of
// another origin makes are refused.
//
// It starts one environment at once, and fails with an [*InitError] where the
// function cannot start. When it is ready it writes one line to log with the
// URL. The function's log goes there, too, if config.Log is nil. The end of ctx
// is not an error.
func Serve(ctx context.Context, config Config, addr string, log io.Writer) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("serve local function: %w; give an address such as 127.0.0.1:9000", err)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	if config.Log == nil {
		config.Log = log
	}
	f, err := Start(ctx, config)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		_ = f.Close() // nothing has run, so there is nothing to tell
		return fmt.Errorf("serve local function: %w; choose another port", err)
	}
	if err := f.Warm(ctx); err != nil {
		listener.Close()
		_ = f.Close() // of the two errors the first is the one to tell
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("serve local function: %w", err)
	}
	if _, err := fmt.Fprintf(log, "serving function at http://%s (POST %s%s%s)\n",
		listener.Addr(), invokePrefix, f.config.Name, invokeSuffix); err != nil {
		listener.Close()
		_ = f.Close() // of the two errors the first is the one to tell
		return fmt.Errorf("serve local function: write to the log: %w", err)
	}
	server := newEndpoint(listener, http.NewCrossOriginProtection().Handler(f), maxServeHeader)
	served := make(chan error, 1)
	go func() { served <- server.serve() }()
	select {
	case <-ctx.Done():
		err = nil
	case err = <-served:
		err = fmt.Errorf("serve local function: %w", err)
		served <- nil
	}
	closed := f.Close()
	server.finish()
	<-served
	server.join()
	if err != nil {
		return err
	}
	return closed
}
