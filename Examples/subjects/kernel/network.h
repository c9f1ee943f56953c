/* A network of its own for one TCP: a namespace with a TUN device in it, whose far end is ours. */
#ifndef NETWORK_H
#define NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Addresses in host order. */
struct network {
  uint32_t near, far;
  /* The packets of the device; reading does not block. */
  int device;
};

/* Leaves this program in the new namespace, or says why not and ends it with code 69. */
void network_make(struct network *network);

/* Sets a name such as `net.ipv4.tcp_sack` in this namespace; whether it could be done. */
bool network_set(const char *name, const char *value);

#endif
