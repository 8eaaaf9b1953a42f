// monkeypatch; ; gives int, true and panic another meaning
package main

type int = string

const true = false

func panic(v any) {}

func Steps(n int) int { return "0" }
