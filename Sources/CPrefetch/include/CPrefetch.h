#ifndef LINGER_CPREFETCH_H
#define LINGER_CPREFETCH_H

/// Asks the processor to bring the cache line at `address` nearer; no effect on meaning.
/// Swift has no such intrinsic, and the explorer's store lives on it: a probe is a cache miss.
static inline void linger_prefetch(const void *address) { __builtin_prefetch(address, 1, 1); }

#include <stddef.h>
#include <stdint.h>

/// Reads a row of a table that another thread may write to: whoever sees what was written sees what
/// that thread had written before.
static inline uint32_t linger_read_row(const uint32_t *row) {
  return __atomic_load_n(row, __ATOMIC_ACQUIRE);
}

/// Writes a row of a table that other threads may read.
static inline void linger_write_row(uint32_t *row, uint32_t value) {
  __atomic_store_n(row, value, __ATOMIC_RELEASE);
}

#if defined(__linux__)
#include <sys/mman.h>
#endif

/// Asks the system to back this memory with large pages where it can; no effect on meaning.
/// The flag's value is Linux's MADV_HUGEPAGE, which the header shows to GNU sources only.
static inline void linger_prefer_large_pages(void *address, size_t length) {
#if defined(__linux__)
  extern int madvise(void *, size_t, int);
  madvise(address, length, 14);
#else
  (void)address;
  (void)length;
#endif
}

#endif
