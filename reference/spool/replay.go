package spool

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

const readBuffer = 256 << 10

// Replay gives the messages of a transaction in the order in which they were
// written, without those of sub-transactions that were aborted. A message is
// valid until each returns; an error of each ends the replay and is returned. A
// transaction of which nothing was written has no messages. It stays until it is
// dropped.
func (s *Spool) Replay(xid uint32, each func(message []byte) error) (err error) {
	t := s.transactions[xid]
	if t == nil {
		return nil
	}
	if t == s.current {
		if err := s.settle(); err != nil {
			return err
		}
	}
	file, err := s.open(t.path, os.O_RDONLY, 0)
	if err != nil {
		return s.explain(err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	messages := records{from: bufio.NewReaderSize(file, readBuffer), left: t.size}
	for messages.left > 0 {
		subXid, message, err := messages.next()
		if err != nil {
			return fmt.Errorf("spool: transaction %d: %w", xid, err)
		}
		if t.aborted.has(subXid) {
			continue
		}
		if err := each(message); err != nil {
			return err
		}
	}
	return nil
}

// records reads a file that Write wrote: for each message its length (uvarint),
// its sub-transaction (4 bytes) and itself.
type records struct {
	from *bufio.Reader
	// left is how many bytes are to come.
	left int64
	// subXid and message are the memory of the last one's.
	subXid  [4]byte
	message []byte
}

func (r *records) next() (subXid uint32, message []byte, err error) {
	length, err := binary.ReadUvarint(r.from)
	if err != nil {
		return 0, nil, truncated(err)
	}
	if _, err := io.ReadFull(r.from, r.subXid[:]); err != nil {
		return 0, nil, truncated(err)
	}
	var scratch [binary.MaxVarintLen64]byte
	header := int64(binary.PutUvarint(scratch[:], length) + len(r.subXid))
	if length > uint64(max(0, r.left-header)) {
		return 0, nil, fmt.Errorf("the file was changed: it announces a message of %d bytes, %d are left", length, r.left-header)
	}
	r.left -= header + int64(length)
	if uint64(cap(r.message)) < length {
		r.message = make([]byte, length)
	}
	r.message = r.message[:length]
	if _, err := io.ReadFull(r.from, r.message); err != nil {
		return 0, nil, truncated(err)
	}
	return binary.BigEndian.Uint32(r.subXid[:]), r.message, nil
}

func truncated(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file was changed: it ends early")
	}
	return err
}
