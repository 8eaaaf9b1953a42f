package spec

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// classify says what a plain (unquoted) YAML scalar is, by the core schema of
// YAML 1.2, and returns a Boolean or a number as JSON.
//
// What readers of different YAML versions take for different things is a
// problem, which the third result describes.
func classify(s string) (k kind, json, problem string) {
	switch s {
	case "", "~", "null", "Null", "NULL":
		return kindNull, "", ""
	case "true", "True", "TRUE":
		return kindBoolean, "true", ""
	case "false", "False", "FALSE":
		return kindBoolean, "false", ""
	}
	switch strings.ToLower(s) {
	case "yes", "no", "on", "off":
		return kindBroken, "", "some YAML readers take " + s + " for true or false: write " + truthOf(s) + `, or "` + s + `" if a string is meant`
	case ".inf", "+.inf", "-.inf", ".nan":
		return kindBroken, "", "want a finite number, got " + s
	}
	switch {
	case isJSONNumber(s):
		return kindNumber, s, ""
	case likeNumber(s):
		return kindBroken, "", "YAML readers differ about the number " + s + ": write it as 12, 0.5 or 1e-6, or quote it if a string is meant"
	}
	return kindText, "", ""
}

func truthOf(s string) string {
	if l := strings.ToLower(s); l == "yes" || l == "on" {
		return "true"
	}
	return "false"
}

func isJSONNumber(s string) bool {
	v := jsontext.Value(s)
	return v.Kind() == '0' && len(s) < 400 && s[len(s)-1] > ' ' && v.IsValid()
}

// likeNumber reports whether some version of YAML reads s as a number: signs,
// leading zeros, a bare point, underscores, hexadecimal, octal and binary.
func likeNumber(s string) bool {
	s = strings.TrimLeft(s, "+-")
	if len(s) > 2 && s[0] == '0' && strings.ContainsRune("xXoObB", rune(s[1])) {
		return strings.Trim(s[2:], "0123456789abcdefABCDEF_") == ""
	}
	whole, rest := cutDigits(s)
	frac := ""
	if strings.HasPrefix(rest, ".") {
		frac, rest = cutDigits(rest[1:])
	}
	if strings.Trim(whole+frac, "_") == "" || strings.HasPrefix(whole, "_") {
		return false
	}
	if rest == "" {
		return true
	}
	if rest[0] != 'e' && rest[0] != 'E' {
		return false
	}
	exp := strings.TrimLeft(rest[1:], "+-")
	_, rest = cutDigits(exp)
	return exp != "" && rest == ""
}

// cutDigits splits s behind its leading digits and underscores.
func cutDigits(s string) (digits, rest string) {
	rest = strings.TrimLeft(s, "0123456789_")
	return s[:len(s)-len(rest)], rest
}
