// Package secret says which names mark a value as secret, what is shown in its
// place, and which variable of the environment may hold a credential. Every
// output of the runner follows it.
package secret
