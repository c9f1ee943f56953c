#ifndef LINGER_CPREFETCH_H
#define LINGER_CPREFETCH_H

/// Asks the processor to bring the cache line at `address` nearer; no effect on meaning.
/// Swift has no such intrinsic, and the explorer's store lives on it: a probe is a cache miss.
static inline void linger_prefetch(const void *address) { __builtin_prefetch(address, 1, 1); }

#endif
