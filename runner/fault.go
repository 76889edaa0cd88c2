package runner

// rethrow goes on with the panic of a goroutine, where there was one, in the one that
// waited for it: the caller of a run may recover from it, and tell whose fault it is.
func rethrow(fault any) {
	if fault != nil {
		panic(fault) //nolint:forbidigo // it is a panic already
	}
}
