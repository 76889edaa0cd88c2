package source

import (
	"cmp"
	"slices"
	"strings"
)

// Fix makes the edits of the diagnostics that are about this file, and returns
// the new text and the diagnostics whose edit was made, in their order. An edit
// counts when its old text stands at its place, and of two that overlap the
// first in the file. All other bytes stay as they are: comments, line breaks,
// the byte order mark.
//
// The new text is parsed and compared with the old: when it cannot be parsed, or
// differs in anything but the scalars and keys in which the edits stand, no edit
// is made.
func Fix(file *File, found Diagnostics) (fixed string, applied Diagnostics) {
	edits, applied := placed(file, found)
	if len(applied) == 0 {
		return file.Text, nil
	}
	fixed = spliced(file.Text, edits)
	if !sameButFor(edits, file, &File{Name: file.Name, URI: file.URI, Text: fixed}) {
		return file.Text, nil
	}
	return fixed, applied
}

// replacement is an edit at a byte of a file.
type replacement struct {
	start int
	Edit
}

// placed finds the edits that can be made, in the order of the file.
func placed(file *File, found Diagnostics) (edits []replacement, applied Diagnostics) {
	var all []replacement
	for _, d := range found {
		offset, ok := d.Edit.At.offset()
		if ok && d.Edit.At.File == file && d.Edit.Old != "" && strings.HasPrefix(file.Text[offset:], d.Edit.Old) {
			all = append(all, replacement{offset, d.Edit})
		}
	}
	slices.SortStableFunc(all, func(a, b replacement) int { return cmp.Compare(a.start, b.start) })
	made := map[Edit]bool{}
	end := 0
	for _, edit := range all {
		if edit.start >= end {
			edits = append(edits, edit)
			made[edit.Edit] = true
			end = edit.start + len(edit.Old)
		}
	}
	for _, d := range found {
		if made[d.Edit] {
			applied = append(applied, d)
		}
	}
	return edits, applied
}

// spliced makes the edits, which stand in order and do not overlap.
func spliced(text string, edits []replacement) string {
	var b strings.Builder
	end := 0
	for _, edit := range edits {
		b.WriteString(text[end:edit.start])
		b.WriteString(edit.New)
		end = edit.start + len(edit.Old)
	}
	b.WriteString(text[end:])
	return b.String()
}

// sameButFor compares the two texts of a file: they may differ in the scalars
// and keys in which an edit stands.
func sameButFor(edits []replacement, before, after *File) bool {
	was, err := Parse(before)
	if err != nil {
		return false
	}
	is, err := Parse(after)
	if err != nil {
		return false
	}
	var places []Position
	scalars(was, &places)
	slices.SortFunc(places, comparePlaces)
	touched := map[Position]bool{}
	for _, edit := range edits {
		// The last scalar or key that begins before the edit is the one it stands in.
		i, exact := slices.BinarySearchFunc(places, edit.At, comparePlaces)
		if exact || i > 0 {
			if !exact {
				i--
			}
			touched[places[i]] = true
		}
	}
	return similar(was, is, touched)
}

func comparePlaces(a, b Position) int {
	return cmp.Or(a.Line-b.Line, a.Column-b.Column)
}

// scalars lists where scalars and keys begin.
func scalars(v *Value, places *[]Position) {
	for _, item := range v.Items {
		scalars(item, places)
	}
	for _, m := range v.Members {
		*places = append(*places, m.Position)
		scalars(m.Value, places)
	}
	if v.Kind != Array && v.Kind != Object {
		*places = append(*places, v.Position)
	}
}

// similar tells whether two values are the same but for what was touched.
func similar(was, is *Value, touched map[Position]bool) bool {
	if was.Kind != is.Kind && (was.Kind == Array || was.Kind == Object || is.Kind == Array || is.Kind == Object) {
		return false
	}
	if was.Scalar != is.Scalar && !touched[was.Position] || len(was.Items) != len(is.Items) || len(was.Members) != len(is.Members) {
		return false
	}
	for i, item := range was.Items {
		if !similar(item, is.Items[i], touched) {
			return false
		}
	}
	for i, m := range was.Members {
		n := is.Members[i]
		if m.Key != n.Key && !touched[m.Position] || !similar(m.Value, n.Value, touched) {
			return false
		}
	}
	return true
}
