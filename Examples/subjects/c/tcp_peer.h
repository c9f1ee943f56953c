/* A TCP implementation as role `Peer` of specs/tcp/TCP.linger: what is the same whichever it is. The
   implementation fills in a `struct tcp_peer` and the rest of a `struct subject`. */
#ifndef TCP_PEER_H
#define TCP_PEER_H

#include "subject.h"
#include "wire.h"

struct tcp_peer {
  /* The calls of the application. */
  void (*listen)(void);
  void (*connect)(void);
  void (*close)(void);
  void (*abort)(void);
  /* A packet comes from the network. */
  void (*arrive)(const uint8_t *packet, size_t length);
  /* After each call and each packet; or NULL. */
  void (*afterwards)(void);
  /* The application sends less than so many bytes. */
  long data_limit;
  /* Takes an option that only this implementation has; or NULL. */
  int (*option)(const char *name, const char *value);
};

/* The connection that is played. */
extern struct wire wire;
/* What the application sends as soon as the connection stands. */
extern long data_length;
/* CLOSE of the RFC ends what this end sends; with `--full-close` the application's call also refuses
   what still comes. */
extern bool closes_both_ways;

int tcp_peer_serve(const struct tcp_peer *peer, struct subject *subject, int count,
                   char **arguments);

#endif
