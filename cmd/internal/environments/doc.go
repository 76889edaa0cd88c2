// Package environments reads who may use the reference and what for: API keys,
// from the command line, an environment variable or a file, and the environments
// file, which gives each environment its keys and its database. Whatever is wrong is
// told at once, each mistake with its place and the next move, and no diagnostic
// shows a line of these files: they hold secrets.
//
// The environments file is YAML, because people write it by hand and want to say
// why in comments; JSON, which programs write, is read by the same reader.
package environments
