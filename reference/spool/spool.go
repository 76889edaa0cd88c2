package spool

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
)

const (
	// filePrefix and the transaction's number name a file: by the prefix Open knows
	// what it may remove.
	filePrefix = "transaction-"
	// writeBuffer gathers messages of a few hundred bytes into one write.
	writeBuffer = 128 << 10
)

// Spool is a folder of transactions in progress, told apart by the number (xid)
// of the top-level transaction. One goroutine at a time uses it; [Spool.Size] alone
// may be called from any.
//
// After an error of [Spool.Write] the transaction is not whole, and neither is
// the one before it when it was still buffered: the caller gives all up with
// [Spool.Reset], and has the server send them again.
type Spool struct {
	dir  string
	open func(path string, flag int, mode os.FileMode) (*os.File, error)

	transactions map[uint32]*transaction
	// current is the transaction whose file is open for writing, through buffered;
	// nil when none is.
	current  *transaction
	file     *os.File
	buffered *bufio.Writer
	// header is the memory of the last message's.
	header []byte

	count, bytes atomic.Int64
}

type transaction struct {
	path string
	// size is the length of the file with what is still buffered.
	size int64
	// aborted are the sub-transactions that were rolled back.
	aborted xids
}

// Open makes the folder where it is missing and removes from it what an earlier
// process left there. Nobody else may use the folder: the caller holds a lock.
func Open(dir string) (*Spool, error) {
	s := &Spool{dir: dir, open: os.OpenFile, transactions: map[uint32]*transaction{}, buffered: bufio.NewWriterSize(nil, writeBuffer)}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, s.explain(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil {
		return nil, s.explain(err)
	}
	for _, entry := range left {
		if !strings.HasPrefix(entry.Name(), filePrefix) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, entry.Name())); err != nil {
			return nil, s.explain(err)
		}
	}
	return s, nil
}

// Write adds a message to a transaction, as of its sub-transaction subXid; xid
// itself stands for the top level. The message is copied. An error names the
// folder; a full disk is one.
func (s *Spool) Write(xid, subXid uint32, message []byte) error {
	if err := s.turnTo(xid); err != nil {
		return err
	}
	s.header = binary.AppendUvarint(s.header[:0], uint64(len(message)))
	s.header = binary.BigEndian.AppendUint32(s.header, subXid)
	if _, err := s.buffered.Write(s.header); err != nil {
		return s.explain(err)
	}
	if _, err := s.buffered.Write(message); err != nil {
		return s.explain(err)
	}
	s.grow(s.current, int64(len(s.header)+len(message)))
	return nil
}

// turnTo opens the file of the transaction that is written next. The server
// sends long runs of one: a file open for each would be more than there may be.
func (s *Spool) turnTo(xid uint32) error {
	t := s.transactions[xid]
	if t != nil && t == s.current {
		return nil
	}
	if err := s.settle(); err != nil {
		return err
	}
	flag := os.O_WRONLY | os.O_APPEND
	if t == nil {
		t = &transaction{path: filepath.Join(s.dir, fmt.Sprintf("%s%d", filePrefix, xid)), aborted: xids{}}
		flag |= os.O_CREATE | os.O_EXCL
	}
	file, err := s.open(t.path, flag, 0o600)
	if err != nil {
		return s.explain(err)
	}
	if s.transactions[xid] == nil {
		s.transactions[xid] = t
		s.count.Add(1)
	}
	s.current, s.file = t, file
	s.buffered.Reset(file)
	return nil
}

// settle writes what is buffered and closes the file.
func (s *Spool) settle() error {
	if s.current == nil {
		return nil
	}
	err := s.buffered.Flush()
	if err := errors.Join(err, s.close()); err != nil {
		return s.explain(err)
	}
	return nil
}

// close closes the file that is written; what is buffered is gone.
func (s *Spool) close() error {
	err := s.file.Close()
	s.current, s.file = nil, nil
	s.buffered.Reset(nil)
	return err
}

// Abort forgets what a transaction's sub-transaction did; xid itself as subXid
// drops the whole. Sub-transactions of the sub-transaction are aborted each by
// itself. A transaction of which nothing was written is no error.
func (s *Spool) Abort(xid, subXid uint32) error {
	if subXid == xid {
		return s.Drop(xid)
	}
	if t := s.transactions[xid]; t != nil {
		t.aborted.add(subXid)
	}
	return nil
}

// Drop removes a transaction and its file, if there is one.
func (s *Spool) Drop(xid uint32) error {
	t := s.transactions[xid]
	if t == nil {
		return nil
	}
	var err error
	if t == s.current {
		err = s.close()
	}
	if gone := os.Remove(t.path); !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	if err != nil {
		return s.explain(err)
	}
	delete(s.transactions, xid)
	s.count.Add(-1)
	s.grow(t, -t.size)
	return nil
}

// Reset drops all transactions: of a connection that ended nothing counts. A nil
// Spool has none.
func (s *Spool) Reset() error {
	if s == nil {
		return nil
	}
	var errs []error
	for xid := range s.transactions {
		errs = append(errs, s.Drop(xid))
	}
	return errors.Join(errs...)
}

// Close drops all transactions and removes the folder, unless something else is
// in it. A nil Spool has none.
func (s *Spool) Close() error {
	if s == nil {
		return nil
	}
	err := s.Reset()
	// What is left then is not ours.
	_ = os.Remove(s.dir)
	return err
}

// Size is how many transactions the spool holds, and their bytes on disk.
func (s *Spool) Size() (transactions int, bytes int64) {
	return int(s.count.Load()), s.bytes.Load()
}

func (s *Spool) grow(t *transaction, by int64) {
	t.size += by
	s.bytes.Add(by)
}

// explain says whose error it is and what to do about it.
func (s *Spool) explain(err error) error {
	next := "make the folder writable, or choose another"
	if errors.Is(err, syscall.ENOSPC) {
		next = "make room on that disk, or choose a folder on another; Postgres keeps the transactions until then"
	}
	return fmt.Errorf("spool of transactions in progress in %s: %w: %s", s.dir, err, next)
}
