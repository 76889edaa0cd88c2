// Package metrics shows what the reference does as Prometheus' text: it reads what
// others have counted when it is asked, and counts nothing itself. docs/pulse.md
// lists what there is; a test holds that list and the real output against each
// other.
//
// The text is written here: Prometheus' library registers its collectors when a
// program starts, whether it serves metrics or not, which cost every run of the
// command line a tenth of its start-up. The tests read the text with that library,
// and judge the names by its linter.
package metrics
