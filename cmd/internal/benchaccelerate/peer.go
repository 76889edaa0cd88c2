package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// peer is PostGraphile, in a folder with the Node.js that it needs.
type peer struct {
	folder string
	url    string
}

// The versions that docs/performance.md has.
var peerPackages = []string{"postgraphile@5.1.5", "node@22.23.3"}

// peerProgram serves the database with PostGraphile's own preset and pool.
const peerProgram = `import { postgraphile } from "postgraphile";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { createServer } from "node:http";
const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString: process.env.DATABASE_URL, schemas: ["public"], poolConfig: { max: Number(process.env.POOL) } })],
};
const server = createServer();
server.on("error", (error) => { console.error(error); process.exit(1); });
const serv = postgraphile(preset).createServ(grafserv);
await serv.addTo(server);
await serv.ready?.();
server.listen(0, "127.0.0.1", () => console.log("http://127.0.0.1:" + server.address().port));
`

// fetchPeer installs the peer below a folder, for a database.
func fetchPeer(ctx context.Context, folder, database string) (*peer, error) {
	p := &peer{folder: filepath.Join(folder, "postgraphile"), url: database}
	if err := os.Mkdir(p.folder, 0o700); err != nil {
		return nil, err
	}
	install := exec.CommandContext(ctx, "npm", append([]string{"install", "--no-audit", "--no-fund"}, peerPackages...)...)
	install.Dir = p.folder
	if out, err := install.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm install: %w\n%s", err, out)
	}
	return p, os.WriteFile(filepath.Join(p.folder, "serve.mjs"), []byte(peerProgram), 0o600)
}

func (p *peer) start(ctx context.Context) (*service, error) {
	command := exec.CommandContext(ctx, filepath.Join("node_modules", "node", "bin", "node"), "serve.mjs")
	command.Dir = p.folder
	command.Env = append(os.Environ(), "NODE_ENV=production", "GRAPHILE_ENV=production", "DATABASE_URL="+p.url, fmt.Sprintf("POOL=%d", poolSize))
	return startService(ctx, "", command)
}
