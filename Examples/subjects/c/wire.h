/* Segments of specs/tcp/TCP.linger as IPv4 packets, and back. Sequence numbers of the spec are those
   of the wire less the first initial sequence number of each end. */
#ifndef WIRE_H
#define WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json.h"

enum { wire_longest = 65535, wire_data_longest = 65535 - 52 };

/* One end of the one connection that is played. */
struct wire_end {
  uint32_t address;
  uint16_t port;
  /* The number on the wire of the spec's 0. */
  uint32_t first;
};

struct wire {
  /* The implementation under test, and whoever talks to it. */
  struct wire_end subject, peer;
  /* Before the subject's first SYN its numbers start anywhere. */
  bool subject_has_begun;
  uint32_t last_time_stamp;
};

/* A new run: nothing was sent yet. */
void wire_reset(struct wire *wire);

/* The packet from the peer that the fields tell; its length, or 0 where it cannot be made. */
size_t wire_packet(struct wire *wire, const struct json *fields, uint8_t *packet);

/* Puts out the packet from the subject as a message; false if it is none of this connection. */
bool wire_out(struct wire *wire, const uint8_t *packet, size_t length);

#endif
