package datarules

import (
	"fmt"
	"regexp"
)

// s3URI is the form that the API's model gives, with its lengths.
var s3URI = regexp.MustCompile(`^s3://[a-z0-9][-.a-z0-9]{1,61}[a-z0-9](?:/[-!_*'().a-z0-9A-Z]+(?:/[-!_*'().a-z0-9A-Z]+)*)?/?$`)

// CheckURI checks where a file is to lie in S3.
func CheckURI(uri string, report func(Finding)) {
	const longest = 1024
	switch {
	case len(uri) > longest:
		report(found(uri[:60]+"...", 0, "F9", fmt.Sprintf("the S3 URI has %d characters: want at most %d", len(uri), longest)))
	case !s3URI.MatchString(uri):
		report(found(uri, 0, "F9", "the API refuses this S3 URI: want s3://bucket/key with letters, digits and -!_*'(). in the key, so no space, + or ="))
	}
}
