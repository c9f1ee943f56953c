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

#if defined(__SANITIZE_THREAD__)
#define LINGER_CHECKS_THREADS 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LINGER_CHECKS_THREADS 1
#endif
#endif

/// Looks at the sixteen rows of a line of a table that another thread may write to: a bit for each
/// row that is not 0 and whose bits in `mask` are `tag`, and, sixteen bits above, one for each that
/// is 0. A row of a line is never split, and x86-64 reads in order: there they are read together.
static inline uint32_t linger_look(const uint32_t *line, uint32_t mask, uint32_t tag) {
#if defined(__x86_64__) && !defined(LINGER_CHECKS_THREADS)
  typedef uint32_t Rows __attribute__((vector_size(16)));
  typedef float Floats __attribute__((vector_size(16)));
  const Rows masks = {mask, mask, mask, mask}, tags = {tag, tag, tag, tag}, none = {0, 0, 0, 0};
  uint32_t matching = 0, vacant = 0;
#pragma GCC unroll 4
  for (int part = 0; part < 4; part++) {
    const Rows rows = ((const Rows *)line)[part];
    matching |= (uint32_t)__builtin_ia32_movmskps((Floats)((rows & masks) == tags)) << 4 * part;
    vacant |= (uint32_t)__builtin_ia32_movmskps((Floats)(rows == none)) << 4 * part;
  }
#else
  uint32_t matching = 0, vacant = 0;
  for (int place = 0; place < 16; place++) {
    const uint32_t row = linger_read_row(line + place);
    matching |= (uint32_t)(((row ^ tag) & mask) == 0) << place;
    vacant |= (uint32_t)(row == 0) << place;
  }
#endif
  return (matching & ~vacant) | vacant << 16;
}

#include <stdlib.h>

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

/// Memory full of zeros, large pieces in large pages; none of it is taken before it is written to.
/// Null where there is none.
static inline void *linger_zeroed_memory(size_t length) {
  const size_t large = (size_t)1 << 21, alignment = length < large ? 64 : large;
  char *start = calloc(1, length + alignment + sizeof(void *));
  if (start == NULL) return NULL;
  const uintptr_t first = (uintptr_t)start + sizeof(void *);
  char *memory = start + ((first + alignment - 1) & ~(uintptr_t)(alignment - 1)) - (uintptr_t)start;
  // What is given back stands before it.
  ((void **)memory)[-1] = start;
  if (length >= large) linger_prefer_large_pages(memory, length);
  return memory;
}

static inline void linger_return_zeroed_memory(void *memory) { free(((void **)memory)[-1]); }

#endif
