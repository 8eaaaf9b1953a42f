package grader_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

func TestPackageDoc(t *testing.T) {
	require.Equal(t, "Tall compares heights.\n\nMore of it.\n",
		grader.PackageDoc("/*\nPackage tall gives the kind tall.\n\nTall compares heights.\n\nMore of it.\n*/\npackage tall\n"))
	require.Empty(t, grader.PackageDoc("package tall\n"))
}

func TestExcerpt(t *testing.T) {
	require.Equal(t, `"a \"b\""`, grader.Excerpt(`a "b"`))
	require.Equal(t, `"`+strings.Repeat("x", 60)+`"...`, grader.Excerpt(strings.Repeat("x", 61)))
	for n := range 70 {
		s := strings.Repeat("x", n) + strings.Repeat("é", 40)
		require.True(t, utf8.ValidString(grader.Excerpt(s)))
		require.NotContains(t, grader.Excerpt(s), `\x`)
	}
}
