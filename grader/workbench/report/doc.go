// Package report writes the report of a grading: one HTML file that needs no network
// and works from disk. Charts are SVG; the rollouts stand in it as JSON, which a script
// of the page shows as a table. It prints nothing.
//
// What models wrote is hostile: it stands in the file as JSON without a < or & in it,
// the script puts it on the page as text only, and the page's own policy allows no
// other script and no request.
package report
