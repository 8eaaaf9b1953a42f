package locallambda

import "strings"

const (
	version   = "$LATEST"
	accountID = "123456789012"
)

// parseFunctionName splits what a caller gives as FunctionName: a name, a
// partial ARN (ACCOUNT:function:NAME) or an ARN, each with or without a
// qualifier. Any account and any region are accepted, so that the ARN of the
// deployed function can be used unchanged.
func parseFunctionName(s string) (name, qualifier string, ok bool) {
	if arn, found := strings.CutPrefix(s, "arn:"); found {
		parts := strings.SplitN(arn, ":", 4)
		if len(parts) != 4 || !strings.HasPrefix(parts[0], "aws") || !validName(parts[0]) ||
			parts[1] != "lambda" || !validName(parts[2]) {
			return "", "", false
		}
		s = parts[3]
		if !isPartialARN(s) {
			return "", "", false
		}
	}
	if isPartialARN(s) {
		s = s[len(accountID)+len(":function:"):]
	}
	name, qualifier, qualified := strings.Cut(s, ":")
	if !validName(name) || qualified && !validQualifier(qualifier) {
		return "", "", false
	}
	return name, qualifier, true
}

func isPartialARN(s string) bool {
	if len(s) < len(accountID) {
		return false
	}
	for i := range len(accountID) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return strings.HasPrefix(s[len(accountID):], ":function:")
}

func validName(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !isLetter(c) && !isDigit(c) && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

func validQualifier(s string) bool {
	s = strings.TrimPrefix(s, "$")
	if s == "" || len(s) > 128 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !isLetter(c) && !isDigit(c) && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
