// crash; ; panics in a goroutine, and in the error of its error
package main

type bad struct{}

func (bad) Error() string { panic(bad{}) }

func Steps(n int) int {
	go func() { panic(bad{}) }()
	panic(bad{})
}
