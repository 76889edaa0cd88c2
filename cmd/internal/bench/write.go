package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// writeDocuments is the role that writes the documents of all cases: bench write
// FOLDER URL [BIG]. A process of its own needs the memory for it, see package cost.
func writeDocuments(args []string) error {
	if len(args) != 3 {
		return fmt.Errorf("write takes a folder, the API's URL and a large description or nothing, not %q", args)
	}
	folder, url, big := args[0], args[1], args[2]
	items := description{"items", "items.openapi.yaml"}
	list := []document{
		{items.url, itemsDescription(url)},
		{"flow-10.arazzo.yaml", flow(1, items)},
		{"flow-1000.arazzo.yaml", flow(100, items)},
	}
	if big == "" {
		// One of ours has the operations that the run needs, in the midst of others.
		list = append(list, document{ownBig, bigDescription(url)},
			document{flowBig, flow(1, description{"items", ownBig})})
	} else {
		// Our API does not serve somebody's description: that stands beside the small one.
		list = append(list, document{flowBig, flow(1, items, description{"big", big})})
	}
	var failed error
	for _, d := range list {
		failed = errors.Join(failed, os.WriteFile(filepath.Join(folder, d.name), []byte(d.text), 0o600))
	}
	return failed
}

const (
	ownBig  = "big.json"
	flowBig = "flow-big.arazzo.yaml"
)
