package spool

// pageBits is how many transaction numbers one page of a set holds.
const pageBits = 512

// xids is a set of transaction numbers, in pages of bits by number/pageBits:
// millions of sub-transactions of one transaction lie close together.
type xids map[uint32]*[pageBits / 64]uint64

func (x xids) add(xid uint32) {
	page := x[xid/pageBits]
	if page == nil {
		page = new([pageBits / 64]uint64)
		x[xid/pageBits] = page
	}
	page[xid%pageBits/64] |= 1 << (xid % 64)
}

func (x xids) has(xid uint32) bool {
	page := x[xid/pageBits]
	return page != nil && page[xid%pageBits/64]&(1<<(xid%64)) != 0
}
