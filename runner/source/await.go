package source

import "context"

// Await reads what may never come, such as a pipe that nobody writes to: when ctx
// ends before, the error is that of ctx. The reading then goes on until something
// comes, and leads nowhere.
func Await[T any](ctx context.Context, read func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	came := make(chan outcome, 1)
	go func() {
		value, err := read()
		came <- outcome{value, err}
	}()
	select {
	case o := <-came:
		return o.value, o.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
