package jsonpath

// slice selects elements of an array from start to end, end not included, by
// step; nil stands for an omitted part (RFC 9535, 2.3.4). No sum below can
// overflow: each part is within 2^53.
type slice struct {
	start, end *int64
	step       int64
}

func (s slice) apply(e *evaluation, node any, selected []any) []any {
	array, _ := node.([]any)
	from, to := s.bounds(int64(len(array)))
	for at := from; s.step > 0 && at < to || s.step < 0 && at > to; at += s.step {
		if !e.spend(1) {
			return nil
		}
		selected = append(selected, array[at])
	}
	return selected
}

// bounds are the first element and the one not reached any more. Going down,
// the latter is -1 when the slice goes to the start of the array.
func (s slice) bounds(length int64) (from, to int64) {
	if s.step >= 0 {
		return position(s.start, 0, length, 0, length), position(s.end, length, length, 0, length)
	}
	return position(s.start, length-1, length, -1, length-1), position(s.end, -1, length, -1, length-1)
}

// position is a part counted from the start of the array, kept from low to high.
func position(part *int64, omitted, length, low, high int64) int64 {
	if part == nil {
		return omitted
	}
	at := *part
	if at < 0 {
		at += length
	}
	return min(max(at, low), high)
}
